import { type Adapter, type AdapterDeps, type Check, defineChannel, type SendOptions } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { fetchMediaFile } from "../shared/fetch-media.ts";
import { createApi, type SlackApi } from "./api.ts";
import { SLACK } from "./capabilities.ts";
import { type SlackConfig, slackConfig } from "./config.ts";
import { parsePayload, readBody } from "./parse.ts";
import { send } from "./send.ts";
import { createVerify } from "./verify.ts";

/** Slack, by its Events API and Web API. https://docs.slack.dev/apis/events-api */
export const slack = defineChannel({
  channel: "slack",
  title: { zh: "Slack", en: "Slack" },
  config: slackConfig,
  capabilities: SLACK,
  create: createSlackAdapter,
});

export function createSlackAdapter(config: SlackConfig, deps: AdapterDeps): Adapter {
  const isSlacks = createVerify(config.signingSecret, deps.now);
  const api = createApi(config, deps);
  return {
    channel: "slack",
    capabilities: SLACK,
    async receive({ headers, body }) {
      if (!(await isSlacks(headers, body))) throw new SignatureError();
      const payload = readBody(headers.get("content-type"), body);
      const challenge = challengeOf(payload);
      if (challenge !== undefined) return { events: [], response: new Response(challenge) };
      return { events: parsePayload(payload, deps.now()), response: new Response(null, { status: 200 }) };
    },
    send: (message, options = {}) => send(message, api, options),
    check: (options = {}) => check(api, options),
    fetchMedia: (ref, options = {}) => {
      // Our token is for Slack's own hosts; a file may be kept by somebody else.
      const isSlack = /^https:\/\/(?:[\w-]+\.)?slack\.com\//.test(ref) || ref.startsWith(`${config.apiRoot}/`);
      const headers: Record<string, string> = isSlack ? { authorization: `Bearer ${config.botToken}` } : {};
      return fetchMediaFile(deps, { url: ref, headers }, options);
    },
  };
}

/** Slack proves that the address is ours, signed like all it sends. https://docs.slack.dev/reference/events/url_verification */
function challengeOf(payload: object): string | undefined {
  const { type, challenge }: { type?: unknown; challenge?: unknown } = payload;
  return type === "url_verification" && typeof challenge === "string" ? challenge.slice(0, 1000) : undefined;
}

/** https://docs.slack.dev/reference/methods/auth.test; what the token may do is in a header. */
async function check(api: SlackApi, options: SendOptions): Promise<readonly Check[]> {
  const answer = await api("auth.test", {}, options);
  if (!answer.ok) {
    const isToken = answer.receipt.code === "delivery.unauthorized";
    return [{ check: isToken ? "token" : "api", ok: false, detail: answer.receipt.detail }];
  }
  const { user, team } = answer.body;
  const scopes = answer.headers.get("x-oauth-scopes");
  const maySend = scopes === null || scopes.split(",").some((scope) => scope.trim() === "chat:write");
  return [
    { check: "token", ok: true, detail: `@${user} in ${team}` },
    { check: "scopes", ok: maySend, detail: maySend ? (scopes ?? "Unknown.") : "chat:write is missing." },
  ];
}
