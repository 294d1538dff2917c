/** One knowledge entry, as merchants edit it. */
export interface Article {
  readonly id: string;
  readonly shopId: string;
  readonly question: string;
  readonly phrasings: readonly string[];
  readonly keywords: readonly string[];
  /** A Liquid template, rendered with the shop, the contact and the facts of the moment. */
  readonly answer: string;
  /** Variants: the most specific that fits the locale and channel speaks. */
  readonly answers: readonly AnswerVariant[];
  /** A skill that answers instead of the template; the template is what is said when the skill cannot. */
  readonly skill?: string;
  readonly category?: string;
  readonly locale?: string;
  /** `draft`: the working copy differs from what shoppers are told, or was never published. */
  readonly status: "draft" | "published";
  /** Epoch milliseconds; outside the window it answers nobody. */
  readonly validFrom?: number;
  readonly validUntil?: number;
  /** Grows at every save; `publishedVersion` is the one that answers. */
  readonly version: number;
  readonly publishedVersion?: number;
  readonly updatedAt: number;
}

export interface AnswerVariant {
  readonly locale?: string;
  readonly channel?: string;
  readonly text: string;
}

/** What a merchant writes: an article without what the system keeps. */
export type ArticleDraft = Pick<
  Article,
  | "question"
  | "phrasings"
  | "keywords"
  | "answer"
  | "answers"
  | "skill"
  | "category"
  | "locale"
  | "validFrom"
  | "validUntil"
>;

export function isValidAt(article: Pick<Article, "validFrom" | "validUntil">, now: number): boolean {
  return (
    (article.validFrom ?? Number.NEGATIVE_INFINITY) <= now && now <= (article.validUntil ?? Number.POSITIVE_INFINITY)
  );
}

/** Picks the answer for a locale and channel: both match, then the locale, then the channel, then the default. */
export function answerFor(
  article: Pick<Article, "answer" | "answers">,
  place: { readonly locale?: string; readonly channel?: string },
): string {
  let best = article.answer;
  let bestScore = 0;
  for (const variant of article.answers) {
    const fitsLocale = variant.locale === undefined || variant.locale === place.locale;
    const fitsChannel = variant.channel === undefined || variant.channel === place.channel;
    if (!fitsLocale || !fitsChannel) continue;
    const score = (variant.locale === undefined ? 0 : 2) + (variant.channel === undefined ? 0 : 1);
    if (score > bestScore) {
      best = variant.text;
      bestScore = score;
    }
  }
  return best;
}
