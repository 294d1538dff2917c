/** Sends what the outbox holds: one attempt at a time for each conversation, the next one as soon as the last is settled. */
import type { Adapter, BatchReceipt, OutboundMessage, Receipt } from "../core/adapter.ts";
import type { Content } from "../core/content.ts";
import { awaitContact, type Delivery, isSpent, judge, LEASE_MS, type Verdict } from "../core/delivery.ts";
import type { Inbox, Settled } from "../core/ports.ts";
import { hasWindow, routesOf } from "../core/window.ts";
import { type Plan, planAttempt } from "./attempt-plan.ts";
import type { Deps } from "./deps.ts";
import { dayOf } from "./hand-off.ts";
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
  for (const [index, delivery] of carried.entries()) {
    const verdict: Verdict = { state: "sent", channelMessageId: `inline:${delivery.id}` };
    // One response is one message, whatever it holds.
    const settled = index === 0 ? { spent: await inlineSpent(deps, delivery) } : {};
    next = await patiently(() => deps.store.settleDelivery(delivery, verdict, deps.now(), settled));
    deps.hub.wake(delivery.shopId, [delivery.conversationId]);
  }
  if (next !== undefined) deliver(deps, next);
}

async function inlineSpent(deps: Deps, delivery: Delivery): Promise<NonNullable<Settled["spent"]>> {
  const [running, shop] = await Promise.all([deps.inboxes.get(delivery.inboxId), deps.shop(delivery.shopId)]);
  const capabilities = running?.adapter.capabilities ?? {};
  const [route] = routesOf(capabilities);
  return {
    route: route?.name ?? "message",
    counted: 1,
    day: dayOf(deps.now(), shop.timeZone),
    inWindow: hasWindow(capabilities),
  };
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
    const { verdict, ...settled } = await attempt(deps, delivery);
    const tried: Delivery = delivery;
    delivery = await patiently(() => deps.store.settleDelivery(tried, verdict, deps.now(), settled));
    deps.hub.wake(tried.shopId, [tried.conversationId]);
  }
}

type FailedReceipt = Extract<Receipt, { ok: false }>;
type Outcome = { readonly verdict: Verdict } & Settled;

async function attempt(deps: Deps, delivery: Delivery): Promise<Outcome> {
  const running = await deps.inboxes.get(delivery.inboxId).catch((error: unknown) => {
    deps.log.warn({ err: error, inboxId: delivery.inboxId }, "an inbox cannot start");
    return undefined;
  });
  const now = deps.now();
  if (running === undefined)
    return {
      verdict: later(now, UNAUTHORIZED_RETRY_MS, delivery, "delivery.unavailable", "The inbox is not running."),
    };
  const { inbox, adapter } = running;
  if (adapter.capabilities.inlineOnly === true) return { verdict: awaitContact(delivery, now) };
  // Its attempts ended with their processes: an agent sees it, and sends it again or not.
  if (isSpent(delivery, adapter.capabilities.idempotentSend))
    return { verdict: { state: "dead", code: unknown.code, detail: unknown.detail } };
  const state = healthOf(deps, inbox.id);
  if (state.failures >= PROBE_AFTER && state.probeAt > now) {
    return {
      verdict: later(
        now,
        PROBE_EVERY_MS * (1 + deps.random()),
        delivery,
        "delivery.unavailable",
        "The platform is failing; it is probed until it answers.",
      ),
    };
  }
  const plan = await planAttempt(deps, adapter, delivery);
  if (plan.kind === "closed")
    return { verdict: { state: "dead", code: "delivery.window_closed", detail: plan.detail } };
  if (state.failures >= PROBE_AFTER) state.probeAt = now + PROBE_EVERY_MS;
  const receipt = await send(adapter, plan);
  const isBroken =
    plan.kind === "batch" && plan.others.length > 0 && !receipt.ok && receipt.code === "delivery.bad_request";
  if (isBroken) return oneByOne(deps, { inbox, adapter, state, plan, refusal: receipt });
  await remember(deps, inbox, state, receipt);
  return { ...(await outcomeOf(deps, { adapter, plan, receipt })), ...(plan.inWindow ? shutBy(receipt, now) : {}) };
}

/** One of a batch is what the platform does not take; the others are not to be lost with it. */
async function oneByOne(
  deps: Deps,
  {
    inbox,
    adapter,
    state,
    plan,
    refusal,
  }: {
    readonly inbox: Inbox;
    readonly adapter: Adapter;
    readonly state: Health;
    readonly plan: Sending;
    readonly refusal: FailedReceipt;
  },
): Promise<Outcome> {
  const { first, others, route, inWindow } = plan;
  const alone: Sending = { kind: "messages", first, others: [], messages: [first.content], route, inWindow };
  const receipt = await send(adapter, alone);
  await remember(deps, inbox, state, receipt);
  const { code, detail } = refusal;
  const again: Verdict = { state: "pending", nextAt: deps.now(), mayRepeat: false, code, detail };
  const outcome = await outcomeOf(deps, { adapter, plan: alone, receipt });
  return { ...outcome, others: others.map((delivery) => ({ delivery, verdict: again })) };
}

/** The platform's word about the window stands above our count. */
function shutBy(receipt: { readonly ok: boolean; readonly code?: string }, at: number): Pick<Settled, "shutAt"> {
  return receipt.code === "delivery.window_closed" ? { shutAt: at } : {};
}

async function outcomeOf(
  deps: Deps,
  { adapter, plan, receipt }: { readonly adapter: Adapter; readonly plan: Sending; readonly receipt: BatchReceipt },
): Promise<Outcome> {
  const { first, others } = plan;
  if (receipt.ok) {
    const sent = (delivery: Delivery, index: number): Verdict => ({
      state: "sent",
      channelMessageId: receipt.channelMessageIds[index] ?? receipt.channelMessageIds[0] ?? delivery.id,
    });
    const { timeZone } = await deps.shop(first.shopId);
    return {
      verdict: sent(first, 0),
      others: others.map((delivery, index) => ({ delivery, verdict: sent(delivery, index + 1) })),
      spent: {
        route: receipt.route ?? plan.route.name,
        counted: receipt.counted ?? 1,
        day: dayOf(deps.now(), timeZone),
        inWindow: plan.inWindow,
      },
    };
  }
  const now = deps.now();
  if (receipt.code === "delivery.unauthorized") {
    const wait = receipt.retryAfterMs ?? UNAUTHORIZED_RETRY_MS;
    const verdictOf = (delivery: Delivery) => later(now, wait, delivery, "delivery.unauthorized", receipt.detail);
    return {
      verdict: verdictOf(first),
      others: others.map((delivery) => ({ delivery, verdict: verdictOf(delivery) })),
    };
  }
  const { idempotentSend } = adapter.capabilities;
  const random = deps.random();
  const verdict = judge({ receipt, delivery: first, idempotentSend, now, random });
  return { verdict, others: others.map((delivery) => ({ delivery, verdict })) };
}

type Sending = Exclude<Plan, { kind: "closed" }>;

async function send(adapter: Adapter, plan: Sending): Promise<BatchReceipt> {
  const { first, others, route } = plan;
  if (plan.kind === "batch") {
    const messages = [first, ...others].map((delivery) => toOutbound(delivery, delivery.content, route.name));
    return call((options) => adapter.batch?.send(messages, options) ?? Promise.resolve(unknown));
  }
  const ids: string[] = [];
  let counted = 0;
  let taken: string | undefined;
  for (const [index, content] of plan.messages.entries()) {
    const message = toOutbound(first, content, route.name, index);
    const receipt = await call((options) => adapter.send(message, options));
    if (!receipt.ok) return receipt;
    ids.push(receipt.channelMessageId);
    counted += receipt.counted ?? 1;
    taken ??= receipt.route;
  }
  return { ok: true, channelMessageIds: ids.slice(-1), counted, ...(taken === undefined ? {} : { route: taken }) };
}

function toOutbound(delivery: Delivery, content: Content, route: string, index = 0): OutboundMessage {
  return {
    idempotencyKey: index === 0 ? delivery.id : `${delivery.id}:${index}`,
    address: delivery.address,
    content,
    author: { kind: delivery.authorKind },
    route,
    ...(delivery.template === undefined ? {} : { template: delivery.template }),
  };
}

async function call<R extends Receipt | BatchReceipt>(
  work: (options: { readonly signal: AbortSignal }) => Promise<R>,
): Promise<R | FailedReceipt> {
  // Not AbortSignal.timeout: its timer would outlive the call by as long as it waits.
  const controller = new AbortController();
  const timer = setTimeout(() => controller.abort(), SEND_TIMEOUT_MS);
  try {
    const receipt = await work({ signal: controller.signal });
    // A cancelled send is our own timeout: the platform may have taken it.
    return !receipt.ok && receipt.code === "delivery.cancelled" ? unknown : receipt;
  } catch {
    // Adapters return failures; one that throws broke its contract, and nobody knows how far it came.
    return unknown;
  } finally {
    clearTimeout(timer);
  }
}

const unknown: FailedReceipt = {
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
async function remember(deps: Deps, inbox: Inbox, state: Health, receipt: Receipt | BatchReceipt): Promise<void> {
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
