/** Asks real questions again, of the knowledge as it is and as it would be, and tells what changes. */

import type { KnowledgeAnswer, ShadowKnowledge } from "../core/knowledge.ts";
import { detectLocale } from "../core/language.ts";

/** Who answers a question: the article, and its score; undefined where the bot would not answer. */
export interface Answerer {
  readonly articleId: string;
  readonly question: string;
  readonly score: number;
}

export interface Replayed {
  readonly question: string;
  /** How often it was asked. */
  readonly count: number;
  readonly from: Answerer | undefined;
  readonly to: Answerer | undefined;
}

/** Others have their turn after so many questions: a replay must not make shoppers wait. */
const QUESTIONS_AT_ONCE = 8;

export function answererOf({ decision, matches }: KnowledgeAnswer): Answerer | undefined {
  const [best] = matches;
  return decision !== "answer" || best === undefined
    ? undefined
    : { articleId: best.articleId, question: best.article.question, score: best.score };
}

/** Each wording once, with how often it was said. */
export function countQuestions(texts: readonly string[]): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const text of texts) counts.set(text.trim(), (counts.get(text.trim()) ?? 0) + 1);
  return counts;
}

export async function replay(input: {
  readonly questions: ReadonlyMap<string, number>;
  readonly before: ShadowKnowledge;
  readonly after: ShadowKnowledge;
  readonly at: number;
}): Promise<Replayed[]> {
  const replayed: Replayed[] = [];
  for (const [question, count] of input.questions) {
    if (replayed.length % QUESTIONS_AT_ONCE === QUESTIONS_AT_ONCE - 1) await aTurn();
    const asked = askedAs(question, input.at);
    replayed.push({
      question,
      count,
      from: answererOf(input.before.match(asked)),
      to: answererOf(input.after.match(asked)),
    });
  }
  return replayed;
}

/** A question as a shopper's message is matched: its own language decides where it shows. */
export function askedAs(text: string, at: number, fallback?: string) {
  const locale = detectLocale(text) ?? fallback;
  return { text, at, limit: 5, ...(locale === undefined ? {} : { locale }) };
}

const aTurn = () => new Promise<void>((resolve) => setTimeout(resolve));
