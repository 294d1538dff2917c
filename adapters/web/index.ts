import { type Adapter, type AdapterDeps, defineChannel } from "../../src/core/adapter.ts";
import { createOwnPageAdapter, OWN_PAGE } from "../shared/own-page.ts";
import { type WebConfig, webConfig } from "./config.ts";

/** The chat on the shop's own pages: its page writes by the visitor API and reads the stored messages. */
export const web = defineChannel({
  channel: "web",
  title: { zh: "网页聊天", en: "Web chat" },
  config: webConfig,
  capabilities: OWN_PAGE,
  create: createWebAdapter,
});

export function createWebAdapter(_config: WebConfig, _deps: AdapterDeps): Adapter {
  return createOwnPageAdapter("web");
}
