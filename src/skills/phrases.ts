import type { OrderStatus } from "../core/commerce.ts";
import type { Locale } from "../core/language.ts";
import { DEFAULT_TONE, tableInTone, toneFor } from "../core/tone.ts";
import { en } from "./phrases/en.ts";
import { ja } from "./phrases/ja.ts";
import { zhCN } from "./phrases/zh-cn.ts";
import { zhTW } from "./phrases/zh-tw.ts";

/** An order as a sentence names it. */
export interface Named {
  readonly id: string;
  readonly items: string;
}

/**
 * The skills' own lines in one language. Times and amounts come formatted. No line about an order says "now" or "latest": the
 * same words are used for data of this second and of an hour ago, and the freshness line before them tells which.
 */
export interface Phrases {
  readonly status: Readonly<Record<OrderStatus, string>>;
  /** An order by its first item: `「亚麻衬衫」等 3 件`. */
  items(title: string, count: { readonly pieces: number; readonly kinds: number }): string;

  pendingPayment(order: Named & { readonly total: string }): string;
  unshipped(order: Named & { readonly promised?: string }): string;
  overdue(order: Named & { readonly promised: string }): string;
  /** Put before the state of an order the shopper wants sooner. */
  readonly sorryToWait: string;
  shipped(order: Named & { readonly at?: string }): string;
  parcel(parcel: { readonly carrier: string; readonly tracking: string }): string;
  node(node: { readonly at: string; readonly text: string }): string;
  eta(day: string): string;
  readonly noNodes: string;
  readonly shipmentsUnknown: string;
  readonly exception: string;
  delivered(order: Named & { readonly at?: string }): string;
  completed(order: Named & { readonly at?: string }): string;
  cancelled(order: Named): string;
  refunding(order: Named): string;
  refunded(order: Named): string;
  /** For a parcel that says delivered and is not there. */
  readonly notReceived: string;

  cachedAt(time: string): string;
  staleAt(time: string): string;

  pick(count: number): string;
  readonly noOrders: string;
  notYours(orderId: string): string;
  readonly askOrder: string;
  askFact(orderId: string): string;
  /** One wording for a wrong number and a wrong fact (`security.md` WD-4). */
  readonly notFound: string;
  readonly tooManyTries: string;
  readonly offerPerson: string;
  /** The label of the button. */
  readonly person: string;
}

const BY_LOCALE: Readonly<Record<Locale, Phrases>> = { "zh-CN": zhCN, "zh-TW": zhTW, en, ja };

export function phrasesFor(locale: Locale, tone = toneFor(DEFAULT_TONE, { locale })): Phrases {
  return tableInTone(BY_LOCALE[locale], tone);
}
