import { describe, expect, test } from "vitest";
import type { Order } from "../../src/core/commerce.ts";
import { PERSON_VALUE, type SkillInput } from "../../src/core/skill.ts";
import { returnGuide } from "../../src/skills/return-guide.ts";
import { returnWindow } from "../../src/skills/return-window.ts";
import { anOrder, aSkillInput, ask, choicesOf, LIVE, member, wordsOf } from "./ask.ts";

describe("the window", () => {
  test.each([
    // Signed on Monday 2026-06-08 in Shanghai; day 7 is the 15th.
    ["2026-06-08T02:00:00.000Z", "Asia/Shanghai", "2026-06-15T15:59:59.999Z", true, 7],
    ["2026-06-08T02:00:00.000Z", "Asia/Shanghai", "2026-06-15T16:00:00.000Z", false, 8],
    ["2026-06-07T16:00:00.000Z", "Asia/Shanghai", "2026-06-15T15:59:59.999Z", true, 7],
    ["2026-06-07T15:59:59.999Z", "Asia/Shanghai", "2026-06-15T15:59:59.999Z", false, 8],
    ["2026-06-08T15:59:59.000Z", "Asia/Shanghai", "2026-06-08T16:00:00.000Z", true, 1],
    // The clocks go back on 2026-11-01 in New York, and forward on 2026-03-08.
    ["2026-10-28T16:00:00.000Z", "America/New_York", "2026-11-05T04:59:59.999Z", true, 7],
    ["2026-10-28T16:00:00.000Z", "America/New_York", "2026-11-05T05:00:00.000Z", false, 8],
    ["2026-03-05T17:00:00.000Z", "America/New_York", "2026-03-13T03:59:59.999Z", true, 7],
    ["2026-03-05T17:00:00.000Z", "America/New_York", "2026-03-13T04:00:00.000Z", false, 8],
  ])("signed %s in %s, asked %s", (deliveredAt, timeZone, at, isOpen, day) => {
    expect(returnWindow({ deliveredAt, timeZone, now: Date.parse(at) })).toMatchObject({ isOpen, day });
  });
});

const fixed = (returnable: boolean, title: string): Order["items"][number] => ({
  productId: title,
  title,
  quantity: 1,
  price: { amount: 100, currency: "CNY" },
  returnable,
});

function answerAbout(order: Partial<Order>, given: Partial<SkillInput> = {}) {
  const own = { value: [anOrder({ status: "delivered", memberId: "m-1", ...order })], freshness: LIVE };
  return returnGuide.answer(aSkillInput({ ...member("m-1"), text: "能退吗", ...given }), { own });
}

describe("what it says", () => {
  test("inside the window: until when, and the steps", () => {
    const outcome = answerAbout({ deliveredAt: "2026-06-10T03:26:00.000Z" });
    expect(wordsOf(outcome)).toMatch(/支持 7 天无理由退货，6月17日 23:59 前都可以申请。\n1\. .+\n2\. .+\n3\. /);
    expect(choicesOf(outcome)).toEqual([]);
  });

  test("on day 7, one second before midnight, it is still open; one second later it is not", () => {
    const deliveredAt = "2026-06-08T02:00:00.000Z";
    const at = (now: string) => wordsOf(answerAbout({ deliveredAt }, { now: Date.parse(now) }));
    expect(at("2026-06-15T15:59:59.000Z")).toContain("6月15日 23:59 前");
    expect(at("2026-06-15T16:00:00.000Z")).toContain("已经过了 7 天");
  });

  test("after it: why, and a person", () => {
    const outcome = answerAbout({ deliveredAt: "2026-06-06T03:26:00.000Z" });
    expect(wordsOf(outcome)).toContain("6月6日 签收的，到今天是第 9 天");
    expect(choicesOf(outcome)).toEqual([PERSON_VALUE]);
  });

  test("goods that cannot come back: the rule, whatever the day", () => {
    const outcome = answerAbout({ deliveredAt: "2026-06-14T03:26:00.000Z", items: [fixed(false, "莫代尔内裤")] });
    expect(wordsOf(outcome)).toContain("莫代尔内裤 属于贴身、定制类商品");
    expect(wordsOf(outcome)).not.toContain("1. ");
  });

  test("each item of a mixed order for itself", () => {
    const items = [fixed(false, "内裤"), fixed(true, "蜡烛"), fixed(true, "方巾")];
    const words = wordsOf(answerAbout({ deliveredAt: "2026-06-14T03:26:00.000Z", items }));
    expect(words).toContain("（蜡烛、方巾）支持 7 天无理由退货");
    expect(words).toContain("其中 内裤 属于贴身、定制类商品");
  });

  test.each<[Partial<Order>, string]>([
    [{ status: "paid" }, "还没有发出，可以直接"],
    [{ status: "shipped" }, "还没有签收"],
    [{ status: "refunded" }, "已退款"],
    [{ status: "pending_payment" }, "还没有付款"],
    [{}, "没有查到签收时间"],
  ])("%o", (order, words) => {
    expect(wordsOf(answerAbout(order))).toContain(words);
  });

  test.each(["收到就坏了想退", "the zipper is broken", "商品質量有問題", "壊れています"])(
    "faulty goods are a person's matter on any day: %s",
    (text) => {
      const outcome = answerAbout({ deliveredAt: "2026-05-01T00:00:00.000Z" }, { text });
      expect(choicesOf(outcome)).toEqual([PERSON_VALUE]);
      expect(wordsOf(outcome)).not.toContain("已经过了");
    },
  );

  test.each(["zh-TW", "en", "ja"])("in %s", (locale) => {
    const words = wordsOf(answerAbout({ deliveredAt: "2026-06-10T03:26:00.000Z" }, { locale, text: "?" }));
    expect(words).toContain("23:59");
    expect(words).toContain("3. ");
  });
});

test("the demo member with three deliveries picks one", async () => {
  const outcome = await ask(returnGuide, { ...member("m-1004"), text: "我要退货" });
  expect(choicesOf(outcome)).toEqual(["order:20881077", "order:20879903", "order:20878846"]);
  for (const [value, words] of [
    ["order:20879903", "6月17日 23:59 前都可以申请"],
    ["order:20878846", "到今天是第 9 天"],
    ["order:20881077", "其中 莫代尔内裤 3 条装 属于"],
  ] as const) {
    expect(wordsOf(await ask(returnGuide, { ...member("m-1004"), text: "这个", value }))).toContain(words);
  }
});
