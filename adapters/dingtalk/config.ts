import { z } from "zod";
import { field } from "../shared/field.ts";

const id = z
  .string()
  .trim()
  .regex(/^[\w-]{3,100}$/, "Letters, digits, _ and -.");

export const dingtalkConfig = z.strictObject({
  appKey: field(id, {
    title: { zh: "AppKey（Client ID）", en: "AppKey (Client ID)" },
    help: {
      zh: "钉钉开放平台应用「凭证与基础信息」页，形如 ding 开头。",
      en: "From Credentials of your app; it begins with ding.",
    },
  }),
  appSecret: field(
    z
      .string()
      .trim()
      .regex(/^\S{16,}$/, "At least 16 characters, without spaces."),
    {
      secret: true,
      title: { zh: "AppSecret（Client Secret）", en: "AppSecret (Client Secret)" },
      help: {
        zh: "与 AppKey 在同一页；机器人的回调用它签名。",
        en: "On the same page; the robot's webhooks are signed with it.",
      },
    },
  ),
  robotCode: field(id, {
    title: { zh: "机器人编码", en: "Robot code" },
    help: {
      zh: "应用「机器人」页的 RobotCode，企业内部机器人通常与 AppKey 相同。",
      en: "From the app's Robot page; for a company's own robot usually the AppKey.",
    },
  }),
  apiRoot: field(z.url({ protocol: /^https?$/ }).default("https://api.dingtalk.com"), {
    title: { zh: "接口地址", en: "API root" },
    help: { zh: "一般不用改；用代理时填写。", en: "Leave as it is, unless you use a proxy." },
  }),
});

export type DingtalkConfig = z.output<typeof dingtalkConfig>;
