import { z } from "zod";
import type { OutboundMessage, Receipt, SendOptions } from "../../src/core/adapter.ts";
import { delivered, refused } from "../shared/receipts.ts";
import type { DouyinApi } from "./api.ts";

/**
 * What the call says and how, in one place: Douyin's page of it is open to approved accounts only, and this is what public clients send.
 * https://developer.open-douyin.com/docs/resource/zh-CN/mini-app/develop/server/instant-message/private-message/private-msg-send
 */
const SEND_PATH = "/im/send/msg/";
const TEXT = 1;

const sentSchema = z.object({ msg_id: z.union([z.string().min(1), z.number()]).transform(String) });

export async function send(message: OutboundMessage, api: DouyinApi, { signal }: SendOptions): Promise<Receipt> {
  const { address, content, idempotencyKey } = message;
  const { userId, accountId, conversationId, messageId, scene } = address;
  if (!userId || !accountId) return refused("delivery.bad_request", "The address names no one.");
  if (content.type !== "text") return refused("delivery.bad_request", `Douyin has no ${content.type}.`);
  const json = {
    to_user_id: userId,
    scene: scene ?? "im_reply_msg",
    ...(conversationId && { conversation_id: conversationId }),
    ...(messageId && { msg_id: messageId }),
    content: { msg_type: TEXT, text: { text: content.text } },
  };
  const answer = await api.call(`${SEND_PATH}?${new URLSearchParams({ open_id: accountId })}`, { json, signal });
  if (!answer.ok) return answer.receipt;
  return delivered(sentSchema.safeParse(answer.data).data?.msg_id ?? idempotencyKey);
}
