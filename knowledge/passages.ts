import { PAIR_SALT } from "./background.ts";
import type { Corpus } from "./corpus.ts";
import { stem } from "./english.ts";
import { hashPair, hashText } from "./hash.ts";
import { characterHash, isDigit, isHan, isKana, isLatin } from "./symbols.ts";
import { lookUp, type Vocabulary } from "./vocabulary.ts";

/** A Chinese character says as much as this many letters. */
const LETTERS = 4;
/** Wider texts, in Chinese characters, are read passage by passage: a question has ten, a long one forty. */
const LONG = 60;
/** Clauses are put together up to this width; one that is wider by itself is cut. */
const PASSAGE = 24;
/** A narrower question may leave what it is about to the sentence before. */
const BRIEF = 8;
/** Passages that are compared with the articles. */
const MOST = 3;
/** What a passage that asks is worth next to one that tells. */
const ASKING = 3;

/** 这么, 好几天 and the like ask nothing. */
const TELLING_BEFORE = "这那好前十";
/** What asks, by its first character: alone, or before one of these. */
const ASKING_CHARACTERS = new Map(
  "? 吗 么 怎 何 谁 哪 几 咋 啥 呢 否 多少久 可以 能不否 请问 想问 です ます"
    .split(" ")
    .map((written) => [written.charCodeAt(0), written.slice(1)]),
);
const ASKING_WORDS = new Set("how what when where why which who can could may is are do does did will".split(" "));

/** A stretch without a pause, and the weight of what the articles hold too. */
interface Clause {
  readonly start: number;
  end: number;
  width: number;
  endsSentence: boolean;
  asks: boolean;
  known: number;
  /** Characters and words. */
  count: number;
}

interface Stretch {
  readonly start: number;
  readonly end: number;
  readonly asks: boolean;
  readonly worth: number;
}

export interface Passage {
  readonly text: string;
  readonly asks: boolean;
}

export function isLong(normal: string): boolean {
  let width = 0;
  for (let i = 0; i < normal.length && width <= LONG; i++) width += widthOf(normal.charCodeAt(i));
  return width > LONG;
}

const widthOf = (unit: number) => (unit < 0x2e80 ? 1 / LETTERS : 1);

/** The passages of a long text that are most likely its question, by how much of them the articles speak of. */
export function tellingPassages({ vocabulary }: Corpus, normal: string): Passage[] {
  const clauses = readClauses(vocabulary, normal);
  const best: Stretch[] = [];
  clauses.forEach((clause, last) => {
    let { start, known, count, asks, width } = clause;
    keep(best, normal, { start, end: clause.end, asks, worth: worthOf(known, count, asks) });
    const isBrief = asks && width < BRIEF;
    for (let first = last - 1; first >= 0; first--) {
      const before = clauses[first];
      if (before === undefined || width + before.width > PASSAGE || (before.endsSentence && !isBrief)) break;
      ({ start } = before);
      width += before.width;
      known += before.known;
      count += before.count;
      asks ||= before.asks;
    }
    if (start < clause.start) keep(best, normal, { start, end: clause.end, asks, worth: worthOf(known, count, asks) });
  });
  return best.map(({ start, end, asks }) => ({ text: normal.slice(start, end).trim(), asks }));
}

function worthOf(known: number, count: number, asks: boolean): number {
  return (known / (count + 2)) * (asks ? ASKING : 1);
}

/** The best ones, best first; of equals the later one: people come to the point at the end. */
function keep(best: Stretch[], text: string, passage: Stretch): void {
  const { start, end, worth } = passage;
  if (worth === 0 || worth < (best[MOST - 1]?.worth ?? 0)) return;
  const own = text.slice(start, end);
  const said = best.findIndex((other) => other.worth === worth && text.slice(other.start, other.end) === own);
  if (said >= 0) best.splice(said, 1);
  const at = best.findIndex((other) => other.worth <= worth);
  best.splice(at < 0 ? best.length : at, 0, passage);
  if (best.length > MOST) best.pop();
}

function readClauses(vocabulary: Vocabulary, text: string): Clause[] {
  const clauses: Clause[] = [];
  let clause = createClause(0);
  let before = 0;
  for (let at = 0; at < text.length; ) {
    const unit = text.charCodeAt(at);
    const end = isWordUnit(unit) ? wordEnd(text, at) : at + 1;
    const hash = hashOf(text, at, end);
    if (hash !== 0) {
      clause.count++;
      clause.known += idfOf(vocabulary, hash);
      if (before !== 0) clause.known += idfOf(vocabulary, hashPair(before, hash, PAIR_SALT));
    }
    if (hash !== 0 || unit !== 0x20) before = hash;
    clause.asks ||= asksAt(text, at, end);
    clause.width += (end - at) * widthOf(unit);
    clause.end = end;
    const pause = pauseAfter(text, end - 1);
    at = end;
    if (pause === 0 && (clause.width < PASSAGE || !isGap(text, at)) && at < text.length) continue;
    clause.endsSentence = pause === 2;
    clauses.push(clause);
    clause = createClause(at);
    before = 0;
  }
  return clauses;
}

function createClause(start: number): Clause {
  return { start, end: start, width: 0, endsSentence: false, asks: false, known: 0, count: 0 };
}

const isWordUnit = (unit: number) => isLatin(unit) || isDigit(unit);

function wordEnd(text: string, at: number): number {
  let end = at + 1;
  while (end < text.length && isWordUnit(text.charCodeAt(end))) end++;
  return end;
}

/** The symbol's hash as articles have it, 0 of what says nothing. */
function hashOf(text: string, at: number, end: number): number {
  const unit = text.charCodeAt(at);
  if (isHan(unit) || isKana(unit)) return characterHash(unit);
  return isWordUnit(unit) ? hashText(stem(text.slice(at, end))) : 0;
}

function asksAt(text: string, at: number, end: number): boolean {
  const unit = text.charCodeAt(at);
  if (isWordUnit(unit)) return end - at < 6 && ASKING_WORDS.has(text.slice(at, end));
  const followers = ASKING_CHARACTERS.get(unit);
  if (followers === undefined || (at > 0 && TELLING_BEFORE.includes(text.charAt(at - 1)))) return false;
  return followers === "" || (end < text.length && followers.includes(text.charAt(end)));
}

function idfOf(vocabulary: Vocabulary, hash: number): number {
  const number = lookUp(vocabulary, hash);
  return number < 0 ? 0 : Math.max(0, vocabulary.idf.data[number] ?? 0);
}

/** 2 after what ends a sentence, 1 after what ends a clause, else 0. */
function pauseAfter(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  if (unit === 0x3002 || unit === 0x21 || unit === 0x3f || unit === 0x3b) return 2;
  const next = text.charCodeAt(at + 1);
  if (unit === 0x2c || unit === 0x3a) return isDigit(next) ? 0 : 1;
  if (unit === 0x2e) return at + 1 === text.length || next === 0x20 ? 2 : 0;
  // Chinese has no spaces but where somebody pauses.
  return unit === 0x20 && (text.charCodeAt(at - 1) >= 0x2e80 || next >= 0x2e80) ? 1 : 0;
}

/** Words are not cut. */
function isGap(text: string, at: number): boolean {
  const unit = text.charCodeAt(at);
  return !isWordUnit(unit) || !isWordUnit(text.charCodeAt(at - 1));
}
