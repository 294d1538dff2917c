import type { Dictionary } from "./article.ts";
import { hashPair, hashText } from "./hash.ts";
import { normalize } from "./normalize.ts";
import { CLASS, readSymbols, type Symbols, withoutPositions } from "./symbols.ts";

/** A phrase by its symbols, and what it stands for. */
interface Phrase<T> {
  readonly symbols: Uint32Array;
  readonly value: T;
}

/** Finds all phrases of a text, those within others too. */
export interface PhraseBook<T> {
  add(text: string, value: T): void;
  find(symbols: Symbols, found: (value: T, start: number, length: number) => void): void;
}

/** @param options.strict A phrase of which reading leaves a function word alone is found only as it is written. */
export function createPhraseBook<T>({ strict = false } = {}): PhraseBook<T> {
  const singles = new Map<number, T[]>();
  const written = new Map<number, { readonly text: string; readonly value: T }[]>();
  /** By their first two symbols: a common first one begins a hundred phrases. */
  const byBeginning = new Map<number, Phrase<T>[]>();
  return {
    add(text, value) {
      const normal = normalize(text);
      const read = readSymbols(normal);
      const symbols = read.hash.slice(0, read.count);
      const [first, second] = symbols;
      if (first === undefined) return;
      if (strict && second === undefined && saysTooLittle(read)) addTo(written, first, { text: normal, value });
      else if (second === undefined) addTo(singles, first, value);
      else addTo(byBeginning, hashPair(first, second, BEGINNING_SALT), { symbols, value });
    },
    find(symbols, found) {
      const { hash, count } = symbols;
      for (let at = 0; at < count; at++) {
        const own = singles.get(hash[at] ?? 0);
        if (own !== undefined) for (const value of own) found(value, at, 1);
        for (const phrase of written.get(hash[at] ?? 0) ?? [])
          if (symbols.text.includes(phrase.text)) found(phrase.value, at, 1);
        if (at + 1 === count) return;
        const longer = byBeginning.get(hashPair(hash[at] ?? 0, hash[at + 1] ?? 0, BEGINNING_SALT));
        if (longer === undefined) continue;
        for (const phrase of longer)
          if (standsAt(symbols, at, phrase.symbols)) found(phrase.value, at, phrase.symbols.length);
      }
    },
  };
}

/** 不想要 is read as "not" alone, which is in every second question. */
const saysTooLittle = ({ text, kind, start, end }: Symbols): boolean =>
  (kind[0] ?? 0) >= CLASS || 2 * ((end[0] ?? 0) - (start[0] ?? 0)) < text.length;

const BEGINNING_SALT = 0x2b;

function addTo<T>(map: Map<number, T[]>, key: number, value: T): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [value]);
  else list.push(value);
}

function standsAt(symbols: Symbols, at: number, phrase: Uint32Array): boolean {
  if (at + phrase.length > symbols.count) return false;
  for (let i = 0; i < phrase.length; i++) if (symbols.hash[at + i] !== phrase[i]) return false;
  return true;
}

const CONCEPT_SALT = 0x6c07;

export interface Concepts {
  /** Differs when the words differ: a snapshot made with other words is built anew. */
  readonly fingerprint: number;
  /** The symbols of a normalised text without the shop's stop words. */
  read(normal: string): Symbols;
  find(symbols: Symbols, found: (hash: number, start: number, length: number) => void): void;
}

/** Synonym groups become concepts, named by their first word, so that they survive a change of the other groups. */
export function compileConcepts(dictionaries: readonly Dictionary[]): Concepts {
  const book = createPhraseBook<number>();
  const stops = createPhraseBook<true>();
  let fingerprint = 0;
  let stopped = false;
  for (const { synonyms, stopWords = [] } of dictionaries) {
    for (const word of stopWords) {
      stops.add(word, true);
      fingerprint = hashText(word, fingerprint + 1);
      stopped = true;
    }
    for (const group of synonyms) {
      const hash = hashText(group[0] ?? "", CONCEPT_SALT);
      for (const term of group) {
        book.add(term, hash);
        fingerprint = hashText(term, fingerprint ^ hash);
      }
    }
  }
  return {
    fingerprint,
    find: book.find,
    read(normal) {
      const symbols = readSymbols(normal);
      return stopped ? withoutStops(symbols, stops) : symbols;
    },
  };
}

/** All of them stay when nothing else is left. */
function withoutStops(symbols: Symbols, stops: PhraseBook<true>): Symbols {
  const out = new Set<number>();
  stops.find(symbols, (_, start, length) => {
    for (let i = start; i < start + length; i++) out.add(i);
  });
  return out.size === 0 || out.size === symbols.count ? symbols : withoutPositions(symbols, out);
}
