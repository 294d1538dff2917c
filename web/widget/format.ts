import type { Money } from "./contract.ts";
import type { Locale } from "./strings/index.ts";

/** Integer minor units: 12900 CNY is ¥129.00, 500 JPY is ￥500. */
export function formatPrice(price: Money | string, locale: Locale): string {
  if (typeof price === "string") return price;
  const { amount, currency } = price;
  const format = new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol" });
  return format.format(amount / 10 ** (format.resolvedOptions().maximumFractionDigits ?? 2));
}

export function formatSize(bytes: number): string {
  const kilobytes = bytes / 1024;
  return kilobytes < 1024 ? `${Math.ceil(kilobytes)} KB` : `${(kilobytes / 1024).toFixed(1)} MB`;
}

/** The time; for another day also "yesterday" or the date. */
export function formatMoment(at: Date, { now, locale }: { now: Date; locale: Locale }): string {
  const time = at.toLocaleTimeString(locale, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  const days = Math.round((startOfDay(at) - startOfDay(now)) / 86_400_000);
  if (days === 0) return time;
  const day =
    days === -1
      ? new Intl.RelativeTimeFormat(locale, { numeric: "auto" }).format(days, "day")
      : at.toLocaleDateString(locale, { month: "short", day: "numeric" });
  return `${day} ${time}`;
}

const startOfDay = (at: Date) => new Date(at).setHours(0, 0, 0, 0);
