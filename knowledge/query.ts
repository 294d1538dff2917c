import type { Corpus } from "./corpus.ts";
import { syllableTable } from "./pinyin.ts";
import { CLASS, HAN, NUMBER, type Symbols, WORD } from "./symbols.ts";
import { readTokens } from "./tokens.ts";
import { CONCEPT, inverseFrequency, lookUp, PAIR, WHOLE } from "./vocabulary.ts";
import { tokenWeight } from "./weights.ts";
import { type Resemblance, resembling } from "./word-list.ts";

/** A distinct symbol of the question. */
export interface QuerySymbol {
  /** Token number, -1 when no article holds it. */
  readonly token: number;
  readonly kind: number;
  readonly idf: number;
  readonly syllable: number;
  /** Where it stands; a bit for each of the first 32 positions. */
  mask: number;
  readonly first: number;
  count: number;
}

export interface QueryConcept {
  readonly token: number;
  readonly idf: number;
  readonly start: number;
  readonly length: number;
}

/** Another word of the articles that a misspelt or inflected word of the question may mean. */
export interface Alias extends Resemblance {
  readonly symbol: number;
}

export interface Query {
  readonly normal: string;
  readonly symbols: Symbols;
  readonly distinct: readonly QuerySymbol[];
  /** Index into `distinct` by position. */
  readonly at: readonly number[];
  readonly concepts: readonly QueryConcept[];
  /** Concepts by their hashes, known to the articles or not. */
  readonly conceptHashes: readonly number[];
  readonly aliases: readonly Alias[];
  /** The token of the text as a whole, -1 when no article says the same. */
  readonly whole: number;
  /** Tokens to gather candidates by. */
  readonly tokens: readonly number[];
  readonly weights: readonly number[];
  /** Weight of all tokens, known or not. */
  readonly total: number;
  readonly classes: number;
  /** Share of the neighbouring symbols that stand together in no article. */
  readonly strangePairs: number;
}

const ALIAS_WEIGHT = 0.7;
/** Every unknown word is compared with all words of the shop. */
const MAX_UNKNOWN_WORDS = 12;

export function readQuery(corpus: Corpus, normal: string): Query {
  const { vocabulary, concepts } = corpus;
  const symbols = concepts.read(normal);
  const articles = corpus.ids.length;
  const syllables = syllableTable();
  const distinct: QuerySymbol[] = [];
  const at: number[] = [];
  const found: QueryConcept[] = [];
  const conceptHashes: number[] = [];
  const tokens: number[] = [];
  const weights: number[] = [];
  const seen = new Map<number, number>();
  let whole = -1;
  let total = 0;
  let classes = 0;
  let pairs = 0;
  let strange = 0;
  readTokens(symbols, concepts, (token, start, length) => {
    const number = lookUp(vocabulary, token.hash);
    if (token.kind === WHOLE) {
      whole = number;
      return;
    }
    const idf = number < 0 ? inverseFrequency(articles, 0, token.share) : Math.max(0, vocabulary.idf.data[number] ?? 0);
    if (token.kind === CONCEPT) conceptHashes.push(token.hash);
    if (token.kind === CONCEPT) found.push({ token: number, idf, start, length });
    if (token.kind === PAIR) {
      pairs += idf;
      if (number < 0) strange += idf;
    }
    const isSymbol = length === 1 && token.kind === symbols.kind[start];
    const known = seen.get(token.hash);
    if (isSymbol) {
      if (token.kind >= CLASS) classes |= 1 << (token.kind - CLASS);
      const bit = start < 32 ? 1 << start : 0;
      const earlier = known === undefined ? undefined : distinct[known];
      if (earlier !== undefined && known !== undefined) {
        earlier.mask |= bit;
        earlier.count++;
        at.push(known);
        return;
      }
      seen.set(token.hash, distinct.length);
      at.push(distinct.length);
      const syllable = token.kind === HAN ? (syllables[token.unit] ?? 0) : 0;
      distinct.push({ token: number, kind: token.kind, idf, syllable, mask: bit, first: start, count: 1 });
    } else if (known !== undefined) return;
    else seen.set(token.hash, -1);
    const weight = tokenWeight(token.kind, idf);
    total += weight;
    if (number < 0) return;
    tokens.push(number);
    weights.push(weight);
  });
  const aliases = findAliases(corpus, symbols, distinct);
  for (const alias of aliases) {
    if (tokens.includes(alias.token)) continue;
    tokens.push(alias.token);
    weights.push(ALIAS_WEIGHT * (vocabulary.idf.data[alias.token] ?? 0));
  }
  return {
    normal,
    symbols,
    distinct,
    at,
    concepts: found,
    conceptHashes,
    aliases,
    whole,
    tokens,
    weights,
    total,
    classes,
    strangePairs: pairs === 0 ? 0.5 : strange / pairs,
  };
}

function findAliases(corpus: Corpus, symbols: Symbols, distinct: readonly QuerySymbol[]): Alias[] {
  if (corpus.words.words.length === 0) return [];
  let tried = 0;
  return distinct.flatMap((symbol, number) => {
    if (symbol.kind !== WORD || symbol.token >= 0 || tried++ >= MAX_UNKNOWN_WORDS) return [];
    return resembling(corpus.words, symbols.stems[symbol.first] ?? "").map((r) => ({ ...r, symbol: number }));
  });
}

export function isLetterKind(kind: number): boolean {
  return kind === WORD || kind === NUMBER;
}
