import type { messagingApi } from "@line/bot-sdk";
import type { BatchReceipt, OutboundMessage, Receipt, SendOptions } from "../../src/core/adapter.ts";
import type { Content, ContentOf } from "../../src/core/content.ts";
import { shorten } from "../../src/core/text.ts";
import { isWebUrl, textsOf } from "../shared/in-words.ts";
import { type FailedReceipt, refused, refusedByStatus } from "../shared/receipts.ts";
import type { ReplyTokens } from "../shared/reply-tokens.ts";
import { sha256, toHex } from "../shared/secrets.ts";
import type { ShortValues } from "../shared/short-values.ts";
import { type LineApi, toLineError } from "./api.ts";
import { LINE } from "./capabilities.ts";
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

/** By reply while the chat's token is fresh, which is free; else by push, which is counted. */
export async function send(message: OutboundMessage, deps: SendDeps, options: SendOptions): Promise<Receipt> {
  const { to } = message.address;
  if (to === undefined || to === "") return refused("delivery.bad_request", "The address names no chat.");
  if (options.signal?.aborted) {
    return refused("delivery.cancelled", "Cancelled before it was sent.", { retryable: true });
  }
  const messages = await toMessages(message.content, deps.values);
  let receipt: Taken | undefined;
  // By people and not by messages: a call is one.
  let counted = 0;
  for (let start = 0; start < messages.length; start += MAX_MESSAGES) {
    const key = start === 0 ? message.idempotencyKey : `${message.idempotencyKey}:${start}`;
    const delivery = { to, key, messages: messages.slice(start, start + MAX_MESSAGES) };
    const taken = (await reply(delivery, deps, options)) ?? (await push(delivery, deps, options));
    if (!taken.ok) return taken;
    counted += 1;
    // What went partly by reply is counted as the push that brought the rest.
    receipt = { ...(receipt ?? taken), route: taken.route };
  }
  if (receipt === undefined)
    return refused("delivery.bad_request", `LINE has no ${message.content.type} of this form.`);
  const { ids: _, ...told } = receipt;
  return { ...told, ...(counted === 1 ? {} : { counted }) };
}

/** What one call takes for certain: a picture may need a message for its words, cards any number. */
export function fits(contents: readonly Content[]): number {
  let room = MAX_MESSAGES;
  const end = contents.findIndex((content) => {
    room -= MOST_MESSAGES[content.type] ?? MAX_MESSAGES;
    return room < 0;
  });
  return end === -1 ? contents.length : Math.max(1, end);
}

const MOST_MESSAGES: Partial<Record<Content["type"], number>> = { text: 1, choices: 1, location: 2, image: 2 };

/** Several contents in one call, which is one reply or one counted push. */
export async function sendBatch(
  contents: readonly OutboundMessage[],
  deps: SendDeps,
  options: SendOptions,
): Promise<BatchReceipt> {
  const [first] = contents;
  const to = first?.address.to;
  if (first === undefined || !to) return refused("delivery.bad_request", "The address names no chat.");
  if (options.signal?.aborted) {
    return refused("delivery.cancelled", "Cancelled before it was sent.", { retryable: true });
  }
  const parts = await Promise.all(contents.map(({ content }) => toMessages(content, deps.values)));
  const messages = parts.flat();
  if (messages.length > MAX_MESSAGES || parts.some((part) => part.length === 0))
    return refused("delivery.bad_request", "One call does not take these messages.");
  // Quick replies are shown on the last message only.
  const delivery = { to, key: first.idempotencyKey, messages };
  const taken = (await reply(delivery, deps, options)) ?? (await push(delivery, deps, options));
  if (!taken.ok) return taken;
  const channelMessageIds = parts.map((_, index) => {
    const before = parts.slice(0, index).reduce((sum, part) => sum + part.length, 0);
    return taken.ids[before] ?? `${taken.channelMessageId}:${index}`;
  });
  return { ok: true, channelMessageIds, route: taken.route };
}

/**
 * Undefined when a push must do it. A reply has no retry key, but its token is taken only once: refused on a repeat, it brought the message
 * the first time. https://developers.line.biz/en/reference/messaging-api/#send-reply-message
 */
async function reply(
  delivery: Delivery,
  { api, tokens }: SendDeps,
  options: SendOptions,
): Promise<Taken | FailedReceipt | undefined> {
  const { to, key, messages } = delivery;
  const taken = await tokens.take(to, key);
  if (taken === undefined) return undefined;
  try {
    const { sentMessages } = await api(options).replyMessage({ replyToken: taken.token, messages });
    return toDelivered("reply", sentMessages);
  } catch (error) {
    const { status, said, receipt } = toLineError(error);
    if (status === 400 && said.message.includes("Invalid reply token")) {
      return taken.again ? toTaken("reply", [], `again:${key}`) : undefined;
    }
    if (status !== undefined && status >= 500) return refused("delivery.outcome_unknown", receipt.detail);
    const maybeSent = receipt.code === "delivery.outcome_unknown" || receipt.code === "delivery.cancelled";
    if (!maybeSent && !taken.again) await tokens.giveBack(to, taken.token);
    return receipt;
  }
}

/** https://developers.line.biz/en/docs/messaging-api/retrying-api-request/: the same key, for a day, is the same push. */
async function push(
  { to, key, messages }: Delivery,
  { api }: SendDeps,
  options: SendOptions,
): Promise<Taken | FailedReceipt> {
  try {
    const { sentMessages } = await api(options).pushMessage({ to, messages }, await toRetryKey(key));
    return toDelivered("push", sentMessages);
  } catch (error) {
    const { status, said, receipt } = toLineError(error);
    return status === 409 ? toTaken("push", said.sentMessages?.map(({ id }) => id) ?? [], `again:${key}`) : receipt;
  }
}

/** A call LINE took, with the ids of its messages. */
interface Taken {
  readonly ok: true;
  readonly channelMessageId: string;
  readonly ids: readonly string[];
  readonly route: "reply" | "push";
}

function toDelivered(
  route: Taken["route"],
  sent: readonly messagingApi.SentMessage[] | undefined,
): Taken | FailedReceipt {
  const ids = (sent ?? []).map(({ id }) => String(id));
  return ids.length === 0 ? refusedByStatus(200, new Headers(), "The answer is not LINE's.") : toTaken(route, ids, "");
}

function toTaken(route: Taken["route"], ids: readonly string[], otherwise: string): Taken {
  return { ok: true, channelMessageId: ids[0] ?? otherwise, ids, route };
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
        return isWebUrl(url) ? textsOf(content, LINE).map((text) => ({ type: "text", text })) : [];
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
