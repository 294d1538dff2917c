import type { Address, InboundEvent } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { parseJson, toObject } from "../shared/json.ts";
import { toMessages } from "../shared/said.ts";
import { soundContent } from "../shared/wire.ts";
import { readText } from "./mrkdwn.ts";
import {
  actionsSchema,
  callbackSchema,
  changedSchema,
  commandSchema,
  deletedSchema,
  memberSchema,
  messageSchema,
  readFile,
  type SlackFile,
  type SlackMessage,
} from "./schema.ts";

/**
 * Events are JSON; buttons and commands are forms, the former with JSON in `payload`.
 * @throws {PayloadError} when it is neither.
 */
export function readBody(contentType: string | null, body: Uint8Array): object {
  if (contentType?.startsWith("application/x-www-form-urlencoded") !== true) return toObject(parseJson(body));
  const form = new URLSearchParams(new TextDecoder().decode(body));
  const payload = form.get("payload");
  return payload === null
    ? Object.fromEntries(form)
    : toObject(parseJson(new TextEncoder().encode(payload.toWellFormed())));
}

/** @param now When a command was typed, which Slack gives no time for. */
export function parsePayload(payload: object, now: number): readonly InboundEvent[] {
  const events = parseEvent(payload) ?? parseActions(payload, now) ?? parseCommand(payload, now) ?? [];
  return events.length > 0 ? events : [{ type: "unsupported", kind: kindOf(payload), raw: payload }];
}

/** https://docs.slack.dev/apis/events-api/#callback-field */
function parseEvent(payload: object): readonly InboundEvent[] | undefined {
  const callback = callbackSchema.safeParse(payload).data;
  if (callback === undefined) return undefined;
  const { event, authorizations } = callback;
  const ourUserId = authorizations?.find((each) => each.is_bot === true)?.user_id ?? undefined;
  // A mention comes as a message too; both have the message's own id, so the second is a duplicate.
  if (event.type === "app_mention") return parseMessage(event, ourUserId);
  if (event.type === "member_joined_channel") return parseMember(event, "joined");
  if (event.type === "member_left_channel") return parseMember(event, "left");
  if (event.type !== "message") return [];
  switch (event.subtype ?? "") {
    case "":
    case "file_share":
    case "thread_broadcast":
    case "me_message":
    case "bot_message":
      return parseMessage(event, ourUserId);
    case "message_changed":
      return parseEdit(event, ourUserId);
    case "message_deleted":
      return parseRecall(event);
    default:
      return [];
  }
}

/** https://docs.slack.dev/reference/events/message */
function parseMessage(event: object, ourUserId: string | undefined): readonly InboundEvent[] {
  const message = messageSchema.safeParse(event).data;
  const senderId = message?.user ?? message?.bot_id;
  if (message === undefined || !senderId) return [];
  const text = readText(message.text ?? "", ourUserId && /^\w+$/.test(ourUserId) ? ourUserId : undefined);
  const contents: Content[] = text === "" ? [] : [{ type: "text", text }];
  for (const file of message.files ?? []) contents.push(toFile(readFile(file)));
  const isBot = Boolean(message.bot_id) || senderId === ourUserId;
  const sender = { id: senderId, ...(isBot && { isBot }) };
  const { channel, ts } = message;
  return toMessages(
    { channelMessageId: keyOf(channel, ts), sender, address: toAddress(message), at: toTime(ts) },
    contents,
  );
}

const TYPES = ["image", "audio", "video"] as const;

/** Fetched later with our token; a file that was deleted, or of another workspace, has no address. https://docs.slack.dev/reference/objects/file-object */
function toFile(file: SlackFile | undefined): Content {
  if (!file?.url_private) return { type: "unsupported", kind: "file" };
  const { name, mimetype: mime, size, url_private: fileId } = file;
  const type = TYPES.find((each) => mime?.startsWith(`${each}/`)) ?? "file";
  return { type, fileId, name: name || undefined, mime: mime || undefined, size: size ?? undefined };
}

/** A link's preview changes a message as well; only people's changes are `edited`. */
function parseEdit(event: object, ourUserId: string | undefined): readonly InboundEvent[] {
  const changed = changedSchema.safeParse(event).data;
  if (changed === undefined) return [];
  const { channel, message } = changed;
  const content = soundContent({ type: "text", text: readText(message.text ?? "", ourUserId) });
  return [{ type: "edit", channelMessageId: keyOf(channel, message.ts), content, at: toTime(message.edited.ts) }];
}

function parseRecall(event: object): readonly InboundEvent[] {
  const deleted = deletedSchema.safeParse(event).data;
  if (deleted === undefined) return [];
  const { channel, deleted_ts, ts } = deleted;
  return [{ type: "recall", channelMessageId: keyOf(channel, deleted_ts), at: toTime(ts) }];
}

/** https://docs.slack.dev/reference/events/member_joined_channel */
function parseMember(event: object, kind: "joined" | "left"): readonly InboundEvent[] {
  const member = memberSchema.safeParse(event).data;
  if (member === undefined) return [];
  const { user, channel, event_ts } = member;
  const channelMessageId = `${kind}:${keyOf(channel, event_ts)}:${user}`;
  return [
    { type: "presence", kind, channelMessageId, sender: { id: user }, address: { channel }, at: toTime(event_ts) },
  ];
}

/** A button with a link is tapped without a value, and leads away. https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
function parseActions(payload: object, now: number): readonly InboundEvent[] | undefined {
  if (!("type" in payload) || payload.type !== "block_actions") return undefined;
  const tap = actionsSchema.safeParse(payload).data;
  if (tap === undefined) return undefined;
  const { user, channel, message, trigger_id } = tap;
  const name = user.name || user.username;
  return tap.actions.flatMap(({ action_id, action_ts, selected_option, ...button }) => {
    const value = selected_option?.value ?? button.value;
    if (!value) return [];
    const label = selected_option?.text?.text || button.text?.text || value;
    const stamp = action_ts ?? trigger_id ?? message?.ts ?? "";
    const channelMessageId = `tap:${keyOf(channel.id, stamp)}:${user.id}:${(action_id ?? "").slice(0, 255)}`;
    const sender = { id: user.id, ...(name && { name }) };
    const address = toAddress({ channel: channel.id, ts: message?.ts, thread_ts: message?.thread_ts });
    return toMessages({ channelMessageId, sender, address, at: action_ts ? toTime(action_ts) : now }, [
      { type: "text", text: label, value },
    ]);
  });
}

/** https://docs.slack.dev/interactivity/implementing-slash-commands */
function parseCommand(payload: object, at: number): readonly InboundEvent[] | undefined {
  const command = commandSchema.safeParse(payload).data;
  if (command === undefined) return undefined;
  const { user_id: id, user_name: name, channel_id: channel } = command;
  // What is typed as a command is seen by nobody else, and so is the answer; in a channel the bot may not even be a member.
  const address = { channel: channel.startsWith("D") ? channel : id };
  const frame = { channelMessageId: `command:${command.trigger_id}`, sender: { id, name }, address, at };
  return toMessages(frame, [{ type: "text", text: command.text?.trim() || command.command }]);
}

/** Answers in a channel go to a thread, so that one person's affair stays together. */
function toAddress({
  channel,
  ts,
  thread_ts,
}: Pick<SlackMessage, "channel" | "thread_ts"> & { ts?: string | null | undefined }): Address {
  const thread = thread_ts ?? (channel.startsWith("D") ? undefined : ts);
  return { channel, ...(thread && { thread }) };
}

function keyOf(channel: string, ts: string): string {
  return `${channel}:${ts}`;
}

function toTime(ts: string): number {
  return Math.floor(Number(ts) * 1000);
}

/** `reaction_added`, `message.channel_topic`, `view_submission`: what the desk counts it under. */
function kindOf(payload: object): string {
  const { type, event, command }: { type?: unknown; event?: unknown; command?: unknown } = payload;
  const words = event === undefined ? [type ?? command] : [Object(event).type, Object(event).subtype];
  const named = words.filter((word) => typeof word === "string" && word !== "");
  return named.length === 0 ? "unknown" : named.map((word) => String(word).slice(0, 90)).join(".");
}
