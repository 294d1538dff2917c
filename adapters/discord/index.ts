import { type Adapter, type AdapterDeps, defineChannel } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { fetchMediaFile } from "../shared/fetch-media.ts";
import { parseJson, toObject } from "../shared/json.ts";
import { createReplyTokens } from "../shared/reply-tokens.ts";
import { createShortValues, expandTaps } from "../shared/short-values.ts";
import { createApi } from "./api.ts";
import { DISCORD } from "./capabilities.ts";
import { check, register } from "./check.ts";
import { type DiscordConfig, discordConfig } from "./config.ts";
import { AUTOCOMPLETE, COMMAND, COMPONENT, MODAL, PING, parseInteraction } from "./parse.ts";
import { send } from "./send.ts";
import { createVerify } from "./verify.ts";

/** An interaction is answered for fifteen minutes; a call under way must not see them end. */
const REPLY_MS = 14 * 60_000;

/** Discord, by interactions: commands and buttons. https://docs.discord.com/developers/interactions/overview */
export const discord = defineChannel({
  channel: "discord",
  title: { zh: "Discord", en: "Discord" },
  config: discordConfig,
  capabilities: DISCORD,
  create: createDiscordAdapter,
});

export function createDiscordAdapter(config: DiscordConfig, deps: AdapterDeps): Adapter {
  const { applicationId } = config;
  const isDiscords = createVerify(config.publicKey);
  const api = createApi(config, deps);
  // A button's id is at most 100 long, three of them its place.
  const values = createShortValues(deps.state, 97);
  const urls = createShortValues(deps.state, 0);
  const tokens = createReplyTokens(deps, { lifeMs: REPLY_MS });
  const waiting = createReplyTokens(deps, { lifeMs: REPLY_MS, name: "waiting" });
  return {
    channel: "discord",
    capabilities: DISCORD,
    async receive({ headers, body }) {
      if (!(await isDiscords(headers, body))) throw new SignatureError();
      const interaction = toObject(parseJson(body));
      const owner = "application_id" in interaction ? interaction.application_id : applicationId;
      if (String(owner) !== applicationId) throw new SignatureError("another_account");
      const { type, events, reply } = await parseInteraction(interaction, { now: deps.now(), keepUrl: urls.shorten });
      if (type === PING) return { events: [], response: Response.json({ type: PONG }) };
      if (type === EVENTS_PROBE) return { events: [], response: toResponse(type) };
      if (reply !== undefined) {
        await tokens.keep(reply.to, reply.token);
        if (type !== COMPONENT) await waiting.keep(reply.to, reply.token);
      }
      return { events: await expandTaps(events, values), response: toResponse(type) };
    },
    send: (message, options = {}) => send(message, { api, applicationId, values, tokens, waiting }, options),
    async typing({ channelId }, options = {}) {
      // Best effort: an answer must not fail because its three dots did.
      if (channelId !== undefined) await api("POST", `/channels/${encodeURIComponent(channelId)}/typing`, options);
    },
    check: (options = {}) => check(api, config, options),
    register: (url, options = {}) => register(api, { applicationId, url }, options),
    async fetchMedia(ref, options = {}) {
      const url = await urls.expand(ref);
      return url === undefined ? undefined : fetchMediaFile(deps, { url }, options);
    },
  };
}

/** https://docs.discord.com/developers/interactions/receiving-and-responding#interaction-response-object-interaction-callback-type */
const PONG = 1;
/** https://docs.discord.com/developers/events/webhook-events#preparing-for-events */
const EVENTS_PROBE = 0;
const DEFERRED = 5;
const DEFERRED_UPDATE = 6;
const AUTOCOMPLETE_RESULT = 8;

/** "Thinking…" until the answer comes; a button just stops turning. Other webhooks of Discord's, its probe among them, want 204. */
function toResponse(type: number | undefined): Response {
  if (type === COMMAND || type === MODAL) return Response.json({ type: DEFERRED });
  if (type === COMPONENT) return Response.json({ type: DEFERRED_UPDATE });
  if (type === AUTOCOMPLETE) return Response.json({ type: AUTOCOMPLETE_RESULT, data: { choices: [] } });
  return new Response(null, { status: 204 });
}
