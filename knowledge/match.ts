import { ANSWER_THRESHOLD } from "./fitted.ts";

/** Calibrated scores between 0 and 1: at or above `answer` the article speaks, at or above `suggest` it is offered. */
export interface Thresholds {
  readonly answer: number;
  readonly suggest: number;
}

/** Shops that would rather stay silent than be wrong raise `answer`: at 0.8 four of five answers are right. */
export const DEFAULT_THRESHOLDS: Thresholds = { answer: ANSWER_THRESHOLD, suggest: 0.12 };

export interface MatchOptions {
  /** How many articles to return. @default 3 */
  readonly limit?: number;
  /** The shopper's locale; articles of another language yield to equally good ones of this language. */
  readonly locale?: string;
  /** Says whether an article may be returned (audience, channel, validity). Called for likely articles only. */
  readonly accept?: (articleId: string) => boolean;
  /** @default DEFAULT_THRESHOLDS */
  readonly thresholds?: Thresholds;
}

/** A word of the shopper's question that speaks for the article. `term` is as it stands in the normalised question. */
export interface Why {
  readonly term: string;
  readonly via: "exact" | "synonym" | "pinyin" | "variant" | "typo" | "ngram" | "keyword" | "rule";
  /** Share of the whole match, 0 to 1. */
  readonly weight: number;
}

export interface Match {
  readonly articleId: string;
  /** Calibrated: of answers given with score 0.8 about 80 % are right. */
  readonly score: number;
  /** The question, phrasing, keyword or rule of the article that fits best. */
  readonly phrasing: string;
  readonly why: readonly Why[];
}

export interface MatchResult {
  readonly decision: "answer" | "suggest" | "none";
  /** Best first. */
  readonly matches: readonly Match[];
}
