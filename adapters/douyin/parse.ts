import { z } from "zod";
import type { InboundEvent } from "../../src/core/adapter.ts";
import type { Content } from "../../src/core/content.ts";
import { PayloadError } from "../../src/core/errors.ts";
import { parseJson } from "../shared/json.ts";
import { soundContent, wireId, wireName, wireText } from "../shared/wire.ts";

/** https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/instant-message/private-message/private-msg-webhook */
const frameSchema = z.object({ event: wireText.pipe(z.string().min(1)), content: z.unknown() });
const peopleSchema = z.object({ from_user_id: wireId, to_user_id: wireId });
const url = z.string().regex(/^https?:\/\//);
const contentSchema = z.object({
  conversation_short_id: wireId.optional(),
  server_message_id: wireId.optional(),
  message_type: wireText.optional(),
  text: wireText.optional(),
  resource_url: url.optional().catch(undefined),
  create_time: z.int().min(0).max(99_999_999_999_999).optional(),
  user_infos: z
    .array(z.object({ open_id: wireId, nick_name: wireName.optional().catch(undefined) }))
    .optional()
    .catch(undefined),
});
type Said = z.output<typeof contentSchema>;
type People = z.output<typeof peopleSchema>;

/** What the push brings besides its body. */
export interface Delivery {
  /** The header `Msg-Id`: the same on every redelivery. It is not signed, so an id inside the body goes first. */
  readonly messageId: string | undefined;
  /** For the few pushes without a time. */
  readonly now: number;
}

/**
 * One push is one event of ours.
 * @throws {PayloadError} when it is no JSON object.
 */
export function parsePush(body: unknown, delivery: Delivery): InboundEvent {
  if (typeof body !== "object" || body === null || Array.isArray(body)) throw new PayloadError("A push is an object.");
  const frame = frameSchema.safeParse(body).data;
  if (frame === undefined) return { type: "unsupported", kind: "unknown", raw: body };
  const people = peopleSchema.safeParse(body).data;
  const said = contentSchema.safeParse(unpacked(frame.content)).data;
  const event = people && said && toEvent(frame.event, { people, said, delivery });
  return event ?? { type: "unsupported", kind: frame.event.slice(0, 100), raw: body };
}

interface Push {
  readonly people: People;
  readonly said: Said;
  readonly delivery: Delivery;
}

function toEvent(name: string, push: Push): InboundEvent | undefined {
  const key = push.said.server_message_id ?? push.delivery.messageId;
  if (key === undefined) return undefined;
  const about = from(name, push);
  switch (name) {
    case "im_receive_msg": {
      const content = soundContent(toContent(push.said));
      return { type: "message", message: { channelMessageId: key, ...about, content } };
    }
    case "im_enter_direct_msg":
      return { type: "presence", kind: "joined", channelMessageId: key, ...about };
    case "im_recall_msg":
      return { type: "recall", channelMessageId: key, at: about.at };
    default:
      // `im_send_msg` is what the shop's own side said.
      return undefined;
  }
}

function toContent({ message_type: type = "unknown", text, resource_url: link }: Said): Content {
  if (type === "text" && text) return { type: "text", text };
  if (type === "emoji") return { type: "sticker", ...(link && { url: link }) };
  // Most pictures and films come without an address, to be seen in Douyin's app only.
  if (type.endsWith("image") && link) return { type: "image", url: link };
  if (type.endsWith("video") && link) return { type: "video", url: link };
  return { type: "unsupported", kind: type.slice(0, 100) || "unknown" };
}

/** Answers name the conversation, the message they answer and what allows them. */
function from(event: string, { people, said, delivery }: Push) {
  const { from_user_id: id, to_user_id: accountId } = people;
  const name = said.user_infos?.find((user) => user.open_id === id)?.nick_name;
  const address = {
    userId: id,
    accountId,
    scene: event === "im_enter_direct_msg" ? event : "im_reply_msg",
    ...(said.conversation_short_id && { conversationId: said.conversation_short_id }),
    ...(said.server_message_id && { messageId: said.server_message_id }),
  };
  return { sender: { id, ...(name && { name }) }, address, at: millis(said.create_time) ?? delivery.now };
}

/** Milliseconds in messages, seconds in some events. */
function millis(time: number | undefined): number | undefined {
  if (time === undefined) return undefined;
  return time < 100_000_000_000 ? time * 1000 : time;
}

/** JSON within JSON in some events, an object in others. */
function unpacked(content: unknown): unknown {
  if (typeof content !== "string") return content;
  try {
    return parseJson(new TextEncoder().encode(content));
  } catch {
    return undefined;
  }
}
