import { expect, test } from "vitest";
import { createFactCache } from "../../src/commerce/fact-cache.ts";
import { createSampleWindow, percentile } from "../../src/commerce/window.ts";

const facts = (value: string) => ({ value, freshness: { state: "live" as const, at: "", source: "shop" } });

test("forgets the oldest beyond its size, and everything beyond its age", () => {
  let now = 0;
  const cache = createFactCache({ now: () => now, ttlMs: 10, keepMs: 100, most: 2 });
  cache.set("a", facts("1"));
  cache.set("b", facts("2"));
  cache.set("a", facts("3"));
  cache.set("c", facts("4"));
  expect(["a", "b", "c"].map((key) => cache.last(key)?.value)).toEqual(["3", undefined, "4"]);
  now = 10;
  expect([cache.fresh("a"), cache.last("a")?.value]).toEqual([undefined, "3"]);
  now = 100;
  expect(cache.last("a")).toBeUndefined();
});

test("figures count the last minutes and so many samples at most", () => {
  let now = 0;
  const window = createSampleWindow<{ at: number }>({ now: () => now, spanMs: 100, most: 3 });
  for (const at of [0, 10, 20, 30]) {
    now = at;
    window.add({ at });
  }
  expect(window.recent().map((sample) => sample.at)).toEqual([10, 20, 30]);
  now = 115;
  expect(window.recent().map((sample) => sample.at)).toEqual([20, 30]);
});

test.each([
  [[], 0],
  [[7], 7],
  [[3, 1, 2], 3],
  [Array.from({ length: 100 }, (_, index) => index + 1), 95],
])("the 95th percentile of %o", (values, expected) => {
  expect(percentile(values, 0.95)).toBe(expected);
});
