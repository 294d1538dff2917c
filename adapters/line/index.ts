import { type Adapter, type AdapterDeps, defineChannel } from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { fetchMediaFile } from "../shared/fetch-media.ts";
import { parseJson } from "../shared/json.ts";
import { createReplyTokens } from "../shared/reply-tokens.ts";
import { createShortValues } from "../shared/short-values.ts";
import { createApi } from "./api.ts";
import { createIsOurBot } from "./bot.ts";
import { LINE, REPLY_MS } from "./capabilities.ts";
import { check, register } from "./check.ts";
import { dataRoot, type LineConfig, lineConfig } from "./config.ts";
import { parseWebhook } from "./parse.ts";
import { fits, send, sendBatch } from "./send.ts";
import { withTap } from "./tap.ts";
import { createVerify } from "./verify.ts";

/** LINE, by its Messaging API. https://developers.line.biz/en/docs/messaging-api/ */
export const line = defineChannel({
  channel: "line",
  title: { zh: "LINE", en: "LINE" },
  config: lineConfig,
  capabilities: LINE,
  create: createLineAdapter,
});

export async function createLineAdapter(config: LineConfig, deps: AdapterDeps): Promise<Adapter> {
  const isLines = createVerify(config.channelSecret);
  const api = await createApi(config, deps);
  const isOurBot = createIsOurBot(config.channelSecret, { api, ...deps });
  // Every value that is handed in is stored: what fits goes without.
  const values = createShortValues(deps.state, 0);
  const tokens = createReplyTokens(deps, { lifeMs: REPLY_MS });
  return {
    channel: "line",
    capabilities: LINE,
    async receive({ headers, body }) {
      if (!(await isLines(headers, body))) throw new SignatureError();
      const { destination, events, replies } = parseWebhook(parseJson(body));
      if (destination !== undefined && !(await isOurBot(destination))) throw new SignatureError("another_account");
      for (const { to, token } of replies) await tokens.keep(to, token);
      return {
        events: await Promise.all(events.map((event) => withTap(event, values))),
        response: new Response(null, { status: 200 }),
      };
    },
    send: (message, options = {}) => send(message, { api, values, tokens }, options),
    batch: { fits, send: (messages, options = {}) => sendBatch(messages, { api, values, tokens }, options) },
    async typing({ to, kind }, options = {}) {
      // People only, until the answer comes or 20 s are over; an answer must not fail because its three dots did.
      const loading =
        to !== undefined && kind === "user" && api(options).showLoadingAnimation({ chatId: to, loadingSeconds: 20 });
      await Promise.resolve(loading).catch(() => undefined);
    },
    check: (options = {}) => check(api, options),
    register: (webhookUrl, options = {}) => register(api, webhookUrl, options),
    // https://developers.line.biz/en/reference/messaging-api/#get-content; 202 while a video is being prepared.
    fetchMedia: (ref, options = {}) => {
      const url = `${dataRoot(config)}/v2/bot/message/${encodeURIComponent(ref)}/content`;
      return fetchMediaFile(deps, { url, headers: { authorization: `Bearer ${config.channelAccessToken}` } }, options);
    },
  };
}
