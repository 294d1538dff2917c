import { array, assert, boolean, integer, property, record } from "fast-check";
import { describe, expect, it } from "vitest";
import type { Promotion } from "../../src/core/commerce.ts";
import { promotionGap } from "../../src/core/promotion.ts";

const NOW = Date.parse("2026-06-15T05:40:00.000Z");
const cny = (amount: number) => ({ amount, currency: "CNY" });
const rule = (tiers: readonly (readonly [number, number])[], part: Partial<Promotion> = {}): Promotion => ({
  promotionId: JSON.stringify(tiers),
  title: "满减",
  tiers: tiers.map(([threshold, off]) => ({ threshold: cny(threshold), off: cny(off) })),
  stackable: false,
  ...part,
});
const season = rule([
  [20000, 3000],
  [50000, 8000],
]);
const of = (promotions: readonly Promotion[], amount: number) => {
  const gap = promotionGap(promotions, { total: cny(amount) }, NOW);
  return { off: gap.off.amount, pay: gap.pay.amount, missing: gap.next?.missing.amount, after: gap.next?.off.amount };
};

describe("满减", () => {
  it.each([
    [0, { off: 0, pay: 0, missing: 20000, after: 3000 }],
    [18000, { off: 0, pay: 18000, missing: 2000, after: 3000 }],
    [19999, { off: 0, pay: 19999, missing: 1, after: 3000 }],
    [20000, { off: 3000, pay: 17000, missing: 30000, after: 8000 }],
    [50000, { off: 8000, pay: 42000, missing: undefined, after: undefined }],
  ])("of %d", (amount, expected) => {
    expect(of([season], amount)).toEqual(expected);
  });

  it("takes the best of several, and adds up those that may be added", () => {
    const alone = rule([[10000, 2000]]);
    const first = rule([[10000, 1500]], { stackable: true });
    const second = rule([[15000, 1500]], { stackable: true });
    expect(of([alone, first], 12000)).toMatchObject({ off: 2000 });
    expect(of([alone, first, second], 12000)).toMatchObject({ off: 2000, missing: 3000, after: 3000 });
    expect(of([alone, first, second], 15000)).toMatchObject({ off: 3000, missing: undefined });
  });
  it("never sends anyone to a tier that takes off no more than now", () => {
    expect(of([rule([[10000, 3000]]), rule([[20000, 2000]])], 10000)).toMatchObject({ off: 3000, missing: undefined });
  });
  it("leaves out what is over, not begun, in another currency or wrong", () => {
    const over = rule([[100, 50]], { endsAt: "2026-06-15T05:39:59.999Z" });
    const later = rule([[100, 50]], { startsAt: "2026-06-15T05:40:00.001Z" });
    const free = rule([[100, 100]]);
    const dollars: Promotion = { ...season, tiers: [{ threshold: { amount: 100, currency: "USD" }, off: cny(50) }] };
    expect(of([over, later, free, dollars], 1000)).toEqual({ off: 0, pay: 1000, missing: undefined, after: undefined });
    const now = rule([[100, 50]], { startsAt: "2026-06-15T05:40:00.000Z", endsAt: "2026-06-15T05:40:00.000Z" });
    expect(of([now], 1000)).toMatchObject({ off: 50 });
  });
  it("counts only the goods a promotion is for", () => {
    const tea = rule([[10000, 1000]], { productIds: ["tea"] });
    const items = [
      { productId: "tea", title: "茶", quantity: 2, price: cny(4000) },
      { productId: "cup", title: "杯", quantity: 1, price: cny(90000) },
    ];
    const gap = promotionGap([tea], { items, total: cny(98000) }, NOW);
    expect([gap.off.amount, gap.next?.missing.amount]).toEqual([0, 2000]);
  });
  it("keeps every sum a whole number, pays no less than nothing, and keeps its promise", () => {
    const tiers = array(
      record({ threshold: integer({ min: 2, max: 100_000 }), off: integer({ min: 1, max: 100_000 }) }),
      {
        maxLength: 3,
      },
    );
    const promotions = array(record({ tiers, stackable: boolean() }), { maxLength: 4 });
    assert(
      property(promotions, integer({ min: 0, max: 200_000 }), (drafts, amount) => {
        const list = drafts.map((draft, i) =>
          rule(
            draft.tiers.map(({ threshold, off }) => [threshold, off] as const),
            { stackable: draft.stackable, promotionId: String(i) },
          ),
        );
        const gap = promotionGap(list, { total: cny(amount) }, NOW);
        expect(Number.isInteger(gap.off.amount) && gap.off.amount >= 0 && gap.pay.amount >= 0).toBe(true);
        expect(gap.pay.amount + gap.off.amount).toBe(amount);
        if (gap.next === undefined) return;
        expect(gap.next.missing.amount).toBeGreaterThan(0);
        const then = promotionGap(list, { total: cny(amount + gap.next.missing.amount) }, NOW);
        expect(then.off.amount).toBe(Math.min(gap.next.off.amount, then.has.amount));
        expect(then.off.amount).toBeGreaterThanOrEqual(gap.off.amount);
      }),
    );
  });
});
