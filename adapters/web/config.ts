import type { z } from "zod";
import { ownPageConfig } from "../shared/own-page-config.ts";

export const webConfig = ownPageConfig({
  sites: {
    zh: "可以嵌入聊天窗口的网站，如 https://shop.example；留空只允许本站。",
    en: "Sites that may embed the chat, like https://shop.example; none means this server's own pages.",
  },
  secret: {
    zh: "商城服务器用它给会员身份签名（32 字节以上）；不填则所有访客都是匿名。",
    en: "Your shop's server signs member ids with it (32 bytes or more); without one every visitor is anonymous.",
  },
  color: "#d4380d",
  locale: "auto",
});

export type WebConfig = z.output<typeof webConfig>;
