import type { AnswerParts } from "./answer-parts.ts";
import { isStale } from "./translation.ts";

/** One knowledge entry, as merchants edit it. */
export interface Article extends AnswerParts {
  readonly id: string;
  readonly shopId: string;
  readonly question: string;
  readonly phrasings: readonly string[];
  readonly keywords: readonly string[];
  /** A Liquid template, rendered with the shop, the contact and the facts of the moment. */
  readonly answer: string;
  /** Variants: the most specific that fits the locale and channel speaks. */
  readonly answers: readonly AnswerVariant[];
  /** The card of the order that is spoken of is sent before the words; where none is known only the words are. */
  readonly orderCard?: true;
  /** The group whose people take over once it has been told. */
  readonly handoffGroup?: string;
  /** Said where a variable of the answer is not known or stale. Absent: a fixed line of ours. */
  readonly fallback?: string;
  /** A skill that answers instead of the template; the template is what is said when the skill cannot. */
  readonly skill?: string;
  readonly category?: string;
  readonly locale?: string;
  /** `draft`: the working copy differs from what shoppers are told, or was never published. */
  readonly status: "draft" | "published";
  /** Epoch milliseconds; outside the window it answers nobody. */
  readonly validFrom?: number;
  readonly validUntil?: number;
  readonly controls?: ArticleControls;
  readonly tests?: ArticleTests;
  /** The version that last changed the question or the default answer; kept while there are translations of them. */
  readonly sourceVersion?: number;
  /** Grows at every save; `publishedVersion` is the one that answers. */
  readonly version: number;
  readonly publishedVersion?: number;
  readonly updatedAt: number;
}

/** Its own picture and buttons, where it has them; else the article's. */
export interface AnswerVariant extends AnswerParts {
  readonly locale?: string;
  readonly channel?: string;
  /** A customer tag such as `vip`: only those who carry it are told. */
  readonly audience?: string;
  readonly text: string;
  /** Of a translation: the version of the source it says the same as. */
  readonly sourceVersion?: number;
}

/** How an article is found, beyond its wordings: what the engine offers, set by the merchant. */
export interface ArticleControls {
  /** Weights of keywords that count more or less than 1. */
  readonly keywordWeights?: Readonly<Record<string, number>>;
  /** All of these must occur, or the article is not considered. */
  readonly mustHave?: readonly string[];
  /** Any of these keeps it out. */
  readonly mustNot?: readonly string[];
  readonly rules?: readonly { readonly kind: "exact" | "contains" | "pattern"; readonly value: string }[];
  /** Questions that look like it and are not. */
  readonly counterExamples?: readonly string[];
  /** Breaks near-ties; higher wins. */
  readonly priority?: number;
}

/** The questions an article must and must not answer: asked again before every publish, of this article and of any other. */
export interface ArticleTests {
  readonly mustHit: readonly string[];
  readonly mustNotHit: readonly string[];
}

/** A version on its way: some contacts, or everyone from a time on, are told it instead of the published one. */
export interface Rollout {
  readonly draft: ArticleDraft;
  readonly version: number;
  /** Share of the contacts, 1 to 100. */
  readonly percent: number;
  /** Epoch milliseconds. */
  readonly from: number;
}

/** What a merchant writes: an article without what the system keeps. */
export type ArticleDraft = Pick<
  Article,
  | "question"
  | "phrasings"
  | "keywords"
  | "answer"
  | "answers"
  | "image"
  | "buttons"
  | "orderCard"
  | "handoffGroup"
  | "fallback"
  | "skill"
  | "category"
  | "locale"
  | "validFrom"
  | "validUntil"
  | "controls"
  | "tests"
  | "sourceVersion"
>;

export function isValidAt(article: Pick<Article, "validFrom" | "validUntil">, now: number): boolean {
  return (
    (article.validFrom ?? Number.NEGATIVE_INFINITY) <= now && now <= (article.validUntil ?? Number.POSITIVE_INFINITY)
  );
}

/** Whether a contact is told the version on its way. Without a contact only what everyone is told counts. */
export function isRolledOutTo(
  rollout: Pick<Rollout, "percent" | "from">,
  to: { readonly articleId: string; readonly contactId?: string; readonly at: number },
): boolean {
  if (to.at < rollout.from) return false;
  if (rollout.percent >= 100) return true;
  return to.contactId !== undefined && shareOf(`${to.articleId}:${to.contactId}`) < rollout.percent / 100;
}

/** A number in [0, 1), the same for the same text on every machine: a larger share keeps those a smaller one had. */
function shareOf(text: string): number {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i += 1) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // Ids differ little; the finaliser of MurmurHash3 spreads them evenly.
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
}

/** Who is told, where, and what a shop does with a translation whose source has moved on. */
export interface AnswerPlace {
  readonly locale?: string;
  readonly channel?: string;
  /** The tags the contact carries; see `audienceOf`. */
  readonly audience?: readonly string[];
  /** @default "answer" */
  readonly staleTranslations?: "answer" | "fallback";
}

export interface PickedAnswer extends AnswerParts {
  readonly text: string;
  /** Absent: the default answer. */
  readonly variant?: AnswerVariant;
}

/**
 * Picks the answer. Whoever is told another language than their own is told nothing, so the locale counts most; then for whom it is meant,
 * then the channel. Of two that fit as well the first speaks.
 */
export function pickAnswer(
  article: Pick<Article, "answer" | "answers" | "image" | "buttons" | "locale" | "sourceVersion">,
  place: AnswerPlace,
): PickedAnswer {
  const carried = new Set(place.audience?.map((tag) => tag.toLowerCase()));
  let best: AnswerVariant | undefined;
  let bestScore = 0;
  for (const variant of article.answers) {
    if (variant.locale !== undefined && variant.locale !== place.locale) continue;
    if (variant.channel !== undefined && variant.channel !== place.channel) continue;
    if (variant.audience !== undefined && !carried.has(variant.audience.toLowerCase())) continue;
    if (place.staleTranslations === "fallback" && isStale(variant, article)) continue;
    const score =
      (variant.locale === undefined ? 0 : 4) +
      (variant.audience === undefined ? 0 : 2) +
      (variant.channel === undefined ? 0 : 1);
    if (score > bestScore) {
      best = variant;
      bestScore = score;
    }
  }
  const image = best?.image ?? article.image;
  const buttons = best?.buttons ?? article.buttons;
  return {
    text: best?.text ?? article.answer,
    ...(image === undefined ? {} : { image }),
    ...(buttons === undefined ? {} : { buttons }),
    ...(best === undefined ? {} : { variant: best }),
  };
}

/** What a contact counts as: the tags on the card, and `vip`. */
export const audienceOf = (contact: { readonly vip: boolean; readonly tags: readonly string[] }): readonly string[] =>
  contact.vip ? ["vip", ...contact.tags] : contact.tags;
