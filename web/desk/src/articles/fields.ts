import type { AnswerVariant, Article, ArticleFields } from "../api/types.ts";
import type { WordKey } from "../i18n/index.ts";

/** The parts of an article a person edits, in the order they are compared. */
export const FIELDS = [
  "question",
  "phrasings",
  "keywords",
  "answer",
  "answers",
  "image",
  "buttons",
  "orderCard",
  "handoffGroup",
  "fallback",
  "skill",
  "category",
  "locale",
  "validFrom",
  "validUntil",
  "keywordWeights",
  "mustHave",
  "mustNot",
  "rules",
  "counterExamples",
  "priority",
  "mustHit",
  "mustNotHit",
] as const;
export type Field = (typeof FIELDS)[number];

export const FIELD_WORDS: Readonly<Record<Field, WordKey>> = {
  question: "articles.question",
  phrasings: "article.phrasings",
  keywords: "article.keywords",
  answer: "article.answer",
  answers: "article.variants",
  image: "article.picture",
  buttons: "article.buttons",
  orderCard: "article.orderCard",
  handoffGroup: "article.handoffGroup",
  fallback: "article.fallback",
  skill: "article.skill",
  category: "articles.category",
  locale: "articles.locale",
  validFrom: "article.validFrom",
  validUntil: "article.validUntil",
  keywordWeights: "article.keywordWeights",
  mustHave: "article.mustHave",
  mustNot: "article.mustNot",
  rules: "article.rules",
  counterExamples: "article.counterExamples",
  priority: "article.priority",
  mustHit: "article.mustHit",
  mustNotHit: "article.mustNotHit",
};

export const EMPTY: ArticleFields = { question: "", phrasings: [], keywords: [], answer: "", answers: [] };

export const LOCALES = ["zh-CN", "zh-TW", "en", "ja"] as const;
export const SKILLS = ["order-status", "logistics", "return-guide", "change-address", "coupon-gap"] as const;

export function fieldsOf(article: ArticleFields): ArticleFields {
  const { question, phrasings, keywords, answer, answers, skill, category, locale, validFrom, validUntil } = article;
  return {
    question,
    phrasings: phrasings ?? [],
    keywords: keywords ?? [],
    answer,
    answers: answers ?? [],
    ...(article.image && { image: article.image }),
    ...(article.buttons?.length && { buttons: article.buttons }),
    ...(article.orderCard && { orderCard: true }),
    ...(article.handoffGroup && { handoffGroup: article.handoffGroup }),
    ...(article.fallback && { fallback: article.fallback }),
    ...(skill && { skill }),
    ...(category && { category }),
    ...(locale && { locale }),
    ...(validFrom && { validFrom }),
    ...(validUntil && { validUntil }),
    ...matchingOf(article),
  };
}

/** What is there of the finer settings: an empty list is none. */
function matchingOf({ keywordWeights, mustHave, mustNot, rules, counterExamples, priority, ...rest }: ArticleFields) {
  const { mustHit, mustNotHit } = rest;
  return {
    ...(keywordWeights && Object.keys(keywordWeights).length > 0 && { keywordWeights }),
    ...(mustHave?.length && { mustHave }),
    ...(mustNot?.length && { mustNot }),
    ...(rules?.length && { rules }),
    ...(counterExamples?.length && { counterExamples }),
    ...(priority && { priority }),
    ...(mustHit?.length && { mustHit }),
    ...(mustNotHit?.length && { mustNotHit }),
  };
}

const canonical = (value: unknown): string =>
  JSON.stringify(value ?? null, (_, inner: unknown) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? Object.fromEntries(Object.entries(inner).sort(([a], [b]) => a.localeCompare(b)))
      : inner,
  );

export const sameValue = (a: unknown, b: unknown) => canonical(a) === canonical(b);

export function changedFields(before: ArticleFields, after: ArticleFields): readonly Field[] {
  return FIELDS.filter((field) => !sameValue(before[field], after[field]));
}

/** What a save sends: the changed fields; an emptied one as null. */
export function changesOf(before: ArticleFields, after: ArticleFields): Readonly<Record<string, unknown>> {
  return Object.fromEntries(changedFields(before, after).map((field) => [field, after[field] ?? null]));
}

type ArticleState = "draft" | "published" | "changed";

export function stateOf(article: Pick<Article, "status" | "version" | "publishedVersion">): ArticleState {
  if (article.publishedVersion === undefined || article.publishedVersion === null)
    return article.status === "published" ? "published" : "draft";
  return article.status === "draft" ? "changed" : "published";
}

export const variantName = (variant: AnswerVariant) =>
  [variant.audience, variant.channel, variant.locale].filter(Boolean).join(" · ") || "*";

/** A variant in another language than the article's own. */
export const isTranslation = (variant: AnswerVariant, article: Pick<ArticleFields, "locale">) =>
  variant.locale !== undefined && variant.locale !== article.locale;

/** Translated before the source changed. */
export const isStale = (variant: AnswerVariant, article: Pick<ArticleFields, "locale">, sourceVersion = 0) =>
  isTranslation(variant, article) && (variant.sourceVersion ?? 0) < sourceVersion;
