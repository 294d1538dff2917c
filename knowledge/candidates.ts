import type { Corpus } from "./corpus.ts";
import type { Query } from "./query.ts";

/** Variants worth a closer look, with their first similarity; shared between calls. */
export interface Candidates {
  count: number;
  most: number;
  readonly variant: Uint32Array;
  readonly similarity: Float32Array;
}

const MAX_CANDIDATES = 48;
/** Of each of several passages, which share the time of one question. */
const FEW_CANDIDATES = 16;
/** Room for the candidates and a few that keywords bring in. */
export const ROOM = 64;
/** No more postings than this are read for one question; the rarest tokens come first. */
const MAX_POSTINGS = 45_000;
const FEW_POSTINGS = 15_000;

export interface Scratch {
  sums: Float32Array;
  touched: Uint32Array;
  readonly candidates: Candidates;
}

export function createScratch(): Scratch {
  return {
    sums: new Float32Array(0),
    touched: new Uint32Array(0),
    candidates: { count: 0, most: 0, variant: new Uint32Array(ROOM), similarity: new Float32Array(ROOM) },
  };
}

/** Says whether an article may be found at all. */
export type Allowed = (article: number) => boolean;

/**
 * Fills `scratch.candidates` with the variants most similar to the question, both directions counted; with fewer of them
 * when the question is one passage of several.
 */
export function gather(
  corpus: Corpus,
  query: Query,
  scratch: Scratch,
  allowed?: Allowed,
  isPassage = false,
): Candidates {
  const { postings, postingEnd, posted } = corpus;
  if (scratch.sums.length < posted) {
    scratch.sums = new Float32Array(posted);
    scratch.touched = new Uint32Array(posted);
  }
  const { sums, touched, candidates } = scratch;
  const length = (token: number) =>
    token + 1 < postingEnd.length ? (postingEnd[token + 1] ?? 0) - (postingEnd[token] ?? 0) : 0;
  const order = query.tokens
    .map((_, i) => i)
    .sort((a, b) => length(query.tokens[a] ?? 0) - length(query.tokens[b] ?? 0));
  const mostPostings = isPassage ? FEW_POSTINGS : MAX_POSTINGS;
  let read = 0;
  let count = 0;
  for (const i of order) {
    const token = query.tokens[i] ?? 0;
    const weight = query.weights[i] ?? 0;
    const n = length(token);
    if (n === 0 || weight === 0) continue;
    if (read > 0 && read + n > mostPostings) break;
    read += n;
    const start = postingEnd[token] ?? 0;
    for (let p = start; p < start + n; p++) {
      const variant = postings[p] ?? 0;
      const sum = sums[variant] ?? 0;
      if (sum === 0) touched[count++] = variant;
      sums[variant] = sum + weight;
    }
  }
  candidates.count = 0;
  candidates.most = isPassage ? FEW_CANDIDATES : MAX_CANDIDATES;
  const norms = corpus.norm.data;
  const { total } = query;
  let least = 0;
  for (let i = 0; i < count; i++) {
    const variant = touched[i] ?? 0;
    const similarity = (2 * (sums[variant] ?? 0)) / (total + (norms[variant] ?? 0));
    sums[variant] = 0;
    if (similarity <= least) continue;
    keep(candidates, variant, similarity, corpus, allowed);
    if (candidates.count === candidates.most) least = candidates.similarity[candidates.most - 1] ?? 0;
  }
  comparePending(corpus, query, candidates, allowed);
  return candidates;
}

/** Variants added since the postings were made. */
function comparePending(corpus: Corpus, query: Query, candidates: Candidates, allowed?: Allowed): void {
  if (corpus.pending.length === 0) return;
  const weights = new Map(query.tokens.map((token, i) => [token, query.weights[i] ?? 0]));
  corpus.pending.forEach((tokens, i) => {
    let sum = 0;
    for (const token of tokens) sum += weights.get(token) ?? 0;
    const variant = corpus.posted + i;
    if (sum === 0) return;
    keep(candidates, variant, (2 * sum) / (query.total + (corpus.norm.data[variant] ?? 0)), corpus, allowed);
  });
}

function keep(candidates: Candidates, added: number, similarity: number, corpus: Corpus, allowed?: Allowed): void {
  const { variant, similarity: similarities, most } = candidates;
  let at = candidates.count;
  if (at === most) {
    if (similarity <= (similarities[at - 1] ?? 0)) return;
    at--;
  }
  const article = corpus.article.data[added] ?? 0;
  if (corpus.alive.data[article] === 0 || allowed?.(article) === false) return;
  for (; at > 0 && (similarities[at - 1] ?? 0) < similarity; at--) {
    similarities[at] = similarities[at - 1] ?? 0;
    variant[at] = variant[at - 1] ?? 0;
  }
  similarities[at] = similarity;
  variant[at] = added;
  if (candidates.count < most) candidates.count++;
}
