/** Facts in answers: fetched only where they are named, and replaced where they are old, unknown or not the contact's. */
import { expect, it } from "vitest";
import type { Commerce, Freshness } from "../../src/core/commerce.ts";
import { toneOf } from "../../src/core/tone.ts";
import { renderAnswer } from "../../src/desk/render-answer.ts";
import { createTemplates } from "../../src/desk/templates.ts";
import { VARIABLES, type VariablePlace } from "../../src/desk/variables.ts";
import { demoShop, NOW } from "../skills/ask.ts";
import { anArticle } from "../support/builders.ts";
import { createFlakyCommerce } from "../support/flaky-commerce.ts";

const templates = createTemplates();
const place = (part: Partial<VariablePlace> = {}): VariablePlace => ({
  shop: { name: "小二优选", hours: "9–21" },
  contact: { shopId: "demo", level: "verified", memberId: "m-1001", name: "林小美" },
  tone: toneOf("warm", "zh-CN"),
  locale: "zh-CN",
  timeZone: "Asia/Shanghai",
  now: NOW,
  text: "",
  ...part,
});
const render = (
  template: string,
  commerce: Commerce = demoShop,
  at: VariablePlace = place(),
  fallback = "请稍后再问。",
) => {
  const article = { ...anArticle({ answer: template }), fallback };
  return renderAnswer({ templates, commerce }, { article, to: {}, place: at, signal: AbortSignal.timeout(5000) });
};

it("asks the shop's systems for nothing where no fact is named, and only for what is", async () => {
  const commerce = createFlakyCommerce(demoShop);
  expect(await render("48 小时内发货", commerce)).toMatchObject({ ok: true, text: "48 小时内发货" });
  expect(await render("{{ shop.name }}{{ tone.greeting }}{{ contact.name }}", commerce)).toMatchObject({ ok: true });
  expect(Object.values(commerce.made).every((count) => count === 0)).toBe(true);
  await render("{{ order.number }}", commerce);
  expect(Object.entries(commerce.made).filter(([, count]) => count > 0)).toEqual([["ordersOf", 1]]);
});

it.each(["stale", "unavailable"] as const)("says the fallback where the facts are %s", async (state) => {
  const freshness: Freshness = { state, at: new Date(NOW).toISOString(), source: "shop" };
  const old: Commerce = {
    ...demoShop,
    ordersOf: async (customer) => ({ ...(await demoShop.ordersOf(customer)), freshness }),
    promotions: async () => ({ value: [], freshness }),
  };
  expect(await render("订单 {{ order.number }}", old)).toMatchObject({ ok: false, fallback: "请稍后再问。" });
  expect(await render("还差 {{ promotion.gap }}", old)).toMatchObject({ ok: false });
  // A template that asks first may say something else.
  expect(await render("{% if order.number %}有{% else %}没有{% endif %}", old)).toMatchObject({
    ok: true,
    text: "没有",
  });
});

it("says the fallback where a system rejects, and where the contact is not proven", async () => {
  const broken = createFlakyCommerce(demoShop);
  broken.fail("ordersOf", "customer", "promotions", "coupons", "cart", "shipmentsOf");
  const stranger = place({ contact: { shopId: "demo", level: "claimed", memberId: "m-1001" } });
  for (const { name, source } of VARIABLES.filter((one) => one.source !== "here")) {
    expect(await render(`{{ ${name} }}`, broken), name).toMatchObject({ ok: false, fallback: "请稍后再问。" });
    if (source === "promotions") continue;
    expect(await render(`{{ ${name} }}`, demoShop, stranger), name).toMatchObject({ ok: false });
  }
});

it("has a line of its own where the article has no fallback, or one that cannot be filled in", async () => {
  const stranger = place({ contact: { shopId: "demo", level: "anonymous" } });
  const own = await render("{{ order.number }}", demoShop, stranger, "{{ contact.name }}");
  expect(own).toMatchObject({ ok: false, fallback: expect.stringContaining("登录店铺账号") });
  const { promotions: _, ...bare } = demoShop;
  const member = await render("{{ promotion.off }}", bare, place(), "");
  expect(member).toMatchObject({ ok: false, fallback: expect.stringContaining("暂时查不到") });
});

it("speaks of the order that is named, never of another's", async () => {
  const own = await demoShop.ordersOf({ shopId: "demo", memberId: "m-1001" });
  const [, second] = own.value;
  const named = await render("{{ order.number }}", demoShop, place({ text: `订单 ${second?.orderId} 呢` }));
  expect(named).toMatchObject({ ok: true, text: second?.orderId });
  const others = await demoShop.ordersOf({ shopId: "demo", memberId: "m-1002" });
  const theirs = place({ text: `订单 ${others.value[0]?.orderId} 呢` });
  expect(await render("{{ order.number }}", demoShop, theirs)).toMatchObject({ ok: false });
});

it("picks the variant for a member tier, and asks for the tier only where one may be meant", async () => {
  const answers = [{ audience: "金卡", text: "金卡专享" }];
  const say = async (at: VariablePlace, commerce: Commerce, own: typeof answers) => {
    const article = anArticle({ answer: "普通", answers: own });
    const to = { audience: ["wholesale"] };
    return (await renderAnswer({ templates, commerce }, { article, to, place: at, signal: AbortSignal.timeout(5000) }))
      .picked.text;
  };
  const tiered: Commerce = {
    ...demoShop,
    customer: async (customer) => {
      const { value, ...rest } = await demoShop.customer(customer);
      return { ...rest, value: value && { ...value, tier: "金卡" } };
    },
  };
  expect(await say(place(), tiered, answers)).toBe("金卡专享");
  expect(await say(place({ contact: { shopId: "demo", level: "claimed", memberId: "m-1001" } }), tiered, answers)).toBe(
    "普通",
  );
  const counted = createFlakyCommerce(tiered);
  expect(await say(place(), counted, [{ audience: "Wholesale", text: "批发" }])).toBe("批发");
  expect(Object.values(counted.made).every((count) => count === 0)).toBe(true);
});
