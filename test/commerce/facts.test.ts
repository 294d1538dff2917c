import { expect, test } from "vitest";
import { createDemoShop } from "../../src/commerce/demo-shop.ts";
import { orderFacts } from "../../src/core/order-facts.ts";
import { createFlakyCommerce } from "../support/flaky-commerce.ts";

const now = () => Date.parse("2026-06-15T05:40:00.000Z");
const member = (memberId: string) => ({ shopId: "demo", memberId });
const setUp = () => createFlakyCommerce(createDemoShop({ now }));

test("gives the latest five orders with their parcels", async () => {
  const facts = await orderFacts(setUp(), member("m-1008"));
  expect(facts.map((fact) => fact.orderId)).toEqual(["20885880", "20882009", "20877730", "20858305", "20851146"]);
  const refunding = facts.find((fact) => fact.orderId === "20877730");
  expect(refunding?.shipments[0]).toMatchObject({ carrier: "顺丰速运", status: "delivered" });
  expect(refunding?.freshness.state).toBe("live");
});

test("masks the recipient", async () => {
  const [fact] = await orderFacts(setUp(), member("m-1001"));
  expect(fact?.recipient).toEqual({ name: "林**", phone: "138****6721", region: "浙江省杭州市西湖区" });
  expect(JSON.stringify(fact)).not.toContain("13812346721");
});

test("asks no carrier about an order that was never sent", async () => {
  const flaky = setUp();
  await orderFacts(flaky, member("m-1002"));
  expect(flaky.made.shipmentsOf).toBe(2);
});

test("a failing carrier leaves the orders standing, and says so", async () => {
  const flaky = setUp();
  flaky.fail("shipmentsOf");
  const facts = await orderFacts(flaky, member("m-1002"));
  expect(facts.length).toBe(4);
  expect(facts.find((fact) => fact.orderId === "20885521")).toMatchObject({
    status: "shipped",
    shipments: [],
    freshness: { state: "stale" },
    shipmentsFreshness: { state: "unavailable" },
  });
  expect(facts.find((fact) => fact.orderId === "20886007")?.freshness.state).toBe("live");
});

test("the freshness is the older of order and parcels", async () => {
  const demo = createDemoShop({ now });
  const at = "2026-06-15T05:00:00.000Z";
  const facts = await orderFacts(
    {
      ...demo,
      shipmentsOf: async (orderId) => ({
        value: (await demo.shipmentsOf(orderId)).value,
        freshness: { state: "cached", at, source: "carrier" },
      }),
    },
    member("m-1001"),
  );
  expect(facts[0]?.freshness).toEqual({ state: "cached", at, source: "carrier" });
});

test("is empty, and no rejection, when the orders cannot be had", async () => {
  const flaky = setUp();
  flaky.fail("ordersOf");
  expect(await orderFacts(flaky, member("m-1001"))).toEqual([]);
});
