import { type Adapter, type AdapterDeps, defineChannel } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { parseJson } from "../shared/json.ts";
import { createShortValues, expandTaps } from "../shared/short-values.ts";
import { createGraph } from "./graph.ts";
import { fetchByUrl } from "./media.ts";
import { INSTAGRAM, MESSENGER } from "./messenger-capabilities.ts";
import { checkPage } from "./messenger-check.ts";
import { instagramConfig, messengerConfig, type PageConfig } from "./messenger-config.ts";
import { parsePage } from "./messenger-parse.ts";
import { send, typing } from "./messenger-send.ts";
import { createSentLog } from "./sent-log.ts";
import { createHandshake, createVerify } from "./verify.ts";

/** What tells the two apart; the rest is the Messenger Platform's. */
const KINDS = {
  messenger: { object: "page", capabilities: MESSENGER, nameField: "name", takesMetadata: true },
  instagram: { object: "instagram", capabilities: INSTAGRAM, nameField: "username", takesMetadata: false },
} as const;

/** A Facebook page's messages. https://developers.facebook.com/docs/messenger-platform */
export const messenger = defineChannel({
  channel: "messenger",
  title: { zh: "Messenger", en: "Messenger" },
  config: messengerConfig,
  capabilities: MESSENGER,
  create: (config: PageConfig, deps: AdapterDeps) => createPageAdapter("messenger", config, deps),
});

/** An Instagram account's direct messages. https://developers.facebook.com/docs/instagram-platform/instagram-api-with-instagram-login/messaging-api */
export const instagram = defineChannel({
  channel: "instagram",
  title: { zh: "Instagram", en: "Instagram" },
  config: instagramConfig,
  capabilities: INSTAGRAM,
  create: (config: PageConfig, deps: AdapterDeps) => createPageAdapter("instagram", config, deps),
});

export function createPageAdapter(channel: keyof typeof KINDS, config: PageConfig, deps: AdapterDeps): Adapter {
  const kind = KINDS[channel];
  const isMetas = createVerify(config.appSecret);
  const handshake = createHandshake(config.verifyToken);
  const graph = createGraph(config, deps);
  // A payload has 1,000 characters.
  const values = createShortValues(deps.state, 1000);
  const log = createSentLog(deps);
  const sending = { graph, values, log, capabilities: kind.capabilities, takesMetadata: kind.takesMetadata };
  return {
    channel,
    capabilities: kind.capabilities,
    async receive(request) {
      if (request.method === "GET") return { events: [], response: await handshake(request.url) };
      if (!(await isMetas(request))) throw new SignatureError();
      const events = parsePage(parseJson(request.body), { object: kind.object, pageId: config.pageId });
      const resolved = await log.resolve(await expandTaps(events, values));
      return { events: resolved, response: new Response("EVENT_RECEIVED", { status: 200 }) };
    },
    send: (message, options = {}) => send(message, sending, options),
    typing: (address, options = {}) => typing(address, sending, options),
    check: (options = {}) => checkPage({ pageId: config.pageId, nameField: kind.nameField }, graph, options),
    fetchMedia: (ref, options = {}) => fetchByUrl(ref, { config, fetch: deps.fetch }, options),
  };
}
