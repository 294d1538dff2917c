import { z } from "zod";
import { field } from "../shared/field.ts";

const token = z.string().trim().regex(/^\S+$/, "A token has no spaces.");

/** What the three channels of Meta's Graph API have in common. */
export const graphFields = {
  accessToken: field(token, {
    secret: true,
    title: { zh: "访问令牌", en: "Access token" },
    help: {
      zh: "Meta 商务管理平台里系统用户的长期令牌（Messenger 用公共主页令牌）；测试令牌 24 小时后失效。",
      en: "A long-lived token of a system user in Meta Business settings (a Page token for Messenger); test tokens end after 24 hours.",
    },
  }),
  appSecret: field(
    z
      .string()
      .trim()
      .regex(/^\S{8,}$/, "The app secret has at least 8 characters and no spaces."),
    {
      secret: true,
      title: { zh: "应用密钥", en: "App secret" },
      help: {
        zh: "开发者后台「应用设置 → 基本」里的 App Secret，回调都用它签名。",
        en: "App settings → Basic in the developer console; every webhook is signed with it.",
      },
    },
  ),
  verifyToken: field(
    z
      .string()
      .trim()
      .regex(/^\S{8,}$/, "The verify token has at least 8 characters and no spaces."),
    {
      secret: true,
      title: { zh: "验证令牌", en: "Verify token" },
      help: {
        zh: "自己取的随机字符，填到开发者后台的 Webhook 配置里，两边一致。",
        en: "Random characters of your own; enter the same in the console's webhook settings.",
      },
    },
  ),
  apiRoot: field(z.url({ protocol: /^https?$/ }).default("https://graph.facebook.com"), {
    title: { zh: "接口地址", en: "API root" },
    help: {
      zh: "一般不用改；Instagram 登录方式取得的令牌请填 https://graph.instagram.com。",
      en: "Leave as it is; tokens from Instagram login need https://graph.instagram.com.",
    },
  }),
  apiVersion: field(
    z
      .string()
      .regex(/^v\d{1,3}\.\d$/)
      .default("v24.0"),
    {
      title: { zh: "接口版本", en: "API version" },
      help: {
        zh: "Graph API 版本，一般不用改；旧版本约两年后停用。",
        en: "The Graph API's version; leave as it is. Each is served for about two years.",
      },
    },
  ),
};

export const accountId = z
  .string()
  .trim()
  .regex(/^[\w.-]{1,64}$/, "An id is digits.");

export type GraphConfig = z.output<z.ZodObject<typeof graphFields>>;
