import { answer, createWorkspace } from "./answer.ts";
import type { KnowledgeArticle } from "./article.ts";
import type { Concepts } from "./concepts.ts";
import { type Controls, createControls, type Extras, hasExtras } from "./controls.ts";
import { appendArticle, buildCorpusInSteps, type Corpus, type CorpusArticle, finish } from "./corpus.ts";
import type { MatchOptions, MatchResult } from "./match.ts";
import { type Restored, writeSnapshot } from "./snapshot.ts";
import { variantsOf } from "./support.ts";

/** A shop's knowledge, ready to be asked. */
export interface KnowledgeIndex {
  /** How many articles it holds. */
  readonly size: number;
  /** The articles a question may mean, best first, and whether to answer. Never throws, whatever the text. */
  match(text: string, options?: MatchOptions): MatchResult;
  /** Adds an article or replaces the one of the same id. */
  put(article: KnowledgeArticle): void;
  remove(id: string): void;
  /** Everything `loadIndex` needs, as bytes. */
  snapshot(): Uint8Array;
}

/** Up to this many variants a change builds the whole index anew with the next question: exact, and fast enough. */
const SMALL = 1500;
/** Added variants are compared one by one until there are too many. */
const pendingLimit = (variants: number) => 256 + variants / 64;

/** All there is to know about the articles; replaced as a whole when it is built anew. */
export interface Knowledge {
  readonly corpus: Corpus;
  readonly controls: Controls;
  readonly numbers: Map<string, number>;
  /** From an article that holds counter-examples to the article they speak against. */
  readonly counters: Map<number, number>;
}

export function createIndex(build: () => Knowledge, concepts: Concepts): KnowledgeIndex {
  let knowledge: Knowledge | undefined;
  /** Changes since; `undefined` is a removal. */
  const staged = new Map<string, KnowledgeArticle | undefined>();
  const workspace = createWorkspace();

  const current = (): Knowledge => {
    knowledge ??= build();
    if (staged.size === 0) return knowledge;
    const articles = articlesOf(knowledge);
    for (const [id, article] of staged)
      if (article === undefined) articles.delete(id);
      else articles.set(id, article);
    staged.clear();
    knowledge = buildKnowledge(articles.values(), concepts);
    return knowledge;
  };
  const change = (id: string, article: KnowledgeArticle | undefined) => {
    knowledge ??= build();
    if (staged.size > 0 || knowledge.corpus.texts.length < SMALL) {
      staged.delete(id);
      staged.set(id, article);
      return;
    }
    removeArticle(knowledge, id);
    if (article !== undefined) addArticle(knowledge, article, appendArticle);
    if (knowledge.corpus.pending.length > pendingLimit(knowledge.corpus.posted))
      knowledge = buildKnowledge(articlesOf(knowledge).values(), concepts);
  };
  return {
    get size() {
      knowledge ??= build();
      let size = knowledge.numbers.size;
      for (const [id, article] of staged)
        if (knowledge.numbers.has(id) === (article === undefined)) size += article === undefined ? -1 : 1;
      return size;
    },
    match: (text, options = {}) => answer(current(), workspace, text, options),
    put: (article) => change(article.id, article),
    remove: (id) => change(id, undefined),
    snapshot() {
      const kept = current();
      const whole = hasChanged(kept) ? buildKnowledge(articlesOf(kept).values(), concepts) : kept;
      knowledge = whole;
      const extras = whole.corpus.ids.flatMap((_, number): [number, Extras][] => {
        const found = whole.controls.extrasOf(number);
        return found === undefined ? [] : [[number, found]];
      });
      return writeSnapshot({ corpus: whole.corpus, extras, counters: [...whole.counters] });
    },
  };
}

function hasChanged({ corpus }: Knowledge): boolean {
  return corpus.pending.length > 0 || corpus.alive.data.subarray(0, corpus.ids.length).includes(0);
}

export function buildKnowledge(articles: Iterable<KnowledgeArticle>, concepts: Concepts): Knowledge {
  return finish(buildKnowledgeInSteps(articles, concepts));
}

/** Articles whose controls are compiled in one step. */
const ADDED_AT_ONCE = 500;

export function* buildKnowledgeInSteps(
  articles: Iterable<KnowledgeArticle>,
  concepts: Concepts,
): Generator<undefined, Knowledge> {
  const byId = new Map<string, KnowledgeArticle>();
  for (const article of articles) {
    byId.delete(article.id);
    byId.set(article.id, article);
  }
  const kept: CorpusArticle[] = [];
  const controls = createControls(concepts);
  const numbers = new Map<string, number>();
  const counters = new Map<number, number>();
  const parts = { controls, numbers, counters };
  let added = 0;
  for (const article of inOrder([...byId.values()])) {
    addArticle(parts, article, (_, one) => {
      kept.push(one);
      return kept.length - 1;
    });
    added++;
    if (added % ADDED_AT_ONCE === 0) yield;
  }
  yield;
  return { corpus: yield* buildCorpusInSteps(kept, concepts), ...parts };
}

/** In shops small enough to be built anew with every change, the order of the changes leaves no trace. */
function inOrder(articles: KnowledgeArticle[]): KnowledgeArticle[] {
  return articles.length > SMALL ? articles : articles.sort((a, b) => (a.id < b.id ? -1 : 1));
}

type Parts = Omit<Knowledge, "corpus"> & { readonly corpus?: Corpus };

function addArticle<P extends Parts>(
  parts: P,
  { id, question, phrasings = [], ...extras }: KnowledgeArticle,
  append: (corpus: NonNullable<P["corpus"]>, article: CorpusArticle) => number,
): void {
  // Building gathers first and needs no corpus; its `append` takes none.
  const corpus = parts.corpus as NonNullable<P["corpus"]>;
  const number = append(corpus, { id, texts: [question, ...phrasings] });
  parts.numbers.set(id, number);
  if (hasExtras(extras)) parts.controls.add(number, extras);
  const against = extras.counterExamples ?? [];
  if (against.length > 0) parts.counters.set(append(corpus, { id: "", texts: against }), number);
}

function removeArticle({ corpus, numbers, counters }: Knowledge, id: string): void {
  const number = numbers.get(id);
  if (number === undefined) return;
  numbers.delete(id);
  corpus.alive.data[number] = 0;
  for (const [counter, article] of counters) if (article === number) corpus.alive.data[counter] = 0;
}

/** The articles as they were given. */
function articlesOf({ corpus, controls, numbers }: Knowledge): Map<string, KnowledgeArticle> {
  const articles = new Map<string, KnowledgeArticle>();
  for (const [id, number] of numbers) {
    const first = corpus.firstVariant.data[number] ?? 0;
    const [question = "", ...phrasings] = corpus.texts.slice(first, first + variantsOf(corpus, number));
    articles.set(id, { id, question, phrasings, ...controls.extrasOf(number) });
  }
  return articles;
}

/** Knowledge from a snapshot, built anew from its texts when its arrays are of no use here. */
export function restoreKnowledge(
  { ids, texts, firsts, extras, counters, corpus }: Restored,
  concepts: Concepts,
): Knowledge {
  const isCounter = new Set(counters.map(([number]) => number));
  const extrasOf = new Map(extras);
  if (corpus === undefined) {
    const articles = ids.flatMap((id, number): KnowledgeArticle[] => {
      if (isCounter.has(number)) return [];
      const [question = "", ...phrasings] = texts.slice(firsts[number], firsts[number + 1]);
      return [{ id, question, phrasings, ...extrasOf.get(number) }];
    });
    return buildKnowledge(articles, concepts);
  }
  const controls = createControls(concepts);
  for (const [number, added] of extras) controls.add(number, added);
  const numbers = new Map<string, number>();
  ids.forEach((id, number) => {
    if (!isCounter.has(number)) numbers.set(id, number);
  });
  return { corpus, controls, numbers, counters: new Map(counters) };
}
