import { hashText } from "./hash.ts";

const MARK = /[\s\p{P}~]/u;
const SALT = 0x3a11;
const KEPT = 1;
const LEFT_OUT = 2;
/** By UTF-16 unit, filled as they are met. */
const kinds = new Uint8Array(0x10000);

function isMark(unit: number): boolean {
  const known = kinds[unit] ?? 0;
  if (known !== 0) return known === LEFT_OUT;
  const left = MARK.test(String.fromCharCode(unit));
  kinds[unit] = left ? LEFT_OUT : KEPT;
  return left;
}

const isDigit = (unit: number) => unit >= 0x30 && unit <= 0x39;

/**
 * What two normalised texts have in common when one repeats the other word for word: all but spaces and punctuation,
 * which count between two digits only, where they tell 1.5 from 15.
 */
export function wordingOf(normal: string): string {
  let out = "";
  let from = 0;
  for (let at = 0; at < normal.length; at++) {
    if (!isMark(normal.charCodeAt(at))) continue;
    let to = at + 1;
    while (to < normal.length && isMark(normal.charCodeAt(to))) to++;
    if (!isDigit(normal.charCodeAt(at - 1)) || !isDigit(normal.charCodeAt(to))) {
      out += normal.slice(from, at);
      from = to;
    }
    at = to;
  }
  out += normal.slice(from);
  return out || normal;
}

export function wordingHash(normal: string): number {
  return hashText(wordingOf(normal), SALT);
}
