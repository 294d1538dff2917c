import { CHARACTER_LEVELS, PAIR_LEVELS } from "./data/background.ts";
import { COMMON_WORDS } from "./data/english.ts";
import { stem } from "./english.ts";
import { hashPair, hashText } from "./hash.ts";
import { CLASS, characterHash, HAN, KANA, NUMBER, WORD } from "./symbols.ts";

/** Keeps tokens of pairs apart from those of single characters. */
export const PAIR_SALT = 0x2b;

/** Characters of a question; turns a share of characters into a share of questions. */
const TYPICAL_LENGTH = 10;
const UNKNOWN_CHARACTER = 2e-5;

/** Frequent in questions, though rare in the news the tables come from. */
const ASKED = "怎么吗呢吧哪谁什样请问可以能不要我你的了是有没给帮想看好为多少在会到还用开查办改买付款退换货单订号码钱";

interface Background {
  readonly symbols: ReadonlyMap<number, number>;
  readonly pairs: ReadonlyMap<number, number>;
}

let loaded: Background | undefined;

function parseLevels(source: string, step: number, add: (key: string, share: number) => void): void {
  for (const group of source.split(" ")) {
    const digits = /^\d+/.exec(group)?.[0] ?? "0";
    const share = 2 ** (-Number(digits) / 2);
    for (let i = digits.length; i + step <= group.length; i += step) add(group.slice(i, i + step), share);
  }
}

function background(): Background {
  if (loaded !== undefined) return loaded;
  const symbols = new Map<number, number>();
  const pairs = new Map<number, number>();
  parseLevels(CHARACTER_LEVELS, 1, (char, share) => {
    const boosted = ASKED.includes(char) ? Math.max(share * 3, 0.004) : share;
    symbols.set(characterHash(char.charCodeAt(0)), Math.min(0.4, boosted * TYPICAL_LENGTH));
  });
  parseLevels(PAIR_LEVELS, 2, (pair, share) => {
    const hash = hashPair(characterHash(pair.charCodeAt(0)), characterHash(pair.charCodeAt(1)), PAIR_SALT);
    pairs.set(hash, Math.min(0.3, share * TYPICAL_LENGTH));
  });
  COMMON_WORDS.split("|").forEach((tier, i) => {
    for (const word of tier.split(" ")) {
      const hash = hashText(stem(word));
      if (!symbols.has(hash)) symbols.set(hash, [0.15, 0.05, 0.02, 0.008][i] ?? 0.004);
    }
  });
  loaded = { symbols, pairs };
  return loaded;
}

/** The share of questions anywhere that hold the symbol. */
export function symbolShare(hash: number, kind: number, unit: number): number {
  if (kind >= CLASS) return 0.15;
  if (kind === KANA) return unit < 0x30a0 ? 0.2 : 0.04;
  const known = background().symbols.get(hash);
  if (known !== undefined) return known;
  if (kind === HAN) return UNKNOWN_CHARACTER * TYPICAL_LENGTH;
  if (kind === WORD) return 0.001;
  return kind === NUMBER ? 0.003 : 0.001;
}

/** The share of questions anywhere that hold the pair, from its parts when it is in no table. */
export function pairShare(hash: number, first: number, second: number): number {
  return background().pairs.get(hash) ?? Math.min(0.05, first * second * 0.3);
}
