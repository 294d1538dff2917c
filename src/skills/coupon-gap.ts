import type { Facts, Product } from "../core/commerce.ts";
import { nearestLocale } from "../core/language.ts";
import { defineSkill, type SkillInput } from "../core/skill.ts";
import { couponGap as gapOf, readCoupon } from "./coupon.ts";
import { createFormat, minorUnits } from "./format.ts";
import { freshnessLine } from "./order-skill.ts";
import { couponPhrasesFor } from "./phrases/coupons.ts";
import { phrasesFor } from "./phrases.ts";

/** What a tapped product carries before its id. */
const PRODUCT_VALUE = "product:";

/**
 * "满200减30, I have 180, how much is missing": the sum, from the rule in the shopper's words and the amount they name or the price
 * of the product they tapped. It does not know which coupons the shop has; without a rule the article's own text speaks.
 */
export const couponGap = defineSkill<Facts<Product | undefined> | undefined>({
  name: "coupon-gap",
  title: { zh: "满减还差多少", en: "Missing to the discount" },
  gather({ value }, { commerce, signal }) {
    if (!value?.startsWith(PRODUCT_VALUE)) return Promise.resolve(undefined);
    return commerce.product(value.slice(PRODUCT_VALUE.length), signal === undefined ? {} : { signal });
  },
  answer(input, product) {
    const { rules, amount } = readCoupon(input.text);
    const price = amount === undefined ? product?.value?.price : undefined;
    const has = price === undefined ? amount : price.amount / minorUnits(price.currency);
    if (rules.length === 0 || has === undefined) return { kind: "pass" };
    const text = wordsFor(gapOf(rules, has), { has, input, ...(price && { currency: price.currency }) });
    const age = price === undefined || product === undefined ? undefined : ageOf(product, input);
    return { kind: "say", contents: [{ type: "text", text: [age, text].filter(Boolean).join("\n") }] };
  },
});

interface Said {
  readonly has: number;
  /** Known of a product's price; an amount that was only written is given back as written, whatever it is in. */
  readonly currency?: string;
  readonly input: SkillInput;
}

function wordsFor({ reached, next }: ReturnType<typeof gapOf>, { has, currency, input }: Said): string {
  const phrases = couponPhrasesFor(nearestLocale(input.locale));
  const format = createFormat({ ...input, locale: nearestLocale(input.locale) });
  const sum = (value: number) =>
    currency === undefined
      ? format.number(value)
      : format.money({ amount: Math.round(value * minorUnits(currency)), currency });
  const amount = sum(has);
  const lines: string[] = [];
  if (reached !== undefined) {
    const { threshold, off } = reached;
    lines.push(phrases.reached({ amount, threshold: sum(threshold), off: sum(off), pay: sum(has - off) }));
  }
  if (next !== undefined) {
    const rule = { threshold: sum(next.threshold), off: sum(next.off), missing: sum(next.missing) };
    lines.push(reached === undefined ? phrases.next({ ...rule, amount }) : phrases.more(rule));
  }
  return lines.join("\n");
}

function ageOf({ freshness }: Facts<unknown>, input: SkillInput): string | undefined {
  const locale = nearestLocale(input.locale);
  return freshnessLine([freshness], phrasesFor(locale), createFormat({ ...input, locale }));
}
