import { type Adapter, type AdapterDeps, type Capabilities, defineChannel } from "../../src/core/adapter.ts";
import { plainText } from "../shared/plain-text.ts";
import { refused } from "../shared/receipts.ts";
import { createShortValues, expandTaps } from "../shared/short-values.ts";
import { createPackets } from "../shared/weixin-crypt.ts";
import { loadXmlReader } from "../shared/xml.ts";
import { createWechatApi } from "./api.ts";
import { MINIPROGRAM, OFFICIAL, UNVERIFIED } from "./capabilities.ts";
import { check } from "./check.ts";
import {
  type MiniprogramConfig,
  miniprogramConfig,
  type OfficialConfig,
  officialConfig,
  type WechatConfig,
} from "./config.ts";
import { identify } from "./identify.ts";
import { parsePush } from "./parse.ts";
import { replyInline, success } from "./passive.ts";
import { type SendDeps, send } from "./send.ts";
import { createDoor } from "./verify.ts";

/** The customer-service conversation of a WeChat mini-program. https://developers.weixin.qq.com/miniprogram/dev/framework/open-ability/customer-message/customer-message.html */
export const wechatMiniprogram = defineChannel({
  channel: "wechat-miniprogram",
  title: { zh: "微信小程序客服", en: "WeChat mini-program" },
  config: miniprogramConfig,
  capabilities: MINIPROGRAM,
  create: (config: MiniprogramConfig, deps) =>
    createWechatAdapter(config, deps, {
      channel: "wechat-miniprogram",
      capabilities: MINIPROGRAM,
      linkAs: "link",
      pages: { product: config.productPage, order: config.orderPage },
      typingPath: "/cgi-bin/message/custom/business/typing",
    }),
});

/** A WeChat Official Account; one that is not verified can only answer inside the response. https://developers.weixin.qq.com/doc/offiaccount/ */
export const wechatOfficial = defineChannel({
  channel: "wechat-official",
  title: { zh: "微信公众号", en: "WeChat Official Account" },
  config: officialConfig,
  capabilities: OFFICIAL,
  create: (config: OfficialConfig, deps) =>
    createWechatAdapter(config, deps, {
      channel: "wechat-official",
      capabilities: config.verified ? OFFICIAL : UNVERIFIED,
      linkAs: "news",
      pages: {},
      typingPath: "/cgi-bin/message/custom/typing",
      identify: true,
    }),
});

interface Account extends Pick<SendDeps, "linkAs" | "pages"> {
  readonly channel: string;
  readonly capabilities: Capabilities;
  readonly typingPath: string;
  /** Only an Official Account may ask who a follower is; a mini-program's own login tells its server. */
  readonly identify?: boolean;
}

async function createWechatAdapter(config: WechatConfig, deps: AdapterDeps, account: Account): Promise<Adapter> {
  const { token, encodingAesKey, appId } = config;
  const packets = encodingAesKey === undefined ? undefined : createPackets({ encodingAesKey, receiver: appId });
  const open = createDoor({ token, packets, deps, readXml: await loadXmlReader() });
  const api = createWechatApi(config, deps);
  const values = createShortValues(deps.state, 64);
  // A plain signature leaves out the body (`security.md` WH-4).
  const identityLevel = packets === undefined ? "claimed" : account.capabilities.identityLevel;
  const capabilities: Capabilities = { ...account.capabilities, identityLevel };
  const mayWrite = capabilities.inlineOnly !== true;
  return {
    channel: account.channel,
    capabilities,
    async receive(request) {
      const { echo, push } = await open(request);
      if (push === undefined) return { events: [], response: plainText(echo) };
      const received = { events: await expandTaps([parsePush(push)], values), response: success() };
      if (mayWrite) return received;
      return { ...received, inline: (replies) => replyInline(push, replies, { token, packets, now: deps.now }) };
    },
    async send(message, options = {}) {
      if (!mayWrite) {
        return refused(
          "delivery.window_closed",
          "An account that is not verified can only answer what is written to it.",
        );
      }
      return send(message, { api, values, deps, ...account, capabilities }, options);
    },
    ...(mayWrite && {
      // Shown for 15 s, and only within 30 s of what the person did: best effort. https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/kf-mgnt/kf-message/setTyping.html
      async typing(address, { signal } = {}) {
        const json = { touser: address.openid, command: "Typing" };
        await api.call(account.typingPath, { json, signal });
      },
    }),
    ...(account.identify && mayWrite && { identify: (sender, options = {}) => identify(api, sender.id, options) }),
    check: (options = {}) => check(api, packets !== undefined, options),
    fetchMedia: (ref, options = {}) => api.download(ref, options),
  };
}
