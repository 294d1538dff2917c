import type { CallOptions, Commerce, CustomerRef } from "../../src/core/commerce.ts";

type Call = keyof Commerce;

export interface FlakyCommerce extends Commerce {
  /** From now on these calls reject. */
  fail(...calls: readonly Call[]): void;
  /** From now on these calls never answer, and mind no abort. */
  hang(...calls: readonly Call[]): void;
  /** From now on these calls answer after so many milliseconds. */
  slow(ms: number, ...calls: readonly Call[]): void;
  /** Everything works again. */
  heal(): void;
  /** How often each call was made. */
  readonly made: Readonly<Record<Call, number>>;
  /** Most calls that were under way at once. */
  readonly peak: () => number;
}

const refuse = (): never => {
  throw new Error("The shop has no such call.");
};

/** A shop system that fails on command, in front of one that works. */
export function createFlakyCommerce(inner: Commerce): FlakyCommerce {
  const failing = new Set<Call>();
  const hanging = new Set<Call>();
  const slowness = new Map<Call, number>();
  const made = { ordersOf: 0, order: 0, shipmentsOf: 0, customer: 0, product: 0, promotions: 0, coupons: 0, cart: 0 };
  let active = 0;
  let peak = 0;

  async function through<T>(call: Call, options: CallOptions | undefined, ask: () => Promise<T>): Promise<T> {
    made[call] += 1;
    if (failing.has(call)) throw new Error(`${call} failed on command.`);
    active += 1;
    peak = Math.max(peak, active);
    try {
      if (hanging.has(call)) await new Promise(() => {});
      const ms = slowness.get(call) ?? 0;
      if (ms > 0) await new Promise((resolve) => setTimeout(resolve, ms));
      options?.signal?.throwIfAborted();
      return await ask();
    } finally {
      active -= 1;
    }
  }
  return {
    ordersOf: (customer, options) => through("ordersOf", options, () => inner.ordersOf(customer, options)),
    order: (orderId, options) => through("order", options, () => inner.order(orderId, options)),
    shipmentsOf: (orderId, options) => through("shipmentsOf", options, () => inner.shipmentsOf(orderId, options)),
    customer: (customer, options) => through("customer", options, () => inner.customer(customer, options)),
    product: (productId, options) => through("product", options, () => inner.product(productId, options)),
    ...(inner.promotions && {
      promotions: (shopId: string, options?: CallOptions) =>
        through("promotions", options, async () => inner.promotions?.(shopId, options) ?? refuse()),
    }),
    ...(inner.coupons && {
      coupons: (customer: CustomerRef, options?: CallOptions) =>
        through("coupons", options, async () => inner.coupons?.(customer, options) ?? refuse()),
    }),
    ...(inner.cart && {
      cart: (customer: CustomerRef, options?: CallOptions) =>
        through("cart", options, async () => inner.cart?.(customer, options) ?? refuse()),
    }),
    fail: (...calls) => calls.forEach((call) => void failing.add(call)),
    hang: (...calls) => calls.forEach((call) => void hanging.add(call)),
    slow: (ms, ...calls) => calls.forEach((call) => void slowness.set(call, ms)),
    heal() {
      failing.clear();
      hanging.clear();
      slowness.clear();
    },
    made,
    peak: () => peak,
  };
}
