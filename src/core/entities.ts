import { maskEmail, maskPhone } from "./contact.ts";
import type { Entities } from "./ticket.ts";

/** What a text names, in the order it names it. Personal values come masked, since this is what packets and logs keep. */
export interface ExtractedEntities extends Pick<Entities, "orderIds" | "trackingNumbers" | "phones"> {
  /** Masked: `m****@shop.example`. */
  readonly emails: readonly string[];
}

/** Longer texts are read this far: nobody writes an order number after ten pages. */
const MAX_LENGTH = 5000;

const EMAIL = /[\w.+-]{1,64}@[a-z\d-]{1,63}(?:\.[a-z\d-]{1,63}){1,4}/giu;
const URL_LIKE = /\bhttps?:\/\/\S+/giu;
/** Mainland, Taiwan, Japan, North America with separators, and anything with a country code. */
const PHONE =
  /(?<![\w.])(?:\+\d{1,3}[\s-]?(?:\(\d{1,4}\)|\d{1,4})(?:[\s-]?\d{2,4}){2,3}|(?:86[\s-]?)?1[3-9]\d[\s-]?\d{4}[\s-]?\d{4}|09\d{2}[\s-]?\d{3}[\s-]?\d{3}|0[5789]0[\s-]?\d{4}[\s-]?\d{4}|\(?\d{3}\)?[\s-]\d{3}-\d{4})(?!\w)/gu;
const MONEY =
  /(?:[¥$€£₩]|\b(?:CNY|RMB|USD|TWD|JPY|HKD|EUR|NT\$))\s?\d[\d,]*(?:\.\d+)?|(?<![\d,.])\d[\d,]*(?:\.\d+)?\s?(?:元|块钱|块|塊|圓|円|USD|CNY|RMB|yuan|dollars)/giu;
const DECIMAL = /(?<!\w)\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\w)|(?<!\w)\d+\.\d+(?!\w)/gu;

/** Carriers whose numbers carry letters: SF, YTO, JD, ZTO, STO, J&T, Yunda, Cainiao, UPS and the postal S10 form. */
const LETTERED_TRACKING =
  /(?<![a-z\d])(?:SF\d{10,15}|YT\d{10,16}|JD[A-Z]{0,3}\d{9,15}|(?:ZTO|STO|JT|DPK|LP)\d{10,16}|1Z[A-Z\d]{16}|[A-Z]{2}\d{9}[A-Z]{2})(?![a-z\d])/giu;
const BARE_TRACKING = /^\d{12,15}$/;

/** A mainland mobile is never taken for an order, whatever stands before it: it would be kept unmasked. */
const NO_MOBILE = String.raw`(?!1[3-9]\d{9}(?!\d))`;
/** The word before a number that says whose number it is. */
const ORDER_WORD = String.raw`(?:订单|訂單|单号|單號|注文番号|注文|order(?:\s+(?:number|no\.?|id))?)\s*(?:号码|编号|号|號|編號)?\s*(?:是|为|為|は|is|:|：)?\s*`;
const TRACKING_WORD = /(?:快递|快遞|物流|运单|運單|追踪|追蹤|配送|伝票|tracking|waybill)[^\d\n]{0,12}$/iu;
const LABELLED_ORDER = new RegExp(
  String.raw`(?<!(?:快递|快遞|物流|运|運))${ORDER_WORD}#?\s*${NO_MOBILE}([A-Z]{0,6}-?\d{4,20})(?![\w.])`,
  "giu",
);
const HASH_ORDER = /(?<![\w&])#([A-Z]{0,6}-?\d{4,20})(?![\w.])/giu;
const BARE_ORDER = /(?<![\w.])([A-Z]{1,6}-?\d{6,20}|\d{6,20})(?![\w.]|-\d)/giu;

/**
 * Finds order numbers, tracking numbers, phones and e-mail addresses in what a shopper wrote. Full-width digits count as digits;
 * prices, dates and addresses of pages do not count as anything. A bare number of 12 to 15 digits may be an order's or a
 * parcel's, so unless a word before it decides it is both, and a lookup tells.
 */
export function extractEntities(text: string): ExtractedEntities {
  let rest = text.slice(0, MAX_LENGTH).normalize("NFKC");
  const take = (pattern: RegExp): string[] => {
    const found: string[] = [];
    rest = rest.replace(pattern, (match: string, group: unknown) => {
      found.push(typeof group === "string" ? group : match);
      return " ; ";
    });
    return found;
  };

  take(URL_LIKE);
  const emails = take(EMAIL);
  const labelled = take(LABELLED_ORDER);
  const hashed = take(HASH_ORDER);
  const lettered = take(LETTERED_TRACKING);
  take(MONEY);
  const phones = take(PHONE);
  take(DECIMAL);
  const bare = bareNumbers(rest);

  return {
    orderIds: unique([...labelled, ...hashed, ...bare.orderIds]),
    trackingNumbers: unique([...lettered.map((number) => number.toUpperCase()), ...bare.trackingNumbers]),
    phones: unique(phones.map((phone) => maskPhone(phone.replace(/[^\d+]/g, "")))),
    emails: unique(emails.map(maskEmail)),
  };
}

function bareNumbers(text: string): Pick<Entities, "orderIds" | "trackingNumbers"> {
  const orderIds: string[] = [];
  const trackingNumbers: string[] = [];
  for (const match of text.matchAll(BARE_ORDER)) {
    const number = match[1] ?? "";
    if (isDate(number)) continue;
    const saidToBeTracking = TRACKING_WORD.test(text.slice(Math.max(0, match.index - 24), match.index));
    if (saidToBeTracking || BARE_TRACKING.test(number)) trackingNumbers.push(number);
    if (!saidToBeTracking) orderIds.push(number);
  }
  return { orderIds, trackingNumbers };
}

/** `20260615`, `202606`: a day or a month of our time, far likelier than an order. */
function isDate(number: string): boolean {
  return /^20[0-4]\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])?$/.test(number);
}

const unique = (values: readonly string[]): readonly string[] => [...new Set(values)];
