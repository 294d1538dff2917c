import { describe, expect, test, vi } from "vitest";
import type { Facts, Order } from "../../src/core/commerce.ts";
import { PERSON_VALUE, type SkillInput } from "../../src/core/skill.ts";
import { orderStatus } from "../../src/skills/order-status.ts";
import { createFlakyCommerce } from "../support/flaky-commerce.ts";
import {
  anOrder,
  aSkillInput,
  ask,
  choicesOf,
  contentsOf,
  demoShop,
  flowOf,
  LIVE,
  member,
  NOW,
  wordsOf,
} from "./ask.ts";

describe("a contact the shop knows is not asked for a number", () => {
  test("with one order under way: its real state, the last node with its time, and the card", async () => {
    const outcome = await ask(orderStatus, { ...member("m-1001"), text: "快点发货呀" });
    expect(outcome).toMatchObject({ kind: "say", orderIds: ["20881234"] });
    expect(outcome).not.toHaveProperty("flow");
    const [text, card] = contentsOf(outcome);
    expect(text).toEqual({
      type: "text",
      text: [
        "亲，订单 20881234（「云感亚麻衬衫 男女同款」等 2 件）已于 6月14日 16:40 发货。",
        "顺丰速运 SF1443208866172",
        "6月15日 12:30 快件到达【杭州萧山转运中心】",
        "预计 6月16日 送达。",
      ].join("\n"),
    });
    expect(card).toEqual({
      type: "order",
      orderId: "20881234",
      status: "已发货",
      items: [
        { title: "云感亚麻衬衫 男女同款", quantity: 1 },
        { title: "真丝印花方巾 90×90", quantity: 1 },
      ],
      total: { amount: 45700, currency: "CNY" },
    });
  });

  test("with several: a choice of title and status", async () => {
    const outcome = await ask(orderStatus, { ...member("m-1002"), text: "快点发货呀" });
    expect(contentsOf(outcome)).toEqual([
      {
        type: "choices",
        text: "亲，您有 3 个订单，想看哪一个？",
        choices: [
          { label: "「智能手环 8 Pro」等 2 件 · 待发货", value: "order:20886118" },
          { label: "「65W 氮化镓充电器」×2 · 备货中", value: "order:20886007" },
          { label: "「主动降噪蓝牙耳机 Air 3」 · 已发货", value: "order:20885521" },
        ],
      },
    ]);
    expect(flowOf(outcome)).toMatchObject({ skill: "order-status", step: "pick", askedAt: NOW });
  });

  test("with none: says so and offers a person", async () => {
    const outcome = await ask(orderStatus, member("m-1003"));
    expect(wordsOf(outcome)).toContain("还没有订单");
    expect(choicesOf(outcome)).toEqual([PERSON_VALUE]);
  });

  test("a claimed member id is not a known contact", async () => {
    const contact: SkillInput["contact"] = { id: "c-1", shopId: "demo", level: "claimed", memberId: "m-1001" };
    expect(flowOf(await ask(orderStatus, { contact })).step).toBe("ask-order");
  });
});

describe("an order named outright", () => {
  test.each([
    ["订单 20774410 呢", "20774410"],
    ["２０７７４４１０", "20774410"],
    ["SF1443208866172 到哪了", "20881234"],
    ["75831920046281", "20774410"],
  ])("%s", async (text, orderId) => {
    expect(await ask(orderStatus, { ...member("m-1001"), text })).toMatchObject({ orderIds: [orderId] });
  });

  test("older than the list the shop gives is still found", async () => {
    const commerce = { ...demoShop, ordersOf: async () => ({ value: [], freshness: LIVE }) };
    const outcome = await ask(orderStatus, { ...member("m-1001"), text: "20774410" }, { commerce });
    expect(outcome).toMatchObject({ orderIds: ["20774410"] });
  });

  test("someone else's looks exactly like one that does not exist", async () => {
    const [theirs, nobodys] = await Promise.all(
      ["20885521", "20885522"].map((text) => ask(orderStatus, { ...member("m-1001"), text })),
    );
    if (theirs === undefined || nobodys === undefined) throw new Error("Two outcomes were asked for.");
    expect(wordsOf(theirs).replace("20885521", "#")).toBe(wordsOf(nobodys).replace("20885522", "#"));
    expect(wordsOf(theirs)).toContain("没有找到");
    expect(theirs).not.toHaveProperty("orderIds");
  });
});

describe("picking from several", () => {
  const picking = async () => flowOf(await ask(orderStatus, { ...member("m-1002"), text: "快点发货呀" }));

  test.each([
    ["「65W 氮化镓充电器」×2 · 备货中", "order:20886007", "20886007"],
    ["2", undefined, "20886007"],
    ["第二个", undefined, "20886007"],
    ["３", undefined, "20885521"],
    ["the first one", undefined, "20886118"],
    ["20885521", undefined, "20885521"],
  ])("%s %s", async (text, value, orderId) => {
    const outcome = await ask(orderStatus, {
      ...member("m-1002"),
      text,
      ...(value !== undefined && { value }),
      flow: await picking(),
    });
    expect(outcome).toMatchObject({ kind: "say", orderIds: [orderId] });
    expect(outcome).not.toHaveProperty("flow");
  });

  test.each(["怎么退货", "4", "转人工", "你好", "👍"])("%s is not an answer", async (text) => {
    expect(await ask(orderStatus, { ...member("m-1002"), text, flow: await picking() })).toEqual({ kind: "pass" });
  });

  test("the hurry of the first message is remembered", async () => {
    const outcome = await ask(orderStatus, { ...member("m-1002"), text: "1", flow: await picking() });
    expect(wordsOf(outcome)).toContain("让您久等了");
  });

  test("a choice tapped after the flow was forgotten still works", async () => {
    const outcome = await ask(orderStatus, { ...member("m-1002"), text: "备货中", value: "order:20886007" });
    expect(outcome).toMatchObject({ orderIds: ["20886007"] });
  });
});

describe("an unproven contact gives the number and the last four digits of the recipient's phone", () => {
  test("one after the other", async () => {
    const first = flowOf(await ask(orderStatus, {}));
    expect(first.step).toBe("ask-order");
    const second = flowOf(await ask(orderStatus, { text: "20881234", flow: first }));
    expect(second).toMatchObject({ step: "ask-fact", slots: { orderId: "20881234", words: "我的订单到哪了" } });
    const outcome = await ask(orderStatus, { text: "6721", flow: second });
    expect(outcome).toMatchObject({ kind: "say", orderIds: ["20881234"] });
    expect(wordsOf(outcome)).toContain("杭州萧山转运中心");
  });

  test.each([
    "订单 20881234 手机尾号 6721",
    "order 20881234, phone ending in 6721",
    "20881234 13812346721 到哪了",
    "訂單20881234，手機後4位6721",
  ])("both at once: %s", async (text) => {
    expect(await ask(orderStatus, { text })).toMatchObject({ orderIds: ["20881234"] });
  });

  test("digits nobody asked for are not taken for the fact", async () => {
    expect(flowOf(await ask(orderStatus, { text: "2026年的订单 20881234" })).step).toBe("ask-fact");
  });

  test("nothing is looked up before both are there", async () => {
    const commerce = createFlakyCommerce(demoShop);
    await ask(orderStatus, { text: "20881234" }, { commerce });
    expect(Object.values(commerce.made).every((count) => count === 0)).toBe(true);
  });

  const waitingForFact = (orderId: string, tries?: string) => ({
    skill: "order-status",
    step: "ask-fact",
    slots: { words: "我的订单到哪了", orderId, ...(tries !== undefined && { tries }) },
    askedAt: NOW,
  });

  test("a wrong number and a wrong fact get the same words", async () => {
    const wrongFact = await ask(orderStatus, { text: "0000", flow: waitingForFact("20881234") });
    const wrongOrder = await ask(orderStatus, { text: "6721", flow: waitingForFact("20881235") });
    expect(contentsOf(wrongFact)).toEqual(contentsOf(wrongOrder));
    expect(flowOf(wrongFact).slots.tries).toBe("1");
  });

  test("either may be sent again", async () => {
    const flow = waitingForFact("20881235", "1");
    const corrected = await ask(orderStatus, { text: "20881234", flow });
    expect(flowOf(corrected)).toMatchObject({ step: "ask-fact", slots: { orderId: "20881234", tries: "1" } });
    expect(await ask(orderStatus, { text: "20881234 6721", flow })).toMatchObject({ orderIds: ["20881234"] });
  });

  test("the fifth failure hands over to a person", async () => {
    let outcome = await ask(orderStatus, { text: "0001", flow: waitingForFact("20881234") });
    for (const text of ["0002", "0003", "0004"]) outcome = await ask(orderStatus, { text, flow: flowOf(outcome) });
    expect(flowOf(outcome).slots.tries).toBe("4");
    outcome = await ask(orderStatus, { text: "0005", flow: flowOf(outcome) });
    expect(outcome).toMatchObject({ kind: "handoff", code: "policy", words: "我的订单到哪了" });
  });

  test("the shop's own count is asked first, and nothing is looked up beyond it", async () => {
    const commerce = createFlakyCommerce(demoShop);
    const tryProof = vi.fn(async () => false);
    const outcome = await ask(orderStatus, { text: "6721", flow: waitingForFact("20881234") }, { commerce, tryProof });
    expect(outcome.kind).toBe("handoff");
    expect(tryProof).toHaveBeenCalledExactlyOnceWith("20881234");
    expect(commerce.made.order).toBe(0);
  });

  test("a parcel's number is no order number", async () => {
    expect(flowOf(await ask(orderStatus, { text: "SF1443208866172 到哪了" })).step).toBe("ask-order");
  });

  test("spellings of one number share their tries", async () => {
    const tryProof = vi.fn(async () => true);
    await ask(orderStatus, { text: "订单 xe20881234 尾号 6721" }, { tryProof });
    expect(tryProof).toHaveBeenCalledExactlyOnceWith("XE20881234");
  });

  test.each(["order:", `order:${"9".repeat(65)}`])("a made-up value is no order: %s", async (value) => {
    expect(flowOf(await ask(orderStatus, { value, text: "查" })).step).toBe("ask-order");
  });

  test.each(["ask-order", "ask-fact"])("at %s, something else is passed on", async (step) => {
    const flow = { ...waitingForFact("20881234"), step };
    expect(await ask(orderStatus, { text: "算了，怎么退货", flow })).toEqual({ kind: "pass" });
  });

  test("an order without a phone is opened by nothing", () => {
    const { recipient: _, ...order } = anOrder();
    const input = aSkillInput({ text: "0000", flow: waitingForFact("20881234") });
    const outcome = orderStatus.answer(input, { named: { value: order, freshness: LIVE } });
    expect(wordsOf(outcome)).toContain("没有找到");
  });

  test("another order than the one asked for is never shown", () => {
    const input = aSkillInput({ text: "6721", flow: waitingForFact("20881235") });
    const outcome = orderStatus.answer(input, { named: { value: anOrder(), freshness: LIVE } });
    expect(wordsOf(outcome)).toContain("没有找到");
  });
});

/** The answer about one order, without any I/O. */
function answerAbout(order: Partial<Order>, given: Partial<SkillInput> = {}, more: Partial<Facts<unknown>> = {}) {
  const own = { value: [anOrder({ memberId: "m-1", ...order })], freshness: LIVE, ...more };
  return orderStatus.answer(aSkillInput({ ...member("m-1"), ...given }), { own: own as Facts<readonly Order[]> });
}

describe("each state in words", () => {
  test.each<[Partial<Order>, string]>([
    [{ status: "pending_payment" }, "还没有付款，金额 ¥189.00"],
    [{ status: "paid" }, "已付款，还没有发出。"],
    [{ status: "preparing", promisedShipAt: "2026-06-16T10:00:00.000Z" }, "承诺在 6月16日 18:00 前发货"],
    [{ status: "paid", promisedShipAt: "2026-06-15T05:39:59.000Z" }, "承诺在 6月15日 13:39 前发货，已经超时"],
    [{ status: "shipped", shippedAt: "2025-12-31T16:30:00.000Z" }, "已于 1月1日 00:30 发货"],
    [{ status: "shipped", shippedAt: "2025-12-31T15:30:00.000Z" }, "已于 2025年12月31日 23:30 发货"],
    [{ status: "shipped" }, "还没有物流记录"],
    [{ status: "delivered", deliveredAt: "2026-06-14T03:26:00.000Z" }, "已于 6月14日 11:26 签收"],
    [{ status: "completed" }, "已完成"],
    [{ status: "cancelled" }, "已取消"],
    [{ status: "refunding" }, "退款处理中"],
    [{ status: "refunded" }, "已退款"],
  ])("%o", (order, words) => {
    expect(wordsOf(answerAbout(order))).toContain(words);
  });

  test.each([
    ["zh-TW", "已付款，還沒有出貨，承諾在 6月16日 18:00 前出貨"],
    ["en", "is paid and has not shipped yet. It is promised to ship by Jun 16, 18:00."],
    ["ja", "6月16日 18:00 までに発送するお約束です"],
    ["de", "承诺在 6月16日 18:00 前发货"],
  ])("in %s", (locale, words) => {
    const order = { promisedShipAt: "2026-06-16T10:00:00.000Z" };
    expect(wordsOf(answerAbout(order, { locale, text: "?" }))).toContain(words);
  });

  test("in the shop's time zone", () => {
    const order = { promisedShipAt: "2026-06-16T10:00:00.000Z" };
    expect(wordsOf(answerAbout(order, { locale: "en", timeZone: "America/New_York" }))).toContain("Jun 16, 06:00");
  });
});

describe("hurrying", () => {
  const promised = { promisedShipAt: "2026-06-16T10:00:00.000Z" };

  test("states the promise, and nothing that was not done", () => {
    const words = wordsOf(answerAbout(promised, { text: "快点发货" }));
    expect(words).toContain("承诺在 6月16日 18:00 前发货");
    expect(words).not.toMatch(/已.{0,4}(催|反馈|通知|加急|联系)/);
    expect(choicesOf(answerAbout(promised, { text: "快点发货" }))).toEqual([]);
  });

  test("a broken promise offers a person", () => {
    const outcome = answerAbout({ promisedShipAt: "2026-06-14T10:00:00.000Z" }, { text: "催一下" });
    expect(wordsOf(outcome)).toContain("非常抱歉");
    expect(choicesOf(outcome)).toEqual([PERSON_VALUE]);
  });

  test("is about what can be sent, not about what was never paid", async () => {
    expect(await ask(orderStatus, { ...member("m-1008"), text: "催发货" })).toMatchObject({ orderIds: ["20882009"] });
  });
});

describe("delivered and not received", () => {
  test.each(["显示签收了但我没收到", "已签收，没有收到货", "It says delivered but I haven't received it"])(
    "%s",
    (text) => {
      const outcome = answerAbout({ status: "delivered" }, { text });
      expect(wordsOf(outcome)).toContain("代收");
      expect(choicesOf(outcome)).toEqual([PERSON_VALUE]);
    },
  );

  test("asks which, when several were delivered", async () => {
    const outcome = await ask(orderStatus, { ...member("m-1004"), text: "显示已签收但是我没收到" });
    expect(choicesOf(outcome)).toEqual(["order:20881077", "order:20879903", "order:20878846"]);
    const picked = await ask(orderStatus, { ...member("m-1004"), text: "1", flow: flowOf(outcome) });
    expect(wordsOf(picked)).toContain("丰巢柜");
    expect(choicesOf(picked)).toEqual([PERSON_VALUE]);
  });
});

describe("freshness", () => {
  const CURRENT = /目前|现在|最新|正在|當前|現在|currently|\bnow\b|latest|ただいま/i;
  const at = "2026-06-15T05:10:00.000Z";
  const statuses: readonly Order["status"][] = [
    "pending_payment",
    "paid",
    "shipped",
    "delivered",
    "completed",
    "refunding",
  ];

  test("live says nothing of it", () => {
    expect(wordsOf(answerAbout({}))).toMatch(/^亲/);
  });

  test("cached names the time", () => {
    const words = wordsOf(answerAbout({}, {}, { freshness: { ...LIVE, state: "cached", at } }));
    expect(words).toMatch(/^以下是 13:10 的数据：\n/);
  });

  test.each(["zh-CN", "zh-TW", "en", "ja"])("stale names the time and never claims to be current, in %s", (locale) => {
    for (const status of statuses) {
      const words = wordsOf(answerAbout({ status }, { locale }, { freshness: { ...LIVE, state: "stale", at } }));
      expect(words).toContain("13:10");
      expect(words.replace("システムに一時的に", "")).not.toMatch(CURRENT);
    }
  });

  test("of another day names the day", () => {
    const freshness = { ...LIVE, state: "stale" as const, at: "2026-06-14T05:10:00.000Z" };
    expect(wordsOf(answerAbout({}, {}, { freshness }))).toContain("6月14日 13:10");
  });

  test("the parcels' age counts too", () => {
    const own = { value: [anOrder({ status: "shipped", trackingNumbers: ["SF1"] })], freshness: LIVE };
    const shipments = { value: [], freshness: { ...LIVE, state: "stale" as const, at } };
    const outcome = orderStatus.answer(aSkillInput(member("m-1")), { own, shipments });
    expect(wordsOf(outcome)).toContain("以下是 13:10 的数据，之后可能有变化");
  });

  test("parcels that are not known are said to be so, the order stands", () => {
    const own = { value: [anOrder({ status: "shipped", trackingNumbers: ["SF1"] })], freshness: LIVE };
    const shipments = { value: [], freshness: { ...LIVE, state: "unavailable" as const } };
    const words = wordsOf(orderStatus.answer(aSkillInput(member("m-1")), { own, shipments }));
    expect(words).toMatch(/^亲，订单 20881234.*已发货。\n快递公司的物流记录暂时查不到/);
  });

  test("a list to pick from says its age too", async () => {
    const own = { value: [anOrder(), anOrder({ orderId: "2" })], freshness: { ...LIVE, state: "stale" as const, at } };
    const outcome = orderStatus.answer(aSkillInput(member("m-1")), { own });
    expect(wordsOf(outcome)).toMatch(/^系统暂时连不上，以下是 13:10/);
  });

  test.each<[string, Partial<SkillInput>]>([
    ["own orders", member("m-1001")],
    ["a named order", { ...member("m-1001"), text: "20885521" }],
    ["a proof", { text: "订单 20881234 尾号 6721" }],
  ])("unavailable is a failure, never an answer: %s", async (_, given) => {
    const unavailable = { ...LIVE, state: "unavailable" as const };
    const commerce = {
      ...demoShop,
      ordersOf: async () => ({ value: [], freshness: unavailable }),
      order: async () => ({ value: undefined, freshness: unavailable }),
    };
    expect((await ask(orderStatus, given, { commerce })).kind).toBe("failed");
  });
});

test("an order of odd words passes the border check and shows them as they are", async () => {
  const [item] = anOrder().items;
  if (item === undefined) throw new Error("An order has an item.");
  const title = `{{ secret }} <b>${"长".repeat(300)}`;
  const commerce = {
    ...demoShop,
    ordersOf: async () => ({ value: [anOrder({ items: [{ ...item, title }] }), anOrder()], freshness: LIVE }),
  };
  const outcome = await ask(orderStatus, member("m-1001"), { commerce });
  expect(contentsOf(outcome)[0]).toMatchObject({ choices: [{ label: expect.stringMatching(/… · 待发货$/) }, {}] });
});
