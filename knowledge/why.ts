import { type Comparer, VIA_EXACT, VIA_SOUND, VIA_SYNONYM, VIA_TYPO } from "./features.ts";
import type { Why } from "./match.ts";
import type { Query } from "./query.ts";

interface Piece {
  start: number;
  end: number;
  weight: number;
  readonly via: Why["via"];
}

const NAMES: Readonly<Record<number, Why["via"]>> = {
  [VIA_EXACT]: "exact",
  [VIA_SYNONYM]: "synonym",
  [VIA_SOUND]: "pinyin",
  [VIA_TYPO]: "typo",
};

/** The words of the question that the variant compared last stands for, neighbours joined, heaviest first; `written` is in lower case. */
export function explain(query: Query, comparer: Comparer, written: string): Why[] {
  const pieces: Piece[] = [];
  const { symbols } = query;
  query.at.forEach((symbol, position) => {
    const credit = comparer.queryCredit[symbol] ?? 0;
    if (credit === 0) return;
    const start = symbols.start[position] ?? 0;
    const end = symbols.end[position] ?? 0;
    const weight = credit * (query.distinct[symbol]?.idf ?? 0);
    const via = NAMES[comparer.queryVia[symbol] ?? 0] ?? "variant";
    const last = pieces.at(-1);
    if (last !== undefined && last.via === via && (last.end === start || query.normal.slice(last.end, start) === " ")) {
      last.end = end;
      last.weight += weight;
    } else pieces.push({ start, end, weight, via });
  });
  if (pieces.length === 0) return [{ term: query.normal.slice(0, 40), via: "ngram", weight: 1 }];
  const total = pieces.reduce((sum, p) => sum + p.weight, 0) || 1;
  return pieces
    .map(({ start, end, via, weight }): Why => {
      const term = query.normal.slice(start, end);
      // Folded to another script or width, or a stop word taken out in between.
      const isWritten = via !== "exact" || written.includes(term);
      return { term, via: isWritten ? via : "variant", weight: rounded(weight / total) };
    })
    .sort((a, b) => b.weight - a.weight);
}

export function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
