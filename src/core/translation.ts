/** An article's other languages: from which version each was translated, and whether its source has moved on since. */
import type { AnswerVariant, ArticleDraft } from "./article.ts";

interface Saved {
  readonly draft: ArticleDraft;
  readonly version: number;
}

/** Which variant it is: of two with the same name only one can speak. */
export const variantKey = ({ locale, channel, audience }: AnswerVariant): string =>
  [locale, channel, audience?.toLowerCase()].map((part) => part ?? "").join(" ");

const isTranslation = (variant: AnswerVariant, draft: Pick<ArticleDraft, "locale">): boolean =>
  variant.locale !== undefined && variant.locale !== draft.locale;

/** Translated from words that have changed since. */
export function isStale(variant: AnswerVariant, article: Pick<ArticleDraft, "locale" | "sourceVersion">): boolean {
  return isTranslation(variant, article) && (variant.sourceVersion ?? 0) < (article.sourceVersion ?? 0);
}

export const staleVariants = (draft: ArticleDraft): readonly AnswerVariant[] =>
  draft.answers.filter((variant) => isStale(variant, draft));

/**
 * What is saved as `version` after `before`. The source is the question and the default answer: a change of either leaves every translation
 * behind that was not changed with it. A translation catches up by being changed, or by carrying the number of the source it was
 * found to be right for.
 */
export function trackTranslations(
  draft: ArticleDraft,
  { before, version }: { readonly before?: Saved | undefined; readonly version: number },
): ArticleDraft {
  const { sourceVersion: _given, ...rest } = draft;
  if (!draft.answers.some((variant) => isTranslation(variant, draft))) return rest;
  const known = before === undefined ? undefined : sourceOf(before);
  const same = before !== undefined && before.draft.question === draft.question && before.draft.answer === draft.answer;
  const sourceVersion = same && known !== undefined ? known : version;
  const old = new Map(before?.draft.answers.map((variant) => [variantKey(variant), variant]));
  const answers = draft.answers.map((variant): AnswerVariant => {
    const { sourceVersion: given = 0, ...said } = variant;
    if (!isTranslation(variant, draft)) return said;
    const was = old.get(variantKey(variant));
    if (was === undefined || was.text !== variant.text) return { ...said, sourceVersion };
    const confirmed = Math.min(given, known ?? given);
    return { ...said, sourceVersion: Math.max(was.sourceVersion ?? known ?? sourceVersion, confirmed) };
  });
  return { ...rest, answers, sourceVersion };
}

/** An article from before translations were followed: what it says is taken for one another's translation. */
function sourceOf({ draft, version }: Saved): number | undefined {
  return draft.sourceVersion ?? (draft.answers.some((variant) => isTranslation(variant, draft)) ? version : undefined);
}
