/** The locales the bot's own lines exist in. */
export const LOCALES = ["zh-CN", "zh-TW", "en", "ja"] as const;
export type Locale = (typeof LOCALES)[number];

/** Kana, without the middle dot that Chinese writes in foreign names. */
const KANA = /[\u3041-\u3096\u30a1-\u30fa\u30fc-\u30ff\uff66-\uff9d]/u;
const HAN = /\p{Script=Han}/u;
/** Characters that only traditional Chinese writes, common in customer service. */
const TRADITIONAL =
  /[們個這麼嗎時間單號訂貨運費會員優券發還寶買賣請問題說話電腦網點過內沒錢開關對應樣讓從後來東車書長門見貝頁風飛馬魚鳥麥黃齊齒龍龜錯總貼換實體寄達處理係邊咗嘅啲唔嚟]/u;
const SIMPLIFIED =
  /[们个这么吗时间单号订货运费会员优发还宝买卖请问题说话电脑网点过内没钱开关对应样让从后来东车书长门见贝页风飞马鱼鸟麦黄齐齿龙龟错总贴换实体达处边]/u;

/**
 * The locale of a text, or undefined where it does not show (an order number, an emoji): then the contact's last one stands.
 */
export function detectLocale(text: string): Locale | undefined {
  if (KANA.test(text)) return "ja";
  if (HAN.test(text)) return TRADITIONAL.test(text) && !onlySimplified(text) ? "zh-TW" : "zh-CN";
  // A tracking number is no language.
  return /(?<![\da-z])[a-z]{2,}(?![\da-z])/i.test(text) ? "en" : undefined;
}

function onlySimplified(text: string): boolean {
  const count = (pattern: RegExp) => [...text].filter((character) => pattern.test(character)).length;
  return count(SIMPLIFIED) > count(TRADITIONAL);
}

/** The nearest locale we speak to a BCP 47 tag: `zh-Hant-HK` → `zh-TW`, `en-GB` → `en`, unknown → `fallback`. */
export function nearestLocale(tag: string | undefined, fallback: Locale = "zh-CN"): Locale {
  const lower = (tag ?? "").toLowerCase().replaceAll("_", "-");
  if (lower.startsWith("zh")) return /hant|-tw|-hk|-mo/.test(lower) ? "zh-TW" : "zh-CN";
  if (lower.startsWith("ja")) return "ja";
  if (lower.startsWith("en")) return "en";
  return fallback;
}
