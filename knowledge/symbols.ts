import { stem } from "./english.ts";
import { DROPPED, type FunctionWords, functionWords } from "./function-words.ts";
import { hashText } from "./hash.ts";

/** What a symbol is. Question classes are `CLASS` plus their number. */
export const HAN = 1;
export const KANA = 2;
export const WORD = 3;
export const NUMBER = 4;
export const OTHER = 5;
export const CLASS = 16;

/** More symbols than this are ignored; a question has ten. */
export const MAX_SYMBOLS = 160;

/**
 * A text as the engine sees it: one symbol for each Chinese character, kana, word (stemmed), number (whole) or class of
 * function words; fillers are left out.
 */
export interface Symbols {
  readonly text: string;
  count: number;
  readonly hash: Uint32Array;
  readonly kind: Uint8Array;
  /** The UTF-16 unit of a Han or kana symbol. */
  readonly unit: Uint16Array;
  readonly start: Uint16Array;
  readonly end: Uint16Array;
  /** The Latin stems, by position; empty elsewhere. */
  readonly stems: string[];
}

export function createSymbols(text: string, size: number): Symbols {
  return {
    text,
    count: 0,
    hash: new Uint32Array(size),
    kind: new Uint8Array(size),
    unit: new Uint16Array(size),
    start: new Uint16Array(size),
    end: new Uint16Array(size),
    stems: [],
  };
}

const CLASS_SALT = 0x51ed27;
const LATIN_MARKS = /\p{M}+/gu;
const LETTER = /[\p{L}\p{M}\p{N}]/u;
const PICTURE = /\p{Extended_Pictographic}/u;

/** Reads a normalised text. When it holds nothing but fillers, the fillers count. */
export function readSymbols(normal: string): Symbols {
  const symbols = createSymbols(normal, Math.min(MAX_SYMBOLS, normal.length));
  read(symbols, true);
  if (symbols.count === 0) read(symbols, false);
  return symbols;
}

/** The same symbols without those at some positions. */
export function withoutPositions(symbols: Symbols, out: ReadonlySet<number>): Symbols {
  const kept = createSymbols(symbols.text, symbols.count);
  for (let i = 0; i < symbols.count; i++) {
    if (out.has(i)) continue;
    const to = kept.count++;
    kept.hash[to] = symbols.hash[i] ?? 0;
    kept.kind[to] = symbols.kind[i] ?? 0;
    kept.unit[to] = symbols.unit[i] ?? 0;
    kept.start[to] = symbols.start[i] ?? 0;
    kept.end[to] = symbols.end[i] ?? 0;
    kept.stems[to] = symbols.stems[i] ?? "";
  }
  return kept;
}

function read(out: Symbols, drop: boolean): void {
  const { text } = out;
  const words = functionWords();
  const characters = hasKana(text) ? words.japanese : words.chinese;
  out.count = 0;
  out.stems.length = 0;
  for (let at = 0; at < text.length && out.count < out.hash.length; ) {
    const unit = text.charCodeAt(at);
    if (unit === 0x20) at++;
    else if (isHan(unit) || isKana(unit)) at = readCharacter(out, at, characters, drop);
    else if (isDigit(unit) || isLatin(unit)) at = readWord(out, at, words.english, drop);
    else at = readOther(out, at, drop);
  }
}

function hasKana(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit > 0x3040 && unit < 0x30fb) return true;
  }
  return false;
}

export const isHan = (unit: number) => unit >= 0x3400 && unit <= 0x9fff;
export const isKana = (unit: number) => unit >= 0x3041 && unit <= 0x30ff && unit !== 0x30fb;
export const isDigit = (unit: number) => unit >= 0x30 && unit <= 0x39;
export const isLatin = (unit: number) =>
  (unit >= 0x61 && unit <= 0x7a) || (unit >= 0xdf && unit <= 0x24f && unit !== 0xf7);

function push(out: Symbols, kind: number, hash: number, start: number, end: number): void {
  const i = out.count++;
  out.hash[i] = hash;
  out.kind[i] = kind;
  out.unit[i] = kind === HAN || kind === KANA ? out.text.charCodeAt(start) : 0;
  out.start[i] = start;
  out.end[i] = end;
  out.stems[i] = "";
}

export function classHash(number: number): number {
  return hashText(String(number), CLASS_SALT);
}

const classHashes = Array.from({ length: 16 }, (_, number) => classHash(number));

function pushClass(out: Symbols, number: number, start: number, end: number, drop: boolean): boolean {
  if (number === DROPPED) return drop;
  push(out, CLASS + number, classHashes[number] ?? 0, start, end);
  return true;
}

function readCharacter(out: Symbols, at: number, words: FunctionWords, drop: boolean): number {
  const { text } = out;
  const unit = text.charCodeAt(at);
  const lengths = words.lengths[unit] ?? 0;
  for (let length = Math.min(31 - Math.clz32(lengths), text.length - at); length > 0; length--) {
    if ((lengths & (1 << length)) === 0) continue;
    const number = words.entries.get(text.slice(at, at + length));
    if (number !== undefined && pushClass(out, number, at, at + length, drop)) return at + length;
  }
  push(out, isHan(unit) ? HAN : KANA, characterHash(unit), at, at + 1);
  return at + 1;
}

export function characterHash(unit: number): number {
  return (Math.imul(unit, 0x9e3779b1) ^ (unit << 3)) >>> 0;
}

function readWord(out: Symbols, at: number, words: FunctionWords, drop: boolean): number {
  const end = wordEnd(out.text, at);
  const word = out.text.slice(at, end);
  if (!isDigit(word.charCodeAt(0))) {
    let longest = -1;
    let number = DROPPED;
    let to = end;
    for (let phrase = word, n = 0; n < 5; n++) {
      const found = words.entries.get(phrase);
      if (found !== undefined) {
        longest = to;
        number = found;
      }
      if (out.text.charCodeAt(to) !== 0x20 || !isLatin(out.text.charCodeAt(to + 1))) break;
      const next = wordEnd(out.text, to + 1);
      phrase = `${phrase} ${out.text.slice(to + 1, next)}`;
      to = next;
    }
    if (longest > 0 && pushClass(out, number, at, longest, drop)) return longest;
  }
  pushWord(out, word, at, end);
  return end;
}

function pushWord(out: Symbols, word: string, start: number, end: number): void {
  const plain = /^[\x20-\x7e]*$/.test(word) ? word : word.normalize("NFD").replace(LATIN_MARKS, "");
  const number = isDigit(plain.charCodeAt(0)) && !/[a-z]/.test(plain);
  const root = number ? plain : stem(plain);
  push(out, number ? NUMBER : WORD, hashText(root), start, end);
  if (!number) out.stems[out.count - 1] = root;
}

/** Letters and digits together, with `'` inside words and `. , : / -` inside numbers and codes. */
function wordEnd(text: string, at: number): number {
  let end = at + 1;
  let digits = isDigit(text.charCodeAt(at));
  for (; end < text.length; end++) {
    const unit = text.charCodeAt(end);
    if (isDigit(unit)) digits = true;
    else if (!isLatin(unit)) {
      const next = text.charCodeAt(end + 1);
      const joins = digits
        ? isDigit(next) && (unit === 0x2e || unit === 0x2c || unit === 0x3a || unit === 0x2f || unit === 0x2d)
        : unit === 0x27 && isLatin(next);
      if (!joins) break;
    }
  }
  return end;
}

function readOther(out: Symbols, at: number, drop: boolean): number {
  const { text } = out;
  const point = text.codePointAt(at) ?? 0;
  const char = String.fromCodePoint(point);
  if (PICTURE.test(char)) {
    push(out, OTHER, hashText(char), at, at + char.length);
    return at + char.length;
  }
  if (!LETTER.test(char)) {
    // Punctuation alone still is a text, but never part of one.
    if (!drop) push(out, OTHER, hashText(char), at, at + char.length);
    return at + char.length;
  }
  let end = at + char.length;
  while (end < text.length && end - at < 40) {
    const next = text.codePointAt(end) ?? 0;
    if (next < 0x80 || isHan(next) || isKana(next) || !LETTER.test(String.fromCodePoint(next))) break;
    end += next > 0xffff ? 2 : 1;
  }
  const word = text.slice(at, end);
  push(out, WORD, hashText(word), at, end);
  out.stems[out.count - 1] = word;
  return end;
}
