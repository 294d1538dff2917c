import type { Money } from "../core/content.ts";

/** How a skill writes times and amounts: the shopper's language, the shop's time zone. */
export interface Format {
  /** `6月15日 14:20`, with the year when it is another. */
  time(at: string): string;
  /** `13:40` today, the full time on another day. */
  clock(at: string): string;
  /** `6月15日`. */
  day(at: string): string;
  money(money: Money): string;
  /** A number without a currency, for amounts that were only written. */
  number(value: number): string;
}

interface Place {
  readonly locale: string;
  readonly timeZone: string;
  readonly now: number;
}

export function createFormat({ locale, timeZone, now }: Place): Format {
  const { full, withYear, hours, date, year, numbers } = formatters(locale, timeZone);
  const sameDay = (at: string) => date.format(Date.parse(at)) === date.format(now) && sameYear(at);
  const sameYear = (at: string) => year.format(Date.parse(at)) === year.format(now);
  const time = (at: string) => (sameYear(at) ? full : withYear).format(Date.parse(at));
  return {
    time,
    clock: (at) => (sameDay(at) ? hours.format(Date.parse(at)) : time(at)),
    day: (at) => date.format(Date.parse(at)),
    money: ({ amount, currency }) => moneyFormat(locale, currency).format(amount / minorUnits(currency)),
    number: (value) => numbers.format(value),
  };
}

/** How many minor units make one: 12900 CNY is 129.00, 12900 JPY is 12,900. */
export function minorUnits(currency: string): number {
  return 10 ** (moneyFormat("en", currency).resolvedOptions().maximumFractionDigits ?? 2);
}

/** Building an Intl formatter costs far more than using it, so each is built once; a deployment knows few locales and zones. */
const built = new Map<string, ReturnType<typeof buildFormatters>>();
const builtMoney = new Map<string, Intl.NumberFormat>();
const MOST_KEPT = 200;

function formatters(locale: string, timeZone: string) {
  return remember(built, `${locale}|${timeZone}`, () => buildFormatters(locale, timeZone));
}

function moneyFormat(locale: string, currency: string): Intl.NumberFormat {
  return remember(
    builtMoney,
    `${locale}|${currency}`,
    () => new Intl.NumberFormat(locale, { style: "currency", currency, currencyDisplay: "narrowSymbol" }),
  );
}

function buildFormatters(locale: string, timeZone: string) {
  const make = (options: Intl.DateTimeFormatOptions) => new Intl.DateTimeFormat(locale, { timeZone, ...options });
  const hour = { hour: "2-digit", minute: "2-digit", hourCycle: "h23" } as const;
  const day = { month: locale.startsWith("en") ? "short" : "long", day: "numeric" } as const;
  return {
    full: make({ ...day, ...hour }),
    withYear: make({ year: "numeric", ...day, ...hour }),
    hours: make(hour),
    date: make(day),
    year: make({ year: "numeric" }),
    numbers: new Intl.NumberFormat(locale, { maximumFractionDigits: 2 }),
  };
}

function remember<T>(map: Map<string, T>, key: string, build: () => T): T {
  const kept = map.get(key);
  if (kept !== undefined) return kept;
  if (map.size >= MOST_KEPT) map.clear();
  const made = build();
  map.set(key, made);
  return made;
}
