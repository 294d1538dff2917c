import { describe, expect, test } from "vitest";
import {
  dueWords,
  handleMinutesOf,
  isOnDuty,
  isSettled,
  keepWatch,
  type Watch,
  waitMinutes,
} from "../../src/core/duty.ts";

test.each([
  ["online", 59_999, true],
  ["busy", 0, true],
  ["away", 0, false],
  ["online", 60_000, false],
] as const)("who is %s and was seen %i ms ago is on duty: %s", (mark, ago, onDuty) => {
  expect(isOnDuty({ userId: "u", mark, seenAt: 1_000_000 - ago }, 1_000_000)).toBe(onDuty);
});

test("an estimate is the median of what was handled, once that says something", () => {
  const minutes = (...list: number[]) => list.map((one) => one * 60_000);
  expect(handleMinutesOf(minutes(1, 1, 1, 1), 3)).toBe(3);
  expect(handleMinutesOf(minutes(9, 2, 4, 500, 3), 3)).toBe(4);
  expect(handleMinutesOf(minutes(9, 2, 4, 500, 3, 5), 3)).toBe(4.5);
});

test.each([
  [0, 1, 1],
  [3, 1, 12],
  [3, 3, 4],
  [3, 0, 12],
])("%i ahead with %i on duty wait %i minutes", (ahead, onDuty, minutes) => {
  expect(waitMinutes({ ahead, onDuty, handleMinutes: 4 })).toBe(minutes);
});

describe("a time that is promised", () => {
  // 22:00 on a Friday in Shanghai.
  const now = Date.UTC(2026, 8, 25, 14);
  const later = (hours: number) => now + hours * 3_600_000;
  test.each([
    ["zh-CN", later(1), "今天 23:00"],
    ["zh-CN", later(11), "明天 09:00"],
    ["zh-TW", later(11), "明天 09:00"],
    ["en", later(11), "09:00 tomorrow"],
    ["ja", later(11), "明日 09:00"],
    ["zh-CN", later(59), "9月28日周一 09:00"],
    ["en", later(59), "09:00 on Mon, Sep 28"],
  ])("in %s", (locale, dueAt, words) => {
    expect(dueWords(dueAt, now, { locale, zone: "Asia/Shanghai" })).toBe(words);
  });
});

test("chats are given back only after a minute and a half of unbroken looking", () => {
  const every = 5000;
  let watch: Watch | undefined;
  const look = (at: number) => {
    watch = keepWatch(watch, at, every);
    return isSettled(watch);
  };
  const settled: number[] = [];
  for (let at = 0; at <= 100_000; at += every) if (look(at)) settled.push(at);
  expect(settled[0]).toBe(90_000);
  // Asleep for a minute, or the clock was moved.
  expect(look(160_000)).toBe(false);
  expect(look(165_000)).toBe(false);
  expect(look(100_000)).toBe(false);
});
