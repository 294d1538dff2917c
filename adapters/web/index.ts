import { type Adapter, type AdapterDeps, type Capabilities, defineChannel } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { delivered } from "../shared/receipts.ts";
import { type WebConfig, webConfig } from "./config.ts";

const WEB: Capabilities = {
  image: true,
  audio: true,
  video: true,
  file: true,
  location: true,
  link: true,
  card: true,
  carousel: true,
  product: true,
  order: true,
  maxChoices: 20,
  maxActions: 10,
  maxLabelLength: 200,
  maxTextLength: 20_000,
  textUnit: "utf16",
  idempotentSend: true,
  storedIsSent: true,
  identityLevel: "verified",
};

/** The chat on the shop's own pages: its page writes by the visitor API and reads the stored messages. */
export const web = defineChannel({
  channel: "web",
  title: { zh: "网页聊天", en: "Web chat" },
  config: webConfig,
  capabilities: WEB,
  create: createWebAdapter,
});

export function createWebAdapter(_config: WebConfig, _deps: AdapterDeps): Adapter {
  return {
    channel: "web",
    capabilities: WEB,
    // No platform calls us: who posts here is nobody we know.
    receive: () => Promise.reject(new SignatureError()),
    send: (message) => Promise.resolve(delivered(message.idempotencyKey)),
  };
}
