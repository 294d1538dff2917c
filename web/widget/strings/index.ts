import { en } from "./en.ts";
import { zhCN } from "./zh-cn.ts";
import { zhTW } from "./zh-tw.ts";

export type Strings = Readonly<Record<keyof typeof en, string>>;
export type Locale = "zh-CN" | "zh-TW" | "en";

export const strings: Record<Locale, Strings> = { "zh-CN": zhCN, "zh-TW": zhTW, en };

/** The nearest language we speak, if there is one. */
export function toLocale(tag: string | null | undefined): Locale | undefined {
  const lower = tag?.toLowerCase().replaceAll("_", "-") ?? "";
  if (/^(zh|yue)\b.*(hant|tw|hk|mo)/.test(lower) || lower === "yue") return "zh-TW";
  if (lower.startsWith("zh")) return "zh-CN";
  return lower.startsWith("en") ? "en" : undefined;
}

/** Puts a figure or a name in the place the sentence keeps for it. */
export function fill(sentence: string, value: string | number): string {
  return sentence.replace("{}", () => String(value));
}
