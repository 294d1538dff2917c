import { FOLDED_CHARACTERS, TAIWAN_PHRASES } from "./data/variants.ts";

interface Tables {
  /** Simplified UTF-16 unit for each unit; 0 where nothing changes. */
  readonly characters: Uint16Array;
  readonly phrases: ReadonlyMap<string, string>;
  /** Longest phrase that starts with two units, by `beginning` of them. */
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
    const first = beginning(phrase, 0);
    longest[first] = Math.max(longest[first] ?? 0, phrase.length);
  }
  loaded = { characters, phrases, longest };
  return loaded;
}

/** Two beginnings may share a number; the phrases tell them apart. */
function beginning(text: string, at: number): number {
  return (Math.imul(text.charCodeAt(at), 0x9e37) ^ text.charCodeAt(at + 1)) & 0xffff;
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
  const units = new Uint16Array(text.length);
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    units[i] = characters[unit] || unit;
  }
  const folded = toText(units);
  return kana ? folded : foldPhrases(folded);
}

/** As many arguments as every engine takes. */
const AT_ONCE = 4096;

// What takes numbers takes an array of them, typed or not.
const fromUnits = (units: Uint16Array) => String.fromCharCode.apply(undefined, units as unknown as number[]);

function toText(units: Uint16Array): string {
  let text = "";
  for (let i = 0; i < units.length; i += AT_ONCE) text += fromUnits(units.subarray(i, i + AT_ONCE));
  return text;
}

function foldPhrases(text: string): string {
  const { phrases, longest } = tables();
  let out = "";
  let copied = 0;
  for (let i = 0; i < text.length; ) {
    const most = Math.min(longest[beginning(text, i)] ?? 0, text.length - i);
    let taken = 1;
    for (let length = most; length > 1; length--) {
      const mainland = phrases.get(text.slice(i, i + length));
      if (mainland === undefined) continue;
      out += text.slice(copied, i) + mainland;
      taken = length;
      copied = i + length;
      break;
    }
    i += taken;
  }
  return copied === 0 ? text : out + text.slice(copied);
}
