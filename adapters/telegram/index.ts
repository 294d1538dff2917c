import {
  type Adapter,
  type AdapterDeps,
  defineChannel,
  type InboundEvent,
  type Received,
} from "../../src/core/adapter.ts";
import { SignatureError } from "../../src/core/errors.ts";
import { parseJson } from "../shared/json.ts";
import { createShortValues, type ShortValues } from "../shared/short-values.ts";
import { createApi } from "./api.ts";
import { TELEGRAM } from "./capabilities.ts";
import { check, register } from "./check.ts";
import { type TelegramConfig, telegramConfig } from "./config.ts";
import { fetchMedia } from "./media.ts";
import { parseUpdate } from "./parse.ts";
import { send, toTarget } from "./send.ts";
import { createVerify } from "./verify.ts";

/** Telegram, by its Bot API. https://core.telegram.org/bots/api */
export const telegram = defineChannel({
  channel: "telegram",
  title: { zh: "Telegram", en: "Telegram" },
  config: telegramConfig,
  capabilities: TELEGRAM,
  create: createTelegramAdapter,
});

export async function createTelegramAdapter(config: TelegramConfig, deps: AdapterDeps): Promise<Adapter> {
  const isTelegrams = createVerify(config.secretToken);
  const api = await createApi(config, deps);
  const values = createShortValues(deps.state, 64);
  return {
    channel: "telegram",
    capabilities: TELEGRAM,
    async receive(request) {
      if (!(await isTelegrams(request.headers))) throw new SignatureError();
      const update = parseJson(request.body);
      const event = await withValue(parseUpdate(update, deps.now()), values);
      return { events: [event], response: toResponse(update) };
    },
    send: (message, options = {}) => send(message, { api, values, state: deps.state, deps }, options),
    async typing(address, options = {}) {
      const target = toTarget(address.chatId ?? "", address);
      // Best effort: an answer must not fail because its three dots did.
      await api.callApi("sendChatAction", { ...target, action: "typing" }, options).catch(() => undefined);
    },
    check: (options = {}) => check(api, options),
    register: (webhookUrl, options = {}) => register(api, { webhookUrl, secretToken: config.secretToken }, options),
    // https://core.telegram.org/bots/features#deep-linking
    async deepLink(payload, options = {}) {
      const { username } = await api.callApi("getMe", {}, options);
      return `https://t.me/${username}?start=${payload}`;
    },
    fetchMedia: (ref, options = {}) => fetchMedia(ref, { api, config, fetch: deps.fetch }, options),
  };
}

/** A tapped button may carry a token in place of a long value. */
async function withValue(event: InboundEvent, values: ShortValues): Promise<InboundEvent> {
  if (event.type !== "message" || event.message.content.type !== "text") return event;
  const { text, value: data } = event.message.content;
  if (data === undefined) return event;
  const value = await values.expand(data);
  const content = { type: "text" as const, text: text === data ? (value ?? text) : text, ...(value && { value }) };
  return { type: "message", message: { ...event.message, content } };
}

/**
 * A tap is answered in the webhook's own response, which stops the button's spinner without a call. Telegram ignores what it answers in
 * turn, and here there is nothing to know. https://core.telegram.org/bots/api#making-requests-when-getting-updates
 */
function toResponse(update: unknown): Received["response"] {
  const id: unknown = Object(Object(update).callback_query).id;
  if (typeof id !== "string") return new Response(null, { status: 200 });
  return Response.json({ method: "answerCallbackQuery", callback_query_id: id });
}
