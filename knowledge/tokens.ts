import { PAIR_SALT, pairShare, symbolShare } from "./background.ts";
import type { Concepts } from "./concepts.ts";
import { hashPair, hashText } from "./hash.ts";
import { syllableTable } from "./pinyin.ts";
import { HAN, type Symbols, WORD } from "./symbols.ts";
import { CONCEPT, GRAM, PAIR, SOUND, type Token, WHOLE } from "./vocabulary.ts";
import { wordingHash } from "./wording.ts";

const SOUND_SALT = 0x5097;
const GRAM_SALT = 0x67;
const CONCEPT_SHARE = 0.01;

export type Emit = (token: Token, start: number, length: number) => void;

/** The tokens a text is found by: symbols, neighbours, their sound in pinyin, letters of words, concepts, and last the whole. */
export function readTokens(symbols: Symbols, concepts: Concepts, emit: Emit): void {
  const { count, hash, kind, unit } = symbols;
  const syllables = syllableTable();
  let share = 0;
  for (let i = 0; i < count; i++) {
    const h = hash[i] ?? 0;
    const k = kind[i] ?? 0;
    const u = unit[i] ?? 0;
    const before = share;
    share = symbolShare(h, k, u);
    emit({ hash: h, kind: k, share, unit: u }, i, 1);
    if (k === WORD) readGrams(symbols.stems[i] ?? "", i, share, emit);
    if (i === 0) continue;
    const pair = hashPair(hash[i - 1] ?? 0, h, PAIR_SALT);
    const pairProbability = pairShare(pair, before, share);
    emit({ hash: pair, kind: PAIR, share: pairProbability, unit: 0 }, i - 1, 2);
    const a = syllables[unit[i - 1] ?? 0] ?? 0;
    const b = syllables[u] ?? 0;
    if (a > 0 && b > 0 && k === HAN)
      emit(
        { hash: hashPair(a, b, SOUND_SALT), kind: SOUND, share: Math.min(0.2, 2 * pairProbability), unit: 0 },
        i - 1,
        2,
      );
  }
  concepts.find(symbols, (concept, start, length) =>
    emit({ hash: concept, kind: CONCEPT, share: CONCEPT_SHARE, unit: 0 }, start, length),
  );
  emit({ hash: wordingHash(symbols.text), kind: WHOLE, share: 1, unit: 0 }, 0, 0);
}

/** Letter trigrams with word boundaries: what is left of a word when it is misspelt or inflected. */
function readGrams(stem: string, at: number, share: number, emit: Emit): void {
  if (stem.length < 4) return;
  const word = `^${stem}`;
  for (let i = 0; i + 3 <= word.length; i++)
    emit({ hash: hashText(word.slice(i, i + 3), GRAM_SALT), kind: GRAM, share: Math.max(0.02, share), unit: 0 }, at, 1);
}
