import type { Vocabulary } from "./vocabulary.ts";

/**
 * One small linear classifier over all articles, trained when the index is built: it learns which words tell the
 * articles of this shop apart, as far as its own phrasings show it. Only where articles have several phrasings.
 */
export interface Teaching {
  readonly articles: number;
  /** A row per token, a column per article; times `scale`. One byte each, for these tables are the largest. */
  readonly weights: Int8Array;
  readonly scale: number;
}

/** Multiplications spent on training at most: about 60 ms. */
const BUDGET = 60e6;
const EPOCHS = 12;
const RATE = 1.2;
const DECAY = 3e-4;
/** Length of a text's vector: how sharply one phrasing may speak. */
const SHARPNESS = 4;

export interface Lesson {
  readonly vocabulary: Vocabulary;
  readonly articles: number;
  readonly article: Uint32Array;
  /** Token numbers of all variants, and where each variant's end. */
  readonly tokens: Uint32Array;
  readonly ends: Uint32Array;
  readonly variants: number;
}

export function teach(lesson: Lesson): Teaching | undefined {
  const { vocabulary, articles, article, tokens, ends, variants } = lesson;
  const size = ends[variants - 1] ?? 0;
  if (articles < 2 || variants < 1.3 * articles || size * articles * 6 > BUDGET) return undefined;
  const epochs = Math.min(EPOCHS, Math.floor(BUDGET / (2 * size * articles)));
  const weights = new Float32Array(vocabulary.hash.length * articles);
  const scores = new Float64Array(articles);
  const values = new Float32Array(size);
  for (let v = 0, i = 0; v < variants; v++) {
    const from = i;
    let squares = 0;
    for (const stop = ends[v] ?? 0; i < stop; i++) {
      values[i] = amountOf(vocabulary, tokens[i] ?? 0);
      squares += (values[i] ?? 0) ** 2;
    }
    const scale = SHARPNESS / Math.sqrt(squares + 1e-9);
    for (let k = from; k < i; k++) values[k] = (values[k] ?? 0) * scale;
  }
  const perArticle = new Float64Array(articles);
  for (let v = 0; v < variants; v++) perArticle[article[v] ?? 0] = (perArticle[article[v] ?? 0] ?? 0) + 1;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = (RATE / SHARPNESS) * (1 - epoch / epochs);
    for (let step = 0; step < variants; step++) {
      const v = (step * 7919 + epoch * 104729) % variants;
      const from = v === 0 ? 0 : (ends[v - 1] ?? 0);
      const stop = ends[v] ?? 0;
      scores.fill(0);
      for (let k = from; k < stop; k++) {
        const row = (tokens[k] ?? 0) * articles;
        const x = values[k] ?? 0;
        for (let a = 0; a < articles; a++) scores[a] = (scores[a] ?? 0) + x * (weights[row + a] ?? 0);
      }
      softmax(scores);
      const right = article[v] ?? 0;
      const share = 1 / Math.sqrt(perArticle[right] ?? 1);
      scores[right] = (scores[right] ?? 0) - 1;
      for (let k = from; k < stop; k++) {
        const row = (tokens[k] ?? 0) * articles;
        const x = (values[k] ?? 0) * rate * share;
        for (let a = 0; a < articles; a++) {
          const w = weights[row + a] ?? 0;
          weights[row + a] = w - x * (scores[a] ?? 0) - DECAY * w;
        }
      }
    }
  }
  return { articles, ...quantised(weights) };
}

function quantised(weights: Float32Array): { weights: Int8Array; scale: number } {
  let most = 1e-9;
  for (const weight of weights) most = Math.max(most, Math.abs(weight));
  const scale = most / 127;
  return { weights: Int8Array.from(weights, (weight) => Math.round(weight / scale)), scale };
}

function amountOf({ idf }: Vocabulary, token: number): number {
  return Math.max(0, idf.data[token] ?? 0);
}

function softmax(scores: Float64Array): void {
  let most = -Infinity;
  for (const score of scores) most = Math.max(most, score);
  let sum = 0;
  for (let i = 0; i < scores.length; i++) {
    scores[i] = Math.exp((scores[i] ?? 0) - most);
    sum += scores[i] ?? 0;
  }
  for (let i = 0; i < scores.length; i++) scores[i] = (scores[i] ?? 0) / sum;
}

/** The probability of each article, had the question to belong to one of them. */
export function classify(
  { articles, weights, scale: step }: Teaching,
  vocabulary: Vocabulary,
  tokens: readonly number[],
  out: Float64Array,
): void {
  out.fill(0);
  let squares = 0;
  for (const token of tokens) squares += amountOf(vocabulary, token) ** 2;
  const scale = SHARPNESS / Math.sqrt(squares + 1e-9);
  for (const token of tokens) {
    const row = token * articles;
    if (row >= weights.length) continue;
    const x = amountOf(vocabulary, token) * scale * step;
    for (let a = 0; a < articles; a++) out[a] = (out[a] ?? 0) + x * (weights[row + a] ?? 0);
  }
  softmax(out);
}
