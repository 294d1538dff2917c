import { z } from "zod";
import { field } from "../shared/field.ts";

export const douyinConfig = z.strictObject({
  clientKey: field(
    z
      .string()
      .trim()
      .regex(/^[0-9a-z]{10,40}$/i, "An AppID is tt and 16 characters."),
    {
      title: { zh: "AppID (client_key)", en: "AppID (client_key)" },
      help: {
        zh: "抖音开放平台控制台里小程序的 AppID，以 tt 开头。",
        en: "Of the mini-program, in the Douyin open-platform console; begins with tt.",
      },
    },
  ),
  clientSecret: field(
    z
      .string()
      .trim()
      .regex(/^[0-9a-zA-Z]{16,64}$/, "An AppSecret is 32 to 40 letters and digits."),
    {
      secret: true,
      title: { zh: "AppSecret (client_secret)", en: "AppSecret (client_secret)" },
      help: {
        zh: "与 AppID 在同一页；也用来验证 Webhook 的签名。",
        en: "On the same page; it also signs the webhooks.",
      },
    },
  ),
  apiRoot: field(z.url({ protocol: /^https?$/ }).default("https://open.douyin.com"), {
    title: { zh: "接口地址", en: "API root" },
    help: { zh: "一般不用改；用代理时填写。", en: "Leave as it is, unless you use a proxy." },
  }),
});

export type DouyinConfig = z.output<typeof douyinConfig>;
