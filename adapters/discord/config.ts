import { z } from "zod";
import { field } from "../shared/field.ts";

export const discordConfig = z.strictObject({
  applicationId: field(
    z
      .string()
      .trim()
      .regex(/^\d{5,25}$/, "An application id is a number of 17 to 20 digits."),
    {
      title: { zh: "应用 ID", en: "Application ID" },
      help: {
        zh: "discord.com/developers → 你的应用 → General Information → Application ID。",
        en: "discord.com/developers → your application → General Information → Application ID.",
      },
    },
  ),
  publicKey: field(
    z
      .string()
      .trim()
      .regex(/^[0-9a-fA-F]{64}$/, "A public key is 64 characters of 0-9 and a-f."),
    {
      title: { zh: "公钥", en: "Public key" },
      help: {
        zh: "同一页的 Public Key，用来验证回调。",
        en: "Public Key on the same page; it proves that a webhook is Discord's.",
      },
    },
  ),
  botToken: field(
    z
      .string()
      .trim()
      .regex(/^[\w.-]{20,200}$/, "A bot token is one long word of three parts."),
    {
      secret: true,
      title: { zh: "机器人令牌", en: "Bot token" },
      help: {
        zh: "同一应用的 Bot 页 → Reset Token。",
        en: "The Bot page of the same application → Reset Token.",
      },
    },
  ),
  apiRoot: field(z.url({ protocol: /^https?$/ }).default("https://discord.com"), {
    title: { zh: "接口地址", en: "API root" },
    help: { zh: "一般不用改；用代理时填写。", en: "Leave as it is, unless you use a proxy." },
  }),
});

export type DiscordConfig = z.output<typeof discordConfig>;
