import { z } from "zod";
import type { AdapterDeps, Check, OutboundMessage, Receipt, SendOptions } from "../../src/core/adapter.ts";
import { delivered, refused, refusedByStatus } from "./receipts.ts";
import type { createWebhookPost } from "./standard-webhooks.ts";
import { wireId } from "./wire.ts";

export interface WebhookSendDeps extends Pick<AdapterDeps, "now"> {
  readonly post: ReturnType<typeof createWebhookPost>;
}

/** One event per message, under the delivery's own id: a repeat is dropped by the other side. `http/README.md` shows it. */
export async function sendByWebhook(
  { idempotencyKey: id, address, content, author }: OutboundMessage,
  { post, now }: WebhookSendDeps,
  { signal }: SendOptions,
): Promise<Receipt> {
  const data = { id, address, author, content };
  const event = { type: "message.created", timestamp: new Date(now()).toISOString(), data };
  const answer = await post(id, event, signal);
  if (!answer.answered) return answer.receipt;
  const { status, headers, body } = answer;
  if (status >= 200 && status < 300) return delivered(z.object({ id: wireId }).safeParse(body).data?.id ?? id);
  return toRefusal(status, headers, body);
}

/** The other side may say more than its status: `{ "code": "recipient_gone" | "window_closed" | "quota_exhausted" }`. */
const REASONS = z.object({ code: z.enum(["recipient_gone", "window_closed", "quota_exhausted"]) });

function toRefusal(status: number, headers: Headers, body: unknown): Receipt {
  const detail = `The send URL answered ${status}.`;
  const reason = REASONS.safeParse(body).data?.code;
  if (reason !== undefined) return refused(`delivery.${reason}`, detail);
  // The specification: whoever answers 410 wants no more of it.
  if (status === 410) return refused("delivery.unauthorized", detail);
  if (status >= 300 && status < 400) return refused("delivery.bad_request", `${detail} Redirects are not followed.`);
  return refusedByStatus(status, headers, detail);
}

/** A signed `ping`, which any 2xx answers. */
export async function pingWebhook({ post, now }: WebhookSendDeps, { signal }: SendOptions): Promise<readonly Check[]> {
  const timestamp = new Date(now()).toISOString();
  const answer = await post(`ping_${now()}`, { type: "ping", timestamp, data: {} }, signal);
  if (!answer.answered) return [{ check: "sendUrl", ok: false, detail: answer.receipt.detail }];
  const ok = answer.status >= 200 && answer.status < 300;
  return [{ check: "sendUrl", ok, detail: `The send URL answered a ping with ${answer.status}.` }];
}
