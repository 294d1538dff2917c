import { serverNow } from "./api/client.ts";
import { t } from "./i18n/index.ts";
import { preferences } from "./preferences.ts";

let timeZone: string | undefined;

/** Times are shown in the shop's zone: the one promises and validity windows are made in. */
export function setTimeZone(zone: string): void {
  try {
    new Intl.DateTimeFormat("en", { timeZone: zone });
    timeZone = zone;
  } catch {
    timeZone = undefined; // A zone this browser does not know: its own is the next best.
  }
}

export function shopTimeZone(): string | undefined {
  return timeZone;
}

const formats = new Map<string, Intl.DateTimeFormat>();

function format(at: number, options: Intl.DateTimeFormatOptions): string {
  const locale = preferences.get().language === "zh" ? "zh-CN" : "en-GB";
  const key = `${locale} ${timeZone} ${JSON.stringify(options)}`;
  let formatter = formats.get(key);
  if (formatter === undefined) {
    formatter = new Intl.DateTimeFormat(locale, { ...options, ...(timeZone && { timeZone }) });
    formats.set(key, formatter);
  }
  return formatter.format(at);
}

export const clockTime = (iso: string) =>
  format(Date.parse(iso), { hour: "2-digit", minute: "2-digit", hour12: false });
export const fullTime = (iso: string) =>
  format(Date.parse(iso), {
    year: "numeric",
    month: "2-digit",
    day: "2-digit",
    hour: "2-digit",
    minute: "2-digit",
    hour12: false,
  });
export const dayKey = (iso: string) => format(Date.parse(iso), { year: "numeric", month: "2-digit", day: "2-digit" });
export const shortDate = (iso: string) => format(Date.parse(iso), { month: "2-digit", day: "2-digit" });
export const longDate = (iso: string) => format(Date.parse(iso), { year: "numeric", month: "2-digit", day: "2-digit" });

/** `今天`, `昨天`, or the date. */
export function dayName(iso: string): string {
  const key = dayKey(iso);
  const now = serverNow();
  if (key === dayKey(new Date(now).toISOString())) return t("time.today");
  if (key === dayKey(new Date(now - 86_400_000).toISOString())) return t("time.yesterday");
  return format(Date.parse(iso), { year: "numeric", month: "long", day: "numeric", weekday: "short" });
}

/** `14:03` today, `11-18` otherwise. */
export function listTime(iso: string): string {
  return dayKey(iso) === dayKey(new Date(serverNow()).toISOString()) ? clockTime(iso) : shortDate(iso);
}

/** `14:03` today, `11-18 14:03` otherwise. */
export function momentTime(iso: string): string {
  const today = dayKey(iso) === dayKey(new Date(serverNow()).toISOString());
  return today ? clockTime(iso) : `${shortDate(iso)} ${clockTime(iso)}`;
}

export function ago(iso: string, now = serverNow()): string {
  const minutes = Math.floor((now - Date.parse(iso)) / 60_000);
  if (minutes < 1) return t("time.now");
  if (minutes < 60) return t("time.minutes", { n: minutes });
  if (minutes < 48 * 60) return t("time.hours", { n: Math.floor(minutes / 60) });
  return t("time.days", { n: Math.floor(minutes / 1440) });
}

/** `00:48`, `1:02:03`, `2 d`. */
export function stopwatch(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const two = (n: number) => String(n).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  if (hours >= 48) return `${Math.floor(hours / 24)}d`;
  const rest = `${two(Math.floor((seconds % 3600) / 60))}:${two(seconds % 60)}`;
  return hours > 0 ? `${hours}:${rest}` : rest;
}

const SECONDS_BELOW_MS = 10 * 60_000;

/** `3h12m`, `12m`, `09:41`: what is left of a send window, the seconds when they begin to count. */
export function remaining(ms: number): string {
  if (ms < SECONDS_BELOW_MS) return stopwatch(ms);
  const minutes = Math.max(0, Math.floor(ms / 60_000));
  if (minutes >= 48 * 60) return `${Math.floor(minutes / 1440)}d`;
  return minutes >= 60 ? `${Math.floor(minutes / 60)}h${String(minutes % 60).padStart(2, "0")}m` : `${minutes}m`;
}
