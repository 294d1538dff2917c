import { z } from "zod";
import { field } from "../shared/field.ts";
import { rotationFields, webhookSecret } from "../shared/standard-webhooks.ts";

export const httpConfig = z.strictObject({
  secret: field(webhookSecret, {
    secret: true,
    title: { zh: "签名密钥", en: "Signing secret" },
    help: {
      zh: "双方共用的密钥：whsec_ 加 24 字节以上的 base64，收发都用它按 Standard Webhooks 签名。",
      en: "Shared by both sides: whsec_ and base64 of 24 bytes or more. Both directions are signed with it, by Standard Webhooks.",
    },
  }),
  sendUrl: field(z.url({ protocol: /^https?$/ }), {
    title: { zh: "发送地址", en: "Send URL" },
    help: { zh: "我们的回复以 POST 发到这个地址。", en: "Our answers are posted to this address." },
  }),
  previousSecret: field(rotationFields.previousSecret, {
    secret: true,
    title: { zh: "上一个密钥", en: "Previous secret" },
    help: {
      zh: "更换密钥时填旧的；更换后 24 小时内两个都有效。",
      en: "When the secret is changed, the one before; both hold for 24 hours after the change.",
    },
  }).optional(),
  secretChangedAt: field(rotationFields.secretChangedAt, {
    title: { zh: "更换时间", en: "Changed at" },
    help: {
      zh: "更换密钥的时间，如 2026-01-05T10:00:00Z。",
      en: "When the secret was changed, such as 2026-01-05T10:00:00Z.",
    },
  }).optional(),
});

export type HttpConfig = z.output<typeof httpConfig>;
