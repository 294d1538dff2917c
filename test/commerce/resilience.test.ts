import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createDemoShop } from "../../src/commerce/demo-shop.ts";
import { withResilience } from "../../src/commerce/resilience.ts";
import { createFlakyCommerce } from "../support/flaky-commerce.ts";

const MEI = { shopId: "demo", memberId: "m-1001" };
const START = Date.parse("2026-06-15T05:40:00.000Z");

beforeEach(() => {
  vi.useFakeTimers({ now: START });
});
afterEach(() => {
  vi.useRealTimers();
});

function setUp(options: Partial<Parameters<typeof withResilience>[1]> = {}) {
  const now = () => Date.now();
  const flaky = createFlakyCommerce(createDemoShop({ now }));
  return { flaky, shop: withResilience(flaky, { now, source: "shop", ...options }) };
}

/** Lets the clock run while a call is under way. */
async function waitFor<T>(promise: Promise<T>, ms = 20_000): Promise<T> {
  await vi.advanceTimersByTimeAsync(ms);
  return promise;
}

/** Fails until the circuit of the orders is open. */
async function openCircuit({ flaky, shop }: ReturnType<typeof setUp>) {
  flaky.fail("ordersOf", "order");
  for (const id of ["1", "2", "3"]) await waitFor(shop.order(id), 60);
}

describe("freshness", () => {
  test("an answer is live, then cached with the time it was true, then live again", async () => {
    const { flaky, shop } = setUp();
    expect((await shop.ordersOf(MEI)).freshness).toEqual({
      state: "live",
      at: "2026-06-15T05:40:00.000Z",
      source: "demo-shop",
    });
    vi.setSystemTime(START + 59_999);
    expect((await shop.ordersOf(MEI)).freshness).toMatchObject({ state: "cached", at: "2026-06-15T05:40:00.000Z" });
    expect(flaky.made.ordersOf).toBe(1);
    vi.setSystemTime(START + 60_000);
    expect((await shop.ordersOf(MEI)).freshness).toMatchObject({ state: "live", at: "2026-06-15T05:41:00.000Z" });
  });

  test("each contact and each order has its own memory", async () => {
    const { shop } = setUp();
    await shop.ordersOf(MEI);
    expect((await shop.ordersOf({ ...MEI, memberId: "m-1002" })).freshness.state).toBe("live");
    expect((await shop.ordersOf({ ...MEI, shopId: "other" })).freshness.state).toBe("live");
    await shop.order("20881234");
    expect((await shop.order("20885521")).freshness.state).toBe("live");
  });

  test("an unknown order is an answer too, and remembered", async () => {
    const { flaky, shop } = setUp();
    expect(await shop.order("99999999")).toMatchObject({ value: undefined, freshness: { state: "live" } });
    expect((await shop.order("99999999")).freshness.state).toBe("cached");
    expect(flaky.made.order).toBe(1);
  });

  test("fresh skips the memory and fills it", async () => {
    const { flaky, shop } = setUp();
    await shop.ordersOf(MEI);
    vi.setSystemTime(START + 5000);
    expect((await shop.ordersOf(MEI, { fresh: true })).freshness.state).toBe("live");
    expect((await shop.ordersOf(MEI)).freshness).toMatchObject({ state: "cached", at: "2026-06-15T05:40:05.000Z" });
    expect(flaky.made.ordersOf).toBe(2);
  });

  test("a failing system leaves the last known answer, marked stale, for a day", async () => {
    const { flaky, shop } = setUp();
    await shop.ordersOf(MEI);
    flaky.fail("ordersOf");
    vi.setSystemTime(START + 3_600_000);
    const stale = await waitFor(shop.ordersOf(MEI), 60);
    expect(stale.freshness).toEqual({ state: "stale", at: "2026-06-15T05:40:00.000Z", source: "demo-shop" });
    expect(stale.value.length).toBe(2);
    vi.setSystemTime(START + 24 * 3_600_000);
    expect((await waitFor(shop.ordersOf(MEI), 60)).freshness.state).toBe("unavailable");
  });

  test("nothing known is unavailable, never a rejection", async () => {
    const { flaky, shop } = setUp();
    flaky.fail("ordersOf", "order", "shipmentsOf", "customer", "product");
    const answers = await waitFor(
      Promise.all([
        shop.ordersOf(MEI),
        shop.order("20881234"),
        shop.shipmentsOf("20881234"),
        shop.customer(MEI),
        shop.product("p-101"),
      ]),
    );
    expect(answers.map((facts) => facts.freshness.state)).toEqual(Array(5).fill("unavailable"));
    expect(answers.map((facts) => facts.value)).toEqual([[], undefined, [], undefined, undefined]);
  });

  test("an inner source that says unavailable or stale is never made fresher", async () => {
    const now = () => Date.now();
    const demo = createDemoShop({ now });
    let state: "stale" | "unavailable" = "stale";
    const inner = {
      ...demo,
      ordersOf: async (customer: typeof MEI) => {
        const facts = await demo.ordersOf(customer);
        return { ...facts, freshness: { ...facts.freshness, state } };
      },
    };
    const shop = withResilience(inner, { now, source: "shop" });
    expect((await shop.ordersOf(MEI)).freshness.state).toBe("stale");
    expect((await shop.ordersOf(MEI)).freshness.state).toBe("stale");
    state = "unavailable";
    expect((await waitFor(shop.ordersOf({ ...MEI, memberId: "m-1002" }))).freshness).toMatchObject({
      state: "unavailable",
      source: "shop",
    });
  });
});

describe("time", () => {
  test("a call that hangs is given up after 2.5 s, without a second try", async () => {
    const { flaky, shop } = setUp();
    flaky.hang("ordersOf");
    let done = false;
    const call = shop.ordersOf(MEI).finally(() => {
      done = true;
    });
    await vi.advanceTimersByTimeAsync(2499);
    expect(done).toBe(false);
    await vi.advanceTimersByTimeAsync(2);
    expect((await call).freshness.state).toBe("unavailable");
    expect(flaky.made.ordersOf).toBe(1);
  });

  test("an agent's refresh may take longer", async () => {
    const { flaky, shop } = setUp();
    flaky.slow(6000, "ordersOf");
    expect((await waitFor(shop.ordersOf(MEI, { fresh: true }))).freshness.state).toBe("live");
    vi.setSystemTime(START + 600_000);
    expect((await waitFor(shop.ordersOf(MEI))).freshness.state).toBe("stale");
  });

  test("a failure is tried once more", async () => {
    const { flaky, shop } = setUp();
    flaky.fail("ordersOf");
    const call = shop.ordersOf(MEI);
    await vi.advanceTimersByTimeAsync(10);
    flaky.heal();
    expect((await waitFor(call)).freshness.state).toBe("live");
    expect(flaky.made.ordersOf).toBe(2);
    expect(shop.health()).toMatchObject({ calls: 1, errorRate: 0 });
  });

  test("who stops waiting gets what is known at once; the call goes on for the next one", async () => {
    const { flaky, shop } = setUp();
    flaky.slow(1000, "ordersOf");
    const controller = new AbortController();
    const call = shop.ordersOf(MEI, { signal: controller.signal });
    controller.abort();
    expect((await call).freshness.state).toBe("unavailable");
    await vi.advanceTimersByTimeAsync(1000);
    expect((await shop.ordersOf(MEI)).freshness.state).toBe("cached");
    expect(shop.health()).toMatchObject({ errorRate: 0, breaker: "closed" });
  });
});

describe("the circuit", () => {
  test("opens after five failures, asks nothing for 15 s, closes when one try works", async () => {
    const set = setUp();
    await openCircuit(set);
    const { flaky, shop } = set;
    expect(flaky.made.order).toBe(5);
    expect(shop.health().breaker).toBe("open");
    flaky.heal();
    expect((await shop.ordersOf(MEI)).freshness.state).toBe("unavailable");
    expect(flaky.made.ordersOf).toBe(0);
    await vi.advanceTimersByTimeAsync(15_000);
    expect((await shop.ordersOf(MEI)).freshness.state).toBe("live");
    expect(shop.health().breaker).toBe("closed");
  });

  test("stays open when the try fails", async () => {
    const set = setUp();
    await openCircuit(set);
    await vi.advanceTimersByTimeAsync(15_000);
    await waitFor(set.shop.order("4"), 60);
    expect(set.flaky.made.order).toBe(6);
    expect(set.shop.health().breaker).toBe("open");
  });

  test("counts time-outs", async () => {
    const { flaky, shop } = setUp();
    flaky.hang("order");
    for (const id of ["1", "2", "3", "4", "5"]) await waitFor(shop.order(id), 2600);
    expect(shop.health().breakers.orders).toBe("open");
  });

  test("of the parcels does not cut off the orders", async () => {
    const { flaky, shop } = setUp();
    flaky.fail("shipmentsOf");
    for (const id of ["1", "2", "3"]) await waitFor(shop.shipmentsOf(id), 60);
    expect(shop.health().breakers).toMatchObject({ shipments: "open", orders: "closed" });
    expect((await shop.ordersOf(MEI)).freshness.state).toBe("live");
  });
});

describe("load", () => {
  test("ten calls at once, the others wait in line", async () => {
    const { flaky, shop } = setUp();
    flaky.slow(100, "order");
    const calls = Promise.all(Array.from({ length: 30 }, (_, index) => shop.order(`x${index}`)));
    const answers = await waitFor(calls, 400);
    expect(flaky.peak()).toBe(10);
    expect(answers.every((facts) => facts.freshness.state === "live")).toBe(true);
  });

  test("nobody waits in line longer than the limit, and the line moves on", async () => {
    const { flaky, shop } = setUp();
    flaky.hang("order");
    const calls = Promise.all(Array.from({ length: 30 }, (_, index) => shop.order(`x${index}`)));
    const answers = await waitFor(calls, 2600);
    expect(answers.every((facts) => facts.freshness.state === "unavailable")).toBe(true);
    flaky.heal();
    await vi.advanceTimersByTimeAsync(15_000);
    expect((await waitFor(shop.order("20881234"), 100)).freshness.state).toBe("live");
  });
});

describe("health", () => {
  test("counts calls, errors, time and memory over five minutes", async () => {
    const { flaky, shop } = setUp();
    expect(shop.health()).toMatchObject({ calls: 0, errorRate: 0, p95Ms: 0, breaker: "closed", cacheShare: 0 });
    flaky.slow(200, "ordersOf");
    await waitFor(shop.ordersOf(MEI), 200);
    await shop.ordersOf(MEI);
    await shop.ordersOf(MEI);
    flaky.fail("customer");
    await waitFor(shop.customer(MEI), 60);
    expect(shop.health()).toMatchObject({ calls: 2, errorRate: 0.5, p95Ms: 200, cacheShare: 0.5 });
    await vi.advanceTimersByTimeAsync(5 * 60_000);
    expect(shop.health()).toMatchObject({ calls: 0, errorRate: 0, cacheShare: 0 });
  });

  test("tells why a call failed to the log alone", async () => {
    const onFailure = vi.fn();
    const { flaky, shop } = setUp({ onFailure });
    flaky.fail("product");
    const facts = await waitFor(shop.product("p-101"), 60);
    expect(onFailure).toHaveBeenCalledExactlyOnceWith({ call: "products", error: expect.any(Error) });
    expect(JSON.stringify(facts)).not.toContain("on command");
  });
});
