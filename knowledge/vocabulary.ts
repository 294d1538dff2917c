import { bytes, type Column, floats, push, shorts, trim, words } from "./columns.ts";

/** Kinds of tokens beside the symbol kinds. */
export const PAIR = 6;
export const SOUND = 7;
export const CONCEPT = 8;
export const GRAM = 9;
/** A whole text: weighs nothing, and finds what is asked word for word. */
export const WHOLE = 10;

export interface Token {
  readonly hash: number;
  readonly kind: number;
  /** The share of questions anywhere that hold it. */
  readonly share: number;
  readonly unit: number;
}

/** Every token of a knowledge base by its hash, with the number of articles that hold it and its background share. */
export interface Vocabulary {
  /** Open addressing: number of the token plus one. */
  table: Uint32Array;
  readonly hash: Column<Uint32Array>;
  readonly kind: Column<Uint8Array>;
  /** The UTF-16 unit of a character, 0 of other tokens. */
  readonly unit: Column<Uint16Array>;
  readonly articles: Column<Uint32Array>;
  readonly share: Column<Float32Array>;
  /** Inverse document frequency, set by `weigh`. */
  readonly idf: Column<Float32Array>;
}

export function createVocabulary(size: number): Vocabulary {
  let capacity = 1024;
  while (capacity < size * 2) capacity *= 2;
  return {
    table: new Uint32Array(capacity),
    hash: words(size),
    kind: bytes(size),
    unit: shorts(size),
    articles: words(size),
    share: floats(size),
    idf: floats(0),
  };
}

/** The number of a token, or -1. */
export function lookUp({ table, hash }: Vocabulary, token: number): number {
  const mask = table.length - 1;
  for (let slot = token & mask; ; slot = (slot + 1) & mask) {
    const entry = table[slot] ?? 0;
    if (entry === 0) return -1;
    if (hash.data[entry - 1] === token) return entry - 1;
  }
}

/** Adds a token that `lookUp` did not find. */
export function addToken(vocabulary: Vocabulary, { hash: token, kind, share, unit }: Token): number {
  const { hash } = vocabulary;
  push(hash, token);
  push(vocabulary.kind, kind);
  push(vocabulary.unit, unit);
  push(vocabulary.articles, 0);
  push(vocabulary.share, share);
  if (hash.length * 1.6 > vocabulary.table.length) fillTable(vocabulary, vocabulary.table.length * 2);
  else insert(vocabulary, token, hash.length);
  return hash.length - 1;
}

function insert({ table }: Vocabulary, token: number, entry: number): void {
  const mask = table.length - 1;
  let slot = token & mask;
  while (table[slot] !== 0) slot = (slot + 1) & mask;
  table[slot] = entry;
}

function fillTable(vocabulary: Vocabulary, capacity: number): void {
  vocabulary.table = new Uint32Array(capacity);
  for (let i = 0; i < vocabulary.hash.length; i++) insert(vocabulary, vocabulary.hash.data[i] ?? 0, i + 1);
}

/** Pseudo-articles of the background: how much a small shop trusts general language more than its own few lines. */
const PRIOR = 80;

export function inverseFrequency(total: number, articles: number, share: number): number {
  return Math.log((total + PRIOR) / (articles + PRIOR * share + 0.5));
}

export function weigh(vocabulary: Vocabulary, total: number): void {
  vocabulary.idf.length = 0;
  weighNew(vocabulary, total, 0);
  const { hash, kind, unit, articles, share, idf } = vocabulary;
  for (const column of [hash, kind, unit, articles, share, idf]) trim(column as Column<Uint32Array>);
}

/** Weighs the tokens from `known` on; the others keep their weight until everything is built anew. */
export function weighNew({ articles, share, idf, hash, kind }: Vocabulary, total: number, known: number): void {
  for (let i = known; i < hash.length; i++)
    push(idf, kind.data[i] === WHOLE ? 0 : inverseFrequency(total, articles.data[i] ?? 0, share.data[i] ?? 0));
}
