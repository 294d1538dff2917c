import { z } from "zod";
import { field } from "../shared/field.ts";

const secret = z
  .string()
  .trim()
  .regex(/^\S{8,}$/, "At least 8 characters, without spaces.");

export const feishuConfig = z.strictObject({
  appId: field(
    z
      .string()
      .trim()
      .regex(/^[\w-]{3,64}$/, "An app id looks like cli_9f5343c5."),
    {
      title: { zh: "App ID", en: "App ID" },
      help: {
        zh: "飞书开放平台应用「凭证与基础信息」页，形如 cli_ 开头。",
        en: "From Credentials & Basic Info of your app; it begins with cli_.",
      },
    },
  ),
  appSecret: field(secret, {
    secret: true,
    title: { zh: "App Secret", en: "App Secret" },
    help: { zh: "与 App ID 在同一页。", en: "On the same page as the App ID." },
  }),
  verificationToken: field(secret, {
    secret: true,
    title: { zh: "Verification Token", en: "Verification Token" },
    help: {
      zh: "「事件与回调 → 加密策略」里的 Verification Token。",
      en: "From Events & Callbacks → Encryption Strategy.",
    },
  }),
  encryptKey: field(secret, {
    secret: true,
    title: { zh: "Encrypt Key", en: "Encrypt Key" },
    help: {
      zh: "强烈建议设置：设置后每个事件都加密并签名，未签名的一律拒收。",
      en: "Strongly advised: with it every event is encrypted and signed, and unsigned ones are refused.",
    },
  }).optional(),
  apiRoot: field(z.url({ protocol: /^https?$/ }).default("https://open.feishu.cn"), {
    title: { zh: "接口地址", en: "API root" },
    help: { zh: "飞书不用改；Lark 国际版填 https://open.larksuite.com。", en: "For Lark: https://open.larksuite.com." },
  }),
});

export type FeishuConfig = z.output<typeof feishuConfig>;
