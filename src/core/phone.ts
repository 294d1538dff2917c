/** Telephone numbers as one spelling. Small and honest: a number it cannot be sure of is no number. */

/** A country's own numbers are read by its calling code; the shop's language says which, unless its settings do. */
const CALLING_CODES: Readonly<Record<string, string>> = { "zh-CN": "86", "zh-TW": "886", "zh-HK": "852", ja: "81" };

export function callingCodeOf(shop: { readonly locale: string; readonly callingCode?: string | undefined }): string {
  return shop.callingCode ?? CALLING_CODES[shop.locale] ?? (shop.locale.startsWith("en") ? "1" : "86");
}

/** How long a national number may be, without its trunk 0, where we know; elsewhere what E.164 leaves room for. */
const NATIONAL: Readonly<Record<string, RegExp>> = {
  "1": /^[2-9]\d{2}[2-9]\d{6}$/,
  "81": /^[1-9]\d{8,9}$/,
  "852": /^[2-9]\d{7}$/,
  "86": /^(?:1[3-9]\d{9}|[2-9]\d{9,10}|10\d{8})$/,
  "886": /^[2-9]\d{7,8}$/,
};
const CODES = Object.keys(NATIONAL).sort((a, b) => b.length - a.length);

/**
 * `138 0013 8000` → `+8613800138000`; undefined for what is no whole number: an extension, a masked one, words.
 * https://www.itu.int/rec/T-REC-E.164
 */
export function toE164(number: string, callingCode: string): string | undefined {
  const plain = number
    .normalize("NFKC")
    .trim()
    .replace(/^tel:/i, "")
    .replaceAll(/[\s().\-/]/g, "");
  if (!/^\+?\d{6,18}$/.test(plain)) return undefined;
  if (plain.startsWith("+")) return international(plain.slice(1));
  if (plain.startsWith("00")) return international(plain.slice(2));
  const rule = NATIONAL[callingCode];
  // North America dials 1 and China's mobiles begin with it: only the site's own country can tell.
  const bare = callingCode === "1" ? plain.replace(/^1(?=\d{10}$)/, "") : plain.replace(/^0/, "");
  if (rule === undefined ? /^[1-9]\d{6,12}$/.test(bare) : rule.test(bare)) return international(callingCode + bare);
  const whole = plain.startsWith(callingCode) ? plain.slice(callingCode.length) : undefined;
  return whole !== undefined && rule?.test(whole) === true ? international(plain) : undefined;
}

function international(digits: string): string | undefined {
  if (!/^[1-9]\d{6,14}$/.test(digits)) return undefined;
  const code = CODES.find((known) => digits.startsWith(known));
  if (code === undefined) return `+${digits}`;
  const national = digits.slice(code.length).replace(/^0/, "");
  return NATIONAL[code]?.test(national) === true ? `+${code}${national}` : undefined;
}

/** Spellings people leave a number in, for finding those that were written down before. */
export function phoneSpellings(e164: string): readonly string[] {
  const code = CODES.find((known) => e164.startsWith(`+${known}`));
  if (code === undefined) return [e164, e164.slice(1)];
  const national = e164.slice(code.length + 1);
  return [e164, e164.slice(1), national, ...(code === "1" ? [`1${national}`] : [`0${national}`])];
}

const MENTIONED = /(?<![\w.])\+?\d[\d\s().-]{5,20}\d(?!\w)/g;
const EMAIL = /[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,4}/giu;
const MOST = 5;

/** Phones and e-mail addresses a text names, as they are compared; nothing here is kept. */
export function addressesIn(
  text: string,
  callingCode: string,
): { readonly phones: readonly string[]; readonly emails: readonly string[] } {
  const plain = text.slice(0, 2000).normalize("NFKC");
  const phones = [...plain.matchAll(MENTIONED)].flatMap(([found]) => toE164(found, callingCode) ?? []);
  const emails = [...plain.matchAll(EMAIL)].map(([found]) => found.toLowerCase());
  return { phones: [...new Set(phones)].slice(0, MOST), emails: [...new Set(emails)].slice(0, MOST) };
}
