import type { z } from "zod";
import type { Address, InboundEvent, Sender } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { PayloadError } from "../../src/core/errors.ts";
import { soundContent, wireId } from "../shared/wire.ts";
import {
  callbackSchema,
  type fileSchema,
  type locationSchema,
  type Message,
  memberSchema,
  messageSchema,
  userSchema,
} from "./schema.ts";

/** Said by a person, yet nothing we can show. Other kinds are Telegram's own notes (someone joined, a message was pinned). */
const SAID_BUT_NOT_SHOWN = ["poll", "game", "story", "paid_media", "checklist", "giveaway", "invoice"] as const;

/**
 * One update is one event. https://core.telegram.org/bots/api#update
 * @param now When a button was tapped: the only kind Telegram gives no time for.
 * @throws {PayloadError} when it is no JSON object.
 */
export function parseUpdate(body: unknown, now: number): InboundEvent {
  if (typeof body !== "object" || body === null || Array.isArray(body))
    throw new PayloadError("An update is an object.");
  const update: Readonly<Record<string, unknown>> = { ...body };
  const updateId = wireId.safeParse(update.update_id);
  const key = `u${updateId.data}`;
  const event =
    parseMessage(update.message) ??
    parseEdit(update.edited_message) ??
    (updateId.success
      ? (parseTap(update.callback_query, key, now) ?? parseMember(update.my_chat_member, key))
      : undefined);
  return event ?? { type: "unsupported", kind: kindOf(update), raw: body };
}

/** https://core.telegram.org/bots/api#message */
function parseMessage(value: unknown): InboundEvent | undefined {
  const message = messageSchema.safeParse(value).data;
  const sender = message && toSender(message);
  if (message === undefined || sender === undefined) return undefined;
  const from = {
    channelMessageId: `${message.chat.id}:${message.message_id}`,
    sender,
    address: toAddress(message),
    at: message.date * 1000,
  };
  // The button every chat with a bot begins with, or a deep link's. https://core.telegram.org/bots/features#deep-linking
  const start = /^\/start(?:@\w+)?(?: ([\w-]{1,64}))?$/.exec(message.text ?? "");
  if (start !== null) return { type: "presence", kind: "joined", ...from, payload: start[1] };
  const said = toContent(message) ?? notShown(value);
  if (said === undefined) return undefined;
  const content = soundContent(said);
  const mediaRef = "fileId" in content ? content.fileId : undefined;
  return { type: "message", message: { ...from, content, ...(mediaRef === undefined ? {} : { mediaRef }) } };
}

function parseEdit(value: unknown): InboundEvent | undefined {
  const message = messageSchema.safeParse(value).data;
  const content = message && toContent(message);
  if (message === undefined || content === undefined) return undefined;
  const channelMessageId = `${message.chat.id}:${message.message_id}`;
  return {
    type: "edit",
    channelMessageId,
    content: soundContent(content),
    at: (message.edit_date ?? message.date) * 1000,
  };
}

/** A tapped button says its label. https://core.telegram.org/bots/api#callbackquery */
function parseTap(value: unknown, channelMessageId: string, now: number): InboundEvent | undefined {
  const tap = callbackSchema.safeParse(value).data;
  if (tap === undefined) return undefined;
  const buttons = tap.message?.reply_markup?.inline_keyboard.flat() ?? [];
  const label = buttons.find((button) => button.callback_data === tap.data)?.text;
  return {
    type: "message",
    message: {
      channelMessageId,
      sender: toPerson(tap.from),
      // A message too old to be shown is left out; a private chat's id is the person's.
      address: tap.message === undefined ? { chatId: tap.from.id } : toAddress(tap.message),
      content: soundContent({ type: "text", text: label || tap.data, value: tap.data }),
      at: now,
    },
  };
}

/** The bot was started, blocked, added to a group or thrown out. https://core.telegram.org/bots/api#chatmemberupdated */
function parseMember(value: unknown, channelMessageId: string): InboundEvent | undefined {
  const member = memberSchema.safeParse(value).data;
  if (member === undefined) return undefined;
  const kind = ["left", "kicked"].includes(member.new_chat_member.status) ? "left" : "joined";
  const address = { chatId: member.chat.id };
  return { type: "presence", kind, channelMessageId, sender: toPerson(member.from), address, at: member.date * 1000 };
}

const MEDIA = [
  // Before `document`: an animation comes with both.
  ["animation", "video"],
  ["video", "video"],
  ["video_note", "video"],
  ["voice", "audio"],
  ["audio", "audio"],
  ["document", "file"],
] as const;

function toContent(message: Message): Content | undefined {
  if (message.text) return { type: "text", text: message.text };
  const photo = message.photo?.at(-1);
  // Sizes ascend: the last is the largest.
  if (photo !== undefined) return toMedia("image", { ...photo, mime_type: "image/jpeg" }, message.caption);
  for (const [kind, type] of MEDIA) {
    const file = message[kind];
    if (file !== undefined) return toMedia(type, file, message.caption);
  }
  const { sticker, dice, venue, location, contact } = message;
  if (sticker !== undefined) return { type: "sticker", stickerId: sticker.file_unique_id, emoji: sticker.emoji };
  if (dice !== undefined) return { type: "sticker", emoji: dice.emoji };
  if (venue !== undefined) return { ...toLocation(venue.location), title: venue.title, address: venue.address };
  if (location !== undefined) return toLocation(location);
  if (contact !== undefined) {
    const words = [contact.first_name, contact.last_name, contact.phone_number];
    return { type: "text", text: words.filter(Boolean).join(" ") || "-" };
  }
  return message.caption ? { type: "text", text: message.caption } : undefined;
}

type MediaType = "image" | "audio" | "video" | "file";

/** The file itself is fetched later, by its id. https://core.telegram.org/bots/api#getfile */
function toMedia(type: MediaType, file: z.output<typeof fileSchema>, caption: string | undefined): Content {
  const { file_id: fileId, file_name: name, mime_type: mime, file_size: size } = file;
  return { type, fileId, name, mime, size, alt: caption || undefined };
}

function toLocation(place: z.output<typeof locationSchema>) {
  return { type: "location" as const, lat: place.latitude, lng: place.longitude };
}

function notShown(message: unknown): Content | undefined {
  const kind = SAID_BUT_NOT_SHOWN.find((name) => Object.hasOwn(Object(message), name));
  return kind === undefined ? undefined : { type: "unsupported", kind };
}

/** A private chat's id is the person's, should they be left out. */
function toSender(message: Message): Sender | undefined {
  if (message.from !== undefined) return toPerson(message.from);
  return message.chat.type === "private" ? { id: message.chat.id } : undefined;
}

function toPerson(user: z.output<typeof userSchema>): Sender {
  const name = [user.first_name, user.last_name].filter(Boolean).join(" ") || user.username;
  return { id: user.id, name, locale: user.language_code, isBot: user.is_bot === true ? true : undefined };
}

/** Answers go to the chat, in a forum to its topic. */
function toAddress(place: Pick<Message, "chat" | "message_thread_id" | "is_topic_message">): Address {
  const threadId = place.is_topic_message === true ? place.message_thread_id : undefined;
  return threadId === undefined ? { chatId: place.chat.id } : { chatId: place.chat.id, threadId };
}

/** `channel_post`, `message.pinned_message`: what the desk counts it under. */
function kindOf(update: Readonly<Record<string, unknown>>): string {
  const kind = Object.keys(update).find((name) => name !== "update_id") ?? "empty";
  if (kind !== "message") return kind.slice(0, 100);
  const known = new Set([
    "message_id",
    "date",
    "edit_date",
    "chat",
    "sender_chat",
    ...Object.keys(userSchema.shape),
    "from",
  ]);
  const detail = Object.keys(Object(update.message)).find((name) => !known.has(name));
  return detail === undefined ? kind : `message.${detail.slice(0, 90)}`;
}
