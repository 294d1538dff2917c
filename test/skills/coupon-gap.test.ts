import { describe, expect, test } from "vitest";
import type { Commerce, Promotion } from "../../src/core/commerce.ts";
import { readAmount } from "../../src/skills/coupon.ts";
import { couponGap } from "../../src/skills/coupon-gap.ts";
import { ask, demoShop, LIVE, member, wordsOf } from "./ask.ts";

describe("reading an amount", () => {
  test.each([
    ["满200减30，我买了180还差多少", 18000],
    ["滿 500 元折 80，購物車 459.5 元", 45950],
    ["满500减80 满200减30 一共 260", 26000],
    ["30 off orders over 200, my cart is $150", 15000],
    ["满２００减３０还差多少", undefined],
    ["有什么优惠", undefined],
    ["一共 0.29 元", 29],
  ])("%s", (text, amount) => {
    expect(readAmount(text, 100)).toBe(amount);
  });
  test("in a currency without cents", () => {
    expect(readAmount("cart 1500", 1)).toBe(1500);
  });
});

const yuan = (amount: number) => ({ amount: amount * 100, currency: "CNY" });
const promotion = (threshold: number, off: number): Promotion => ({
  promotionId: `${threshold}`,
  title: "满减",
  tiers: [{ threshold: yuan(threshold), off: yuan(off) }],
  stackable: false,
});

describe("the answer", () => {
  test.each([
    ["我买了180还差多少", "zh-CN", "亲，满 ¥200.00 减 ¥30.00，¥180.00 还差 ¥20.00。"],
    [
      "一共 260",
      "zh-CN",
      "亲，¥260.00 已经满 ¥200.00，可以减 ¥30.00，实付 ¥230.00。\n再买 ¥240.00 就满 ¥500.00，可以减 ¥80.00。",
    ],
    ["my cart is 150", "en", "You save ¥30.00 from ¥200.00: with ¥150.00, ¥50.00 to go."],
  ])("%s", async (text, locale, words) => {
    expect(wordsOf(await ask(couponGap, { text, locale }))).toBe(words);
  });

  test("counts with the shop's rules, whatever rule the shopper quotes", async () => {
    expect(wordsOf(await ask(couponGap, { text: "满10减9，我有180块" }))).toBe(
      "亲，满 ¥200.00 减 ¥30.00，¥180.00 还差 ¥20.00。",
    );
  });
  test("takes the price of the product that was tapped", async () => {
    const outcome = await ask(couponGap, { text: "还差多少", value: "product:p-101" });
    expect(wordsOf(outcome)).toBe("亲，满 ¥200.00 减 ¥30.00，¥189.00 还差 ¥11.00。");
  });
  test("takes a proven member's cart", async () => {
    expect(wordsOf(await ask(couponGap, { text: "满减还差多少", ...member("m-1001") }))).toBe(
      "亲，满 ¥200.00 减 ¥30.00，¥189.00 还差 ¥11.00。",
    );
  });

  test("without promotions, an amount or a fresh answer the article speaks", async () => {
    expect(await ask(couponGap, { text: "满200减30" })).toEqual({ kind: "pass" });
    expect(await ask(couponGap, { text: "还差多少", value: "product:none" })).toEqual({ kind: "pass" });
    const { promotions: _, ...bare } = demoShop;
    expect(await ask(couponGap, { text: "我买了180" }, { commerce: bare })).toEqual({ kind: "pass" });
    const stale: Commerce = {
      ...demoShop,
      promotions: async () => ({ value: [promotion(200, 30)], freshness: { ...LIVE, state: "stale" } }),
    };
    expect(await ask(couponGap, { text: "我买了180" }, { commerce: stale })).toEqual({ kind: "pass" });
  });
});
