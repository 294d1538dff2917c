/**
 * The knowledge engine: finds the article a shopper's question means, says why, and knows when to stay silent. Pure: no
 * I/O, no native code, no clock, the same on every runtime.
 *
 * @example
 * const index = buildIndex([{ id: "return", question: "怎么退货", phrasings: ["我想把东西退了"] }]);
 * index.match("請問如何退貨？"); // { decision: "answer", matches: [{ articleId: "return", … }] }
 */
import type { Dictionary, KnowledgeArticle } from "./article.ts";
import { type Concepts, compileConcepts } from "./concepts.ts";
import { RETAIL_DICTIONARY } from "./dictionary.ts";
import { buildKnowledge, buildKnowledgeInSteps, createIndex, type KnowledgeIndex, restoreKnowledge } from "./engine.ts";
import { type Restored, readSnapshot } from "./snapshot.ts";

export type { ArticleRule, Dictionary, KnowledgeArticle } from "./article.ts";
export { RETAIL_DICTIONARY } from "./dictionary.ts";
export type { KnowledgeIndex } from "./engine.ts";
export {
  DEFAULT_THRESHOLDS,
  type Match,
  type MatchOptions,
  type MatchResult,
  type Thresholds,
  type Why,
} from "./match.ts";
export { normalize } from "./normalize.ts";
export { validatePattern } from "./pattern.ts";

/** Builds an index. `dictionary` is added to the shipped retail dictionary. Of articles of one id the last counts. */
export function buildIndex(articles: Iterable<KnowledgeArticle>, dictionary?: Dictionary): KnowledgeIndex {
  const concepts = conceptsOf(dictionary);
  const built = buildKnowledge(articles, concepts);
  return createIndex(() => built, concepts);
}

/**
 * The same in steps of a few milliseconds, for a server that answers others meanwhile: ten thousand articles take about
 * sixty steps. What was built so far is nobody's until the last step returns it.
 *
 * @example
 * const steps = buildIndexInSteps(articles);
 * let step = steps.next();
 * for (; !step.done; step = steps.next()) await new Promise((resolve) => setTimeout(resolve, 0));
 * const index = step.value;
 */
export function* buildIndexInSteps(
  articles: Iterable<KnowledgeArticle>,
  dictionary?: Dictionary,
): Generator<undefined, KnowledgeIndex> {
  const concepts = conceptsOf(dictionary);
  const built = yield* buildKnowledgeInSteps(articles, concepts);
  return createIndex(() => built, concepts);
}

/**
 * An index from `snapshot()`, much faster than building it. With another dictionary than the snapshot was made with it
 * is built anew. Throws when the bytes are no snapshot.
 */
export function loadIndex(snapshot: Uint8Array, dictionary?: Dictionary): KnowledgeIndex {
  const concepts = conceptsOf(dictionary);
  const restored = restoreKnowledge(readSnapshot(snapshot, concepts), concepts);
  return createIndex(() => restored, concepts);
}

/**
 * As `loadIndex`, for who would rather build in steps: undefined where the words or the engine have changed since the snapshot was made, and
 * for bytes that are none.
 */
export function restoreIndex(snapshot: Uint8Array, dictionary?: Dictionary): KnowledgeIndex | undefined {
  const concepts = conceptsOf(dictionary);
  const read = tryToRead(snapshot, concepts);
  if (read?.corpus === undefined) return undefined;
  const restored = restoreKnowledge(read, concepts);
  return createIndex(() => restored, concepts);
}

function tryToRead(snapshot: Uint8Array, concepts: Concepts): Restored | undefined {
  try {
    return readSnapshot(snapshot, concepts);
  } catch {
    return undefined;
  }
}

let shipped: Concepts | undefined;

function conceptsOf(dictionary: Dictionary | undefined): Concepts {
  if (dictionary !== undefined) return compileConcepts([RETAIL_DICTIONARY, dictionary]);
  shipped ??= compileConcepts([RETAIL_DICTIONARY]);
  return shipped;
}
