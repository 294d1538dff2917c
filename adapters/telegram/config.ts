import { z } from "zod";
import { field } from "../shared/field.ts";

export const telegramConfig = z.strictObject({
  token: field(
    z
      .string()
      .trim()
      .regex(/^[\w-]+(?::[\w-]+)?$/, "A bot token looks like 123456:ABC-DEF."),
    {
      secret: true,
      title: { zh: "机器人令牌", en: "Bot token" },
      help: {
        zh: "在 Telegram 里找 @BotFather，发送 /newbot 后得到的令牌，形如 123456:ABC-DEF。",
        en: "What @BotFather answers to /newbot in Telegram, like 123456:ABC-DEF.",
      },
    },
  ),
  // Telegram takes 1 to 256 characters; fewer than 32 can be guessed, and this header is the only proof of origin.
  secretToken: field(
    z.string().regex(/^[A-Za-z0-9_-]{32,256}$/, "The secret needs 32 to 256 characters of A-Z, a-z, 0-9, _ and -."),
    {
      secret: true,
      title: { zh: "回调密钥", en: "Webhook secret" },
      help: {
        zh: "自己取的 32 位以上随机字符（字母、数字、_、-）；设置回调地址时会一并告诉 Telegram。",
        en: "32 or more random characters of your own (letters, digits, _ and -); Telegram is told it with the webhook URL.",
      },
    },
  ),
  apiRoot: field(z.url({ protocol: /^https?$/ }).default("https://api.telegram.org"), {
    title: { zh: "接口地址", en: "API root" },
    help: {
      zh: "一般不用改；用自建 Bot API 服务器或代理时填写。",
      en: "Leave as it is, unless you run your own Bot API server or a proxy.",
    },
  }),
});

export type TelegramConfig = z.output<typeof telegramConfig>;
