import type { KnowledgeArticle } from "./article.ts";
import { type Concepts, createPhraseBook, type PhraseBook } from "./concepts.ts";
import { normalize } from "./normalize.ts";
import { compilePattern, type Pattern } from "./pattern.ts";
import type { Query } from "./query.ts";
import { readSymbols, type Symbols } from "./symbols.ts";

/** What a merchant set for an article beside its phrasings. */
export type Extras = Omit<KnowledgeArticle, "id" | "question" | "phrasings">;

export interface RuleHit {
  readonly article: number;
  readonly value: string;
  readonly rank: number;
}

export interface KeywordHit {
  readonly article: number;
  readonly term: string;
  readonly weight: number;
  /** Where it stands, in symbols. */
  readonly start: number;
  readonly length: number;
}

interface Term {
  readonly text: string;
  readonly symbols: Uint32Array;
  readonly concepts: readonly number[];
}

interface Gate {
  readonly mustHave: readonly Term[];
  readonly mustNot: readonly Term[];
}

/** A whole text, however long, as must-have and must-not words see it. */
export interface Asked {
  readonly normal: string;
  readonly symbols: Symbols;
  readonly conceptHashes: readonly number[];
}

/** Read when the first article wants to know. */
export function readAsked(concepts: Concepts, normal: string): () => Asked {
  let asked: Asked | undefined;
  return () => {
    if (asked !== undefined) return asked;
    const symbols = concepts.read(normal);
    const conceptHashes: number[] = [];
    concepts.find(symbols, (concept) => conceptHashes.push(concept));
    asked = { normal, symbols, conceptHashes };
    return asked;
  };
}

/** The merchant's controls of all articles, compiled. Articles that are gone stay until the index is built anew. */
export interface Controls {
  add(article: number, extras: Extras): void;
  extrasOf(article: number): Extras | undefined;
  /** Whether the must-have and must-not words let the article answer. */
  isOpen(article: number, asked: () => Asked): boolean;
  rules(normal: string, written: string): RuleHit[];
  keywords(query: Query): KeywordHit[];
}

export function hasExtras(extras: Extras): boolean {
  return Object.values(extras).some((value) => value !== undefined && !(Array.isArray(value) && value.length === 0));
}

/** Patterns see this much of a text, in UTF-16 units. */
const MAX_PATTERN_TEXT = 2000;
const RANKS = { exact: 3, contains: 2, pattern: 1 };

export function createControls(concepts: Concepts): Controls {
  const extras = new Map<number, Extras>();
  const gates = new Map<number, Gate>();
  const exact = new Map<string, RuleHit[]>();
  /** By the first two units of the value. */
  const contained = new Map<string, RuleHit[]>();
  const patterns: { readonly hit: RuleHit; readonly pattern: Pattern }[] = [];
  const book: PhraseBook<Omit<KeywordHit, "start" | "length">> = createPhraseBook({ strict: true });

  const addRule = (article: number, { kind, value }: { kind: keyof typeof RANKS; value: string }) => {
    const hit = { article, value, rank: RANKS[kind] };
    const normal = normalize(value);
    if (kind === "pattern") {
      const pattern = compilePattern(value);
      if (pattern !== undefined) patterns.push({ hit, pattern });
    } else if (normal !== "") {
      if (kind === "exact") addTo(exact, normal, hit);
      else addTo(contained, normal.slice(0, 2), hit);
    }
  };
  return {
    extrasOf: (article) => extras.get(article),
    add(article, added) {
      extras.set(article, added);
      const terms = (list: readonly string[] | undefined) => (list ?? []).map((t) => readTerm(t, concepts));
      const mustHave = terms(added.mustHave).filter((t) => t.text !== "");
      const mustNot = terms(added.mustNot).filter((t) => t.text !== "");
      if (mustHave.length + mustNot.length > 0) gates.set(article, { mustHave, mustNot });
      for (const rule of added.rules ?? []) addRule(article, rule);
      for (const keyword of added.keywords ?? []) {
        const { term, weight = 1 } = typeof keyword === "string" ? { term: keyword } : keyword;
        book.add(term, { article, term, weight: Math.max(0, Math.min(10, weight)) });
      }
    },
    isOpen(article, asked) {
      const gate = gates.get(article);
      if (gate === undefined) return true;
      const query = asked();
      return gate.mustHave.every((t) => holds(query, t, true)) && !gate.mustNot.some((t) => holds(query, t, false));
    },
    rules(normal, written) {
      const hits = [...(exact.get(normal) ?? [])];
      if (contained.size > 0)
        for (let i = 0; i < normal.length; i++)
          for (const key of [normal.slice(i, i + 2), normal.charAt(i)])
            for (const hit of (key.length > 0 && contained.get(key)) || [])
              if (normal.startsWith(normalize(hit.value), i)) hits.push(hit);
      const raw = written.slice(0, MAX_PATTERN_TEXT);
      for (const { hit, pattern } of patterns) if (pattern.test(normal) || pattern.test(raw)) hits.push(hit);
      return hits;
    },
    keywords(query) {
      const hits: KeywordHit[] = [];
      book.find(query.symbols, (keyword, start, length) => hits.push({ ...keyword, start, length }));
      return hits;
    },
  };
}

function addTo(map: Map<string, RuleHit[]>, key: string, hit: RuleHit): void {
  const list = map.get(key);
  if (list === undefined) map.set(key, [hit]);
  else list.push(hit);
}

function readTerm(term: string, concepts: Concepts): Term {
  const text = normalize(term);
  const read = readSymbols(text);
  const found: number[] = [];
  concepts.find(read, (concept, start, length) => {
    if (start === 0 && length === read.count) found.push(concept);
  });
  return { text, symbols: read.hash.slice(0, read.count), concepts: found };
}

const LETTERS_ONLY = /^[\x20-\x7e]+$/;

function holds(query: Asked, term: Term, orSynonym: boolean): boolean {
  if (LETTERS_ONLY.test(term.text) ? hasSequence(query.symbols, term.symbols) : query.normal.includes(term.text))
    return true;
  return orSynonym && query.conceptHashes.some((concept) => term.concepts.includes(concept));
}

function hasSequence(symbols: Symbols, wanted: Uint32Array): boolean {
  for (let at = 0; at + wanted.length <= symbols.count; at++)
    if (wanted.every((hash, i) => symbols.hash[at + i] === hash)) return wanted.length > 0;
  return false;
}
