import type { Commerce, Facts } from "../core/commerce.ts";

/** A shop that has connected nothing yet: every fact is unavailable, and says so. */
export function createNoCommerce({ now }: { readonly now: () => number }): Commerce {
  const nothing = <T>(value: T): Promise<Facts<T>> =>
    Promise.resolve({ value, freshness: { state: "unavailable", at: new Date(now()).toISOString(), source: "none" } });
  return {
    ordersOf: () => nothing([]),
    order: () => nothing(undefined),
    shipmentsOf: () => nothing([]),
    customer: () => nothing(undefined),
    product: () => nothing(undefined),
  };
}
