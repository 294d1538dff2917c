import type { Channel } from "../src/core/adapter.ts";
import { alipayMiniprogram } from "./alipay/index.ts";
import { call } from "./call/index.ts";
import { dingtalk } from "./dingtalk/index.ts";
import { discord } from "./discord/index.ts";
import { douyinMiniprogram } from "./douyin/index.ts";
import { email } from "./email/index.ts";
import { feishu } from "./feishu/index.ts";
import { http } from "./http/index.ts";
import { line } from "./line/index.ts";
import { instagram, messenger, whatsapp } from "./meta/index.ts";
import { slack } from "./slack/index.ts";
import { teams } from "./teams/index.ts";
import { telegram } from "./telegram/index.ts";
import { web } from "./web/index.ts";
import { wechatMiniprogram, wechatOfficial } from "./wechat/index.ts";
import { wecomKf } from "./wecom/index.ts";

/** The channels that come with Xiaoer. Naming one costs its schema only: what is heavy is imported when an inbox is made of it. */
export const builtInChannels: readonly Channel[] = [
  web,
  telegram,
  line,
  teams,
  wechatMiniprogram,
  wechatOfficial,
  wecomKf,
  douyinMiniprogram,
  alipayMiniprogram,
  whatsapp,
  messenger,
  instagram,
  slack,
  feishu,
  dingtalk,
  discord,
  email,
  call,
  http,
];
