import { z } from "zod";
import {
  type Adapter,
  type AdapterDeps,
  type Check,
  type CheckOptions,
  defineChannel,
  type FetchedMedia,
  type SendOptions,
} from "../../src/core/adapter.ts";
import { UnavailableError } from "../../src/core/errors.ts";
import { factsOf } from "../shared/fetch-media.ts";
import { createShortValues, expandTaps } from "../shared/short-values.ts";
import { createApi, type FeishuApi } from "./api.ts";
import { FEISHU } from "./capabilities.ts";
import { type FeishuConfig, feishuConfig } from "./config.ts";
import { parseEvent, parseReads } from "./parse.ts";
import { send } from "./send.ts";
import { createOpen } from "./verify.ts";

/** Feishu and, with its own API root, Lark. https://open.feishu.cn/document */
export const feishu = defineChannel({
  channel: "feishu",
  title: { zh: "飞书", en: "Feishu / Lark" },
  config: feishuConfig,
  capabilities: FEISHU,
  create: createFeishuAdapter,
});

export function createFeishuAdapter(config: FeishuConfig, deps: AdapterDeps): Adapter {
  const open = createOpen(config, deps.now);
  const api = createApi(config, deps);
  // A card holds 30 KB, and twenty buttons.
  const values = createShortValues(deps.state, 200);
  return {
    channel: "feishu",
    capabilities: FEISHU,
    async receive(request) {
      const { body, challenge } = await open(request);
      if (challenge !== undefined) return { events: [], response: Response.json({ challenge }) };
      const events = parseReads(body, deps.now()) ?? [parseEvent(body, deps.now())];
      // A card's button wants JSON, and takes an empty object for "as it is".
      return { events: await expandTaps(events, values), response: Response.json({}) };
    },
    send: (message, options = {}) => send(message, { api, values, deps }, options),
    check: (options = {}) => check(api, options),
    fetchMedia: (ref, options = {}) => fetchMedia(ref, { api, config, fetch: deps.fetch }, options),
  };
}

/** https://open.feishu.cn/document/client-docs/bot-v3/bot-overview */
async function check(api: FeishuApi, { signal }: CheckOptions): Promise<readonly Check[]> {
  const answer = await api.call({ path: "bot/v3/info", method: "GET", signal });
  if (!answer.ok)
    return [
      {
        check: answer.receipt.code === "delivery.unauthorized" ? "token" : "api",
        ok: false,
        detail: answer.receipt.detail,
      },
    ];
  const bot = z
    .object({ bot: z.object({ app_name: z.string(), activate_status: z.number().optional() }) })
    .safeParse(answer.data).data?.bot;
  // 2: switched on for its company.
  const isOn = (bot?.activate_status ?? 2) === 2;
  return [{ check: "token", ok: bot !== undefined && isOn, detail: bot?.app_name ?? "The app has no bot." }];
}

interface MediaDeps extends Pick<AdapterDeps, "fetch"> {
  readonly api: FeishuApi;
  readonly config: FeishuConfig;
}

/** https://open.feishu.cn/document/server-docs/im-v1/message/get-2: up to 100 MB, as bytes. */
async function fetchMedia(
  ref: string,
  { api, config, fetch }: MediaDeps,
  { signal }: SendOptions,
): Promise<FetchedMedia | undefined> {
  const [, id = "", type = "", key = ""] = /^([^/]+)\/(image|file)\/([^/]+)$/.exec(ref) ?? [];
  if (id === "") return undefined;
  const token = await api.tokens.get();
  if (!token.ok) throw unavailable(token.receipt.detail);
  const path = `im/v1/messages/${encodeURIComponent(id)}/resources/${encodeURIComponent(key)}?type=${type}`;
  const headers = { authorization: `Bearer ${token.token}` };
  const url = `${config.apiRoot.replace(/\/+$/, "")}/open-apis/${path}`;
  const response = await fetch(url, { headers, signal: signal ?? null }).catch(() => {
    throw unavailable("The file could not be fetched.");
  });
  const mime = response.headers.get("content-type") ?? undefined;
  if (response.ok && response.body !== null && mime?.startsWith("application/json") !== true) {
    return { body: response.body, ...factsOf(response) };
  }
  await response.body?.cancel();
  // Recalled, or of a message the bot may not see.
  if (response.status === 400 || response.status === 404) return undefined;
  throw unavailable(`The file was answered with ${response.status}.`);
}

function unavailable(detail: string): UnavailableError {
  return new UnavailableError("channel.media_unavailable", detail);
}
