/** An article as merchants write it: the body of `POST /v1/articles` and a line of an import. */
import { z } from "zod";
import type { AnswerButton, AnswerParts } from "../core/answer-parts.ts";
import type { AnswerVariant, ArticleControls, ArticleDraft, ArticleTests } from "../core/article.ts";
import { cleanText } from "../core/text.ts";

const text = (max: number) => z.string().max(max).transform(cleanText);
const words = (max: number) => text(max).pipe(z.string().min(1));
const lines = (max: number, each: number) => z.array(words(each)).max(max);
const optional = <T extends z.ZodType>(schema: T) => schema.nullish();

const keyword = z.union([words(100), z.object({ term: words(100), weight: z.number().min(0).max(10).optional() })]);
const image = z
  .strictObject({
    fileId: z
      .string()
      .regex(/^[\w-]{1,100}$/)
      .optional(),
    url: z
      .url({ protocol: /^https$/ })
      .max(2000)
      .optional(),
    alt: text(500).optional(),
  })
  .refine(
    ({ fileId, url }) => (fileId === undefined) !== (url === undefined),
    "a picture is a file or an https address",
  );
/** What a tap does: one thing. */
const button = z
  .strictObject({
    label: words(100),
    url: z
      .url({ protocol: /^https?$/ })
      .max(2000)
      .optional(),
    articleId: z.string().min(1).max(100).optional(),
    person: z.literal(true).optional(),
  })
  .refine(
    ({ url, articleId, person }) => [url, articleId, person].filter((one) => one !== undefined).length <= 1,
    "a button is a link, an article, a person, or only its label",
  );
const MOST_BUTTONS = 10;
const buttons = z.array(button).max(MOST_BUTTONS);

const variant = z.strictObject({
  locale: z.string().max(35).optional(),
  channel: z.string().max(50).optional(),
  audience: words(50).optional(),
  text: text(20_000),
  image: optional(image),
  buttons: optional(buttons),
  sourceVersion: z.number().int().min(0).optional(),
});
const rule = z.strictObject({ kind: z.enum(["exact", "contains", "pattern"]), value: words(500) });

/** `returns/shipping`: levels by a slash. */
export const CATEGORY_LEVELS = 4;
export const isCategory = (category: string) => category.split("/").length <= CATEGORY_LEVELS;

const fields = {
  question: words(500),
  phrasings: lines(500, 500),
  keywords: z.array(keyword).max(100),
  answer: text(20_000),
  answers: z.array(variant).max(50),
  image: optional(image),
  buttons: optional(buttons),
  orderCard: optional(z.boolean()),
  handoffGroup: optional(words(50)),
  fallback: optional(text(2000)),
  skill: optional(z.string().max(100)),
  category: optional(text(100).refine(isCategory, `at most ${CATEGORY_LEVELS} levels, separated by “/”`)),
  locale: optional(z.string().max(35)),
  validFrom: optional(z.iso.datetime({ offset: true })),
  validUntil: optional(z.iso.datetime({ offset: true })),
  keywordWeights: optional(z.record(z.string().max(100), z.number().min(0).max(10))),
  mustHave: optional(lines(20, 100)),
  mustNot: optional(lines(50, 100)),
  rules: optional(z.array(rule).max(50)),
  counterExamples: optional(lines(100, 500)),
  priority: optional(z.number().int().min(-10).max(10)),
  mustHit: optional(lines(200, 500)),
  mustNotHit: optional(lines(200, 500)),
};

export const articleBody = z.strictObject({
  ...fields,
  phrasings: fields.phrasings.default([]),
  keywords: fields.keywords.default([]),
  answer: fields.answer.default(""),
  answers: fields.answers.default([]),
});

/** What a `PATCH` may say: what it does not name stays, so nothing here has a default. */
export const articleChange = z.strictObject(fields).partial();

/** @throws {z.ZodError} */
export function toArticleDraft(body: z.input<typeof articleBody>): ArticleDraft {
  const read = articleBody.parse(body);
  const { question, phrasings, answer, answers } = read;
  return {
    question,
    phrasings,
    answer,
    answers: answers.map(toVariant),
    keywords: read.keywords.map((one) => (typeof one === "string" ? one : one.term)),
    ...toParts(read),
    ...kept("orderCard", read.orderCard === true ? true : undefined),
    ...kept("handoffGroup", read.handoffGroup),
    ...kept("fallback", read.fallback),
    ...kept("skill", read.skill),
    ...kept("category", read.category),
    ...kept("locale", read.locale),
    ...kept("validFrom", read.validFrom == null ? undefined : Date.parse(read.validFrom)),
    ...kept("validUntil", read.validUntil == null ? undefined : Date.parse(read.validUntil)),
    ...kept("controls", toControls(read)),
    ...kept("tests", toTests(read)),
  };
}

/** As it is kept: no empty keys, so that equal variants are equal text. */
function toVariant({ text, ...rest }: Read["answers"][number]): AnswerVariant {
  return {
    ...kept("locale", rest.locale),
    ...kept("channel", rest.channel),
    ...kept("audience", rest.audience),
    text,
    ...toParts(rest),
    ...kept("sourceVersion", rest.sourceVersion),
  };
}

function toParts(read: Pick<Read, "image" | "buttons">): AnswerParts {
  const { fileId, url, alt } = read.image ?? {};
  const image = { ...kept("fileId", fileId), ...kept("url", url), ...kept("alt", alt) };
  return {
    ...kept("image", read.image == null ? undefined : image),
    ...kept(
      "buttons",
      filled(
        read.buttons?.map(
          (one): AnswerButton => ({
            label: one.label,
            ...kept("url", one.url),
            ...kept("articleId", one.articleId),
            ...kept("person", one.person),
          }),
        ),
      ),
    ),
  };
}

type Read = z.output<typeof articleBody>;

function toControls(read: Read): ArticleControls | undefined {
  const controls = {
    ...kept("keywordWeights", toWeights(read)),
    ...kept("mustHave", filled(read.mustHave)),
    ...kept("mustNot", filled(read.mustNot)),
    ...kept("rules", filled(read.rules)),
    ...kept("counterExamples", filled(read.counterExamples)),
    ...kept("priority", read.priority === 0 ? undefined : read.priority),
  };
  return Object.keys(controls).length === 0 ? undefined : controls;
}

/** Of the keywords there are; a weight of 1 goes without saying. */
function toWeights({ keywords, keywordWeights }: Read): Readonly<Record<string, number>> | undefined {
  const weights = keywords.flatMap((one) => {
    const term = typeof one === "string" ? one : one.term;
    const weight = (typeof one === "string" ? undefined : one.weight) ?? keywordWeights?.[term] ?? 1;
    return weight === 1 ? [] : [[term, weight] as const];
  });
  return weights.length === 0 ? undefined : Object.fromEntries(weights);
}

function toTests({ mustHit, mustNotHit }: Read): ArticleTests | undefined {
  const tests = { mustHit: mustHit ?? [], mustNotHit: mustNotHit ?? [] };
  return tests.mustHit.length + tests.mustNotHit.length === 0 ? undefined : tests;
}

const filled = <T>(list: readonly T[] | null | undefined) => (list == null || list.length === 0 ? undefined : list);

function kept<K extends string, V>(key: K, value: V | null | undefined): { [P in K]?: V } {
  return value === null || value === undefined || value === "" ? {} : ({ [key]: value } as { [P in K]?: V });
}

/** A draft as the body that would have made it, its lists and texts as they are. */
export function toArticleBody(draft: ArticleDraft) {
  const { question, phrasings, keywords, answer, answers, controls, tests } = draft;
  const time = (at: number | undefined) => (at === undefined ? undefined : new Date(at).toISOString());
  return {
    question,
    phrasings: [...phrasings],
    keywords: [...keywords],
    answer,
    answers: answers.map(({ buttons, ...one }) => ({ ...one, ...kept("buttons", buttons?.slice()) })),
    ...kept("image", draft.image),
    ...kept("buttons", draft.buttons?.slice()),
    ...kept("orderCard", draft.orderCard),
    ...kept("handoffGroup", draft.handoffGroup),
    ...kept("fallback", draft.fallback),
    ...kept("skill", draft.skill),
    ...kept("category", draft.category),
    ...kept("locale", draft.locale),
    ...kept("validFrom", time(draft.validFrom)),
    ...kept("validUntil", time(draft.validUntil)),
    ...kept("keywordWeights", controls?.keywordWeights),
    ...kept("mustHave", controls?.mustHave?.slice()),
    ...kept("mustNot", controls?.mustNot?.slice()),
    ...kept("rules", controls?.rules?.slice()),
    ...kept("counterExamples", controls?.counterExamples?.slice()),
    ...kept("priority", controls?.priority),
    ...kept("mustHit", tests === undefined ? undefined : [...tests.mustHit]),
    ...kept("mustNotHit", tests === undefined ? undefined : [...tests.mustNotHit]),
  };
}
