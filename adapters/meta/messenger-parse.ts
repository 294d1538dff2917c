import type { InboundEvent } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { PayloadError } from "../../src/core/errors.ts";
import { toMessages } from "../shared/said.ts";
import { soundContent } from "../shared/wire.ts";
import {
  type Attachment,
  deliverySchema,
  editSchema,
  entrySchema,
  type Frame,
  frameSchema,
  type Message,
  messageSchema,
  postbackSchema,
  readSchema,
  referralEventSchema,
} from "./messenger-schema.ts";
import { type Item, readBatch, unsupported } from "./wire.ts";

/** The payload of the Get Started button, as our README has it set. */
const GET_STARTED = "GET_STARTED";
/** Sent with every message of ours, and back in its echo. */
export const OUR_METADATA = "xiaoer";

/**
 * A batch of what people did on a page or an Instagram account. https://developers.facebook.com/docs/messenger-platform/webhooks
 * @throws {PayloadError} when it is no JSON object.
 * @throws {SignatureError} when it is all of other accounts.
 */
export function parsePage(
  body: unknown,
  { object, pageId }: { readonly object: "page" | "instagram"; readonly pageId: string },
): readonly InboundEvent[] {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new PayloadError("A batch is an object.");
  return readBatch(body, { object, account: pageId, items: (entry) => [toItem(entry)] });
}

function toItem(raw: unknown): Item {
  const entry = entrySchema.safeParse(raw).data;
  if (entry?.id === undefined) return { account: undefined, events: () => [unsupported("unknown", raw)] };
  const { messaging = [], standby = [], changes = [] } = entry;
  const events = () => [
    ...messaging.flatMap(parseMessaging),
    // Another app owns this thread; ours may only listen. https://developers.facebook.com/docs/messenger-platform/handover-protocol
    ...standby.map((event) => unsupported("standby", event)),
    ...changes.flatMap((change) => parseChange(change)),
  ];
  return { account: entry.id, events };
}

/** Comments and mentions; Instagram's console sends its sample messages in this shape too. */
function parseChange(change: unknown): readonly InboundEvent[] {
  const { field, value } = Object(change);
  if (field === "messages" && frameSchema.safeParse(value).success) return parseMessaging(value);
  return [unsupported(`changes.${String(field).slice(0, 90).toWellFormed()}`, change)];
}

function parseMessaging(raw: unknown): readonly InboundEvent[] {
  const frame = frameSchema.safeParse(raw).data;
  if (frame === undefined) return [unsupported("messaging", raw)];
  return (
    parseMessage(raw, frame) ??
    parseEdit(raw, frame) ??
    parsePostback(raw, frame) ??
    parseReferral(raw, frame) ??
    parseDelivery(raw, frame) ??
    parseRead(raw, frame) ?? [unsupported(kindOf(raw), raw)]
  );
}

/** https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messages and …/message-echoes */
function parseMessage(raw: unknown, frame: Frame): readonly InboundEvent[] | undefined {
  const message = messageSchema.safeParse(raw).data?.message;
  if (message === undefined) return undefined;
  const { mid, is_echo: isEcho = false, is_deleted: isDeleted = false } = message;
  const at = frame.timestamp;
  if (isDeleted) return [{ type: "recall", channelMessageId: mid, at }];
  if (isEcho && message.metadata === OUR_METADATA)
    return [{ type: "status", channelMessageId: mid, status: "sent", at }];
  // An echo is said by the page, in the conversation with its recipient: an agent at Meta's own inbox, or another app.
  const person = isEcho ? frame.recipient.id : frame.sender.id;
  const sender = isEcho ? { id: person, isBot: true } : { id: person };
  const events = toMessages({ channelMessageId: mid, sender, address: { psid: person }, at }, toContents(message));
  const ref = message.referral?.ref || message.referral?.ad_id;
  return ref === undefined ? events : [joined(`${mid}:referral`, frame, ref), ...events];
}

/** https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/message-edits */
function parseEdit(raw: unknown, { timestamp: at }: Frame): readonly InboundEvent[] | undefined {
  const edit = editSchema.safeParse(raw).data?.message_edit;
  if (edit === undefined) return undefined;
  return [{ type: "edit", channelMessageId: edit.mid, content: soundContent({ type: "text", text: edit.text }), at }];
}

/** https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messaging_postbacks */
function parsePostback(raw: unknown, frame: Frame): readonly InboundEvent[] | undefined {
  const postback = postbackSchema.safeParse(raw).data?.postback;
  if (postback === undefined) return undefined;
  const { payload, title } = postback;
  const channelMessageId = postback.mid ?? `${frame.sender.id}:${frame.timestamp}:postback`;
  const ref = postback.referral?.ref || postback.referral?.ad_id;
  if (ref !== undefined || payload === GET_STARTED) return [joined(channelMessageId, frame, ref)];
  const text = title || payload;
  if (!text) return [unsupported("postback", raw)];
  const content = soundContent({ type: "text", text, value: payload || undefined });
  const { id } = frame.sender;
  return [
    {
      type: "message",
      message: { channelMessageId, sender: { id }, address: { psid: id }, content, at: frame.timestamp },
    },
  ];
}

/** By an m.me or ig.me link, an ad or a code. https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messaging_referrals */
function parseReferral(raw: unknown, frame: Frame): readonly InboundEvent[] | undefined {
  const referral = referralEventSchema.safeParse(raw).data?.referral;
  if (referral === undefined) return undefined;
  return [joined(`${frame.sender.id}:${frame.timestamp}:referral`, frame, referral.ref || referral.ad_id)];
}

function joined(channelMessageId: string, { sender, timestamp: at }: Frame, payload: string | undefined): InboundEvent {
  const event = { type: "presence", kind: "joined", channelMessageId, sender: { id: sender.id }, at } as const;
  const address = { psid: sender.id };
  return payload ? { ...event, address, payload: payload.slice(0, 1000).toWellFormed() } : { ...event, address };
}

/** https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/message-deliveries; the watermark alone names no message. */
function parseDelivery(raw: unknown, { timestamp: at }: Frame): readonly InboundEvent[] | undefined {
  const mids = deliverySchema.safeParse(raw).data?.delivery.mids;
  if (mids === undefined || mids.length === 0) return undefined;
  return mids.map((mid) => ({ type: "status", channelMessageId: mid, status: "delivered", at }));
}

/** Instagram names the message, Messenger only a time (see `toReads`). https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/message-reads */
function parseRead(raw: unknown, { timestamp: at }: Frame): readonly InboundEvent[] | undefined {
  const read = readSchema.safeParse(raw).data?.read;
  return read?.mid === undefined ? undefined : [{ type: "status", channelMessageId: read.mid, status: "read", at }];
}

/** Until when one person has read or got all: what Messenger says in place of naming messages. */
export function readWatermark(event: InboundEvent) {
  if (event.type !== "unsupported" || (event.kind !== "read" && event.kind !== "delivery")) return undefined;
  const frame = frameSchema.safeParse(event.raw).data;
  const read = readSchema.safeParse(event.raw).data?.read ?? deliverySchema.safeParse(event.raw).data?.delivery;
  if (frame === undefined || read?.watermark === undefined) return undefined;
  const status = event.kind === "read" ? ("read" as const) : ("delivered" as const);
  return { psid: frame.sender.id, watermark: read.watermark, status, at: frame.timestamp };
}

function toContents(message: Message): readonly Content[] {
  const { text, quick_reply: reply, attachments = [] } = message;
  const words: Content[] = text ? [{ type: "text", text, value: reply?.payload || undefined }] : [];
  const said = [...words, ...attachments.map(toAttached)];
  return said.length > 0 ? said : [{ type: "unsupported", kind: "empty" }];
}

/** Files come as signed urls of Meta's, which end after some days. https://developers.facebook.com/docs/messenger-platform/reference/webhook-events/messages#attachments */
function toAttached({ type, payload, url: shared, title }: Attachment): Content {
  const url = payload?.url ?? shared;
  if (payload?.coordinates !== undefined) {
    return { type: "location", lat: payload.coordinates.lat, lng: payload.coordinates.long, title };
  }
  if (url === undefined || url === "") return { type: "unsupported", kind: type };
  if (type === "image" || type === "audio" || type === "video" || type === "file")
    return { type, fileId: url, name: title };
  // A shared post, reel, story or page: where it is, and what it is called.
  return { type: "link", url, title: payload?.title || title || type };
}

function kindOf(raw: unknown): string {
  const known = new Set(["sender", "recipient", "timestamp"]);
  const kind = Object.keys(Object(raw)).find((name) => !known.has(name)) ?? "messaging";
  return kind.slice(0, 100).toWellFormed() || "unknown";
}
