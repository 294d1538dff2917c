import { z } from "zod";
import { field } from "../shared/field.ts";
import { rotationFields, webhookSecret } from "../shared/standard-webhooks.ts";

export const callConfig = z.strictObject({
  signingSecret: field(webhookSecret, {
    secret: true,
    title: { zh: "签名密钥", en: "Signing secret" },
    help: {
      zh: "呼叫中心按 Standard Webhooks 签名用的密钥（whsec_ 开头）；事件格式选 Twilio 时填它的 Auth Token。",
      en: "The secret (whsec_…) your call centre signs with, by Standard Webhooks; with Twilio's format, its Auth Token.",
    },
  }),
  format: field(z.enum(["events", "twilio"]).default("events"), {
    title: { zh: "事件格式", en: "Format" },
    help: {
      zh: "events：本项目文档里的 JSON 事件；twilio：直接接收 Twilio 的通话状态回调。",
      en: "events: the JSON of our documentation; twilio: Twilio's own call status callbacks.",
    },
  }),
  sendUrl: field(z.url({ protocol: /^https?$/ }), {
    title: { zh: "发送地址", en: "Send URL" },
    help: {
      zh: "选填：要对来电人说的话以 POST 发到这里（例如由呼叫中心转成短信）。",
      en: "Optional: words for the caller are posted here, for your call centre to send as a text message.",
    },
  }).optional(),
  callingCode: field(
    z
      .string()
      .regex(/^[1-9]\d{0,2}$/, "A calling code is 1 to 3 digits, without +.")
      .default("86"),
    {
      title: { zh: "国家区号", en: "Calling code" },
      help: {
        zh: "来电号码不带国家区号时补上，例如中国填 86。",
        en: "Put before numbers that come without a country's code: 1 for the United States, 86 for China.",
      },
    },
  ),
  publicUrl: field(z.url({ protocol: /^https?$/ }), {
    title: { zh: "公开回调地址", en: "Public webhook URL" },
    help: {
      zh: "选填：服务在代理后面、Twilio 访问的地址与服务器看到的不同时，填 Twilio 里配置的完整地址。",
      en: "Optional: the address as entered at Twilio, where a proxy makes the server see another.",
    },
  }).optional(),
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

export type CallConfig = z.output<typeof callConfig>;
