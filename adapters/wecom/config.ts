import { z } from "zod";
import { field } from "../shared/field.ts";

export const wecomConfig = z.strictObject({
  corpId: field(
    z
      .string()
      .trim()
      .regex(/^ww[0-9a-z]{16}$/i, "A corp id is ww and 16 characters."),
    {
      title: { zh: "企业 ID", en: "Corp ID" },
      help: {
        zh: "企业微信管理后台「我的企业」页底部，以 ww 开头。",
        en: "At the foot of the My Company page of the WeCom console; begins with ww.",
      },
    },
  ),
  secret: field(
    z
      .string()
      .trim()
      .regex(/^[\w-]{20,100}$/, "The secret has 43 letters, digits, - and _."),
    {
      secret: true,
      title: { zh: "微信客服 Secret", en: "Customer-service secret" },
      help: {
        zh: "管理后台「应用管理 → 微信客服 → API」里的 Secret。",
        en: "In the console under Apps, Customer service, API.",
      },
    },
  ),
  token: field(z.string().regex(/^[A-Za-z0-9]{3,32}$/, "The token is 3 to 32 letters and digits."), {
    secret: true,
    title: { zh: "回调 Token", en: "Callback token" },
    help: {
      zh: "微信客服「接收事件服务器」里的 Token。",
      en: "The Token of the event-receiving server, on the same page.",
    },
  }),
  encodingAesKey: field(z.string().regex(/^[A-Za-z0-9+/]{43}$/, "The EncodingAESKey has 43 characters."), {
    secret: true,
    title: { zh: "EncodingAESKey", en: "EncodingAESKey" },
    help: { zh: "与回调 Token 在同一页。", en: "On the same page as the callback token." },
  }),
  openKfId: field(
    z
      .string()
      .trim()
      .regex(/^wk[\w-]{4,80}$/, "A customer-service account's id begins with wk."),
    {
      title: { zh: "客服账号 ID", en: "Customer-service account" },
      help: {
        zh: "客服账号的 open_kfid，以 wk 开头，在客服账号的详情或链接里。",
        en: "Its open_kfid, beginning with wk; shown with the account.",
      },
    },
  ),
  apiRoot: field(z.url({ protocol: /^https?$/ }).default("https://qyapi.weixin.qq.com"), {
    title: { zh: "接口地址", en: "API root" },
    help: { zh: "一般不用改；用代理时填写。", en: "Leave as it is, unless you use a proxy." },
  }),
});

export type WecomConfig = z.output<typeof wecomConfig>;
