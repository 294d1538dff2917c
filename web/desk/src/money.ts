import type { Money, Price } from "./api/types.ts";
import { preferences } from "./preferences.ts";

/** Minor units by the currency's own number of decimals: 12900 CNY → ¥129.00, 500 JPY → ¥500. */
export function formatMoney(money: Money): string {
  const locale = preferences.get().language === "zh" ? "zh-CN" : "en";
  try {
    const format = new Intl.NumberFormat(locale, { style: "currency", currency: money.currency });
    const digits = format.resolvedOptions().maximumFractionDigits ?? 2;
    return format.format(money.amount / 10 ** digits);
  } catch {
    return `${money.amount / 100} ${money.currency}`; // Not an ISO 4217 code: shown as the shop writes it.
  }
}

export function formatPrice(price: Price): string {
  return typeof price === "string" ? price : formatMoney(price);
}
