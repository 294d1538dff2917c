import type { DeliveryCode, OutboundTemplate, Receipt } from "./adapter.ts";
import type { Content } from "./content.ts";

/** One part of an outgoing message on its way: a row of the outbox. */
export interface Delivery {
  readonly seq: number;
  /** Our key, made before the first attempt and the same on every repeat. */
  readonly id: string;
  readonly shopId: string;
  readonly inboxId: string;
  readonly conversationId: string;
  readonly sessionId: string;
  readonly messageId: string;
  readonly authorKind: "bot" | "agent" | "system";
  readonly content: Content;
  /** To be sent as this template of the platform. */
  readonly template?: OutboundTemplate;
  /** The first of the deliveries it goes out together with. */
  readonly batch?: string;
  readonly state: "pending" | "sent" | "delivered" | "read" | "dead" | "dropped";
  readonly attempts: number;
  /** Repeats after an unknown outcome: each may have reached the contact twice. */
  readonly repeats: number;
  readonly expiresAt: number;
  readonly code?: string;
  readonly detail?: string;
  readonly createdAt: number;
  /** Where it goes; joined from the conversation. */
  readonly address: Readonly<Record<string, string>>;
}

/** How long an attempt may take before another process may think it lost. */
export const LEASE_MS = 30_000;
/** After this the message is old news; `security.md` RL-4. */
export const DELIVERY_TTL_MS = 24 * 3_600_000;
/** How long what can only be said in answer waits for the contact to write. */
export const AWAITING_TTL_MS = 7 * 24 * 3_600_000;
export const AWAITING = {
  code: "delivery.awaiting_contact",
  detail: "It is sent when the contact writes next.",
} as const;
const BASE_MS = 1000;
const MAX_MS = 10 * 60_000;
/** Repeats after an unknown outcome where the platform has no idempotency key; `security.md` RL-3. */
const MAX_REPEATS = 2;

/** Every attempt it may have has begun, and how they ended nobody knows: one more might be one too many. */
export function isSpent(delivery: Pick<Delivery, "repeats">, idempotentSend: boolean): boolean {
  return !idempotentSend && delivery.repeats > MAX_REPEATS;
}

/** What becomes of a delivery after an attempt. */
export type Verdict =
  | { readonly state: "sent"; readonly channelMessageId: string }
  /** `mayRepeat`: the platform may already have taken it. */
  | {
      readonly state: "pending";
      readonly nextAt: number;
      readonly mayRepeat: boolean;
      readonly code: DeliveryCode;
      readonly detail: string;
    }
  | { readonly state: "dead"; readonly code: DeliveryCode; readonly detail: string };

/** Of a channel whose one way to say something is to answer: until the contact writes there is nothing to attempt. */
export function awaitContact({ expiresAt }: Pick<Delivery, "expiresAt">, now: number): Verdict {
  if (now < expiresAt) return { state: "pending", nextAt: expiresAt, mayRepeat: false, ...AWAITING };
  return { state: "dead", code: "delivery.window_closed", detail: "The contact did not write again in time." };
}

/** Full jitter, 1 s doubling to 10 min. `random` is in [0, 1). */
export function backoffMs(attempts: number, random: number): number {
  return Math.round(Math.min(MAX_MS, BASE_MS * 2 ** Math.min(attempts - 1, 20)) * Math.max(0.1, random));
}

/** Decides what follows an attempt. Pure. */
export function judge(input: {
  readonly receipt: Receipt;
  readonly delivery: Pick<Delivery, "attempts" | "repeats" | "expiresAt">;
  readonly idempotentSend: boolean;
  readonly now: number;
  readonly random: number;
}): Verdict {
  const { receipt, delivery, now } = input;
  if (receipt.ok) return { state: "sent", channelMessageId: receipt.channelMessageId };
  const { code, detail } = receipt;
  const unknown = code === "delivery.outcome_unknown";
  if (unknown && !input.idempotentSend && delivery.repeats >= MAX_REPEATS) return { state: "dead", code, detail };
  if (!receipt.retryable && !unknown) return { state: "dead", code, detail };
  const nextAt = now + (receipt.retryAfterMs ?? backoffMs(delivery.attempts, input.random));
  if (nextAt >= delivery.expiresAt) return { state: "dead", code, detail };
  return { state: "pending", nextAt, mayRepeat: unknown && !input.idempotentSend, code, detail };
}
