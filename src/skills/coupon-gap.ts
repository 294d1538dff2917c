import type { Cart, CustomerRef, Facts, Order, Product, Promotion } from "../core/commerce.ts";
import type { Money } from "../core/content.ts";
import { nearestLocale } from "../core/language.ts";
import { type Basket, type PromotionGap, promotionGap } from "../core/promotion.ts";
import { defineSkill, type SkillInput, type SkillSources } from "../core/skill.ts";
import { readAmount } from "./coupon.ts";
import { createFormat, minorUnits } from "./format.ts";
import { freshnessLine } from "./order-skill.ts";
import { provenMember } from "./order-turn.ts";
import { couponPhrasesFor } from "./phrases/coupons.ts";
import { phrasesFor } from "./phrases.ts";

/** What a tapped product carries before its id. */
const PRODUCT_VALUE = "product:";

interface GapFacts {
  readonly promotions?: Facts<readonly Promotion[]>;
  readonly product?: Facts<Product | undefined>;
  readonly cart?: Facts<Cart | undefined>;
  readonly orders?: Facts<readonly Order[]>;
}

/**
 * "How much is missing to the discount": the shop's own promotions against the amount the shopper names, the product they tapped,
 * their cart, or the order they have not paid yet. A rule the shopper quotes proves nothing and is not counted with.
 */
export const couponGap = defineSkill<GapFacts>({
  name: "coupon-gap",
  title: { zh: "满减还差多少", en: "Missing to the discount" },
  gather,
  answer(input, facts) {
    const promotions = current(facts.promotions);
    if (promotions === undefined || promotions.length === 0) return { kind: "pass" };
    const found = basketOf(input, facts, promotions);
    if (found === undefined) return { kind: "pass" };
    const gap = promotionGap(promotions, found.basket, input.now);
    if (gap.reached.length === 0 && gap.next === undefined) return { kind: "pass" };
    const age = ageOf([facts.promotions, found.from], input);
    const text = [age, wordsFor(gap, input)].filter(Boolean).join("\n");
    return { kind: "say", contents: [{ type: "text", text }] };
  },
});

async function gather(input: SkillInput, { commerce, signal }: SkillSources): Promise<GapFacts> {
  if (commerce.promotions === undefined) return {};
  const options = signal === undefined ? {} : { signal };
  const memberId = provenMember(input);
  const customer: CustomerRef | undefined =
    memberId === undefined ? undefined : { shopId: input.contact.shopId, memberId };
  const productId = input.value?.startsWith(PRODUCT_VALUE) ? input.value.slice(PRODUCT_VALUE.length) : undefined;
  const [promotions, product, cart, orders] = await Promise.all([
    commerce.promotions(input.contact.shopId, options),
    productId === undefined ? undefined : commerce.product(productId, options),
    customer === undefined ? undefined : commerce.cart?.(customer, options),
    customer === undefined ? undefined : commerce.ordersOf(customer, options),
  ]);
  return {
    promotions,
    ...(product && { product }),
    ...(cart && { cart }),
    ...(orders && { orders }),
  };
}

/** A sum is either right or not said: what the source could no longer confirm is not counted with. */
function current<T>(facts: Facts<T> | undefined): T | undefined {
  const state = facts?.freshness.state;
  return state === "live" || state === "cached" ? facts?.value : undefined;
}

/** What the shopper is about to pay, by the nearest word for it. */
function basketOf(
  input: SkillInput,
  facts: GapFacts,
  promotions: readonly Promotion[],
): { readonly basket: Basket; readonly from?: Facts<unknown> } | undefined {
  const currency = promotions[0]?.tiers[0]?.threshold.currency;
  if (currency === undefined) return undefined;
  const amount = readAmount(input.text, minorUnits(currency));
  if (amount !== undefined) return { basket: { total: { amount, currency } } };
  if (facts.product !== undefined) {
    const product = current(facts.product);
    if (product === undefined) return undefined;
    const { productId, title, price } = product;
    return { basket: { items: [{ productId, title, quantity: 1, price }], total: price }, from: facts.product };
  }
  const cart = current(facts.cart);
  if (cart !== undefined && facts.cart !== undefined) return { basket: cart, from: facts.cart };
  const unpaid = current(facts.orders)?.find(({ status }) => status === "pending_payment");
  return unpaid === undefined || facts.orders === undefined ? undefined : { basket: unpaid, from: facts.orders };
}

function wordsFor({ has, off, pay, reached, next }: PromotionGap, input: SkillInput): string {
  const locale = nearestLocale(input.locale);
  const phrases = couponPhrasesFor(locale, input.tone);
  const format = createFormat({ ...input, locale });
  const sum = (money: Money) => format.money(money);
  const amount = sum(has);
  const lines: string[] = [];
  const threshold = reached.map(({ tier }) => tier.threshold).toSorted((a, b) => b.amount - a.amount)[0];
  if (threshold !== undefined) {
    lines.push(phrases.reached({ amount, threshold: sum(threshold), off: sum(off), pay: sum(pay) }));
  }
  if (next !== undefined) {
    const rule = { threshold: sum(next.tier.threshold), off: sum(next.off), missing: sum(next.missing) };
    lines.push(threshold === undefined ? phrases.next({ ...rule, amount }) : phrases.more(rule));
  }
  return lines.join("\n");
}

function ageOf(parts: readonly (Facts<unknown> | undefined)[], input: SkillInput): string | undefined {
  const locale = nearestLocale(input.locale);
  const ages = parts.flatMap((part) => (part === undefined ? [] : [part.freshness]));
  return freshnessLine(ages, phrasesFor(locale, input.tone), createFormat({ ...input, locale }));
}
