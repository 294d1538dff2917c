import type { Cart, Coupon, Promotion } from "../../core/commerce.ts";
import type { Money } from "../../core/content.ts";
import type { DemoClock } from "./clock.ts";
import type { DemoProduct } from "./products.ts";

const yuan = (amount: number): Money => ({ amount: amount * 100, currency: "CNY" });

export function demoPromotions(clock: DemoClock): readonly Promotion[] {
  return [
    {
      promotionId: "promo-season",
      title: "换季满减",
      tiers: [
        { threshold: yuan(200), off: yuan(30) },
        { threshold: yuan(500), off: yuan(80) },
      ],
      stackable: false,
      startsAt: clock.on(-7, "00:00"),
      endsAt: clock.on(14, "23:59"),
    },
  ];
}

/** Coupons by member. */
export function demoCoupons(clock: DemoClock): ReadonlyMap<string, readonly Coupon[]> {
  return new Map([
    [
      "m-1001",
      [
        {
          couponId: "c-1",
          title: "金卡会员券",
          off: yuan(20),
          threshold: yuan(100),
          state: "unused",
          validUntil: clock.on(10, "23:59"),
        },
        { couponId: "c-2", title: "生日券", off: yuan(50), state: "used", validUntil: clock.on(30, "23:59") },
      ],
    ],
    [
      "m-1004",
      [{ couponId: "c-3", title: "新店券", off: yuan(10), state: "expired", validUntil: clock.on(-3, "23:59") }],
    ],
  ] satisfies [string, readonly Coupon[]][]);
}

/** Carts by member: a shirt lies in the first one's. */
export function demoCarts(goods: ReadonlyMap<string, DemoProduct>): ReadonlyMap<string, Cart> {
  const shirt = goods.get("p-101");
  if (shirt === undefined) return new Map();
  const { productId, title, price } = shirt;
  return new Map([["m-1001", { items: [{ productId, title, quantity: 1, price }], total: price }]]);
}
