import type { z } from "zod";
import { ownPageConfig } from "../shared/own-page-config.ts";

export const alipayConfig = ownPageConfig({
  sites: {
    zh: "web-view 打开的聊天页所在的网站，如 https://shop.example；留空只允许本站。",
    en: "The site of the page the web view opens, like https://shop.example; none means this server's own pages.",
  },
  secret: {
    zh: "商城服务器用 my.getAuthCode 认出会员后，以它签名会员身份（32 字节以上）；不填则都是匿名。",
    en: "Your server signs member ids with it, once my.getAuthCode told it who they are; without one every visitor is anonymous.",
  },
  color: "#1677ff",
  locale: "zh-CN",
});

export type AlipayConfig = z.output<typeof alipayConfig>;
