import { z } from "zod";
import { field } from "../shared/field.ts";
import { webhookSecret } from "../shared/standard-webhooks.ts";
import { isAddress, parseMailbox } from "./address.ts";

export const emailConfig = z.strictObject({
  inboundSecret: field(webhookSecret, {
    secret: true,
    title: { zh: "收信密钥", en: "Inbound secret" },
    help: {
      zh: "转投邮件时用它证明身份：Standard Webhooks 签名，或 Authorization: Bearer 加此密钥；收信方式选 Mailgun 时填它的 Webhook signing key。",
      en: "Proves who posts the mail: a Standard Webhooks signature or Authorization: Bearer with it; with Mailgun, its webhook signing key.",
    },
  }),
  inboundFormat: field(z.enum(["mime", "mailgun"]).default("mime"), {
    title: { zh: "收信方式", en: "Inbound format" },
    help: {
      zh: "mime：原始邮件直接 POST 过来；mailgun：Mailgun 路由（地址以 mime 结尾）。",
      en: "mime: the raw message is posted; mailgun: a Mailgun route (to an address that ends in mime).",
    },
  }),
  smtpUrl: field(
    z
      .url({ protocol: /^smtps?$/ })
      .refine((url) => URL.canParse(url) && new URL(url).hostname !== "", "A host is needed."),
    {
      secret: true,
      title: { zh: "发信服务器", en: "SMTP server" },
      help: {
        zh: "形如 smtps://用户:密码@smtp.example.com:465 或 smtp://用户:密码@smtp.example.com:587；用户名、密码里的特殊字符要做 URL 编码。",
        en: "Such as smtps://user:password@smtp.example.com:465 or smtp://…:587; percent-encode special characters in user and password.",
      },
    },
  ),
  from: field(
    z
      .string()
      .trim()
      .max(300)
      .refine((text) => isAddress(parseMailbox(text).address), "Shop <help@shop.example>"),
    {
      title: { zh: "发件人", en: "Sender" },
      help: {
        zh: "顾客看到的发件人，如 小店客服 <help@shop.example>。",
        en: "Whom customers see, such as Shop <help@shop.example>.",
      },
    },
  ),
});

export type EmailConfig = z.output<typeof emailConfig>;
