import type { Corpus } from "./corpus.ts";
import type { Query } from "./query.ts";

/** What is looked at in each candidate. The order is that of the weights. */
export const FEATURES = [
  /** The similarity it was gathered by. */
  "first",
  /** Share of the weight of both texts in symbols, neighbours, syllables and neighbouring syllables they have in common. */
  "symbols",
  "pairs",
  "sounds",
  "soundPairs",
  /** The same with synonyms, homophones and misspellings counted in part; of both texts, of each, their product. */
  "credit",
  "queryCovered",
  "variantCovered",
  "bothCovered",
  /** The heaviest symbol of each text that the other lacks, against its heaviest of all. */
  "queryMissing",
  "variantMissing",
  /** Longest common subsequence and longest common run. */
  "sequence",
  "run",
  "equal",
  /** The variant asks for something else (how, why, when …), both ask and not the same, one is negated. */
  "classExtra",
  "classClash",
  "negation",
  /** Numbers and Latin words in Chinese text that only one of the texts has. */
  "queryNumber",
  "variantNumber",
  "queryLatin",
  "variantLatin",
  "lengthGap",
  /** Share of the weight of both texts' concepts that they have in common. */
  "conceptsSame",
  /** The heaviest symbol of the question is covered. */
  "heaviest",
  /** In questions of words rather than characters. */
  "latinSymbols",
  "latinPairs",
  "latinSequence",
  /** The texts as written, fillers and question words included: words, neighbours, order; words once more, squared. */
  "writtenWords",
  "writtenPairs",
  "writtenSequence",
  "writtenSquare",
  /** How similar the other phrasings of the article are; what the classifier says. */
  "support",
  "taught",
  "taughtLog",
] as const;
export type Feature = (typeof FEATURES)[number];
export const FEATURE_COUNT = FEATURES.length;

export function columnOf(feature: Feature): number {
  return FEATURES.indexOf(feature);
}

/** What the decision to answer looks at beside the features, in absolute amounts. */
export interface Amounts {
  /** Weight of the question's symbols; of those the variant covers; of those it does not. */
  queryTotal: number;
  matched: number;
  queryMissing: number;
  variantMissing: number;
  /** The heaviest symbol of each text that the other lacks. */
  queryHeaviest: number;
  variantHeaviest: number;
}

/** Compares one question with many variants; all room it needs is taken once. */
export interface Comparer {
  /** Reads the question; comparisons follow. */
  start(corpus: Corpus, query: Query): void;
  /** Writes the features of a variant from `at` on, except those of its article. */
  compare(variant: number, similarity: number, out: Float32Array, at: number): void;
  /** Of the variant compared last. */
  readonly amounts: Amounts;
  /** For each distinct symbol of the question, how well the variant compared last covers it, and through what. */
  readonly queryCredit: Float32Array;
  readonly queryVia: Uint8Array;
  /** 1 when most of the question is words rather than characters; 1 when it holds kana. */
  readonly latin: number;
  readonly kana: number;
}

/** Through what a symbol of the question is covered. */
export const VIA_EXACT = 1;
export const VIA_SYNONYM = 2;
export const VIA_SOUND = 3;
export const VIA_TYPO = 4;
export const VIA_VARIANT = 5;
