/** A word that fits a regular expression, for examples: enough of its language for configuration fields, not all of it. */
export function wordFor(pattern: string, options: { readonly length: number; readonly turn: number }): string {
  const reader = { source: pattern.replace(/^\^/, "").replace(/\$$/, ""), at: 0 };
  return readAlternatives(reader, options);
}

interface Reader {
  readonly source: string;
  at: number;
}
type Options = Parameters<typeof wordFor>[1];

/** The first of `a|b|c`; the others are read over. */
function readAlternatives(reader: Reader, options: Options): string {
  const first = readSequence(reader, options);
  while (reader.source[reader.at] === "|") {
    reader.at += 1;
    readSequence(reader, options);
  }
  return first;
}

function readSequence(reader: Reader, options: Options): string {
  let word = "";
  while (reader.at < reader.source.length && !"|)".includes(reader.source[reader.at] ?? "")) {
    const begin = reader.at;
    const once = readAtom(reader, options);
    const end = reader.at;
    const times = readTimes(reader, options.length);
    for (let turn = 0; turn < times; turn += 1) {
      // Each repeat is made anew, so that classes go on to their next character.
      const again = { source: reader.source.slice(begin, end), at: 0 };
      word += turn === 0 ? once : readAtom(again, { ...options, turn: options.turn + turn });
    }
  }
  return word;
}

function readTimes(reader: Reader, wish: number): number {
  const quantifier = /^(?:([*+?])|\{(\d+)(,?)(\d*)\})\??/.exec(reader.source.slice(reader.at));
  if (quantifier === null) return 1;
  reader.at += quantifier[0].length;
  const [, sign, least = "", comma = "", most = ""] = quantifier;
  if (sign === "?") return 0;
  if (sign !== undefined) return wish;
  if (comma === "") return Number(least);
  return Math.max(Number(least), Math.min(wish, most === "" ? wish : Number(most)));
}

function readAtom(reader: Reader, options: Options): string {
  const rest = reader.source.slice(reader.at);
  const group = /^\((?:\?:)?/.exec(rest)?.[0];
  if (group !== undefined) {
    reader.at += group.length;
    const inner = readAlternatives(reader, options);
    reader.at += 1;
    return inner;
  }
  const token = /^(?:\[(?:\\.|[^\]\\])*\]|\\x[0-9a-f]{2}|\\.|.)/isu.exec(rest)?.[0] ?? "";
  reader.at += token.length;
  const fitting = LETTERS.filter((letter) => new RegExp(`^${token}$`, "u").test(letter));
  const all = fitting.length > 0 ? fitting : PRINTABLE.filter((letter) => new RegExp(`^${token}$`, "u").test(letter));
  return all[(options.turn * 7) % Math.max(all.length, 1)] ?? token;
}

const PRINTABLE = Array.from({ length: 94 }, (_, code) => String.fromCharCode(33 + code));
const LETTERS = PRINTABLE.filter((letter) => /[a-z0-9]/i.test(letter));
