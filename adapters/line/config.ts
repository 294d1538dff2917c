import { z } from "zod";
import { field } from "../shared/field.ts";

export const lineConfig = z.strictObject({
  channelAccessToken: field(
    z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]{20,2000}$/, "A channel access token is one long word without spaces."),
    {
      secret: true,
      title: { zh: "频道访问令牌", en: "Channel access token" },
      help: {
        zh: "LINE Developers 控制台 → Messaging API 页底部签发的长期令牌（long-lived）。",
        en: "The long-lived token issued at the foot of the Messaging API tab in the LINE Developers console.",
      },
    },
  ),
  channelSecret: field(
    z
      .string()
      .trim()
      .regex(/^[\x21-\x7e]{16,200}$/, "A channel secret is 32 characters of 0-9 and a-f."),
    {
      secret: true,
      title: { zh: "频道密钥", en: "Channel secret" },
      help: {
        zh: "LINE Developers 控制台 → Basic settings 页里的 32 位字符，用来验证回调。",
        en: "The 32 characters on the Basic settings tab; they prove that a webhook is LINE's.",
      },
    },
  ),
  apiRoot: field(z.url({ protocol: /^https?$/ }).default("https://api.line.me"), {
    title: { zh: "接口地址", en: "API root" },
    help: {
      zh: "一般不用改；用代理时填写，文件也从这里下载。只取协议、主机和端口。",
      en: "Leave as it is, unless you use a proxy; files are then fetched from it too. Scheme, host and port only.",
    },
  }),
});

export type LineConfig = z.output<typeof lineConfig>;

/** Files come from a host of their own. */
export function dataRoot({ apiRoot }: Pick<LineConfig, "apiRoot">): string {
  const { origin } = new URL(apiRoot);
  return origin === "https://api.line.me" ? "https://api-data.line.me" : origin;
}
