/** Sends what the outbox holds: one attempt at a time for each conversation, the next one as soon as the last is settled. */
import type { Adapter, Receipt } from "../core/adapter.ts";
import { type Delivery, isSpent, judge, LEASE_MS, type Verdict } from "../core/delivery.ts";
import type { Inbox } from "../core/ports.ts";
import type { Deps } from "./deps.ts";
import { patiently } from "./patiently.ts";

/** A platform that has not answered by then has an unknown outcome; well inside the lease. */
const SEND_TIMEOUT_MS = LEASE_MS - 10_000;
/** Failures in a row after which an inbox is only probed; `security.md` RL-4. */
const PROBE_AFTER = 5;
const PROBE_EVERY_MS = 15_000;
/** Refused credentials do not heal by themselves quickly: asked again each minute, so that a fix is noticed. */
const UNAUTHORIZED_RETRY_MS = 60_000;

interface Health {
  failures: number;
  probeAt: number;
}

/** What this process has seen of each inbox's platform lately. */
const health = new WeakMap<Deps, Map<string, Health>>();
const healthOf = (deps: Deps, inboxId: string): Health => {
  const all = health.get(deps) ?? new Map<string, Health>();
  health.set(deps, all);
  const known = all.get(inboxId) ?? { failures: 0, probeAt: 0 };
  all.set(inboxId, known);
  return known;
};

/** Starts the delivery the caller has leased; never throws, and goes on with its conversation's next. */
export function deliver(deps: Deps, delivery: Delivery): void {
  deps.background(
    deps.enqueue === undefined
      ? attemptSafely(deps, delivery)
      : deps.enqueue({ kind: "deliver", deliveryId: delivery.id }),
  );
}

export async function deliverLeased(deps: Deps, deliveryId: string): Promise<void> {
  const delivery = await deps.store.delivery(deliveryId);
  if (delivery !== undefined && delivery.state === "pending") await attemptSafely(deps, delivery);
}

async function attemptSafely(deps: Deps, delivery: Delivery): Promise<void> {
  try {
    await attemptAll(deps, delivery);
  } catch (error) {
    // The row is still pending under its lease; the sweep takes it up when that runs out.
    deps.log.error({ err: error, deliveryId: delivery.id }, "a delivery could not be recorded");
  }
}

/** Records what a webhook's own response carried as sent, and goes on with what it could not. The first is leased to the caller. */
export async function settleCarried(deps: Deps, carried: readonly Delivery[]): Promise<void> {
  let next: Delivery | undefined;
  for (const delivery of carried) {
    const verdict: Verdict = { state: "sent", channelMessageId: `inline:${delivery.id}` };
    next = await patiently(() => deps.store.settleDelivery(delivery, verdict, deps.now()));
    deps.hub.wake(delivery.shopId, [delivery.conversationId]);
  }
  if (next !== undefined) deliver(deps, next);
}

/** Takes up deliveries that are due and leased to nobody. */
export async function deliverDue(deps: Deps, limit = 100): Promise<number> {
  const due = await deps.store.claimDeliveries({ now: deps.now(), limit });
  for (const delivery of due) deps.background(attemptSafely(deps, delivery));
  return due.length;
}

async function attemptAll(deps: Deps, first: Delivery): Promise<void> {
  let delivery: Delivery | undefined = first;
  while (delivery !== undefined) {
    const verdict = await attempt(deps, delivery);
    const settled: Delivery = delivery;
    delivery = await patiently(() => deps.store.settleDelivery(settled, verdict, deps.now()));
    deps.hub.wake(settled.shopId, [settled.conversationId]);
  }
}

async function attempt(deps: Deps, delivery: Delivery): Promise<Verdict> {
  const running = await deps.inboxes.get(delivery.inboxId).catch((error: unknown) => {
    deps.log.warn({ err: error, inboxId: delivery.inboxId }, "an inbox cannot start");
    return undefined;
  });
  const now = deps.now();
  if (running === undefined)
    return later(now, UNAUTHORIZED_RETRY_MS, delivery, "delivery.unavailable", "The inbox is not running.");
  const { inbox, adapter } = running;
  // Its attempts ended with their processes: an agent sees it, and sends it again or not.
  if (isSpent(delivery, adapter.capabilities.idempotentSend))
    return { state: "dead", code: unknown.code, detail: unknown.detail };
  const state = healthOf(deps, inbox.id);
  if (state.failures >= PROBE_AFTER && state.probeAt > now) {
    return later(
      now,
      PROBE_EVERY_MS * (1 + deps.random()),
      delivery,
      "delivery.unavailable",
      "The platform is failing; it is probed until it answers.",
    );
  }
  if (state.failures >= PROBE_AFTER) state.probeAt = now + PROBE_EVERY_MS;
  const receipt = await send(adapter, delivery);
  await remember(deps, inbox, state, receipt);
  if (!receipt.ok && receipt.code === "delivery.unauthorized") {
    return later(deps.now(), receipt.retryAfterMs ?? UNAUTHORIZED_RETRY_MS, delivery, receipt.code, receipt.detail);
  }
  return judge({
    receipt,
    delivery,
    idempotentSend: adapter.capabilities.idempotentSend,
    now: deps.now(),
    random: deps.random(),
  });
}

async function send(adapter: Adapter, delivery: Delivery): Promise<Receipt> {
  // Not AbortSignal.timeout: its timer would outlive the call by as long as it waits.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), SEND_TIMEOUT_MS);
  try {
    const receipt = await adapter.send(
      {
        idempotencyKey: delivery.id,
        address: delivery.address,
        content: delivery.content,
        author: { kind: delivery.authorKind },
      },
      { signal: controller.signal },
    );
    // A cancelled send is our own timeout: the platform may have taken it.
    return !receipt.ok && receipt.code === "delivery.cancelled" ? unknown : receipt;
  } catch {
    // Adapters return failures; one that throws broke its contract, and nobody knows how far it came.
    return unknown;
  } finally {
    clearTimeout(timer);
  }
}

const unknown: Extract<Receipt, { ok: false }> = {
  ok: false,
  code: "delivery.outcome_unknown",
  retryable: true,
  detail: "The platform did not answer in time; the message may or may not have arrived.",
};

function later(
  now: number,
  waitMs: number,
  delivery: Delivery,
  code: "delivery.unavailable" | "delivery.unauthorized",
  detail: string,
): Verdict {
  const nextAt = now + Math.round(waitMs);
  return nextAt >= delivery.expiresAt
    ? { state: "dead", code, detail }
    : { state: "pending", nextAt, mayRepeat: false, code, detail };
}

/** An inbox whose credentials are refused says so on the desk, and says it is well again when they work. */
async function remember(deps: Deps, inbox: Inbox, state: Health, receipt: Receipt): Promise<void> {
  const refused = !receipt.ok && receipt.code === "delivery.unauthorized";
  const outage =
    !receipt.ok && (receipt.code === "delivery.unavailable" || receipt.code === "delivery.outcome_unknown");
  state.failures = receipt.ok ? 0 : outage ? state.failures + 1 : state.failures;
  if (refused && inbox.state !== "error") {
    deps.log.error({ inboxId: inbox.id }, "the platform refuses the inbox's credentials");
    await deps.store.patchInbox(inbox.shopId, inbox.id, {
      state: "error",
      stateDetail: receipt.detail,
      now: deps.now(),
    });
  }
  if (receipt.ok && inbox.state === "error") {
    await deps.store.patchInbox(inbox.shopId, inbox.id, { state: "active", stateDetail: null, now: deps.now() });
  }
}
