/** What exchanges send for a number that is not shown; the digits are Twilio's "anonymous". */
const HIDDEN = /^(?:anonymous|private|restricted|unknown|unavailable|withheld|blocked|\+?266696687|\+?86266696687)$/i;

/**
 * A number as E.164 where it can be: `138 0013 8000` → `+8613800138000`. Extensions of the house stay as they are; undefined when none is shown.
 * https://www.itu.int/rec/T-REC-E.164
 * @param callingCode The site's own, for numbers that come without one.
 */
export function toCaller(number: string, callingCode: string): string | undefined {
  const bare = number
    .trim()
    .replace(/^(?:sip|tel):/i, "")
    .replace(/[@;].*$/, "");
  if (bare === "" || HIDDEN.test(bare)) return undefined;
  const plain = bare.normalize("NFKC").replaceAll(/[\s().\-/]/g, "");
  if (!/^\+?\d{2,20}$/.test(plain)) return undefined;
  if (plain.startsWith("+")) return /^\+[1-9]\d{6,14}$/.test(plain) ? plain : undefined;
  if (plain.length <= 6) return plain;
  if (plain.startsWith("00")) return toCaller(`+${plain.slice(2)}`, callingCode);
  // The trunk's 0 is dialled at home only.
  const national = plain.replace(/^0/, "");
  // Eleven digits beginning with 1 are a mobile in China and a whole number in North America; longer ones carry their code already.
  const isWhole = plain.startsWith(callingCode) && plain.length >= callingCode.length + 10;
  return toCaller(isWhole ? `+${plain}` : `+${callingCode}${national}`, callingCode);
}
