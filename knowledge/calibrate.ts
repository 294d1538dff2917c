import type { Corpus } from "./corpus.ts";
import { type Comparer, columnOf, FEATURE_COUNT } from "./features.ts";
import type { Query } from "./query.ts";
import type { Ranked } from "./rank.ts";

/** What the decision to answer looks at. The order is that of the weights. */
export const SIGNALS = [
  "always",
  "raw",
  "margin",
  "first",
  "queryCovered",
  "variantCovered",
  "queryCoveredSquare",
  "sequence",
  "pairs",
  "equal",
  "queryHeaviest",
  "variantHeaviest",
  "queryMissing",
  "variantMissing",
  "matched",
  "unknown",
  "length",
  "articles",
  "several",
  "taught",
  "taughtLog",
  "support",
  "severalRaw",
  "severalMargin",
  "classClash",
  "latin",
  "latinRaw",
  "latinUnknown",
  "kana",
  "rawSquare",
  "strangePairs",
  "strangeRaw",
  "unknownRaw",
  "latinSeveral",
  "lengthGap",
  "manyRivals",
] as const;
export type Signal = (typeof SIGNALS)[number];
export const SIGNAL_COUNT = SIGNALS.length;

const COLUMN = {
  first: columnOf("first"),
  queryCovered: columnOf("queryCovered"),
  variantCovered: columnOf("variantCovered"),
  sequence: columnOf("sequence"),
  pairs: columnOf("pairs"),
  equal: columnOf("equal"),
  taught: columnOf("taught"),
  taughtLog: columnOf("taughtLog"),
  support: columnOf("support"),
  classClash: columnOf("classClash"),
  lengthGap: columnOf("lengthGap"),
};

const clip = (value: number, limit: number) => Math.max(-limit, Math.min(limit, value));

/** The signals for one of the ranked articles. Compares its variant once more for the absolute amounts. */
export function readSignals(
  corpus: Corpus,
  query: Query,
  comparer: Comparer,
  ranked: readonly Ranked[],
  place: number,
  features: Float32Array,
  out: Float64Array,
): void {
  const one = ranked[place];
  if (one === undefined) return;
  const spare = new Float32Array(FEATURE_COUNT);
  const at = one.row * FEATURE_COUNT;
  const f = (column: number) => features[at + column] ?? 0;
  comparer.compare(one.variant, f(0), spare, 0);
  const { amounts, latin, kana } = comparer;
  const rival = ranked[place === 0 ? 1 : 0]?.raw ?? 0;
  const raw = one.raw / 10;
  const margin = clip((one.raw - rival) / 4, 1);
  const several = corpus.texts.length > 1.3 * corpus.ids.length ? 1 : 0;
  let unknown = 0;
  for (const symbol of query.distinct) if (symbol.token < 0) unknown += symbol.idf;
  const unknownShare = unknown / (amounts.queryTotal + 1e-6);
  const queryCovered = f(COLUMN.queryCovered);
  const variantCovered = f(COLUMN.variantCovered);
  const length = query.at.length;
  const values = [
    1,
    raw,
    margin,
    f(COLUMN.first),
    queryCovered,
    variantCovered,
    queryCovered ** 2,
    f(COLUMN.sequence),
    f(COLUMN.pairs),
    f(COLUMN.equal),
    amounts.queryHeaviest / 8,
    amounts.variantHeaviest / 8,
    clip(amounts.queryMissing / 20, 2),
    clip(amounts.variantMissing / 20, 2),
    clip(amounts.matched / 20, 2),
    unknownShare,
    Math.log1p(length) / 3,
    Math.log(corpus.ids.length + 1) / 10,
    several,
    f(COLUMN.taught),
    f(COLUMN.taughtLog),
    f(COLUMN.support),
    several * raw,
    several * margin,
    f(COLUMN.classClash),
    latin,
    latin * raw,
    latin * unknownShare,
    kana,
    raw * raw,
    query.strangePairs,
    query.strangePairs * raw,
    unknownShare * raw,
    latin * several,
    f(COLUMN.lengthGap),
    ranked.filter((other) => other.raw > one.raw - 1).length / 10,
  ];
  for (let i = 0; i < SIGNAL_COUNT; i++) out[i] = values[i] ?? 0;
}

/** The probability that the article is the right answer. */
export function calibrated(signals: Float64Array, weights: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < SIGNAL_COUNT; i++) sum += (signals[i] ?? 0) * (weights[i] ?? 0);
  return 1 / (1 + Math.exp(-sum));
}
