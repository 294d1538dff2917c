import { describe, expect, test } from "vitest";
import { couponGap as gapOf, readCoupon } from "../../src/skills/coupon.ts";
import { couponGap } from "../../src/skills/coupon-gap.ts";
import { ask, wordsOf } from "./ask.ts";

describe("reading", () => {
  test.each([
    ["满200减30，我买了180还差多少", [{ threshold: 200, off: 30 }], 180],
    ["滿 500 元折 80，購物車 459.5 元", [{ threshold: 500, off: 80 }], 459.5],
    [
      "满500减80 满200减30 一共 260",
      [
        { threshold: 200, off: 30 },
        { threshold: 500, off: 80 },
      ],
      260,
    ],
    ["30 off orders over 200, my cart is $150", [{ threshold: 200, off: 30 }], 150],
    ["满２００减３０还差多少", [{ threshold: 200, off: 30 }], undefined],
    ["满30减200", [], undefined],
    ["有什么优惠", [], undefined],
  ])("%s", (text, rules, amount) => {
    expect(readCoupon(text)).toEqual({ rules, ...(amount !== undefined && { amount }) });
  });
});

describe("the gap", () => {
  const rules = [
    { threshold: 200, off: 30 },
    { threshold: 500, off: 80 },
  ];
  test.each([
    [180, undefined, 20],
    [199.9, undefined, 0.1],
    [200, 30, 300],
    [500, 80, undefined],
  ])("of %d", (amount, off, missing) => {
    const gap = gapOf(rules, amount);
    expect([gap.reached?.off, gap.next?.missing]).toEqual([off, missing]);
  });
});

describe("the answer", () => {
  test.each([
    ["满200减30，我买了180还差多少", "zh-CN", "亲，满 200 减 30，180 还差 20。"],
    ["满200减30 一共 260", "zh-CN", "亲，260 已经满 200，可以减 30，实付 230。"],
    ["30 off orders over 200, my cart is $150", "en", "You save 30 from 200: with 150, 50 to go."],
  ])("%s", async (text, locale, words) => {
    expect(wordsOf(await ask(couponGap, { text, locale }))).toBe(words);
  });

  test("takes the price of the product that was tapped", async () => {
    const outcome = await ask(couponGap, { text: "满200减30还差多少", value: "product:p-101" });
    expect(wordsOf(outcome)).toBe("亲，满 ¥200.00 减 ¥30.00，¥189.00 还差 ¥11.00。");
  });

  test("without a rule or an amount the article speaks", async () => {
    expect(await ask(couponGap, { text: "有什么优惠" })).toEqual({ kind: "pass" });
    expect(await ask(couponGap, { text: "满200减30" })).toEqual({ kind: "pass" });
    expect(await ask(couponGap, { text: "满200减30", value: "product:none" })).toEqual({ kind: "pass" });
  });
});
