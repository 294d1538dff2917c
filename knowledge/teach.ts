import { type Vocabulary, WHOLE } from "./vocabulary.ts";

/**
 * One small linear classifier over all articles, trained when the index is built: it learns which words tell the
 * articles of this shop apart, as far as its own phrasings show it. Only where articles have several phrasings. A word
 * has a weight for each article that uses it and for no other, so that thousands of articles can be taught.
 */
export interface Teaching {
  readonly articles: number;
  /** Where the weights of each token end, the articles they speak for, and the weights: one byte each, times `scale`. */
  readonly ends: Uint32Array;
  readonly spoken: Uint32Array;
  readonly weights: Int8Array;
  readonly scale: number;
}

/** Steps spent on training at most: about 60 ms. */
const BUDGET = 12e6;
const EPOCHS = 12;
const MIN_EPOCHS = 3;
/** Phrasings learnt from between two pauses: a few milliseconds. */
const TAUGHT_AT_ONCE = 400;
const RATE = 1.2;
const DECAY = 3e-4;
/** Length of a text's vector: how sharply one phrasing may speak. */
const SHARPNESS = 4;
/** A word that more articles use than this tells none of them apart. */
const commonFrom = (articles: number) => Math.min(400, Math.max(24, articles / 8));

export interface Lesson {
  readonly vocabulary: Vocabulary;
  readonly articles: number;
  readonly article: Uint32Array;
  /** Token numbers of all variants, and where each variant's end. */
  readonly tokens: Uint32Array;
  readonly ends: Uint32Array;
  readonly variants: number;
}

export function* teach(lesson: Lesson): Generator<undefined, Teaching | undefined> {
  const { articles, article, tokens, ends, variants } = lesson;
  if (articles < 2 || variants < 1.3 * articles) return undefined;
  const { ends: spokenEnds, spoken, work } = lay(lesson);
  const epochs = Math.min(EPOCHS, Math.floor(BUDGET / (2 * work + 1)));
  if (epochs < MIN_EPOCHS) return undefined;
  const weights = new Float32Array(spoken.length);
  const values = amountsOf(lesson);
  const scores = createScores(articles);
  const shares = sharesOf(lesson);
  yield;
  for (let epoch = 0; epoch < epochs; epoch++) {
    const rate = (RATE / SHARPNESS) * (1 - epoch / epochs);
    for (let step = 0; step < variants; step++) {
      const v = (step * 7919 + epoch * 104729) % variants;
      const from = v === 0 ? 0 : (ends[v - 1] ?? 0);
      const stop = ends[v] ?? 0;
      const right = article[v] ?? 0;
      clear(scores);
      add(scores, right, 0);
      for (let k = from; k < stop; k++) {
        const token = tokens[k] ?? 0;
        const x = values[k] ?? 0;
        const end = spokenEnds[token + 1] ?? 0;
        for (let e = spokenEnds[token] ?? 0; e < end; e++) add(scores, spoken[e] ?? 0, x * (weights[e] ?? 0));
      }
      softmax(scores);
      const { sums } = scores;
      sums[right] = (sums[right] ?? 0) - 1;
      const pace = rate * (shares[right] ?? 1);
      for (let k = from; k < stop; k++) {
        const token = tokens[k] ?? 0;
        const x = (values[k] ?? 0) * pace;
        const end = spokenEnds[token + 1] ?? 0;
        for (let e = spokenEnds[token] ?? 0; e < end; e++) {
          const w = weights[e] ?? 0;
          weights[e] = w - x * (sums[spoken[e] ?? 0] ?? 0) - DECAY * w;
        }
      }
      if (step % TAUGHT_AT_ONCE === TAUGHT_AT_ONCE - 1) yield;
    }
  }
  return { articles, ends: spokenEnds, spoken, ...quantised(weights) };
}

/** The articles that use each token, and the steps one round over all variants takes. */
function lay({ vocabulary, articles, article, tokens, ends, variants }: Lesson) {
  const size = vocabulary.hash.length;
  const last = new Int32Array(size).fill(-1);
  const uses = new Uint32Array(size);
  const count = new Uint32Array(size);
  for (let v = 0, i = 0; v < variants; v++)
    for (const stop = ends[v] ?? 0; i < stop; i++) {
      const token = tokens[i] ?? 0;
      uses[token] = (uses[token] ?? 0) + 1;
      // The phrasings of an article stand together.
      if (last[token] === article[v]) continue;
      last[token] = article[v] ?? 0;
      count[token] = (count[token] ?? 0) + 1;
    }
  const spokenEnds = new Uint32Array(size + 1);
  const common = commonFrom(articles);
  let work = 0;
  for (let token = 0; token < size; token++) {
    // A whole text would be learnt by heart.
    if ((count[token] ?? 0) > common || vocabulary.kind.data[token] === WHOLE) count[token] = 0;
    const own = count[token] ?? 0;
    spokenEnds[token + 1] = (spokenEnds[token] ?? 0) + own;
    work += own * (uses[token] ?? 0);
  }
  const next = spokenEnds.slice(0, size);
  const spoken = new Uint32Array(spokenEnds[size] ?? 0);
  last.fill(-1);
  for (let v = 0, i = 0; v < variants; v++)
    for (const stop = ends[v] ?? 0; i < stop; i++) {
      const token = tokens[i] ?? 0;
      if (last[token] === article[v] || count[token] === 0) continue;
      last[token] = article[v] ?? 0;
      const at = next[token] ?? 0;
      spoken[at] = article[v] ?? 0;
      next[token] = at + 1;
    }
  return { ends: spokenEnds, spoken, work };
}

/** How much each token says in its variant. */
function amountsOf({ vocabulary, tokens, ends, variants }: Lesson): Float32Array {
  const values = new Float32Array(ends[variants - 1] ?? 0);
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
  return values;
}

/** An article with many phrasings does not outvote the others. */
function sharesOf({ articles, article, variants }: Lesson): Float64Array {
  const count = new Float64Array(articles);
  for (let v = 0; v < variants; v++) count[article[v] ?? 0] = (count[article[v] ?? 0] ?? 0) + 1;
  return count.map((n) => 1 / Math.sqrt(n || 1));
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

/** Sums of the few articles that a text touches; all others are 0. */
interface Scores {
  readonly articles: number;
  readonly sums: Float64Array;
  readonly marks: Uint32Array;
  readonly touched: Uint32Array;
  count: number;
  mark: number;
  /** The probability of each article that was not touched, set by `softmax`. */
  rest: number;
}

function createScores(articles: number): Scores {
  return {
    articles,
    sums: new Float64Array(articles),
    marks: new Uint32Array(articles),
    touched: new Uint32Array(articles),
    count: 0,
    mark: 0,
    rest: 0,
  };
}

function clear(scores: Scores): void {
  scores.count = 0;
  scores.mark++;
}

function add(scores: Scores, article: number, amount: number): void {
  const { sums, marks, touched, mark } = scores;
  if (marks[article] === mark) {
    sums[article] = (sums[article] ?? 0) + amount;
    return;
  }
  marks[article] = mark;
  touched[scores.count++] = article;
  sums[article] = amount;
}

function softmax(scores: Scores): void {
  const { sums, touched, count, articles } = scores;
  let most = 0;
  for (let i = 0; i < count; i++) most = Math.max(most, sums[touched[i] ?? 0] ?? 0);
  const rest = Math.exp(-most);
  let all = (articles - count) * rest;
  for (let i = 0; i < count; i++) {
    const article = touched[i] ?? 0;
    const odds = Math.exp((sums[article] ?? 0) - most);
    sums[article] = odds;
    all += odds;
  }
  for (let i = 0; i < count; i++) {
    const article = touched[i] ?? 0;
    sums[article] = (sums[article] ?? 0) / all;
  }
  scores.rest = rest / all;
}

let room = createScores(0);

/** The probability of each article, had the question to belong to one of them; valid until the next call. */
export function classify(
  { articles, ends, spoken, weights, scale: step }: Teaching,
  vocabulary: Vocabulary,
  tokens: readonly number[],
): (article: number) => number {
  if (room.articles !== articles) room = createScores(articles);
  const scores = room;
  clear(scores);
  let squares = 0;
  for (const token of tokens) squares += amountOf(vocabulary, token) ** 2;
  const scale = SHARPNESS / Math.sqrt(squares + 1e-9);
  for (const token of tokens) {
    const x = amountOf(vocabulary, token) * scale * step;
    const end = ends[token + 1] ?? 0;
    for (let e = ends[token] ?? 0; e < end; e++) add(scores, spoken[e] ?? 0, x * (weights[e] ?? 0));
  }
  softmax(scores);
  return (article) => (scores.marks[article] === scores.mark ? (scores.sums[article] ?? 0) : scores.rest);
}
