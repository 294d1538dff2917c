import { bytes, type Column, floats, push, shorts, trim, words } from "./columns.ts";
import type { Concepts } from "./concepts.ts";
import { normalize } from "./normalize.ts";
import { WORD } from "./symbols.ts";
import { type Teaching, teach } from "./teach.ts";
import { readTokens } from "./tokens.ts";
import { addToken, CONCEPT, createVocabulary, lookUp, type Vocabulary, weigh, weighNew } from "./vocabulary.ts";
import { tokenWeight } from "./weights.ts";
import { addWord, createWordList, type WordList } from "./word-list.ts";

/** Phrasings read, and entries of columns written, between two pauses: a few milliseconds. */
const READ_AT_ONCE = 200;
const WRITTEN_AT_ONCE = 4000;

/**
 * The phrasings of all articles in columns. Variant numbers below `posted` are found through `postings`; later ones
 * (added since) are compared one by one through `pending`.
 */
export interface Corpus {
  readonly vocabulary: Vocabulary;
  readonly concepts: Concepts;
  /** Per article. */
  readonly ids: string[];
  readonly alive: Column<Uint8Array>;
  readonly firstVariant: Column<Uint32Array>;
  /** Per variant. */
  readonly texts: string[];
  readonly article: Column<Uint32Array>;
  readonly symbolEnd: Column<Uint32Array>;
  readonly conceptEnd: Column<Uint32Array>;
  /** Sum of the token weights. */
  readonly norm: Column<Float32Array>;
  /** Token numbers of the symbols, variant after variant. */
  readonly symbols: Column<Uint32Array>;
  /** Token numbers of the concepts, and where they stand: start * 256 + length. */
  readonly conceptTokens: Column<Uint32Array>;
  readonly conceptSpans: Column<Uint16Array>;
  /** Latin words, for misspellings. */
  readonly words: WordList;
  /** Where articles have several phrasings. */
  teaching: Teaching | undefined;
  posted: number;
  postings: Uint32Array;
  postingEnd: Uint32Array;
  readonly pending: Uint32Array[];
}

/** What the corpus keeps of an article. */
export interface CorpusArticle {
  readonly id: string;
  readonly texts: readonly string[];
}

function createCorpus(concepts: Concepts, size: number): Corpus {
  return {
    vocabulary: createVocabulary(size * 8),
    concepts,
    ids: [],
    alive: bytes(size),
    firstVariant: words(size),
    texts: [],
    article: words(size),
    symbolEnd: words(size),
    conceptEnd: words(size),
    norm: floats(size),
    symbols: words(size * 10),
    conceptTokens: words(size),
    conceptSpans: shorts(size),
    words: createWordList(),
    teaching: undefined,
    posted: 0,
    postings: new Uint32Array(0),
    postingEnd: new Uint32Array(0),
    pending: [],
  };
}

/** Remembers what was seen: a token counts once per variant, and once per article however many phrasings hold it. */
interface Counted {
  isFirstInVariant(token: number, variant: number): boolean;
  isFirstInArticle(token: number, article: number): boolean;
}

function countInColumns(size: number): Counted {
  const variants = words(size);
  const articles = words(size);
  const isFirst = (column: Column<Uint32Array>, token: number, mark: number) => {
    while (column.length <= token) push(column, 0);
    if (column.data[token] === mark) return false;
    column.data[token] = mark;
    return true;
  };
  return {
    isFirstInVariant: (token, variant) => isFirst(variants, token, variant + 1),
    isFirstInArticle: (token, article) => isFirst(articles, token, article + 1),
  };
}

function countInSets(): Counted {
  const articles = new Set<number>();
  let variants = new Set<number>();
  let current = -1;
  return {
    isFirstInVariant(token, variant) {
      if (variant !== current) variants = new Set();
      current = variant;
      return variants.size < variants.add(token).size;
    },
    isFirstInArticle: (token) => articles.size < articles.add(token).size,
  };
}

/** Adds an article's phrasings; `tokens` receives every distinct token number of each variant. */
function addArticle(
  corpus: Corpus,
  { id, texts }: CorpusArticle,
  counted: Counted,
  tokens: (variant: number, token: number) => void,
): number {
  const number = corpus.ids.length;
  corpus.ids.push(id);
  push(corpus.alive, 1);
  push(corpus.firstVariant, corpus.texts.length);
  for (const text of texts) addVariant(corpus, number, text, counted, tokens);
  return number;
}

function addVariant(
  corpus: Corpus,
  article: number,
  text: string,
  counted: Counted,
  tokens: (variant: number, token: number) => void,
): void {
  const { vocabulary } = corpus;
  const variant = corpus.texts.length;
  corpus.texts.push(text);
  push(corpus.article, article);
  const symbols = corpus.concepts.read(normalize(text));
  readTokens(symbols, corpus.concepts, (token, start, length) => {
    let number = lookUp(vocabulary, token.hash);
    if (number < 0) {
      number = addToken(vocabulary, token);
      if (token.kind === WORD) addWord(corpus.words, symbols.stems[start] ?? "", number);
    }
    if (length === 1 && token.kind === symbols.kind[start]) push(corpus.symbols, number);
    if (token.kind === CONCEPT) {
      push(corpus.conceptTokens, number);
      push(corpus.conceptSpans, start * 256 + Math.min(255, length));
    }
    if (!counted.isFirstInVariant(number, variant)) return;
    if (counted.isFirstInArticle(number, article))
      vocabulary.articles.data[number] = (vocabulary.articles.data[number] ?? 0) + 1;
    tokens(variant, number);
  });
  push(corpus.symbolEnd, corpus.symbols.length);
  push(corpus.conceptEnd, corpus.conceptTokens.length);
}

/** Adds an article without making the postings anew: its variants wait in `pending`. */
export function appendArticle(corpus: Corpus, article: CorpusArticle): number {
  const { vocabulary } = corpus;
  const known = vocabulary.idf.length;
  const lists: number[][] = article.texts.map(() => []);
  const first = corpus.texts.length;
  const number = addArticle(corpus, article, countInSets(), (variant, token) => lists[variant - first]?.push(token));
  weighNew(vocabulary, corpus.ids.length, known);
  for (const list of lists) {
    corpus.pending.push(Uint32Array.from(list));
    push(
      corpus.norm,
      list.reduce((sum, token) => sum + weightOf(vocabulary, token), 0),
    );
  }
  return number;
}

export function buildCorpus(articles: readonly CorpusArticle[], concepts: Concepts): Corpus {
  return finish(buildCorpusInSteps(articles, concepts));
}

/** Goes through all the steps at once. */
export function finish<T>(steps: Generator<undefined, T>): T {
  for (;;) {
    const step = steps.next();
    if (step.done) return step.value;
  }
}

/** Yields every few milliseconds, so that somebody else can be served meanwhile. */
export function* buildCorpusInSteps(
  articles: readonly CorpusArticle[],
  concepts: Concepts,
): Generator<undefined, Corpus> {
  const corpus = createCorpus(concepts, articles.length);
  const counted = countInColumns(articles.length * 8);
  const numbers = words(articles.length * 30);
  const ends = words(articles.length);
  let read = 0;
  for (const article of articles) {
    addArticle(corpus, article, counted, (variant, token) => {
      while (ends.length <= variant) push(ends, numbers.length);
      push(numbers, token);
      ends.data[variant] = numbers.length;
    });
    if (corpus.texts.length - read < READ_AT_ONCE) continue;
    read = corpus.texts.length;
    yield;
  }
  while (ends.length < corpus.texts.length) push(ends, numbers.length);
  weigh(corpus.vocabulary, articles.length);
  yield;
  yield* post(corpus, numbers, ends);
  corpus.teaching = yield* teach({
    vocabulary: corpus.vocabulary,
    articles: articles.length,
    article: corpus.article.data,
    tokens: numbers.data,
    ends: ends.data,
    variants: ends.length,
  });
  for (const column of [corpus.alive, corpus.article, corpus.symbols, corpus.symbolEnd, corpus.conceptEnd, corpus.norm])
    trim(column as Column<Uint32Array>);
  return corpus;
}

/** Inverts the token lists into postings and sums the norms. */
function* post(corpus: Corpus, numbers: Column<Uint32Array>, ends: Column<Uint32Array>): Generator<undefined, void> {
  const { vocabulary } = corpus;
  const size = vocabulary.hash.length;
  const end = new Uint32Array(size + 1);
  for (let i = 0; i < numbers.length; i++) {
    const token = numbers.data[i] ?? 0;
    end[token + 1] = (end[token + 1] ?? 0) + 1;
  }
  for (let i = 0; i < size; i++) end[i + 1] = (end[i + 1] ?? 0) + (end[i] ?? 0);
  yield;
  const next = end.slice(0, size);
  const postings = new Uint32Array(numbers.length);
  for (let variant = 0, i = 0; variant < ends.length; variant++) {
    let norm = 0;
    for (const stop = ends.data[variant] ?? 0; i < stop; i++) {
      const token = numbers.data[i] ?? 0;
      const at = next[token] ?? 0;
      postings[at] = variant;
      next[token] = at + 1;
      norm += weightOf(vocabulary, token);
    }
    push(corpus.norm, norm);
    if (variant % WRITTEN_AT_ONCE === WRITTEN_AT_ONCE - 1) yield;
  }
  corpus.postings = postings;
  corpus.postingEnd = end;
  corpus.posted = ends.length;
}

export function weightOf({ kind, idf }: Vocabulary, token: number): number {
  return tokenWeight(kind.data[token] ?? 0, idf.data[token] ?? 0);
}
