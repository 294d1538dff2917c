/** When the shop answers: weekly hours, holidays and extra working days, in the shop's zone. Pure; `Intl` alone knows the zones. */
import { z } from "zod";

export const WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"] as const;
export type Weekday = (typeof WEEKDAYS)[number];

const minute = z.string().regex(/^(?:(?:[01]\d|2[0-3]):[0-5]\d|24:00)$/, "a time such as 09:00");
/** `to` at or before `from` lies on the next day. */
const span = z.strictObject({ from: minute.refine((time) => time !== "24:00", "before 24:00"), to: minute });
const spans = z.array(span).max(6);
const date = z.string().refine((text) => {
  const at = /^\d{4}-\d\d-\d\d$/.test(text) ? Date.parse(`${text}T00:00:00Z`) : Number.NaN;
  return !Number.isNaN(at) && new Date(at).toISOString().startsWith(text);
}, "a date such as 2026-10-01");
const day = z.strictObject({ date, name: z.string().max(50).optional() });

export const calendarSchema = z.strictObject({
  /** A day that is not named is closed; without any hours at all the shop is always open. */
  week: z.partialRecord(z.enum(WEEKDAYS), spans).default({}),
  holidays: z.array(day).max(400).default([]),
  /** Days with hours of their own, whatever the week or a holiday says. */
  extra: z
    .array(day.extend({ hours: spans.min(1) }))
    .max(400)
    .default([]),
});
export type Calendar = z.output<typeof calendarSchema>;
export type Hours = z.output<typeof span>;

/** Open from `start` until just before `end`. */
interface Open {
  readonly start: number;
  readonly end: number;
}

const DAY_MS = 86_400_000;
/** Further ahead nobody is promised anything. */
const HORIZON_DAYS = 400;

export function isAlwaysOpen({ week, extra }: Calendar): boolean {
  return extra.length === 0 && WEEKDAYS.every((weekday) => (week[weekday] ?? []).length === 0);
}

export function isOpen(calendar: Calendar, zone: string, at: number): boolean {
  return nextOpen(calendar, zone, at) === at;
}

/** `at` itself while open; undefined: not within the coming year. */
export function nextOpen(calendar: Calendar, zone: string, at: number): number | undefined {
  if (isAlwaysOpen(calendar)) return at;
  for (const { start } of openFrom(calendar, zone, at)) return Math.max(start, at);
  return undefined;
}

/** When the hours `at` is in end; undefined while closed, or when they never end. */
export function closesAt(calendar: Calendar, zone: string, at: number): number | undefined {
  if (isAlwaysOpen(calendar)) return undefined;
  for (const { start, end } of openFrom(calendar, zone, at)) return start <= at ? end : undefined;
  return undefined;
}

/** So many minutes of open time later; undefined: not within the coming year. */
export function addBusinessTime(calendar: Calendar, zone: string, at: number, minutes: number): number | undefined {
  let left = minutes * 60_000;
  if (isAlwaysOpen(calendar)) return at + left;
  for (const { start, end } of openFrom(calendar, zone, at)) {
    const begin = Math.max(start, at);
    if (begin + left <= end) return begin + left;
    left -= end - begin;
  }
  return undefined;
}

/** The hours that end after `at`, in order, each as long as the shop stays open. */
function* openFrom(calendar: Calendar, zone: string, at: number): Generator<Open> {
  const today = Math.floor(localTime(zone, at) / DAY_MS) * DAY_MS;
  let held: Open | undefined;
  // Yesterday's hours may reach over midnight.
  for (let ahead = -1; ahead <= HORIZON_DAYS; ahead += 1) {
    for (const next of openOn(calendar, zone, today + ahead * DAY_MS)) {
      if (held !== undefined && next.start <= held.end) {
        held = { start: held.start, end: Math.max(held.end, next.end) };
        continue;
      }
      if (held !== undefined && held.end > at) yield held;
      held = next;
    }
  }
  if (held !== undefined && held.end > at) yield held;
}

/** Hours belong to the day they begin on: a night shift before a holiday ends as planned. */
function openOn(calendar: Calendar, zone: string, midnight: number): Open[] {
  const name = new Date(midnight).toISOString().slice(0, 10);
  const weekday = WEEKDAYS[(new Date(midnight).getUTCDay() + 6) % 7] ?? "mon";
  const own = calendar.extra.find((one) => one.date === name)?.hours;
  const closed = calendar.holidays.some((one) => one.date === name);
  const hours = own ?? (closed ? [] : (calendar.week[weekday] ?? []));
  return hours
    .map(({ from, to }) => {
      const begin = msOf(from);
      const end = msOf(to);
      return {
        start: instantOf(zone, midnight + begin),
        end: instantOf(zone, midnight + (end > begin ? end : end + DAY_MS)),
      };
    })
    .filter(({ start, end }) => start < end)
    .sort((a, b) => a.start - b.start);
}

const msOf = (time: string) => (Number(time.slice(0, 2)) * 60 + Number(time.slice(3))) * 60_000;

/** The wall clock, as if its zone were UTC. */
export function localTime(zone: string, at: number): number {
  const parts = formatOf(zone).formatToParts(at);
  const of = (type: string) => Number(parts.find((part) => part.type === type)?.value);
  const whole = Date.UTC(of("year"), of("month") - 1, of("day"), of("hour"), of("minute"), of("second"));
  return whole + (((at % 1000) + 1000) % 1000);
}

/** When a wall clock shows this: the first time where it does twice; where it never does, as long after the gap as into it. */
export function instantOf(zone: string, local: number): number {
  const before = local - (localTime(zone, local - DAY_MS) - (local - DAY_MS));
  const after = local - (localTime(zone, local + DAY_MS) - (local + DAY_MS));
  const shown = [Math.min(before, after), Math.max(before, after)].find((at) => localTime(zone, at) === local);
  return shown ?? before;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known !== undefined) return known;
  const made = new Intl.DateTimeFormat("en-US", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  formats.set(zone, made);
  return made;
}
