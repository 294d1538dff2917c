import { describe, expect, test } from "vitest";
import { DEMO_CUSTOMERS } from "../../src/commerce/demo/customers.ts";
import { DEMO_PRODUCTS } from "../../src/commerce/demo/products.ts";
import { createDemoShop } from "../../src/commerce/demo-shop.ts";
import type { Order } from "../../src/core/commerce.ts";

const NOON = Date.parse("2026-06-15T04:00:00.000Z");

async function allOrders(now: number): Promise<readonly Order[]> {
  const shop = createDemoShop({ now: () => now });
  const lists = await Promise.all(DEMO_CUSTOMERS.map(({ memberId }) => shop.ordersOf({ shopId: "demo", memberId })));
  return lists.flatMap((facts) => facts.value);
}

const statusesOf = (orders: readonly Order[], memberId: string) =>
  orders.filter((order) => order.memberId === memberId).map((order) => order.status);

test("has members for each story", async () => {
  const orders = await allOrders(NOON);
  expect(statusesOf(orders, "m-1001")).toEqual(["shipped", "completed"]);
  expect(statusesOf(orders, "m-1002")).toEqual(["paid", "preparing", "shipped", "completed"]);
  expect(statusesOf(orders, "m-1003")).toEqual([]);
  expect(statusesOf(orders, "m-1004")).toEqual(["delivered", "delivered", "delivered", "refunded"]);
});

test("covers every status", async () => {
  const statuses = new Set((await allOrders(NOON)).map((order) => order.status));
  expect([...statuses].toSorted()).toEqual([
    "cancelled",
    "completed",
    "delivered",
    "paid",
    "pending_payment",
    "preparing",
    "refunded",
    "refunding",
    "shipped",
  ]);
});

test("has twelve products, eight members and 25 orders, each findable", async () => {
  const shop = createDemoShop({ now: () => NOON });
  const orders = await allOrders(NOON);
  expect([DEMO_PRODUCTS.length, DEMO_CUSTOMERS.length, orders.length]).toEqual([12, 8, 25]);
  for (const order of orders) expect((await shop.order(order.orderId)).value).toEqual(order);
  expect((await shop.product("p-201")).value).toMatchObject({ price: { amount: 39900, currency: "CNY" } });
  expect((await shop.customer({ shopId: "demo", memberId: "m-1008" })).value).toMatchObject({
    tier: "黑卡",
    orderCount: 7,
  });
});

test("knows no strangers", async () => {
  const shop = createDemoShop({ now: () => NOON });
  const stranger = { shopId: "demo", memberId: "m-9999" };
  expect((await shop.ordersOf(stranger)).value).toEqual([]);
  expect((await shop.customer(stranger)).value).toBeUndefined();
  expect((await shop.order("__proto__")).value).toBeUndefined();
  expect((await shop.shipmentsOf("99999999")).value).toEqual([]);
});

describe.each(["2026-06-14T16:00:00.000Z", "2026-06-14T18:59:59.000Z", "2026-06-15T15:59:59.000Z"])("at %s", (at) => {
  const now = Date.parse(at);

  test("nothing that happened lies in the future or out of order", async () => {
    const shop = createDemoShop({ now: () => now });
    for (const order of await allOrders(now)) {
      const past = [order.createdAt, order.paidAt, order.shippedAt, order.deliveredAt].filter(
        (time) => time !== undefined,
      );
      expect(past, order.orderId).toEqual(past.toSorted());
      const { value: shipments } = await shop.shipmentsOf(order.orderId);
      expect(shipments.length, order.orderId).toBe(order.trackingNumbers.length);
      const nodes = shipments.flatMap((shipment) => shipment.nodes.map((node) => node.at));
      expect(nodes, order.orderId).toEqual(nodes.toSorted().toReversed());
      for (const time of [...past, ...nodes]) expect(Date.parse(time), order.orderId).toBeLessThanOrEqual(now);
    }
  });

  test("orders come newest first", async () => {
    const shop = createDemoShop({ now: () => now });
    const { value } = await shop.ordersOf({ shopId: "demo", memberId: "m-1008" });
    const times = value.map((order) => order.createdAt);
    expect(times).toEqual(times.toSorted().toReversed());
  });
});

test("what was sent yesterday was sent yesterday tomorrow too", async () => {
  let now = NOON;
  const shop = createDemoShop({ now: () => now });
  const sent = async () => (await shop.order("20881234")).value?.shippedAt;
  expect(await sent()).toBe("2026-06-14T08:40:00.000Z");
  now += 24 * 3_600_000;
  expect(await sent()).toBe("2026-06-15T08:40:00.000Z");
});
