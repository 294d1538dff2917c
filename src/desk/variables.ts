/** What an answer may speak of, and where each word comes from: the shop, the contact, or facts no older than they may be. */

import type { Commerce, Coupon, CustomerRef, Facts, Order, Promotion } from "../core/commerce.ts";
import type { Contact } from "../core/contact.ts";
import type { Money } from "../core/content.ts";
import { extractEntities } from "../core/entities.ts";
import { nearestLocale } from "../core/language.ts";
import type { Basket } from "../core/promotion.ts";
import { promotionGap } from "../core/promotion.ts";
import type { Tone } from "../core/tone.ts";
import { createFormat, type Format } from "../skills/format.ts";
import { itemsOf } from "../skills/order-skill.ts";
import { phrasesFor } from "../skills/phrases.ts";

/** Where a variable's value is asked for; `here` costs nothing. */
export type Source = "here" | "orders" | "shipments" | "customer" | "coupons" | "promotions" | "basket";

export interface Variable {
  readonly name: string;
  readonly source: Source;
  readonly title: { readonly zh: string; readonly en: string };
  readonly sample: { readonly zh: string; readonly en: string };
}

const variable = (name: string, source: Source, title: Variable["title"], sample: Variable["sample"]): Variable => ({
  name,
  source,
  title,
  sample,
});
const both = (text: string) => ({ zh: text, en: text });

/** One list for the server's check, the picker and the facts that are fetched. */
export const VARIABLES: readonly Variable[] = [
  variable("shop.name", "here", { zh: "店铺名称", en: "Shop name" }, { zh: "小二优选", en: "Xiaoer Select" }),
  variable("shop.hours", "here", { zh: "客服时间", en: "Opening hours" }, both("9:00–21:00")),
  variable("tone.greeting", "here", { zh: "语气：称呼", en: "Tone: greeting" }, { zh: "亲，", en: "Hi, " }),
  variable("tone.you", "here", { zh: "语气：你/您/亲", en: "Tone: you" }, { zh: "亲", en: "you" }),
  variable("contact.name", "here", { zh: "顾客称呼", en: "Customer's name" }, { zh: "林小美", en: "Emma" }),
  variable("contact.tier", "customer", { zh: "会员等级", en: "Member tier" }, { zh: "金卡", en: "Gold" }),
  variable("order.number", "orders", { zh: "订单号", en: "Order number" }, both("20881234")),
  variable("order.status", "orders", { zh: "订单状态", en: "Order status" }, { zh: "已发货", en: "shipped" }),
  variable(
    "order.items",
    "orders",
    { zh: "订单商品", en: "Ordered items" },
    { zh: "「亚麻衬衫」等 2 件", en: "Linen shirt and 1 more" },
  ),
  variable("order.total", "orders", { zh: "订单金额", en: "Order total" }, both("¥378.00")),
  variable(
    "order.createdAt",
    "orders",
    { zh: "下单时间", en: "Ordered at" },
    { zh: "6月13日 13:00", en: "Jun 13, 13:00" },
  ),
  variable(
    "order.shippedAt",
    "orders",
    { zh: "发货时间", en: "Shipped at" },
    { zh: "6月14日 16:40", en: "Jun 14, 16:40" },
  ),
  variable(
    "order.deliveredAt",
    "orders",
    { zh: "签收时间", en: "Delivered at" },
    { zh: "6月15日 10:05", en: "Jun 15, 10:05" },
  ),
  variable("order.trackingNumber", "orders", { zh: "快递单号", en: "Tracking number" }, both("SF1443007890123")),
  variable("order.carrier", "shipments", { zh: "快递公司", en: "Carrier" }, { zh: "顺丰速运", en: "SF Express" }),
  variable("coupon.count", "coupons", { zh: "可用优惠券张数", en: "Unused coupons" }, both("2")),
  variable(
    "coupon.title",
    "coupons",
    { zh: "最快到期的券", en: "Coupon that ends first" },
    { zh: "会员券", en: "Member coupon" },
  ),
  variable("coupon.off", "coupons", { zh: "券面额", en: "Coupon's value" }, both("¥20.00")),
  variable("coupon.validUntil", "coupons", { zh: "券到期日", en: "Coupon ends on" }, { zh: "6月30日", en: "Jun 30" }),
  variable("promotion.title", "promotions", { zh: "当前活动", en: "Promotion" }, { zh: "夏季满减", en: "Summer sale" }),
  variable("promotion.threshold", "promotions", { zh: "活动门槛", en: "Promotion's threshold" }, both("¥200.00")),
  variable("promotion.off", "promotions", { zh: "活动减免", en: "Promotion takes off" }, both("¥30.00")),
  variable("promotion.gap", "basket", { zh: "还差多少（按购物车算）", en: "Missing to the discount" }, both("¥20.00")),
  variable("promotion.saved", "basket", { zh: "已减多少（按购物车算）", en: "Saved already" }, both("¥30.00")),
];

const BY_NAME: ReadonlyMap<string, Variable> = new Map(VARIABLES.map((one) => [one.name, one]));

export interface VariablePlace {
  readonly shop: { readonly name: string; readonly hours: string };
  readonly contact: Pick<Contact, "shopId" | "level" | "memberId" | "name">;
  readonly tone: Tone;
  readonly locale: string;
  readonly timeZone: string;
  readonly now: number;
  /** An order named here is the one that is spoken of. */
  readonly text: string;
}

export type Values = Readonly<Record<string, Readonly<Record<string, string>>>>;

/** Always known: the shop's own words. */
export const isHere = (name: string): boolean =>
  name !== "contact.name" && (BY_NAME.get(name)?.source ?? "here") === "here";

/** Those that cost nothing. */
export function valuesHere({ shop, contact, tone }: Pick<VariablePlace, "shop" | "contact" | "tone">): Values {
  return {
    shop: { name: shop.name, hours: shop.hours },
    tone: { greeting: tone.greeting, you: tone.you },
    contact: contact.name === undefined ? {} : { name: contact.name },
  };
}

/** True when a variable needs a proven contact, so that an unproven one is told to sign in rather than to wait. */
export function needsProof(names: readonly string[]): boolean {
  return names.some((name) => !["here", "promotions"].includes(BY_NAME.get(name)?.source ?? "here"));
}

/** Whose facts may be asked for; undefined: nobody's, as nobody has proven who they are. */
function customerOf({ contact: { shopId, memberId, level } }: Pick<VariablePlace, "contact">): CustomerRef | undefined {
  return level === "verified" && memberId !== undefined ? { shopId, memberId } : undefined;
}

/** The contact's member tier; undefined where it is not known. */
export async function tierOf(
  commerce: Commerce,
  place: Pick<VariablePlace, "contact">,
  signal: AbortSignal,
): Promise<string | undefined> {
  const customer = customerOf(place);
  return customer === undefined ? undefined : (await fresh(commerce.customer(customer, { signal })))?.tier;
}

export interface AnswerFacts {
  readonly values: Values;
  /** The order that is spoken of. */
  readonly order?: Order;
}

/**
 * Fetches what the named variables and the order's card need and nothing else. What is stale, not known or not the contact's is absent, so
 * that a template that prints it is refused.
 */
export async function factsFor(
  commerce: Commerce,
  { names, orderCard }: { readonly names: readonly string[]; readonly orderCard: boolean },
  place: VariablePlace,
  signal: AbortSignal,
): Promise<AnswerFacts> {
  const sources = new Set(names.map((name) => BY_NAME.get(name)?.source ?? "here"));
  if (orderCard) sources.add("orders");
  const here = valuesHere(place);
  if ([...sources].every((source) => source === "here")) return { values: here };
  const { shopId } = place.contact;
  const customer = customerOf(place);
  const ask = asking(sources);
  const options = { signal };
  const [orders, person, coupons, promotions, cart] = await Promise.all([
    ask(["orders", "shipments", "basket"], customer && (() => commerce.ordersOf(customer, options))),
    ask(["customer"], customer && (() => commerce.customer(customer, options))),
    ask(["coupons"], customer && commerce.coupons && (() => commerce.coupons?.(customer, options))),
    ask(["promotions", "basket"], commerce.promotions && (() => commerce.promotions?.(shopId, options))),
    ask(["basket"], customer && commerce.cart && (() => commerce.cart?.(customer, options))),
  ]);
  const format = createFormat({ ...place, locale: nearestLocale(place.locale) });
  const order = orders === undefined ? undefined : spokenOf(orders, place.text);
  const carrier =
    order !== undefined && sources.has("shipments") && order.trackingNumbers.length > 0
      ? (await fresh(commerce.shipmentsOf(order.orderId, options)))?.[0]?.carrier
      : undefined;
  const basket: Basket | undefined = cart ?? orders?.find(({ status }) => status === "pending_payment");
  return {
    values: {
      ...here,
      contact: known({ ...here.contact, tier: person?.tier }),
      order: order === undefined ? {} : known({ ...orderValues(order, format, place), carrier }),
      coupon: couponValues(coupons, format, place.now),
      promotion: promotionValues({ promotions, basket, format, now: place.now }),
    },
    ...(order === undefined ? {} : { order }),
  };
}

/** Asks only where a variable of one of the sources is used. */
function asking(used: ReadonlySet<Source>) {
  return async <T>(
    sources: readonly Source[],
    call: (() => Promise<Facts<T>> | undefined) | undefined,
  ): Promise<T | undefined> => {
    if (call === undefined || !sources.some((source) => used.has(source))) return undefined;
    return fresh(call());
  };
}

/** A value that may be said as it stands: not one the source could no longer confirm. */
async function fresh<T>(asked: Promise<Facts<T>> | undefined): Promise<T | undefined> {
  try {
    const facts = await asked;
    const state = facts?.freshness.state;
    return state === "live" || state === "cached" ? facts?.value : undefined;
  } catch {
    // A source that is not behind `withResilience` may reject; not known is not known.
    return undefined;
  }
}

/** The order the words name, or the newest; another's order is never named by a number. */
function spokenOf(orders: readonly Order[], text: string): Order | undefined {
  const { orderIds } = extractEntities(text);
  if (orderIds.length === 0) return orders[0];
  return orders.find(({ orderId }) => orderIds.some((id) => id.toUpperCase() === orderId.toUpperCase()));
}

function orderValues(order: Order, format: Format, { locale }: VariablePlace) {
  const phrases = phrasesFor(nearestLocale(locale));
  const time = (at: string | undefined) => (at === undefined ? undefined : format.time(at));
  return {
    number: order.orderId,
    status: phrases.status[order.status],
    items: itemsOf(order, phrases),
    total: format.money(order.total),
    createdAt: time(order.createdAt),
    shippedAt: time(order.shippedAt),
    deliveredAt: time(order.deliveredAt),
    trackingNumber: order.trackingNumbers.length === 0 ? undefined : order.trackingNumbers.join("、"),
  };
}

function couponValues(coupons: readonly Coupon[] | undefined, format: Format, now: number) {
  if (coupons === undefined) return {};
  const unused = coupons
    .filter(
      ({ state, validUntil }) => state === "unused" && (validUntil === undefined || Date.parse(validUntil) >= now),
    )
    .toSorted((a, b) => (a.validUntil ?? "9").localeCompare(b.validUntil ?? "9"));
  const [first] = unused;
  return known({
    count: format.number(unused.length),
    title: first?.title,
    off: first === undefined ? undefined : format.money(first.off),
    validUntil: first?.validUntil === undefined ? undefined : format.day(first.validUntil),
  });
}

/** Without a basket only what the shop offers everyone; with one, what is missing to the next tier. */
function promotionValues(input: {
  readonly promotions: readonly Promotion[] | undefined;
  readonly basket: Basket | undefined;
  readonly format: Format;
  readonly now: number;
}) {
  const { promotions, basket, format, now } = input;
  if (promotions === undefined) return {};
  const currency = basket?.total.currency ?? promotions[0]?.tiers[0]?.threshold.currency;
  if (currency === undefined) return {};
  const gap = promotionGap(promotions, basket ?? { total: { amount: 0, currency } }, now);
  const named = gap.next ?? gap.reached[0];
  const money = (sum: Money | undefined) => (sum === undefined ? undefined : format.money(sum));
  return known({
    title: named?.promotion.title,
    threshold: money(named?.tier.threshold),
    off: money(named?.tier.off),
    ...(basket !== undefined && {
      gap: money(gap.next?.missing),
      saved: gap.off.amount > 0 ? money(gap.off) : undefined,
    }),
  });
}

const known = (values: Readonly<Record<string, string | undefined>>): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, value]])));
