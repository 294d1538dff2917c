import { z } from "zod";
import type { InboundEvent } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { PayloadError } from "../../src/core/errors.ts";
import { parseJson } from "../shared/json.ts";
import { soundContent, wireId, wireName, wireText } from "../shared/wire.ts";

// Only what is read is declared, and every kind may be newer than this file: what does not fit is `unsupported`.
// https://open.feishu.cn/document/server-docs/event-subscription-guide/event-list

/** Milliseconds as text, as Feishu writes them. */
const wireMillis = z
  .union([z.string(), z.int()])
  .transform(String)
  .pipe(z.string().regex(/^\d{1,14}$/))
  .transform(Number);

const headerSchema = z.object({
  header: z.object({ event_id: wireId, event_type: z.string().min(1).max(100), create_time: wireMillis.optional() }),
  event: z.unknown(),
});
const personSchema = z.object({ open_id: wireId });

const messageSchema = z.object({
  sender: z.object({ sender_id: personSchema, sender_type: z.string().optional() }),
  message: z.object({
    message_id: wireId,
    create_time: wireMillis.optional(),
    update_time: wireMillis.optional(),
    chat_id: wireId,
    chat_type: z.string().optional(),
    message_type: z.string().min(1).max(100),
    content: z.string(),
    mentions: z.array(z.object({ key: wireText, name: wireName })).optional(),
  }),
});
type Message = z.output<typeof messageSchema>["message"];

const recalledSchema = z.object({ message_id: wireId, recall_time: wireMillis.optional() });
const readSchema = z.object({
  reader: z.object({ read_time: wireMillis.optional() }),
  message_id_list: z.array(wireId).min(1).max(500),
});
const enteredSchema = z.object({ chat_id: wireId, operator_id: personSchema, last_message_id: z.string().optional() });
const buttonSchema = z.object({ l: wireText.pipe(z.string().min(1)), v: wireText.pipe(z.string().min(1)) });
const tappedSchema = z.object({
  operator: personSchema,
  action: z.object({ value: buttonSchema }),
  context: z.object({ open_chat_id: wireId }),
});
/** Of the old card URL: the person in the body itself, and no chat. */
const oldCardSchema = z.object({
  open_id: wireId,
  open_message_id: wireId,
  open_chat_id: wireId.optional(),
  token: wireId,
  action: z.object({ value: buttonSchema }),
});

/** @throws {PayloadError} when it is no JSON object. */
export function parseEvent(body: unknown, now: number): InboundEvent {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new PayloadError("An event is an object.");
  const event = headerSchema.safeParse(body).data;
  if (event === undefined) return parseOldCard(body, now) ?? unsupported(oldKindOf(body), body);
  const { event_id: eventId, event_type: type, create_time: at = now } = event.header;
  return parseKnown(type, event.event, { eventId, at }) ?? unsupported(type, body);
}

interface Frame {
  readonly eventId: string;
  readonly at: number;
}

function parseKnown(type: string, raw: unknown, frame: Frame): InboundEvent | undefined {
  switch (type) {
    case "im.message.receive_v1":
      return parseMessage(raw, frame);
    case "im.message.updated_v1":
      return parseEdit(raw, frame);
    case "im.message.recalled_v1": {
      const { data } = recalledSchema.safeParse(raw);
      return data && { type: "recall", channelMessageId: data.message_id, at: data.recall_time ?? frame.at };
    }
    case "im.chat.access_event.bot_p2p_chat_entered_v1":
      return parseEntered(raw, frame);
    case "card.action.trigger":
      return parseTap(raw, frame);
    default:
      return undefined;
  }
}

/** Several of our messages may be read at once. https://open.feishu.cn/document/server-docs/im-v1/message/events/message_read */
export function parseReads(body: unknown, now: number): readonly InboundEvent[] | undefined {
  const event = headerSchema.safeParse(body).data;
  if (event?.header.event_type !== "im.message.message_read_v1") return undefined;
  const read = readSchema.safeParse(event.event).data;
  const at = read?.reader.read_time ?? event.header.create_time ?? now;
  return read?.message_id_list.map((channelMessageId) => ({ type: "status", channelMessageId, status: "read", at }));
}

/** https://open.feishu.cn/document/server-docs/im-v1/message/events/receive */
function parseMessage(raw: unknown, frame: Frame): InboundEvent | undefined {
  const event = messageSchema.safeParse(raw).data;
  if (event === undefined) return undefined;
  const { sender, message } = event;
  const content = soundContent(toContent(message) ?? { type: "unsupported", kind: cleanKind(message.message_type) });
  const isBot = sender.sender_type === "app";
  const body = {
    channelMessageId: message.message_id,
    sender: isBot ? { id: sender.sender_id.open_id, isBot } : { id: sender.sender_id.open_id },
    address: { chatId: message.chat_id },
    content,
    at: message.create_time ?? frame.at,
  };
  const mediaRef = "fileId" in content ? content.fileId : undefined;
  return { type: "message", message: mediaRef === undefined ? body : { ...body, mediaRef } };
}

function parseEdit(raw: unknown, { at }: Frame): InboundEvent | undefined {
  const message = messageSchema.safeParse(raw).data?.message;
  const content = message && toContent(message);
  if (message === undefined || content === undefined) return undefined;
  return {
    type: "edit",
    channelMessageId: message.message_id,
    content: soundContent(content),
    at: message.update_time ?? at,
  };
}

/** Told each time the chat is opened; only the first is a coming. https://open.feishu.cn/document/server-docs/im-v1/chat-member/event/bot_p2p_chat_entered */
function parseEntered(raw: unknown, { eventId, at }: Frame): InboundEvent | undefined {
  const entered = enteredSchema.safeParse(raw).data;
  if (entered === undefined || entered.last_message_id) return undefined;
  const sender = { id: entered.operator_id.open_id };
  return {
    type: "presence",
    kind: "joined",
    channelMessageId: eventId,
    sender,
    address: { chatId: entered.chat_id },
    at,
  };
}

/** https://open.feishu.cn/document/feishu-cards/card-callback-communication */
function parseTap(raw: unknown, { eventId, at }: Frame): InboundEvent | undefined {
  const tap = tappedSchema.safeParse(raw).data;
  if (tap === undefined) return undefined;
  const { operator, action, context } = tap;
  const content = soundContent({ type: "text", text: action.value.l, value: action.value.v });
  const sender = { id: operator.open_id };
  return {
    type: "message",
    message: { channelMessageId: eventId, sender, address: { chatId: context.open_chat_id }, content, at },
  };
}

function parseOldCard(raw: unknown, at: number): InboundEvent | undefined {
  const tap = oldCardSchema.safeParse(raw).data;
  if (tap === undefined) return undefined;
  const { open_id: id, open_chat_id: chatId, action, token } = tap;
  const content = soundContent({ type: "text", text: action.value.l, value: action.value.v });
  const address: Record<string, string> = chatId === undefined ? { openId: id } : { chatId };
  return { type: "message", message: { channelMessageId: token, sender: { id }, address, content, at } };
}

/** What each kind's `content` holds. https://open.feishu.cn/document/server-docs/im-v1/message-content-description/message_content */
const SAID = {
  text: z.object({ text: wireText }),
  image: z.object({ image_key: wireId }),
  file: z.object({ file_key: wireId, file_name: wireName.optional() }),
  audio: z.object({ file_key: wireId }),
  media: z.object({ file_key: wireId, file_name: wireName.optional() }),
  sticker: z.object({ file_key: wireId }),
  location: z.object({ name: wireText.optional(), longitude: z.coerce.number(), latitude: z.coerce.number() }),
};
const postSchema = z.object({
  title: wireText.optional(),
  content: z.array(
    z.array(
      z.object({
        tag: z.string(),
        text: wireText.optional(),
        href: wireText.optional(),
        user_name: wireText.optional(),
      }),
    ),
  ),
});

function toContent(message: Message): Content | undefined {
  const said = parseInner(message.content);
  switch (message.message_type) {
    case "text": {
      const text = SAID.text.safeParse(said).data?.text;
      return text ? { type: "text", text: withNames(text, message) } : undefined;
    }
    case "post": {
      const post = postSchema.safeParse(said).data;
      const lines = (post?.content ?? []).map((line) => line.map(toWords).join(""));
      const text = [post?.title, ...lines].filter(Boolean).join("\n");
      return text === "" ? undefined : { type: "text", text: withNames(text, message) };
    }
    case "image":
      return read(SAID.image, said, ({ image_key: key }) => ({ type: "image", fileId: toRef(message, "image", key) }));
    case "file":
      return read(SAID.file, said, ({ file_key: key, file_name: name }) => ({
        type: "file",
        fileId: toRef(message, "file", key),
        name,
      }));
    case "audio":
      return read(SAID.audio, said, ({ file_key: key }) => ({
        type: "audio",
        fileId: toRef(message, "file", key),
        mime: "audio/ogg",
      }));
    case "media":
      return read(SAID.media, said, ({ file_key: key, file_name: name }) => ({
        type: "video",
        fileId: toRef(message, "file", key),
        name,
      }));
    case "sticker":
      // Stickers cannot be fetched: their key names one.
      return read(SAID.sticker, said, ({ file_key: key }) => ({
        type: "sticker",
        stickerId: key.slice(0, 200).toWellFormed(),
      }));
    case "location":
      return read(SAID.location, said, ({ name, latitude: lat, longitude: lng }) => ({
        type: "location",
        lat,
        lng,
        title: name,
      }));
    default:
      return undefined;
  }
}

function read<T extends z.ZodType>(schema: T, said: unknown, to: (value: z.output<T>) => Content): Content | undefined {
  const checked = schema.safeParse(said);
  return checked.success ? to(checked.data) : undefined;
}

function parseInner(content: string): unknown {
  try {
    return parseJson(new TextEncoder().encode(content));
  } catch {
    // The kind stays known, and the message is kept as unsupported.
    return undefined;
  }
}

function toRef({ message_id: id }: Message, type: "image" | "file", key: string): string {
  return `${id}/${type}/${key}`;
}

function toWords({ text, href, user_name: name, tag }: z.output<typeof postSchema>["content"][number][number]): string {
  if (tag === "at") return name === undefined ? "" : `@${name}`;
  return href === undefined || href === text ? (text ?? "") : `${text ?? ""} (${href})`;
}

/** `@_user_1` is a place in `mentions`; longer keys first, so that `@_user_1` leaves `@_user_10` whole. */
function withNames(text: string, { mentions = [] }: Message): string {
  const longest = mentions.toSorted((a, b) => b.key.length - a.key.length).filter(({ key }) => key !== "");
  return longest.reduce((said, { key, name }) => said.replaceAll(key, `@${name}`), text);
}

function unsupported(kind: string, raw: unknown): InboundEvent {
  return { type: "unsupported", kind: cleanKind(kind), raw };
}

function cleanKind(kind: string): string {
  return kind.toWellFormed().replaceAll("\u0000", "") || "unknown";
}

/** Events of the first version say their kind inside. */
function oldKindOf(body: unknown): string {
  const kind: unknown = Object(Object(body).event).type ?? Object(body).type;
  return typeof kind === "string" ? kind.slice(0, 100) : "unknown";
}
