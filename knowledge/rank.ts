import { type Candidates, ROOM } from "./candidates.ts";
import type { Corpus } from "./corpus.ts";
import { type Comparer, FEATURE_COUNT } from "./features.ts";
import type { Query } from "./query.ts";
import { addSupport, addTaught } from "./support.ts";

/** An article and the phrasing that stands for it. */
export interface Ranked {
  readonly article: number;
  readonly variant: number;
  /** Row of its features. */
  readonly row: number;
  readonly raw: number;
}

export const FEATURE_ROOM = ROOM * FEATURE_COUNT;

/** Computes the features of all candidates into `out`. */
export function describe(
  corpus: Corpus,
  query: Query,
  candidates: Candidates,
  comparer: Comparer,
  out: Float32Array,
): void {
  comparer.start(corpus, query);
  for (let row = 0; row < candidates.count; row++)
    comparer.compare(candidates.variant[row] ?? 0, candidates.similarity[row] ?? 0, out, row * FEATURE_COUNT);
  addSupport(corpus, candidates, out);
  addTaught(corpus, query, candidates, out);
}

/** Articles, best first. Each phrasing that fits adds to its article's score; the best one stands for it. */
export function rank(
  corpus: Corpus,
  { count, variant }: Candidates,
  features: Float32Array,
  weights: ArrayLike<number>,
): Ranked[] {
  const best = new Map<number, Ranked & { readonly own: number }>();
  for (let row = 0; row < count; row++) {
    const number = variant[row] ?? 0;
    const article = corpus.article.data[number] ?? 0;
    const own = weigh(features, row * FEATURE_COUNT, weights);
    const known = best.get(article);
    const raw = known === undefined ? own : addLogs(known.raw, own);
    if (known === undefined || own > known.own) best.set(article, { article, variant: number, row, raw, own });
    else best.set(article, { ...known, raw });
  }
  return [...best.values()].sort((a, b) => b.raw - a.raw || a.article - b.article);
}

/** Logarithm of the sum of two numbers given by their logarithms. */
function addLogs(a: number, b: number): number {
  return Math.max(a, b) + Math.log1p(Math.exp(-Math.abs(a - b)));
}

function weigh(features: Float32Array, at: number, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < FEATURE_COUNT; i++) sum += (features[at + i] ?? 0) * (weights[i] ?? 0);
  return sum;
}
