import { z } from "zod";
import { field } from "../shared/field.ts";

const fields = {
  appId: field(
    z
      .string()
      .trim()
      .regex(/^wx[0-9a-z]{16}$/i, "An AppID is wx and 16 characters."),
    {
      title: { zh: "AppID", en: "AppID" },
      help: {
        zh: "微信公众平台「开发管理 → 开发设置」里，以 wx 开头。",
        en: "On mp.weixin.qq.com, Development settings; begins with wx.",
      },
    },
  ),
  appSecret: field(
    z
      .string()
      .trim()
      .regex(/^[0-9a-zA-Z]{16,64}$/, "An AppSecret is 32 letters and digits."),
    {
      secret: true,
      title: { zh: "AppSecret", en: "AppSecret" },
      help: { zh: "与 AppID 在同一页，重置后只显示一次。", en: "On the same page; shown once when it is reset." },
    },
  ),
  // WeChat takes 3 to 32; a short one can be guessed, and without a key it is the only proof of origin.
  token: field(z.string().regex(/^[A-Za-z0-9_-]{3,32}$/, "The token is 3 to 32 letters, digits, _ or -."), {
    secret: true,
    title: { zh: "令牌 (Token)", en: "Token" },
    help: {
      zh: "消息推送配置里自己填写的 Token，建议 32 位随机字符。",
      en: "Your own choice in the message-push settings; best 32 random characters.",
    },
  }),
  encodingAesKey: field(z.string().regex(/^[A-Za-z0-9+/]{43}$/, "The EncodingAESKey has 43 characters."), {
    secret: true,
    title: { zh: "消息加解密密钥 (EncodingAESKey)", en: "EncodingAESKey" },
    help: {
      zh: "消息推送配置里随机生成的 43 位密钥，加密方式请选「安全模式」。",
      en: "The 43 characters generated in the message-push settings; choose secure mode there.",
    },
  }).optional(),
  allowPlain: field(z.boolean().default(false), {
    title: { zh: "允许明文模式", en: "Allow plain mode" },
    help: {
      zh: "没有密钥时打开。明文消息的内容没有签名，不建议使用。",
      en: "For an account without a key. The content of plain messages is not signed; better not.",
    },
  }),
  apiRoot: field(z.url({ protocol: /^https?$/ }).default("https://api.weixin.qq.com"), {
    title: { zh: "接口地址", en: "API root" },
    help: { zh: "一般不用改；用代理时填写。", en: "Leave as it is, unless you use a proxy." },
  }),
};

const hasProof = (config: { readonly encodingAesKey?: string | undefined; readonly allowPlain: boolean }) =>
  config.encodingAesKey !== undefined || config.allowPlain;
const noProof = { path: ["encodingAesKey"], message: "Give the EncodingAESKey, or allow plain mode." };

/** A page of the shop's mini-program, with `{id}` where the product's or order's number goes. */
const pageField = (what: { readonly zh: string; readonly en: string }, example: string) =>
  field(
    z
      .string()
      .trim()
      .regex(/^[\w-][\w./-]*(?:\?[^\s#]*)?$/, `A page is a path like ${example}.`),
    {
      title: { zh: `${what.zh}页路径`, en: `${what.en} page` },
      help: {
        zh: `如 ${example}；填写后${what.zh}以小程序卡片发送。`,
        en: `Like ${example}; with it they are sent as mini-program cards.`,
      },
    },
  ).optional();

export const miniprogramConfig = z
  .strictObject({
    ...fields,
    format: field(z.enum(["json", "xml"]).default("json"), {
      title: { zh: "数据格式", en: "Data format" },
      help: { zh: "与消息推送配置里选择的一致。", en: "As chosen in the message-push settings." },
    }),
    productPage: pageField({ zh: "商品", en: "Product" }, "pages/item/item?id={id}"),
    orderPage: pageField({ zh: "订单", en: "Order" }, "pages/order/order?id={id}"),
  })
  .refine(hasProof, noProof);

export const officialConfig = z
  .strictObject({
    ...fields,
    verified: field(z.boolean().default(false), {
      title: { zh: "已认证", en: "Verified" },
      help: {
        zh: "已认证的账号可以使用客服消息接口；未认证的只能在 5 秒内被动回复一条文字。",
        en: "A verified account may use the customer-service API; another can only answer with one text within 5 seconds.",
      },
    }),
  })
  .refine(hasProof, noProof);

export type MiniprogramConfig = z.output<typeof miniprogramConfig>;
export type OfficialConfig = z.output<typeof officialConfig>;
/** What both accounts have. */
export type WechatConfig = Pick<OfficialConfig, keyof typeof fields>;
