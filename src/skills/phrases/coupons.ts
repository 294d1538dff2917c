import type { Locale } from "../../core/language.ts";
import { DEFAULT_TONE, tableInTone, toneFor } from "../../core/tone.ts";

interface Rule {
  readonly threshold: string;
  readonly off: string;
}

export interface CouponPhrases {
  reached(gap: Rule & { readonly amount: string; readonly pay: string }): string;
  next(gap: Rule & { readonly amount: string; readonly missing: string }): string;
  more(gap: Rule & { readonly missing: string }): string;
}

const zhCN: CouponPhrases = {
  reached: ({ amount, threshold, off, pay }) => `{hi}${amount} 已经满 ${threshold}，可以减 ${off}，实付 ${pay}。`,
  next: ({ amount, threshold, off, missing }) => `{hi}满 ${threshold} 减 ${off}，${amount} 还差 ${missing}。`,
  more: ({ threshold, off, missing }) => `再买 ${missing} 就满 ${threshold}，可以减 ${off}。`,
};

const zhTW: CouponPhrases = {
  reached: ({ amount, threshold, off, pay }) => `{hi}${amount} 已經滿 ${threshold}，可以折 ${off}，實付 ${pay}。`,
  next: ({ amount, threshold, off, missing }) => `{hi}滿 ${threshold} 折 ${off}，${amount} 還差 ${missing}。`,
  more: ({ threshold, off, missing }) => `再買 ${missing} 就滿 ${threshold}，可以折 ${off}。`,
};

const en: CouponPhrases = {
  reached: ({ amount, threshold, off, pay }) => `${amount} reaches ${threshold}: you save ${off} and pay ${pay}.`,
  next: ({ amount, threshold, off, missing }) => `You save ${off} from ${threshold}: with ${amount}, ${missing} to go.`,
  more: ({ threshold, off, missing }) => `Add ${missing} to reach ${threshold} and save ${off}.`,
};

const ja: CouponPhrases = {
  reached: ({ amount, threshold, off, pay }) =>
    `${amount} は ${threshold} 以上ですので ${off} 引き、お支払いは ${pay} です。`,
  next: ({ amount, threshold, off, missing }) =>
    `${threshold} 以上で ${off} 引きです。${amount} ですと、あと ${missing} です。`,
  more: ({ threshold, off, missing }) => `あと ${missing} で ${threshold} に届き、${off} 引きになります。`,
};

const BY_LOCALE: Readonly<Record<Locale, CouponPhrases>> = { "zh-CN": zhCN, "zh-TW": zhTW, en, ja };

export const couponPhrasesFor = (locale: Locale, tone = toneFor(DEFAULT_TONE, { locale })): CouponPhrases =>
  tableInTone(BY_LOCALE[locale], tone);
