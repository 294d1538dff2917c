import { expect, test } from "vitest";
import { createFormat } from "../../src/skills/format.ts";

const now = Date.parse("2026-06-15T05:40:00.000Z");
const format = (locale: string, timeZone = "Asia/Shanghai") => createFormat({ locale, timeZone, now });

test.each([
  ["zh-CN", "6月15日 13:10"],
  ["zh-TW", "6月15日 13:10"],
  ["en", "Jun 15, 13:10"],
  ["ja", "6月15日 13:10"],
])("a time in %s", (locale, expected) => {
  expect(format(locale).time("2026-06-15T05:10:00.000Z")).toBe(expected);
});

test("today is the shop's today", () => {
  expect(format("zh-CN").clock("2026-06-14T16:00:00.000Z")).toBe("00:00");
  expect(format("zh-CN").clock("2026-06-14T15:59:00.000Z")).toBe("6月14日 23:59");
  expect(format("zh-CN").clock("2025-06-15T05:10:00.000Z")).toBe("2025年6月15日 13:10");
});

test.each([
  ["zh-CN", 18_900, "CNY", "¥189.00"],
  ["en", 18_900, "USD", "$189.00"],
  ["ja", 18_900, "JPY", "￥18,900"],
  ["en", 1, "KWD", "KWD 0.001"],
])("money in %s", (locale, amount, currency, expected) => {
  expect(format(locale).money({ amount, currency }).replace("\u00a0", " ")).toBe(expected);
});
