import type { AdapterDeps } from "../../src/core/adapter.ts";
import { type CodeMeaning, createWeixinApi, type WeixinApi } from "../shared/weixin-api.ts";
import type { WecomConfig } from "./config.ts";

/** https://developer.work.weixin.qq.com/document/path/90313; what is not here is a fault of the request. */
const MEANINGS: Readonly<Record<number, CodeMeaning>> = {
  [-1]: { code: "delivery.unavailable" },
  45009: { code: "delivery.rate_limited", retryAfterMs: 60_000 },
  45033: { code: "delivery.rate_limited", retryAfterMs: 5000 },
  // More than 5, later than 48 hours, the session ended.
  95001: { code: "delivery.window_closed" },
  95002: { code: "delivery.window_closed" },
  95013: { code: "delivery.window_closed" },
  40096: { code: "delivery.recipient_gone" },
  ...Object.fromEntries(
    [40001, 40013, 40014, 40056, 41001, 42001, 48002, 60011, 60020, 95017, 301002].map((code) => [
      code,
      { code: "delivery.unauthorized" as const },
    ]),
  ),
};

/** https://developer.work.weixin.qq.com/document/path/91039 */
export function createWecomApi(config: WecomConfig, deps: AdapterDeps): WeixinApi {
  const credentials = new URLSearchParams({ corpid: config.corpId, corpsecret: config.secret });
  return createWeixinApi({
    deps,
    root: config.apiRoot,
    vendor: "WeCom",
    meanings: MEANINGS,
    // There is no forcing: a token withdrawn early is replaced by asking again.
    tokenCall: () => ({ path: `/cgi-bin/gettoken?${credentials}`, method: "GET" }),
  });
}
