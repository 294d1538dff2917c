import type { AdapterDeps } from "../../src/core/adapter.ts";
import { type CodeMeaning, createWeixinApi, type WeixinApi } from "../shared/weixin-api.ts";
import type { WechatConfig } from "./config.ts";

/** https://developers.weixin.qq.com/doc/offiaccount/Getting_Started/Global_Return_Code.html; what is not here is a fault of the request. */
const MEANINGS: Readonly<Record<number, CodeMeaning>> = {
  // Busy, and nothing was done.
  [-1]: { code: "delivery.unavailable" },
  40003: { code: "delivery.recipient_gone" },
  43004: { code: "delivery.recipient_gone" },
  45009: { code: "delivery.quota_exhausted" },
  45011: { code: "delivery.rate_limited", retryAfterMs: 60_000 },
  // Later than 48 hours, or never written.
  45015: { code: "delivery.window_closed" },
  // More than may be said after one message of theirs.
  45047: { code: "delivery.window_closed" },
  // The credentials, the server's address or the account's rights.
  ...Object.fromEntries(
    [
      40001, 40013, 40014, 40125, 40164, 40243, 41001, 41002, 41004, 42001, 48001, 48004, 50002, 61024, 89503, 89506,
      89507,
    ].map((code) => [code, { code: "delivery.unauthorized" as const }]),
  ),
};

/** https://developers.weixin.qq.com/miniprogram/dev/OpenApiDoc/mp-access-token/getStableAccessToken.html: several processes may ask. */
export function createWechatApi(config: WechatConfig, deps: AdapterDeps): WeixinApi {
  const { appId: appid, appSecret: secret, apiRoot: root } = config;
  const credentials = { grant_type: "client_credential", appid, secret };
  return createWeixinApi({
    deps,
    root,
    vendor: "WeChat",
    meanings: MEANINGS,
    tokenCall: (force) => ({ path: "/cgi-bin/stable_token", json: { ...credentials, force_refresh: force } }),
  });
}
