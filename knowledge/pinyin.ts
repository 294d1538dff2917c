import { SYLLABLES } from "./data/pinyin.ts";

let loaded: Uint16Array | undefined;

/** Slips every pinyin input method sees: z/zh, c/ch, s/sh, l/n, -n/-ng fall together. */
function fuzzy(syllable: string): string {
  return syllable
    .replace(/^([zcs])h/, "$1")
    .replace(/ng$/, "n")
    .replace(/^l/, "n");
}

/** For each UTF-16 unit the number of its syllable without tone, 0 when it has none. */
export function syllableTable(): Uint16Array {
  if (loaded !== undefined) return loaded;
  const table = new Uint16Array(0x10000);
  const numbers = new Map<string, number>();
  for (const group of SYLLABLES.split(" ")) {
    const [syllable = ""] = /^[a-z]+/.exec(group) ?? [];
    const key = fuzzy(syllable);
    const number = numbers.get(key) ?? numbers.size + 1;
    numbers.set(key, number);
    for (let i = syllable.length; i < group.length; i++) table[group.charCodeAt(i)] = number;
  }
  loaded = table;
  return table;
}
