const NUMBER = String.raw`(\d{1,7}(?:\.\d{1,2})?)`;
/** A rule as people quote it; which rules there are is the shop's word, not theirs. */
const RULE = new RegExp(
  String.raw`(?:满|滿)\s*${NUMBER}\s*(?:元|块|塊)?\s*(?:立)?(?:减|減|折|抵)\s*${NUMBER}|[¥$]?${NUMBER}\s+off\s+(?:orders?\s+)?(?:over|of|above|when you spend)\s+[¥$]?${NUMBER}|spend\s+[¥$]?${NUMBER},?\s+(?:get|save)\s+[¥$]?${NUMBER}`,
  "giu",
);
const AMOUNT = new RegExp(
  String.raw`[¥$]\s*${NUMBER}|${NUMBER}\s*(?:元|块|塊|圓)|(?:买了|買了|现在|現在|已经|已經|合计|合計|一共|总共|總共|购物车|購物車|cart|total|have|spent)\D{0,8}?${NUMBER}`,
  "iu",
);

/** The amount the shopper says they have, in minor units; a rule they quote is not an amount. */
export function readAmount(text: string, minorUnits: number): number | undefined {
  const rest = text.normalize("NFKC").replace(RULE, " ");
  const found = AMOUNT.exec(rest)
    ?.slice(1)
    .find((group) => group !== undefined);
  if (found === undefined) return undefined;
  // At most two decimals were read, so hundredths are exact: no sum ever passes through a fraction.
  const [whole = "0", decimals = ""] = found.split(".");
  return Math.round((Number(whole + decimals.padEnd(2, "0")) * minorUnits) / 100);
}
