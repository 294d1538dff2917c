import type { Corpus } from "./corpus.ts";
import { syllableTable } from "./pinyin.ts";
import { foldUnit } from "./variants.ts";
import { bitCount } from "./word-list.ts";

/** Longest text compared, in words and characters. */
const MAX = 64;
/** Slots of the table of the question's words; open addressing. */
const SLOTS = 256;
const MULTIPLIER = 0x9e3779b1;

/**
 * Compares texts as they are written: fillers and endings are left out of everything else, and question words are put
 * together, yet of two articles that mean nearly the same they tell which one was meant. Every word and character counts
 * the same, and characters of one sound are one.
 */
export class WrittenComparer {
  /** Share of words that both texts have, of pairs of neighbours, and of words in the same order. */
  words = 0;
  pairs = 0;
  sequence = 0;

  private readonly query = new Uint32Array(MAX);
  private readonly variant = new Uint32Array(MAX);
  private length = 0;
  /** Hash of a word of the question, the positions it stands at (a bit for each of the first 32), how often. */
  private readonly keys = new Uint32Array(SLOTS);
  private readonly masks = new Uint32Array(SLOTS);
  private readonly counts = new Uint8Array(SLOTS);
  /** Slots of the question's words, to empty them and to count anew for every variant. */
  private readonly slots = new Uint8Array(MAX);
  private readonly left = new Uint8Array(SLOTS);

  start(normal: string): void {
    for (let i = 0; i < this.length; i++) this.counts[this.slots[i] ?? 0] = 0;
    this.length = readWritten(normal, this.query);
    for (let i = 0; i < this.length; i++) {
      const key = this.query[i] ?? 0;
      const slot = this.find(key);
      if (this.counts[slot] === 0) {
        this.keys[slot] = key;
        this.masks[slot] = 0;
      }
      this.counts[slot] = (this.counts[slot] ?? 0) + 1;
      if (i < 32) this.masks[slot] = (this.masks[slot] ?? 0) | (1 << i);
      this.slots[i] = slot;
    }
  }

  /** The slot of a word, or the empty one where it would stand. */
  private find(key: number): number {
    let slot = (key >>> 23) & (SLOTS - 1);
    while (this.counts[slot] !== 0 && this.keys[slot] !== key) slot = (slot + 1) & (SLOTS - 1);
    return slot;
  }

  compare({ texts }: Corpus, variant: number): void {
    const n = readWritten(texts[variant] ?? "", this.variant);
    const { length, counts, left, masks, slots } = this;
    for (let i = 0; i < length; i++) left[slots[i] ?? 0] = counts[slots[i] ?? 0] ?? 0;
    let same = 0;
    let neighbours = 0;
    let last = 0;
    let sequence = -1;
    for (let j = 0; j < n; j++) {
      const slot = this.find(this.variant[j] ?? 0);
      if (counts[slot] === 0) {
        last = 0;
        continue;
      }
      if ((left[slot] ?? 0) > 0) {
        left[slot] = (left[slot] ?? 0) - 1;
        same++;
      }
      const mask = masks[slot] ?? 0;
      if (((last << 1) & mask) !== 0) neighbours++;
      last = mask;
      const hits = sequence & mask;
      sequence = (sequence + hits) | (sequence & ~mask);
    }
    const first = Math.min(32, length);
    const common = first - bitCount(sequence & (first === 32 ? -1 : (1 << first) - 1));
    this.words = (2 * same) / (length + n || 1);
    this.pairs = Math.min(1, (2 * neighbours) / Math.max(1, length + n - 2));
    this.sequence = (2 * common) / (length + n || 1);
  }
}

/** Keeps syllables apart from characters without one, and both from letters. */
const SOUND = 0x20000;
const WHOLE = 0x80000000;

let loaded: Uint32Array | undefined;

/** For each UTF-16 unit its letter or digit, the hash of its sound (marked `WHOLE`), or 0 where it says nothing. */
function unitTable(): Uint32Array {
  if (loaded !== undefined) return loaded;
  const syllables = syllableTable();
  const table = new Uint32Array(0x10000);
  for (let from = 0; from < table.length; from++) {
    const unit = foldUnit(from);
    const syllable = syllables[unit] ?? 0;
    if ((unit >= 0x61 && unit <= 0x7a) || (unit >= 0x30 && unit <= 0x39)) table[from] = unit;
    else if (unit >= 0xc0 && !isMark(unit) && !isHiragana(unit))
      table[from] = Math.imul(syllable > 0 ? syllable + SOUND : unit, MULTIPLIER) | WHOLE;
  }
  loaded = table;
  return table;
}

/** Punctuation of any script that is common in questions. */
const isMark = (unit: number) => (unit >= 0x2000 && unit <= 0x206f) || (unit >= 0x3000 && unit <= 0x303f);
/** Endings and particles; what a Japanese text is about is written in other characters. */
const isHiragana = (unit: number) => unit >= 0x3041 && unit <= 0x309f;

/** Hashes of the words of a text, or of the sound of each character; returns how many. */
function readWritten(text: string, out: Uint32Array): number {
  const table = unitTable();
  let count = 0;
  let word = 0;
  for (let i = 0; i < text.length && count < MAX; i++) {
    const code = table[text.charCodeAt(i)] ?? 0;
    if (code !== 0 && code < 0x80) {
      word = Math.imul(word ^ code, MULTIPLIER);
      word ^= word >>> 15;
      continue;
    }
    if (word !== 0) out[count++] = word;
    word = 0;
    if (code !== 0 && count < MAX) out[count++] = code;
  }
  if (word !== 0 && count < MAX) out[count++] = word;
  return count;
}
