import { foldVariants } from "./variants.ts";

/** Longest text the engine looks at, in UTF-16 units; of a longer one it reads the beginning and the end. */
const MAX_TEXT = 6000;

const INVISIBLE = /[\p{Default_Ignorable_Code_Point}\p{Cc}]+/gu;
/** Texts of these characters only are in NFKC already. */
const PLAIN = /^[\x20-\x7e\u3041-\u3096\u30a1-\u30fa\u30fc\u4e00-\u9fa5。、]*$/u;

/**
 * The form in which texts are compared: NFKC, lower case, invisible characters out, traditional and Japanese characters
 * folded to simplified ones, Taiwan's words to the mainland's, runs of space one space. Never throws, whatever the
 * string holds. For comparing only: ids and stored texts are never normalised.
 */
export function normalize(text: string): string {
  return foldVariants(withoutFolding(text)).replace(/\s+/gu, " ").trim();
}

/** The same but for script: traditional stays traditional. */
export function withoutFolding(text: string): string {
  const read = text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT / 2 - 1)}\n${text.slice(-MAX_TEXT / 2)}` : text;
  return PLAIN.test(read) ? read.toLowerCase() : tidy(read);
}

function tidy(text: string): string {
  return text.toWellFormed().replace(/\s+/gu, " ").replace(INVISIBLE, "").normalize("NFKC").toLowerCase();
}
