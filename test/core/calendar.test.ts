import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  addBusinessTime,
  type Calendar,
  calendarSchema,
  closesAt,
  instantOf,
  isOpen,
  localTime,
  nextOpen,
  WEEKDAYS,
} from "../../src/core/calendar.ts";

const SHANGHAI = "Asia/Shanghai";
const NEW_YORK = "America/New_York";
const office: Calendar = calendarSchema.parse({
  week: Object.fromEntries(["mon", "tue", "wed", "thu", "fri"].map((day) => [day, [{ from: "09:00", to: "18:00" }]])),
  holidays: [
    { date: "2026-10-01", name: "国庆" },
    { date: "2026-10-02" },
    { date: "2026-10-05" },
    { date: "2026-10-06" },
    { date: "2026-10-07" },
  ],
  extra: [{ date: "2026-10-10", hours: [{ from: "10:00", to: "12:00" }] }],
});
const nights = calendarSchema.parse({
  week: { fri: [{ from: "22:00", to: "06:00" }], sat: [{ from: "00:00", to: "24:00" }] },
});
const at = (text: string, zone = SHANGHAI) => instantOf(zone, Date.parse(`${text}Z`));

describe("is open", () => {
  test.each([
    ["the minute it opens", office, "2026-09-28T09:00", true],
    ["just before", office, "2026-09-28T08:59", false],
    ["the minute it closes", office, "2026-09-28T18:00", false],
    ["at the weekend", office, "2026-09-26T12:00", false],
    ["on a holiday", office, "2026-10-01T12:00", false],
    ["on an extra day", office, "2026-10-10T11:00", true],
    ["on an extra day outside its hours", office, "2026-10-10T13:00", false],
    ["after midnight of a night shift", nights, "2026-09-26T05:59", true],
    ["all of a day until midnight", nights, "2026-09-26T23:59", true],
    ["past midnight", nights, "2026-09-27T00:00", false],
  ])("%s", (_name, calendar, when, open) => {
    expect(isOpen(calendar, SHANGHAI, at(when))).toBe(open);
  });

  test("always with no hours at all, whatever the holidays", () => {
    const empty = calendarSchema.parse({ holidays: [{ date: "2026-10-01" }] });
    const now = at("2026-10-01T03:00");
    expect(isOpen(empty, SHANGHAI, now)).toBe(true);
    expect(closesAt(empty, SHANGHAI, now)).toBeUndefined();
    expect(addBusinessTime(empty, SHANGHAI, now, 30)).toBe(now + 30 * 60_000);
  });

  test("as long as one shift runs into the next", () => {
    expect(closesAt(nights, SHANGHAI, at("2026-09-25T23:00"))).toBe(at("2026-09-27T00:00"));
  });
});

describe("a promise", () => {
  test.each([
    ["within the day", "2026-09-28T10:00", 60, "2026-09-28T11:00"],
    ["from before opening", "2026-09-28T03:00", 30, "2026-09-28T09:30"],
    ["over the night", "2026-09-28T17:45", 30, "2026-09-29T09:15"],
    ["to the very end of the day", "2026-09-28T17:30", 30, "2026-09-28T18:00"],
    ["over a weekend", "2026-09-25T19:00", 30, "2026-09-28T09:30"],
    ["over a chain of holidays and a weekend", "2026-09-30T20:00", 30, "2026-10-08T09:30"],
    ["into an extra day", "2026-10-09T19:00", 60, "2026-10-10T11:00"],
    ["through an extra day", "2026-10-09T19:00", 180, "2026-10-12T10:00"],
  ])("%s", (_name, from, minutes, due) => {
    expect(addBusinessTime(office, SHANGHAI, at(from), minutes)).toBe(at(due));
  });

  test("is not made where nothing opens again", () => {
    const once = calendarSchema.parse({ extra: [{ date: "2020-01-01", hours: [{ from: "09:00", to: "10:00" }] }] });
    expect(nextOpen(once, SHANGHAI, at("2026-01-01T00:00"))).toBeUndefined();
    expect(addBusinessTime(once, SHANGHAI, at("2026-01-01T00:00"), 1)).toBeUndefined();
  });
});

describe("where clocks change", () => {
  const daily = calendarSchema.parse({
    week: Object.fromEntries(WEEKDAYS.map((day) => [day, [{ from: "01:00", to: "04:00" }]])),
  });
  test("an hour that is missing is not worked, one that comes twice is", () => {
    const open = (day: string) => {
      const start = at(`${day}T01:00`, NEW_YORK);
      return ((closesAt(daily, NEW_YORK, start) ?? 0) - start) / 3_600_000;
    };
    expect([open("2026-03-07"), open("2026-03-08"), open("2026-11-01")]).toEqual([3, 2, 4]);
  });

  test("a time that does not exist is as long after the gap as into it; one that comes twice is the first", () => {
    expect(new Date(at("2026-03-08T02:30", NEW_YORK)).toISOString()).toBe("2026-03-08T07:30:00.000Z");
    expect(new Date(at("2026-11-01T01:30", NEW_YORK)).toISOString()).toBe("2026-11-01T05:30:00.000Z");
  });
});

const zone = fc.constantFrom(
  "UTC",
  SHANGHAI,
  NEW_YORK,
  "Europe/Berlin",
  "Australia/Lord_Howe",
  "Asia/Kathmandu",
  "America/St_Johns",
  "Pacific/Apia",
);
const instant = fc
  .integer({ min: Date.UTC(2025, 0, 1) / 60_000, max: Date.UTC(2028, 0, 1) / 60_000 })
  .map((m) => m * 60_000);
const time = fc.integer({ min: 0, max: 1439 }).map((m) => new Date(m * 60_000).toISOString().slice(11, 16));
const spans = fc.array(fc.record({ from: time, to: time }), { maxLength: 3 });
const date = fc
  .integer({ min: 0, max: 1094 })
  .map((day) => new Date(Date.UTC(2025, 0, 1 + day)).toISOString().slice(0, 10));
const calendar = fc
  .record({
    week: fc.record(Object.fromEntries(WEEKDAYS.map((day) => [day, spans]))),
    holidays: fc.array(fc.record({ date }), { maxLength: 30 }),
    extra: fc.array(
      fc.record({ date, hours: fc.array(fc.record({ from: time, to: time }), { minLength: 1, maxLength: 2 }) }),
      {
        maxLength: 3,
      },
    ),
  })
  .map((made) => calendarSchema.parse(made));

describe("for any calendar, zone and time", () => {
  test("a wall clock's reading leads back to it", () => {
    fc.assert(
      fc.property(zone, instant, (where, when) => {
        const local = localTime(where, when);
        expect(localTime(where, instantOf(where, local))).toBe(local);
      }),
    );
  });

  test("it is open exactly when the next opening is now, and open then", () => {
    fc.assert(
      fc.property(calendar, zone, instant, (hours, where, when) => {
        const next = nextOpen(hours, where, when);
        expect(isOpen(hours, where, when)).toBe(next === when);
        if (next === undefined) return;
        expect(next).toBeGreaterThanOrEqual(when);
        expect(isOpen(hours, where, next)).toBe(true);
        if (next > when) expect(isOpen(hours, where, next - 1)).toBe(false);
      }),
      { numRuns: 60 },
    );
  });

  test("a promise grows with its minutes, adds up, and ends in or at the end of open time", () => {
    fc.assert(
      fc.property(
        calendar,
        zone,
        instant,
        fc.integer({ min: 1, max: 3000 }),
        fc.integer({ min: 1, max: 3000 }),
        (hours, where, when, a, b) => {
          const first = addBusinessTime(hours, where, when, a);
          const both = addBusinessTime(hours, where, when, a + b);
          if (first === undefined || both === undefined) return;
          expect(first).toBeGreaterThanOrEqual(when + a * 60_000);
          expect(addBusinessTime(hours, where, first, b)).toBe(both);
          expect(isOpen(hours, where, first - 1)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});
