import { z } from "zod";
import { type Adapter, type AdapterDeps, defineChannel } from "../../src/core/adapter.ts";
import { field } from "../shared/field.ts";
import { createOwnPageAdapter, OWN_PAGE } from "../shared/own-page.ts";

/** People paste addresses; only scheme, host and port of one matter. */
const origin = z
  .url({ protocol: /^https?$/ })
  .overwrite((value) => (URL.canParse(value) ? new URL(value).origin : value));

export const alipayConfig = z.strictObject({
  allowedOrigins: field(z.array(origin).max(50).default([]), {
    title: { zh: "允许的网站", en: "Allowed sites" },
    help: {
      zh: "web-view 打开的聊天页所在的网站，如 https://shop.example；留空只允许本站。",
      en: "The site of the page the web view opens, like https://shop.example; none means this server's own pages.",
    },
  }),
  color: field(
    z
      .string()
      .regex(/^#[0-9a-fA-F]{6}$/, "A colour looks like #1677ff.")
      .default("#1677ff"),
    {
      title: { zh: "主题色", en: "Theme colour" },
      help: { zh: "按钮和标题栏的颜色。", en: "Of buttons and the title bar." },
    },
  ),
  title: field(z.string().max(60).default("在线客服"), {
    title: { zh: "标题", en: "Title" },
    help: { zh: "聊天页顶部显示的名字。", en: "The name at the top of the chat page." },
  }),
  greeting: field(z.string().max(500).default("亲，您好！有什么可以帮您？"), {
    title: { zh: "欢迎语", en: "Greeting" },
    help: { zh: "顾客打开聊天时看到的第一句话。", en: "The first line a shopper sees." },
  }),
  locale: field(
    z
      .string()
      .regex(/^(auto|[a-z]{2,3}(-[A-Za-z0-9]{2,8})*)$/)
      .default("zh-CN"),
    {
      title: { zh: "界面语言", en: "Language" },
      help: { zh: "zh-CN、zh-TW、en、ja 或 auto。", en: "zh-CN, zh-TW, en, ja or auto." },
    },
  ),
  identitySecret: field(
    z
      .string()
      .refine((value) => new TextEncoder().encode(value.trim()).length >= 32, "The secret needs 32 bytes or more."),
    {
      secret: true,
      title: { zh: "会员签名密钥", en: "Identity secret" },
      help: {
        zh: "商城服务器用 my.getAuthCode 认出会员后，以它签名会员身份（32 字节以上）；不填则都是匿名。",
        en: "Your server signs member ids with it, once my.getAuthCode told it who they are; without one every visitor is anonymous.",
      },
    },
  ).optional(),
});

export type AlipayConfig = z.output<typeof alipayConfig>;

/** An Alipay mini-program. Alipay has no API for customer-service messages, so the shopper writes on our own page inside it. */
export const alipayMiniprogram = defineChannel({
  channel: "alipay-miniprogram",
  title: { zh: "支付宝小程序", en: "Alipay mini-program" },
  config: alipayConfig,
  capabilities: OWN_PAGE,
  create: createAlipayAdapter,
});

export function createAlipayAdapter(_config: AlipayConfig, _deps: AdapterDeps): Adapter {
  return createOwnPageAdapter("alipay-miniprogram");
}
