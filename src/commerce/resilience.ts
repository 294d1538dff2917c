import { bulkhead } from "cockatiel";
import type { CallOptions, Commerce, CustomerRef, Facts, Freshness } from "../core/commerce.ts";
import { createFactCache } from "./fact-cache.ts";
import { type BreakerState, createGuard, type Guard } from "./guard.ts";
import { createSampleWindow, percentile, type Sample } from "./window.ts";

export interface ResilienceOptions {
  readonly now: () => number;
  /** Names the system in the freshness of what could never be asked. */
  readonly source: string;
  /** How long an answer is given again without asking, in milliseconds. @default 60000 */
  readonly ttlMs?: number;
  /** How long the last known answer stands in for a failing system, in milliseconds. @default 86400000 */
  readonly keepMs?: number;
  /** Longest wait of a call, retry included, in milliseconds. @default 2500 */
  readonly timeoutMs?: number;
  /** The same for calls with `fresh`, which an agent asked for. @default 10000 */
  readonly patientTimeoutMs?: number;
  /** Calls to the shop at once; the next wait in line. @default 10 */
  readonly concurrency?: number;
  /** Logs why a call failed; the caller only learns that it did. */
  readonly onFailure?: (failure: { readonly call: Area; readonly error: unknown }) => void;
}

export type Area = "orders" | "shipments" | "customers" | "products" | "promotions";

/** Figures of the last five minutes: `desk.md` story 14 alerts above 5 % of at least 20 calls. */
export interface CommerceHealth {
  /** Calls that reached, or should have reached, the shop's systems. */
  readonly calls: number;
  /** Failed ÷ calls; 0 of none. */
  readonly errorRate: number;
  readonly p95Ms: number;
  /** The worst of all parts. */
  readonly breaker: BreakerState;
  /** Answers given from memory, fresh or stale ÷ all answers. */
  readonly cacheShare: number;
  readonly breakers: Readonly<Record<Area, BreakerState>>;
}

export interface ResilientCommerce extends Commerce {
  health(): CommerceHealth;
}

const WINDOW_MS = 5 * 60_000;
const MOST_SAMPLES = 2000;
const MOST_FACTS = 5000;
/** Calls waiting for a place; beyond it the last known answer is given at once. */
const MOST_WAITING = 200;

/**
 * Makes the systems of one shop safe to ask while someone waits: remembers answers, limits time and number of calls, retries once,
 * stops asking a system that is down. Its calls never reject: a failure is a value whose freshness says so.
 */
export function withResilience(commerce: Commerce, options: ResilienceOptions): ResilientCommerce {
  const { now, source, onFailure } = options;
  const cache = createFactCache({
    now,
    ttlMs: options.ttlMs ?? 60_000,
    keepMs: options.keepMs ?? 24 * 3_600_000,
    most: MOST_FACTS,
  });
  const calls = createSampleWindow<Sample>({ now, spanMs: WINDOW_MS, most: MOST_SAMPLES });
  const answers = createSampleWindow<{ readonly at: number; readonly remembered: boolean }>({
    now,
    spanMs: WINDOW_MS,
    most: MOST_SAMPLES,
  });
  const guards = createGuards(options);

  async function ask<T>(question: Question<T>): Promise<Facts<T>> {
    const facts = await find(question);
    answers.add({ at: now(), remembered: facts.freshness.state === "cached" || facts.freshness.state === "stale" });
    return facts;
  }

  async function find<T>(question: Question<T>): Promise<Facts<T>> {
    const key = JSON.stringify(question.key);
    const { fresh = false, signal } = question.options ?? {};
    const remembered = fresh ? undefined : cache.fresh(key);
    if (remembered !== undefined) return aged<T>(remembered, "cached");
    const startedAt = now();
    const asked = guards[question.area].run(question.call, { patient: fresh }).then((facts) => {
      refuseUnavailable(facts);
      cache.set(key, facts);
      return facts;
    });
    const counted = asked.then(
      (facts) => {
        calls.add({ at: now(), ms: now() - startedAt, ok: true });
        return facts;
      },
      (error: unknown) => {
        calls.add({ at: now(), ms: now() - startedAt, ok: false });
        onFailure?.({ call: question.area, error });
        return undefined;
      },
    );
    const facts = await unlessAborted(counted, signal);
    if (facts !== undefined) return facts;
    const last = cache.last(key);
    if (last !== undefined) return aged<T>(last, "stale");
    return { value: question.nothing, freshness: { state: "unavailable", at: new Date(now()).toISOString(), source } };
  }

  return {
    ordersOf: (customer, call) =>
      ask({
        area: "orders",
        key: ["ordersOf", customer.shopId, customer.memberId],
        call: (signal) => commerce.ordersOf(customer, { ...call, signal }),
        options: call,
        nothing: [],
      }),
    order: (orderId, call) =>
      ask({
        area: "orders",
        key: ["order", orderId],
        call: (signal) => commerce.order(orderId, { ...call, signal }),
        options: call,
        nothing: undefined,
      }),
    shipmentsOf: (orderId, call) =>
      ask({
        area: "shipments",
        key: ["shipmentsOf", orderId],
        call: (signal) => commerce.shipmentsOf(orderId, { ...call, signal }),
        options: call,
        nothing: [],
      }),
    customer: (customer, call) =>
      ask({
        area: "customers",
        key: ["customer", customer.shopId, customer.memberId],
        call: (signal) => commerce.customer(customer, { ...call, signal }),
        options: call,
        nothing: undefined,
      }),
    product: (productId, call) =>
      ask({
        area: "products",
        key: ["product", productId],
        call: (signal) => commerce.product(productId, { ...call, signal }),
        options: call,
        nothing: undefined,
      }),
    ...optionalCalls(commerce, ask),
    health() {
      const recent = calls.recent();
      const given = answers.recent();
      const breakers = {
        orders: guards.orders.breaker(),
        shipments: guards.shipments.breaker(),
        customers: guards.customers.breaker(),
        products: guards.products.breaker(),
        promotions: guards.promotions.breaker(),
      };
      return {
        calls: recent.length,
        errorRate: shareOf(recent, (call) => !call.ok),
        p95Ms: percentile(
          recent.map((call) => call.ms),
          0.95,
        ),
        breaker: worst(Object.values(breakers)),
        cacheShare: shareOf(given, (answer) => answer.remembered),
        breakers,
      };
    },
  };
}

/** What not every source offers stays absent where it is. */
function optionalCalls(
  commerce: Commerce,
  ask: <T>(question: Question<T>) => Promise<Facts<T>>,
): Pick<Commerce, "promotions" | "coupons" | "cart"> {
  const { promotions, coupons, cart } = {
    promotions: commerce.promotions?.bind(commerce),
    coupons: commerce.coupons?.bind(commerce),
    cart: commerce.cart?.bind(commerce),
  };
  const area = "promotions" as const;
  return {
    ...(promotions && {
      promotions: (shopId: string, call?: CallOptions) =>
        ask({
          area,
          key: ["promotions", shopId],
          call: (signal) => promotions(shopId, { ...call, signal }),
          options: call,
          nothing: [],
        }),
    }),
    ...(coupons && {
      coupons: (customer: CustomerRef, call?: CallOptions) =>
        ask({
          area,
          key: ["coupons", customer.shopId, customer.memberId],
          call: (signal) => coupons(customer, { ...call, signal }),
          options: call,
          nothing: [],
        }),
    }),
    ...(cart && {
      cart: (customer: CustomerRef, call?: CallOptions) =>
        ask({
          area,
          key: ["cart", customer.shopId, customer.memberId],
          call: (signal) => cart(customer, { ...call, signal }),
          options: call,
          nothing: undefined,
        }),
    }),
  };
}

interface Question<T> {
  readonly area: Area;
  readonly key: readonly string[];
  readonly call: (signal: AbortSignal) => Promise<Facts<T>>;
  readonly options: CallOptions | undefined;
  /** What is returned when nothing is known. */
  readonly nothing: T;
}

/** One breaker for each part, so that a carrier's failure does not hide the orders; one line for all, since the shop is one. */
function createGuards(options: ResilienceOptions): Readonly<Record<Area, Guard>> {
  const shared = {
    timeoutMs: options.timeoutMs ?? 2500,
    patientTimeoutMs: options.patientTimeoutMs ?? 10_000,
    bulkhead: bulkhead(options.concurrency ?? 10, MOST_WAITING),
  };
  return {
    orders: createGuard(shared),
    shipments: createGuard(shared),
    customers: createGuard(shared),
    products: createGuard(shared),
    promotions: createGuard(shared),
  };
}

/** What a wrapped system itself could not learn is a failure here, so that the last known answer can stand in. */
function refuseUnavailable(facts: Facts<unknown>): void {
  if (facts.freshness.state === "unavailable") throw new Error(`${facts.freshness.source} has no answer.`);
}

/** Given from memory: `cached` at best, and never fresher than it was. */
function aged<T>(facts: Facts<unknown>, state: Freshness["state"]): Facts<T> {
  const { freshness } = facts;
  const isStale = state === "stale" || freshness.state === "stale";
  // The key names method and arguments, so what was stored under it is of this question's type.
  return { value: facts.value as T, freshness: { ...freshness, state: isStale ? "stale" : state } };
}

/** The call itself goes on and fills the memory; only the caller stops waiting. */
async function unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
  if (signal === undefined) return promise;
  if (signal.aborted) return undefined;
  const { promise: aborted, resolve } = Promise.withResolvers<undefined>();
  const stop = () => resolve(undefined);
  signal.addEventListener("abort", stop, { once: true });
  try {
    return await Promise.race([promise, aborted]);
  } finally {
    signal.removeEventListener("abort", stop);
  }
}

function shareOf<T>(all: readonly T[], is: (one: T) => boolean): number {
  return all.length === 0 ? 0 : all.filter(is).length / all.length;
}

const BADNESS: readonly BreakerState[] = ["closed", "half_open", "open"];

function worst(states: readonly BreakerState[]): BreakerState {
  return states.reduce((a, b) => (BADNESS.indexOf(b) > BADNESS.indexOf(a) ? b : a), "closed");
}
