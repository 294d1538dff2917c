/** Spend `threshold`, pay `off` less. In the major unit, as people write them; fractions of a cent do not occur. */
export interface CouponRule {
  readonly threshold: number;
  readonly off: number;
}

const NUMBER = String.raw`(\d{1,7}(?:\.\d{1,2})?)`;
const RULE = new RegExp(
  String.raw`(?:满|滿)\s*${NUMBER}\s*(?:元|块|塊)?\s*(?:立)?(?:减|減|折|抵)\s*${NUMBER}|[¥$]?${NUMBER}\s+off\s+(?:orders?\s+)?(?:over|of|above|when you spend)\s+[¥$]?${NUMBER}|spend\s+[¥$]?${NUMBER},?\s+(?:get|save)\s+[¥$]?${NUMBER}`,
  "giu",
);
const AMOUNT = new RegExp(
  String.raw`[¥$]\s*${NUMBER}|${NUMBER}\s*(?:元|块|塊|圓)|(?:买了|買了|现在|現在|已经|已經|合计|合計|一共|总共|總共|购物车|購物車|cart|total|have|spent)\D{0,8}?${NUMBER}`,
  "iu",
);

/** Reads the rules a text names (`满200减30`, `30 off orders over 200`) and the amount the shopper has. */
export function readCoupon(text: string): { readonly rules: readonly CouponRule[]; readonly amount?: number } {
  const rules: CouponRule[] = [];
  const rest = text.normalize("NFKC").replace(RULE, (_match, ...groups: readonly (string | undefined)[]) => {
    const [zhThreshold, zhOff, off, over, spend, save] = groups;
    const threshold = Number(zhThreshold ?? over ?? spend);
    const less = Number(zhOff ?? off ?? save);
    if (less > 0 && less < threshold) rules.push({ threshold, off: less });
    return " ";
  });
  const found = AMOUNT.exec(rest)
    ?.slice(1)
    .find((group) => group !== undefined);
  return {
    rules: rules.toSorted((a, b) => a.threshold - b.threshold),
    ...(found !== undefined && { amount: Number(found) }),
  };
}

export interface CouponGap {
  /** The best rule already reached. */
  readonly reached?: CouponRule;
  /** The next one, and what is missing to it. */
  readonly next?: CouponRule & { readonly missing: number };
}

/** What an amount earns by the rules, and what is missing to the next; all in the same unit. */
export function couponGap(rules: readonly CouponRule[], amount: number): CouponGap {
  const reached = rules.filter((rule) => rule.threshold <= amount).toSorted((a, b) => b.off - a.off)[0];
  const ahead = rules
    .filter((rule) => rule.threshold > amount && rule.off > (reached?.off ?? 0))
    .toSorted((a, b) => a.threshold - b.threshold)[0];
  return {
    ...(reached !== undefined && { reached }),
    ...(ahead !== undefined && { next: { ...ahead, missing: Math.round((ahead.threshold - amount) * 100) / 100 } }),
  };
}
