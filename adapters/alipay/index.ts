import { type Adapter, type AdapterDeps, defineChannel } from "../../src/core/adapter.ts";
import { createOwnPageAdapter, OWN_PAGE } from "../shared/own-page.ts";
import { type AlipayConfig, alipayConfig } from "./config.ts";

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
