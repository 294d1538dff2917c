/** Who is there to answer, what a waiting shopper is told of it, and when an agent is gone. Pure. */
import { localTime } from "./calendar.ts";
import { type Locale, nearestLocale } from "./language.ts";

/** What an agent says of themselves; `busy` is there and takes no more than they take themselves. */
export const DUTY_MARKS = ["online", "busy", "away"] as const;
export type DutyMark = (typeof DUTY_MARKS)[number];

export interface Presence {
  readonly userId: string;
  readonly mark: DutyMark;
  /** When a live stream of theirs was last seen alive. */
  readonly seenAt: number;
}

/** Without a sign of life for this long, an agent is not there. */
export const DUTY_MS = 60_000;
/** A live stream says so this often. */
export const BEAT_MS = 15_000;

/** A login's calls are noted every five minutes: within this time whoever works without a stream is there. */
export const CALLED_MS = 10 * 60_000;

export const isThere = ({ seenAt }: Presence, now: number): boolean => now - seenAt < DUTY_MS;
export const isOnDuty = (presence: Presence, now: number): boolean =>
  isThere(presence, now) && presence.mark !== "away";

/** Handled tickets an estimate is made of; fewer say nothing. */
export const HANDLED_FOR_ESTIMATE = 50;
const LEAST_HANDLED = 5;

/** Minutes a person spends on one shopper: the median of what was handled last, or what the shop says. */
export function handleMinutesOf(handledMs: readonly number[], otherwise: number): number {
  if (handledMs.length < LEAST_HANDLED) return otherwise;
  const sorted = [...handledMs].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low = 0, high = 0] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  return (low + high) / 2 / 60_000;
}

/** Minutes until the one with `ahead` others before them is served. */
export function waitMinutes(input: {
  readonly ahead: number;
  readonly handleMinutes: number;
  readonly onDuty: number;
}): number {
  return Math.max(1, Math.ceil((input.ahead * input.handleMinutes) / Math.max(1, input.onDuty)));
}

const NEAR: Readonly<Record<Locale, readonly [today: string, tomorrow: string]>> = {
  "zh-CN": ["今天", "明天"],
  "zh-TW": ["今天", "明天"],
  en: ["today", "tomorrow"],
  ja: ["本日", "明日"],
};

/** "明天 09:00", in the shop's zone. */
export function dueWords(
  dueAt: number,
  now: number,
  { locale, zone }: { readonly locale: string; readonly zone: string },
) {
  const language = nearestLocale(locale);
  const time = new Intl.DateTimeFormat(language, {
    timeZone: zone,
    hour: "2-digit",
    minute: "2-digit",
    hourCycle: "h23",
  }).format(dueAt);
  const days = Math.floor(localTime(zone, dueAt) / 86_400_000) - Math.floor(localTime(zone, now) / 86_400_000);
  const near = NEAR[language][days];
  const day =
    near ??
    new Intl.DateTimeFormat(language, { timeZone: zone, month: "short", day: "numeric", weekday: "short" }).format(
      dueAt,
    );
  return language === "en" ? `${time} ${day === near ? near : `on ${day}`}` : `${day} ${time}`;
}

/** Chats are given back only while agents can have been seen: not right after a start, a sleep or a clock that was moved. */
export const SETTLE_MS = 90_000;

export interface Watch {
  /** Since when it has been looked without a break. */
  readonly since: number;
  readonly lookedAt: number;
}

export function keepWatch(watch: Watch | undefined, now: number, everyMs: number): Watch {
  const unbroken = watch !== undefined && now >= watch.lookedAt && now - watch.lookedAt <= everyMs * 3;
  return { since: unbroken ? watch.since : now, lookedAt: now };
}

export const isSettled = (watch: Watch): boolean => watch.lookedAt - watch.since >= SETTLE_MS;
