import { z } from "zod";
import { field } from "../shared/field.ts";

export const slackConfig = z.strictObject({
  botToken: field(
    z
      .string()
      .trim()
      .regex(/^xox[\w.-]{10,500}$/, "A bot token begins with xoxb-."),
    {
      secret: true,
      title: { zh: "机器人令牌", en: "Bot token" },
      help: {
        zh: "api.slack.com/apps → 你的应用 → OAuth & Permissions → Bot User OAuth Token，以 xoxb- 开头。",
        en: "api.slack.com/apps → your app → OAuth & Permissions → Bot User OAuth Token; begins with xoxb-.",
      },
    },
  ),
  signingSecret: field(
    z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]{16,200}$/, "A signing secret is 32 characters of 0-9 and a-f."),
    {
      secret: true,
      title: { zh: "签名密钥", en: "Signing secret" },
      help: {
        zh: "同一应用的 Basic Information → App Credentials → Signing Secret，用来验证回调。",
        en: "Basic Information → App Credentials → Signing Secret of the same app; it proves that a webhook is Slack's.",
      },
    },
  ),
  apiRoot: field(z.url({ protocol: /^https?$/ }).default("https://slack.com"), {
    title: { zh: "接口地址", en: "API root" },
    help: { zh: "一般不用改；用代理时填写。", en: "Leave as it is, unless you use a proxy." },
  }),
});

export type SlackConfig = z.output<typeof slackConfig>;
