import type { messagingApi } from "@line/bot-sdk";
import { type OutboundMessage, PLAIN_TEXT, type Receipt, type SendOptions } from "../../src/core/adapter.ts";
import type { Content, ContentOf } from "../../src/core/content.ts";
import { lower } from "../../src/core/lower.ts";
import { shorten } from "../../src/core/text.ts";
import { delivered, refused, refusedByStatus } from "../shared/receipts.ts";
import type { ReplyTokens } from "../shared/reply-tokens.ts";
import { sha256, toHex } from "../shared/secrets.ts";
import type { ShortValues } from "../shared/short-values.ts";
import { type LineApi, toLineError } from "./api.ts";
import { isShowableImage, toAction, toFlexMessages } from "./flex.ts";

type Message = messagingApi.Message;

export interface SendDeps {
  readonly api: LineApi;
  readonly values: ShortValues;
  readonly tokens: ReplyTokens;
}

interface Delivery {
  readonly to: string;
  readonly key: string;
  readonly messages: Message[];
}

/** Of one call. https://developers.line.biz/en/reference/messaging-api/#send-push-message */
const MAX_MESSAGES = 5;
const WORDS_ONLY = { ...PLAIN_TEXT, maxTextLength: 5000 };

/** By reply while the chat's token is fresh, which is free; else by push, which is counted. */
export async function send(message: OutboundMessage, deps: SendDeps, options: SendOptions): Promise<Receipt> {
  const { to } = message.address;
  if (to === undefined || to === "") return refused("delivery.bad_request", "The address names no chat.");
  if (options.signal?.aborted) {
    return refused("delivery.cancelled", "Cancelled before it was sent.", { retryable: true });
  }
  const messages = await toMessages(message.content, deps.values);
  let receipt: Receipt | undefined;
  for (let start = 0; start < messages.length; start += MAX_MESSAGES) {
    const key = start === 0 ? message.idempotencyKey : `${message.idempotencyKey}:${start}`;
    const delivery = { to, key, messages: messages.slice(start, start + MAX_MESSAGES) };
    const taken = (await reply(delivery, deps, options)) ?? (await push(delivery, deps, options));
    if (!taken.ok) return taken;
    receipt ??= taken;
  }
  return receipt ?? refused("delivery.bad_request", `LINE has no ${message.content.type} of this form.`);
}

/**
 * Undefined when a push must do it. A reply has no retry key, but its token is taken only once: refused on a repeat, it brought the message
 * the first time. https://developers.line.biz/en/reference/messaging-api/#send-reply-message
 */
async function reply(
  delivery: Delivery,
  { api, tokens }: SendDeps,
  options: SendOptions,
): Promise<Receipt | undefined> {
  const { to, key, messages } = delivery;
  const taken = await tokens.take(to, key);
  if (taken === undefined) return undefined;
  try {
    const { sentMessages } = await api(options).replyMessage({ replyToken: taken.token, messages });
    return toDelivered(sentMessages);
  } catch (error) {
    const { status, said, receipt } = toLineError(error);
    if (status === 400 && said.message.includes("Invalid reply token")) {
      return taken.again ? delivered(`again:${key}`) : undefined;
    }
    if (status !== undefined && status >= 500) return refused("delivery.outcome_unknown", receipt.detail);
    const maybeSent = receipt.code === "delivery.outcome_unknown" || receipt.code === "delivery.cancelled";
    if (!maybeSent && !taken.again) await tokens.giveBack(to, taken.token);
    return receipt;
  }
}

/** https://developers.line.biz/en/docs/messaging-api/retrying-api-request/: the same key, for a day, is the same push. */
async function push({ to, key, messages }: Delivery, { api }: SendDeps, options: SendOptions): Promise<Receipt> {
  try {
    const { sentMessages } = await api(options).pushMessage({ to, messages }, await toRetryKey(key));
    return toDelivered(sentMessages);
  } catch (error) {
    const { status, said, receipt } = toLineError(error);
    return status === 409 ? delivered(said.sentMessages?.[0]?.id ?? `again:${key}`) : receipt;
  }
}

function toDelivered(sent: readonly messagingApi.SentMessage[] | undefined): Receipt {
  const id = sent?.[0]?.id;
  return id === undefined ? refusedByStatus(200, new Headers(), "The answer is not LINE's.") : delivered(String(id));
}

/** A UUID of our key, whatever its form. */
export async function toRetryKey(idempotencyKey: string): Promise<string> {
  const hex = toHex(await sha256(idempotencyKey));
  // Version 8, variant 1: made by a rule of our own. https://www.rfc-editor.org/rfc/rfc9562#section-5.8
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-8${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** One content is seldom more than two messages; a push counts people and not messages. https://developers.line.biz/en/reference/messaging-api/#message-objects */
async function toMessages(content: Content, values: ShortValues): Promise<readonly Message[]> {
  switch (content.type) {
    case "text":
      return [{ type: "text", text: content.text }];
    case "choices": {
      const actions = await Promise.all(content.choices.map((choice) => toAction(choice, values)));
      const items = actions.map((action) => ({ type: "action", action }));
      return [{ type: "text", text: content.text, quickReply: { items } }];
    }
    case "card":
      return toFlexMessages([content], values);
    case "carousel":
      return toFlexMessages(content.cards, values);
    case "location":
      return toLocation(content);
    case "image": {
      const { url, mime, alt } = content;
      if (!isShowableImage(url, mime)) {
        const words = /^https?:/.test(url ?? "") ? lower(content, WORDS_ONLY) : [];
        return words.flatMap((part) => (part.type === "text" ? [{ type: "text" as const, text: part.text }] : []));
      }
      // The preview may be 1 MB, which we cannot make; LINE scales what it is given.
      const image: Message = { type: "image", originalContentUrl: url, previewImageUrl: url };
      return alt?.trim() ? [image, { type: "text", text: alt }] : [image];
    }
    default:
      return [];
  }
}

/** Title and address are 100 long; what does not fit is said after it. */
function toLocation({ lat: latitude, lng: longitude, ...place }: ContentOf<"location">): readonly Message[] {
  const address = place.address?.trim() || place.title?.trim() || `${latitude}, ${longitude}`;
  const title = place.title?.trim() || address;
  const words = { title: shorten(title, 100, "utf16"), address: shorten(address, 100, "utf16") };
  const pin: Message = { type: "location", ...words, latitude, longitude };
  return title.length > 100 || address.length > 100 ? [pin, { type: "text", text: `${title}\n${address}` }] : [pin];
}
