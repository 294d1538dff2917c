import type { InboundEvent } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { PayloadError } from "../../src/core/errors.ts";
import { LINK_PAYLOAD } from "../../src/core/identity.ts";
import { type Frame, toMessages } from "../shared/said.ts";
import { soundContent, wireId } from "../shared/wire.ts";
import {
  frameSchema,
  type LineFrame,
  type LineMessage,
  linkSchema,
  membersSchema,
  messageSchema,
  postbackSchema,
  webhookSchema,
} from "./schema.ts";

/** A webhook: whose it is, and its events, which may be of several people. */
export interface Webhook {
  readonly destination: string | undefined;
  readonly events: readonly InboundEvent[];
  /** Where a reply is free for a minute. */
  readonly replies: readonly { readonly to: string; readonly token: string }[];
}

/**
 * https://developers.line.biz/en/reference/messaging-api/#request-body
 * @throws {PayloadError} when it is no webhook of LINE's.
 */
export function parseWebhook(body: unknown): Webhook {
  const webhook = webhookSchema.safeParse(body);
  if (!webhook.success) throw new PayloadError("A webhook lists its events.");
  const { destination, events } = webhook.data;
  const frames = events.flatMap((event) => frameSchema.safeParse(event).data ?? []);
  return {
    destination,
    events: events.flatMap(parseEvent),
    replies: frames.flatMap(({ replyToken, source, mode }) => {
      const to = chatOf(source);
      return replyToken === undefined || to === undefined || mode === "standby" ? [] : [{ to, token: replyToken }];
    }),
  };
}

/** One event is one of ours, but for people who come and go together. */
function parseEvent(raw: unknown): readonly InboundEvent[] {
  const frame = frameSchema.safeParse(raw).data;
  const from = frame && toFrame(frame);
  if (frame === undefined || from === undefined) return [{ type: "unsupported", kind: kindOf(raw), raw }];
  // Another module of the account has the chat, and says the answers. https://developers.line.biz/en/docs/partner-docs/module-technical-chat-control/
  if (frame.mode === "standby") return [{ type: "unsupported", kind: `standby.${kindOf(raw)}`, raw }];
  const events = parseKnown(Object(raw), frame, from);
  return events.length > 0 ? events : [{ type: "unsupported", kind: kindOf(raw), raw }];
}

function parseKnown(
  raw: Readonly<Record<string, unknown>>,
  { type, timestamp: at }: LineFrame,
  from: Frame,
): readonly InboundEvent[] {
  switch (type) {
    case "message": {
      const message = messageSchema.safeParse(raw.message).data;
      return message === undefined ? [] : toMessages({ ...from, channelMessageId: message.id }, [toContent(message)]);
    }
    case "messageEdited": {
      const message = messageSchema.safeParse(raw.message).data;
      if (message === undefined) return [];
      return [{ type: "edit", channelMessageId: message.id, content: soundContent(toContent(message)), at }];
    }
    case "unsend": {
      const id = wireId.safeParse(Object(raw.unsend).messageId).data;
      return id === undefined ? [] : [{ type: "recall", channelMessageId: id, at }];
    }
    case "accountLink":
      return parseLink(raw.link, from);
    case "postback":
      return parsePostback(raw.postback, from);
    case "follow":
    case "join":
      return [{ type: "presence", kind: "joined", ...from }];
    case "unfollow":
    case "leave":
      return [{ type: "presence", kind: "left", ...from }];
    case "memberJoined":
      return parseMembers(raw.joined, "joined", from);
    case "memberLeft":
      return parseMembers(raw.left, "left", from);
    default:
      return [];
  }
}

/** https://developers.line.biz/en/reference/messaging-api/#message-event */
function toContent(message: LineMessage): Content {
  const { type, id, title, address, latitude, longitude } = message;
  switch (type) {
    case "text":
      return { type, text: message.text ?? "" };
    case "image":
    case "audio":
    case "video":
      return { type, ...toFile(message) };
    case "file":
      return { type, fileId: id, name: message.fileName, size: message.fileSize };
    case "location":
      if (latitude === undefined || longitude === undefined) return { type: "unsupported", kind: "location" };
      return { type, lat: latitude, lng: longitude, title, address };
    case "sticker":
      // What is written on it, or what it is found by, is all there is of it in words.
      return {
        type,
        stickerId: message.stickerId,
        packageId: message.packageId,
        emoji: message.text || message.keywords?.find((word) => word !== "" && word.length <= 50),
      };
    default:
      return { type: "unsupported", kind: type.slice(0, 100) || "unknown" };
  }
}

/** A file is fetched later by its message's id, unless a third party keeps it. */
function toFile({ id, contentProvider }: LineMessage) {
  return contentProvider?.type === "external" ? { url: contentProvider.originalContentUrl } : { fileId: id };
}

/** A tapped button: its data stands in for label and value until `index.ts` unpacks it. https://developers.line.biz/en/reference/messaging-api/#postback-event */
function parsePostback(raw: unknown, from: Frame): readonly InboundEvent[] {
  const postback = postbackSchema.safeParse(raw).data;
  // A rich menu that was switched is nothing said.
  if (postback === undefined || postback.params?.newRichMenuAliasId !== undefined) return [];
  const { data, params = {} } = postback;
  const chosen = params.datetime ?? params.date ?? params.time;
  return toMessages(from, [{ type: "text", text: chosen || data, value: data }]);
}

/** The shop's member came back from its login with our nonce. https://developers.line.biz/en/reference/messaging-api/#account-link-event */
function parseLink(raw: unknown, from: Frame): readonly InboundEvent[] {
  const link = linkSchema.safeParse(raw).data;
  if (link === undefined) return [];
  return [{ type: "presence", kind: "joined", ...from, payload: LINK_PAYLOAD + link.nonce }];
}

/** https://developers.line.biz/en/reference/messaging-api/#member-joined-event */
function parseMembers(raw: unknown, kind: "joined" | "left", from: Frame): readonly InboundEvent[] {
  const { members = [] } = membersSchema.safeParse(raw).data ?? {};
  return members.map(({ userId }) => {
    const channelMessageId = `${from.channelMessageId}:${userId}`;
    return { type: "presence", kind, ...from, sender: { id: userId }, channelMessageId };
  });
}

/** Answers go to the group or room, else to the person. */
function toFrame({ type, source, timestamp: at, webhookEventId }: LineFrame): Frame | undefined {
  const to = chatOf(source);
  if (to === undefined) return undefined;
  const id = source.userId ?? to;
  const kind = source.groupId !== undefined ? "group" : source.roomId !== undefined ? "room" : "user";
  const channelMessageId = webhookEventId ?? `${type.slice(0, 50)}:${id}:${at}`;
  return { channelMessageId, sender: { id }, address: { to, kind }, at };
}

function chatOf({ groupId, roomId, userId }: LineFrame["source"]): string | undefined {
  return groupId ?? roomId ?? userId;
}

/** `beacon`, `message.coupon`: what the desk counts it under. */
function kindOf(raw: unknown): string {
  const event = Object(raw);
  const type = typeof event.type === "string" && event.type !== "" ? event.type.slice(0, 60) : "unknown";
  const detail: unknown = Object(event.message).type;
  return typeof detail === "string" && detail !== "" ? `${type}.${detail.slice(0, 60)}` : type;
}
