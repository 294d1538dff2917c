import { type Adapter, type AdapterDeps, defineChannel, type InboundEvent } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { parseJson } from "../shared/json.ts";
import { createShortValues, expandTaps } from "../shared/short-values.ts";
import { createGraph } from "./graph.ts";
import { fetchById } from "./media.ts";
import { createHandshake, createVerify } from "./verify.ts";
import { WHATSAPP } from "./whatsapp-capabilities.ts";
import { checkNumber, register } from "./whatsapp-check.ts";
import { type WhatsAppConfig, whatsappConfig } from "./whatsapp-config.ts";
import { parseWhatsApp } from "./whatsapp-parse.ts";
import { send, typing } from "./whatsapp-send.ts";

/** WhatsApp, by Meta's Cloud API. https://developers.facebook.com/docs/whatsapp/cloud-api */
export const whatsapp = defineChannel({
  channel: "whatsapp",
  title: { zh: "WhatsApp", en: "WhatsApp" },
  config: whatsappConfig,
  capabilities: WHATSAPP,
  create: createWhatsAppAdapter,
});

export function createWhatsAppAdapter(config: WhatsAppConfig, deps: AdapterDeps): Adapter {
  const isMetas = createVerify(config.appSecret);
  const handshake = createHandshake(config.verifyToken);
  const graph = createGraph(config, deps);
  // https://developers.facebook.com/docs/whatsapp/cloud-api/messages/interactive-list-messages: a row's id has 200 characters.
  const values = createShortValues(deps.state, 200);
  const sending = { graph, values, phoneNumberId: config.phoneNumberId };
  return {
    channel: "whatsapp",
    capabilities: WHATSAPP,
    async receive(request) {
      if (request.method === "GET") return { events: [], response: await handshake(request.url) };
      if (!(await isMetas(request))) throw new SignatureError();
      const events: readonly InboundEvent[] = parseWhatsApp(parseJson(request.body), config.phoneNumberId);
      return { events: await expandTaps(events, values), response: new Response(null, { status: 200 }) };
    },
    send: (message, options = {}) => send(message, sending, options),
    typing: (address, options = {}) => typing(address, sending, options),
    check: (options = {}) => checkNumber(config, graph, options),
    register: (webhookUrl, options = {}) => register(config, graph, { ...options, webhookUrl }),
    fetchMedia: (ref, options = {}) => fetchById(ref, { graph, config, fetch: deps.fetch }, options),
  };
}
