/** What a sum earns by the shop's promotions and what is missing to the next. Integers in minor units throughout. */
import type { Cart, Promotion } from "./commerce.ts";
import type { Money } from "./content.ts";

type Tier = Promotion["tiers"][number];

export interface PromotionGap {
  readonly has: Money;
  /** Taken off by what is reached already; 0 of nothing. */
  readonly off: Money;
  readonly pay: Money;
  /** The tiers behind `off`. */
  readonly reached: readonly { readonly promotion: Promotion; readonly tier: Tier }[];
  /** The nearest tier that takes off more than now. */
  readonly next?: {
    readonly promotion: Promotion;
    readonly tier: Tier;
    readonly missing: Money;
    /** Taken off in all, once it is reached. */
    readonly off: Money;
  };
}

/** A sum, or the goods behind it, which tell what counts towards a promotion of some products only. */
export type Basket = Pick<Cart, "total"> & Partial<Pick<Cart, "items">>;

export function promotionGap(promotions: readonly Promotion[], basket: Basket, now: number): PromotionGap {
  const { currency } = basket.total;
  const running = promotions.filter((promotion) => isRunning(promotion, now));
  const counts = new Map(running.map((promotion) => [promotion, eligible(promotion, basket)]));
  const best = bestOf(counts, currency);
  const money = (amount: number): Money => ({ amount, currency });
  const off = Math.min(best.off, basket.total.amount);
  const next = nextOf(counts, best.off, currency);
  return {
    has: basket.total,
    off: money(off),
    pay: money(basket.total.amount - off),
    reached: best.reached,
    ...(next === undefined ? {} : { next: { ...next, missing: money(next.missing), off: money(next.off) } }),
  };
}

function isRunning({ startsAt, endsAt }: Promotion, now: number): boolean {
  return (startsAt === undefined || Date.parse(startsAt) <= now) && (endsAt === undefined || now <= Date.parse(endsAt));
}

/** How much of a basket counts towards a promotion. */
function eligible({ productIds }: Promotion, { total, items }: Basket): number {
  if (productIds === undefined) return total.amount;
  return (items ?? [])
    .filter((item) => productIds.includes(item.productId) && item.price.currency === total.currency)
    .reduce((sum, item) => sum + item.price.amount * item.quantity, 0);
}

type Reached = PromotionGap["reached"][number];

/** All stackable ones together, or the best of the others alone, whichever takes off more. */
function bestOf(counts: ReadonlyMap<Promotion, number>, currency: string) {
  const reached = [...counts].flatMap(([promotion, amount]): Reached[] => {
    const tier = tiersOf(promotion, currency)
      .filter(({ threshold }) => threshold.amount <= amount)
      .toSorted((a, b) => b.off.amount - a.off.amount)[0];
    return tier === undefined ? [] : [{ promotion, tier }];
  });
  const together = reached.filter(({ promotion }) => promotion.stackable);
  const alone = reached
    .filter(({ promotion }) => !promotion.stackable)
    .toSorted((a, b) => b.tier.off.amount - a.tier.off.amount)
    .slice(0, 1);
  const sum = (list: readonly Reached[]) => list.reduce((all, { tier }) => all + tier.off.amount, 0);
  return sum(alone) > sum(together) ? { off: sum(alone), reached: alone } : { off: sum(together), reached: together };
}

/** The least more to spend that takes off more than now; what is added for it counts towards everything it may. */
function nextOf(counts: ReadonlyMap<Promotion, number>, off: number, currency: string) {
  const ahead = [...counts]
    .flatMap(([promotion, amount]) =>
      tiersOf(promotion, currency)
        .filter(({ threshold }) => threshold.amount > amount)
        .map((tier) => ({ promotion, tier, missing: tier.threshold.amount - amount })),
    )
    .toSorted((a, b) => a.missing - b.missing || b.tier.off.amount - a.tier.off.amount);
  for (const one of ahead) {
    const then = new Map(
      [...counts].map(([promotion, amount]) => [
        promotion,
        promotion === one.promotion || promotion.productIds === undefined ? amount + one.missing : amount,
      ]),
    );
    const better = bestOf(then, currency);
    if (better.off > off) return { ...one, off: better.off };
  }
  return undefined;
}

/** A tier that takes off all or more than its threshold is a mistake in the data. */
function tiersOf({ tiers }: Promotion, currency: string): readonly Tier[] {
  return tiers.filter(
    ({ threshold, off }) =>
      threshold.currency === currency && off.currency === currency && off.amount > 0 && off.amount < threshold.amount,
  );
}
