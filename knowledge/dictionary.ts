import type { Dictionary } from "./article.ts";
import { ENGLISH_SYNONYMS } from "./dictionary/en.ts";
import { ENGLISH_GENERAL_SYNONYMS } from "./dictionary/en-general.ts";
import { ENGLISH_SERVICE_SYNONYMS } from "./dictionary/en-service.ts";
import { JAPANESE_SYNONYMS } from "./dictionary/ja.ts";
import { JAPANESE_GENERAL_SYNONYMS } from "./dictionary/ja-general.ts";
import { CHINESE_SYNONYMS } from "./dictionary/zh.ts";
import { CHINESE_GENERAL_SYNONYMS } from "./dictionary/zh-general.ts";
import { REGIONAL_SYNONYMS } from "./dictionary/zh-regional.ts";
import { CHINESE_SERVICE_SYNONYMS } from "./dictionary/zh-service.ts";

function groups(source: string, separator: string): string[][] {
  return source
    .trim()
    .split("\n")
    .map((line) => line.split(separator).map((term) => term.trim()));
}

/** Single characters stand in too many words to mean one thing. */
function words(source: string): string[][] {
  return groups(source, " ").map((terms) => terms.filter((term) => term.length > 1));
}

/** The words every shop starts with, in Chinese, English and Japanese. Written by hand. */
export const RETAIL_DICTIONARY: Dictionary = {
  synonyms: [
    ...words(CHINESE_SYNONYMS),
    ...words(CHINESE_SERVICE_SYNONYMS),
    ...words(CHINESE_GENERAL_SYNONYMS),
    ...words(REGIONAL_SYNONYMS),
    ...groups(ENGLISH_SYNONYMS, ","),
    ...groups(ENGLISH_SERVICE_SYNONYMS, ","),
    ...groups(ENGLISH_GENERAL_SYNONYMS, ","),
    ...groups(JAPANESE_SYNONYMS, " "),
    ...groups(JAPANESE_GENERAL_SYNONYMS, " "),
  ],
};
