/** What an article says, looked at by itself: its answer, its languages, its time, the words the shop does not use. */
import type { ArticleDraft } from "../core/article.ts";
import type { ShopSettings } from "../core/shop.ts";
import { staleVariants } from "../core/translation.ts";
import type { Finding } from "./check-article.ts";

export interface WordRules extends Pick<ShopSettings, "bannedWords" | "locales"> {
  /** The shop's own language: what an article without one is written in. */
  readonly locale: string;
}

export function checkWords(draft: ArticleDraft, rules: WordRules, at: number): Finding[] {
  return [...standing(draft, at), ...banned(draft, rules), ...languages(draft, rules)];
}

function standing(draft: ArticleDraft, at: number): Finding[] {
  const findings: Finding[] = [];
  if (draft.answer.trim() === "" && draft.skill === undefined)
    findings.push({ check: "empty_answer", level: "error", detail: "The article has no answer." });
  if (draft.answers.some(({ text }) => text.trim() === ""))
    findings.push({ check: "empty_answer", level: "error", detail: "A variant has no answer." });
  if (draft.validUntil !== undefined && draft.validUntil < at)
    findings.push({ check: "already_over", level: "warning", detail: "The article's time is over already." });
  return findings;
}

const folded = (text: string) => text.normalize("NFKC").toLowerCase();

/** Only what shoppers read: a wording may well hold a word the shop itself does not use. */
function banned(draft: ArticleDraft, { bannedWords }: WordRules): Finding[] {
  const said = [{ ...draft, text: draft.answer }, ...draft.answers]
    .flatMap(({ text, image, buttons = [] }) => [text, image?.alt ?? "", ...buttons.map(({ label }) => label)])
    .map(folded);
  return bannedWords
    .filter((word) => said.some((text) => text.includes(folded(word))))
    .map((word) => ({
      check: "banned_word",
      level: "error",
      detail: `“${word}” is on the shop's list of words no answer may hold.`,
      word,
    }));
}

function languages(draft: ArticleDraft, { locales, locale }: WordRules): Finding[] {
  const spoken = new Set([draft.locale ?? locale, ...draft.answers.map((variant) => variant.locale)]);
  const missing = draft.skill !== undefined ? [] : locales.filter((wanted) => !spoken.has(wanted));
  const stale = [...new Set(staleVariants(draft).map((variant) => variant.locale ?? ""))];
  return [
    ...missing.map(
      (wanted): Finding => ({
        check: "missing_locale",
        level: "warning",
        detail: `There is no answer in ${wanted}.`,
        word: wanted,
      }),
    ),
    ...stale.map(
      (behind): Finding => ({
        check: "stale_translation",
        level: "warning",
        detail: `The answer in ${behind} was translated before the source changed.`,
        word: behind,
      }),
    ),
  ];
}
