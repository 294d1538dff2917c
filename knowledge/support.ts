import type { Candidates } from "./candidates.ts";
import type { Corpus } from "./corpus.ts";
import { columnOf, FEATURE_COUNT } from "./features.ts";
import type { Query } from "./query.ts";
import { classify } from "./teach.ts";

const SUPPORT = columnOf("support");

const TAUGHT = columnOf("taught");
const TAUGHT_LOG = columnOf("taughtLog");

/** What the classifier says, where there is one. */
export function addTaught(corpus: Corpus, query: Query, { count, variant }: Candidates, out: Float32Array): void {
  const { teaching } = corpus;
  if (teaching === undefined) return;
  const shareOf = classify(teaching, corpus.vocabulary, query.tokens);
  for (let c = 0; c < count; c++) {
    const article = corpus.article.data[variant[c] ?? 0] ?? 0;
    if (article >= teaching.articles) continue; // Added since the classifier was trained.
    const share = shareOf(article);
    out[c * FEATURE_COUNT + TAUGHT] = share;
    out[c * FEATURE_COUNT + TAUGHT_LOG] = Math.max(-4, Math.log(share * teaching.articles + 1e-9)) / 4;
  }
}

/** How far the other phrasings of the same article resemble the question too. */
export function addSupport(corpus: Corpus, { count, variant, similarity }: Candidates, out: Float32Array): void {
  const near = new Map<number, number[]>();
  for (let c = 0; c < count; c++) {
    const article = corpus.article.data[variant[c] ?? 0] ?? 0;
    const list = near.get(article);
    if (list === undefined) near.set(article, [c]);
    else list.push(c);
  }
  for (const [article, list] of near) {
    const all = variantsOf(corpus, article);
    if (all < 2) continue;
    const sums = list.slice(0, 4).reduce((sum, c) => sum + (similarity[c] ?? 0), 0);
    for (const c of list) {
      const others = Math.min(3, all - 1);
      const own = list.indexOf(c) < 4 ? (similarity[c] ?? 0) : 0;
      out[c * FEATURE_COUNT + SUPPORT] = (sums - own) / others;
    }
  }
}

export function variantsOf(corpus: Corpus, article: number): number {
  const next = corpus.firstVariant.data[article + 1];
  const end = article + 1 < corpus.ids.length && next !== undefined ? next : corpus.texts.length;
  return end - (corpus.firstVariant.data[article] ?? 0);
}
