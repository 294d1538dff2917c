import { FOLDED_CHARACTERS, TAIWAN_PHRASES } from "./data/variants.ts";

interface Tables {
  /** Simplified UTF-16 unit for each unit; 0 where nothing changes. */
  readonly characters: Uint16Array;
  readonly phrases: ReadonlyMap<string, string>;
  /** Longest phrase that starts with a unit. */
  readonly longest: Uint8Array;
}

let loaded: Tables | undefined;

function tables(): Tables {
  if (loaded !== undefined) return loaded;
  const characters = new Uint16Array(0x10000);
  for (let i = 0; i + 1 < FOLDED_CHARACTERS.length; i += 2)
    characters[FOLDED_CHARACTERS.charCodeAt(i)] = FOLDED_CHARACTERS.charCodeAt(i + 1);
  const phrases = new Map(TAIWAN_PHRASES.split("|").map((pair) => pair.split(" ") as [string, string]));
  const longest = new Uint8Array(0x10000);
  for (const phrase of phrases.keys()) {
    const first = phrase.charCodeAt(0);
    longest[first] = Math.max(longest[first] ?? 0, phrase.length);
  }
  loaded = { characters, phrases, longest };
  return loaded;
}

/** One unit in lower case, half width and simplified script. */
export function foldUnit(unit: number): number {
  if (unit < 0x80) return unit >= 0x41 && unit <= 0x5a ? unit + 32 : unit;
  const half = unit >= 0xff01 && unit <= 0xff5e ? unit - 0xfee0 : unit;
  if (half < 0x80) return half >= 0x41 && half <= 0x5a ? half + 32 : half;
  return tables().characters[half] || half;
}

/** Folds characters always, words only in Chinese text that is visibly traditional (and holds no kana). */
export function foldVariants(text: string): string {
  const { characters } = tables();
  let changed = 0;
  let kana = false;
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit < 0x3041) continue;
    if (characters[unit] !== 0) changed++;
    if (unit <= 0x30ff && unit !== 0x30fb) kana = true;
  }
  if (changed === 0) return text;
  let folded = "";
  for (let i = 0; i < text.length; i++) {
    const to = characters[text.charCodeAt(i)] ?? 0;
    folded += to === 0 ? text.charAt(i) : String.fromCharCode(to);
  }
  return kana ? folded : foldPhrases(folded);
}

function foldPhrases(text: string): string {
  const { phrases, longest } = tables();
  let out = "";
  for (let i = 0; i < text.length; ) {
    let taken = 0;
    for (let length = Math.min(longest[text.charCodeAt(i)] ?? 0, text.length - i); length > 1; length--) {
      const mainland = phrases.get(text.slice(i, i + length));
      if (mainland === undefined) continue;
      out += mainland;
      taken = length;
      break;
    }
    if (taken === 0) out += text.charAt(i);
    i += Math.max(1, taken);
  }
  return out;
}
