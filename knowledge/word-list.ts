/** The stems of a knowledge base, for finding the one a misspelt word was meant to be. */
export interface WordList {
  readonly words: string[];
  /** Token number of each. */
  readonly tokens: number[];
  readonly letters: number[];
}

export function createWordList(): WordList {
  return { words: [], tokens: [], letters: [] };
}

export function addWord(list: WordList, word: string, token: number): void {
  list.words.push(word);
  list.tokens.push(token);
  list.letters.push(letterSet(word));
}

/** One bit per letter; different sets bound the edit distance from below. */
function letterSet(word: string): number {
  let set = 0;
  for (let i = 0; i < word.length; i++) set |= 1 << (word.charCodeAt(i) & 31);
  return set;
}

export interface Resemblance {
  readonly token: number;
  readonly via: "typo" | "variant";
}

const MAX_FOUND = 6;

/** Words that differ by a slip of the finger (one edit, two in long words) or share nearly the whole beginning. */
export function resembling(list: WordList, word: string): Resemblance[] {
  const found: Resemblance[] = [];
  if (word.length < 4) return found;
  const letters = letterSet(word);
  for (let i = 0; i < list.words.length && found.length < MAX_FOUND; i++) {
    const other = list.words[i] ?? "";
    if (other.length < 4 || other === word) continue;
    const allowed = Math.min(word.length, other.length) >= 8 ? 2 : 1;
    const token = list.tokens[i] ?? 0;
    if (sharesBeginning(word, other)) found.push({ token, via: "variant" });
    else if (
      Math.abs(other.length - word.length) <= allowed &&
      bitCount(letters ^ (list.letters[i] ?? 0)) <= 2 * allowed &&
      isWithin(word, other, allowed)
    )
      found.push({ token, via: "typo" });
  }
  return found;
}

function sharesBeginning(a: string, b: string): boolean {
  const shorter = Math.min(a.length, b.length);
  if (shorter < 5 || Math.max(a.length, b.length) - shorter > 4) return false;
  return a.slice(0, shorter) === b.slice(0, shorter) && !/\d/.test(a + b);
}

export function bitCount(value: number): number {
  let v = value - ((value >>> 1) & 0x55555555);
  v = (v & 0x33333333) + ((v >>> 2) & 0x33333333);
  return Math.imul((v + (v >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24;
}

/** Whether insertions, deletions, substitutions and swaps of neighbours, `limit` in all, turn one into the other. */
function isWithin(a: string, b: string, limit: number): boolean {
  if (/\d/.test(a) || /\d/.test(b)) return false;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    let least = i;
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
      least = Math.min(least, cost);
    }
    if (least > limit) return false;
    before = last;
    last = row;
  }
  return (last[b.length] ?? 99) <= limit;
}
