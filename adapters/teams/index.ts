import { type Adapter, type AdapterDeps, defineChannel } from "../../src/core/adapter.ts";
import { ConfigError, SignatureError } from "../../src/core/errors.ts";
import { fetchMediaFile } from "../shared/fetch-media.ts";
import { parseJson, toObject } from "../shared/json.ts";
import { createShortValues } from "../shared/short-values.ts";
import { TEAMS } from "./capabilities.ts";
import { type TeamsConfig, teamsConfig } from "./config.ts";
import { createPost, createTeamsTokens } from "./connector.ts";
import { createKeys } from "./keys.ts";
import { parseActivity, toUnsupported } from "./parse.ts";
import { originSchema } from "./schema.ts";
import { send } from "./send.ts";
import { createTaps } from "./tap.ts";
import { createVerify, isAllowed, isAllowedUrl } from "./verify.ts";

/** Microsoft Teams, by the Bot Framework's Connector. https://learn.microsoft.com/azure/bot-service/rest-api/bot-framework-rest-connector-concepts */
export const teams = defineChannel({
  channel: "teams",
  title: { zh: "Microsoft Teams", en: "Microsoft Teams" },
  config: teamsConfig,
  capabilities: TEAMS,
  create: createTeamsAdapter,
});

/** @throws {ConfigError} `channel.auth_required`: only a demo deployment runs without authentication. */
export async function createTeamsAdapter(config: TeamsConfig, deps: AdapterDeps): Promise<Adapter> {
  if (config.auth === "none" && deps.demo !== true) {
    throw new ConfigError("channel.auth_required", "Teams without authentication is for a demo deployment only.");
  }
  const { CardFactory } = await import("botbuilder");
  const keys = createKeys(config.openIdMetadataUrl, deps);
  const verify = await createVerify(config, keys, deps);
  const tokens = createTeamsTokens(config, deps);
  const post = await createPost(config, deps, tokens);
  const taps = createTaps(config.appPassword);
  // Every url is stored: what fits goes without.
  const urls = createShortValues(deps.state, 0);
  return {
    channel: "teams",
    capabilities: TEAMS,
    async receive({ headers, body }) {
      const claims = config.auth === "none" ? undefined : await verify(headers);
      const activity: { readonly serviceUrl?: unknown } = toObject(parseJson(body));
      const origin = originSchema.safeParse(activity).data;
      // Microsoft's own, and names no way back: kept, and nothing of it believed.
      const { serviceUrl = null } = activity;
      if (serviceUrl === null) return { events: [toUnsupported(activity)], response: toResponse(activity) };
      if (origin === undefined || !isAllowed(origin, claims, config)) throw new SignatureError("another_account");
      const events = await parseActivity(activity, { now: deps.now(), taps, keepUrl: urls.shorten });
      return { events, response: toResponse(activity) };
    },
    send: (message, options = {}) => send(message, { post, taps, toCard: CardFactory.adaptiveCard }, options),
    async typing(address, options = {}) {
      // Best effort: an answer must not fail because its three dots did.
      await post(address, { type: "typing" }, options).catch(() => undefined);
    },
    async check() {
      if (config.auth === "none") return [{ check: "auth", ok: true, detail: "No authentication: for a demo only." }];
      const token = await tokens.get();
      // Only the Azure portal knows where the bot's messages go.
      return [
        { check: "credentials", ok: token.ok, detail: token.ok ? config.appId : token.receipt.detail },
        { check: "keys", ok: await keys.refresh(), detail: new URL(config.openIdMetadataUrl).host },
      ];
    },
    async fetchMedia(ref, options = {}) {
      const url = await urls.expand(ref);
      if (url === undefined) return undefined;
      // A picture is behind our own token; a file's link has its own, and is a host's that must not see ours.
      const token = isAllowedUrl(url, config) && config.auth !== "none" ? await tokens.get() : undefined;
      const headers: Record<string, string> = token?.ok === true ? { authorization: `Bearer ${token.token}` } : {};
      return fetchMediaFile(deps, { url, headers }, options);
    },
  };
}

/** An invoke wants its answer in the response; an empty one leaves the card as it is. https://learn.microsoft.com/adaptive-cards/authoring-cards/universal-action-model#response-format */
function toResponse(activity: object): Response {
  const { type, name }: { type?: unknown; name?: unknown } = activity;
  if (type !== "invoke") return new Response(null, { status: 200 });
  if (name !== "adaptiveCard/action") return Response.json({});
  return Response.json({ statusCode: 200, type: "application/vnd.microsoft.activity.message", value: "✓" });
}
