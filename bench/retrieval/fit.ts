/**
 * Fits the weights of the engine on the development sets and writes knowledge/fitted.ts:
 *
 *   node bench/retrieval/fit.ts          report only
 *   node bench/retrieval/fit.ts --write  report and write
 *
 * Reported are three figures: fitted and measured on everything; each set held out with all sets of its kind; and each
 * set's articles halved, one half fitting and the other measured. Only the last two say anything about other shops.
 */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { calibrated, readSignals, SIGNAL_COUNT, SIGNALS } from "../../knowledge/calibrate.ts";
import { type Candidates, createScratch, gather } from "../../knowledge/candidates.ts";
import { createComparer } from "../../knowledge/compare.ts";
import { compileConcepts } from "../../knowledge/concepts.ts";
import { buildCorpus, type Corpus } from "../../knowledge/corpus.ts";
import { RETAIL_DICTIONARY } from "../../knowledge/dictionary.ts";
import { type Comparer, FEATURE_COUNT, FEATURES } from "../../knowledge/features.ts";
import { normalize } from "../../knowledge/normalize.ts";
import { type Query, readQuery } from "../../knowledge/query.ts";
import { describe, rank } from "../../knowledge/rank.ts";
import { descend } from "./descent.ts";
import {
  bestThreshold,
  calibrationCurve,
  f1At,
  isHardQuestion,
  mean,
  type Outcome,
  qualityOf,
  transferredF1,
} from "./metrics.ts";
import { loadSets, type RetrievalSet, retrievalFolder } from "./sets.ts";

interface Example {
  readonly query: Query;
  readonly candidates: Candidates;
  readonly features: Float32Array;
  readonly labels: readonly boolean[];
  readonly expect: readonly string[];
  readonly isHard: boolean;
  readonly half: number;
}

interface Prepared {
  readonly name: string;
  readonly corpus: Corpus;
  readonly comparer: Comparer;
  readonly examples: readonly Example[];
}

interface Weights {
  readonly features: Float64Array;
  readonly signals: Float64Array;
}

/** In-scope questions with a wrong first match are not worth as little as those nobody can answer. */
const NEAR_MISS = 0.4;

function prepare(set: RetrievalSet): Prepared {
  const texts = new Map(set.articles.map((a) => [a.id, [a.question, ...(a.phrasings ?? [])]]));
  const corpus = buildCorpus(
    [...texts].map(([id, own]) => ({ id, texts: own })),
    compileConcepts([RETAIL_DICTIONARY]),
  );
  const scratch = createScratch();
  const comparer = createComparer();
  const examples = set.asked.map(({ text, expect }): Example => {
    const query = readQuery(corpus, normalize(text));
    const { count, variant, similarity } = gather(corpus, query, scratch);
    const candidates = { count, most: count, variant: variant.slice(0, count), similarity: similarity.slice(0, count) };
    const features = new Float32Array(count * FEATURE_COUNT);
    describe(corpus, query, candidates, comparer, features);
    const labels = [...candidates.variant].map((v) => expect.includes(corpus.ids[corpus.article.data[v] ?? 0] ?? ""));
    const accepted = expect.flatMap((id) => texts.get(id) ?? []);
    const isHard = isHardQuestion(text, accepted);
    return { query, candidates, features, labels, expect, isHard, half: halfOf(expect[0] ?? text) };
  });
  return { name: set.name, corpus, comparer, examples };
}

function halfOf(text: string): number {
  let hash = 7;
  for (const char of text) {
    hash = Math.imul(hash ^ (char.codePointAt(0) ?? 0), 0x01000193);
    hash = Math.imul(hash ^ (hash >>> 15), 0x846ca68b);
  }
  return (hash >>> 13) & 1;
}

/** Maximises the likelihood that a right variant is picked among the candidates. */
function fitFeatures(sets: readonly Prepared[]): Float64Array {
  const usable = sets.map((s) => s.examples.filter((e) => e.labels.includes(true) && e.labels.includes(false)));
  const start = new Float64Array(FEATURE_COUNT);
  start[0] = 10;
  const batch = 64;
  let turn = 0;
  return descend({
    size: FEATURE_COUNT,
    steps: 1800,
    rate: 0.15,
    decay: 1e-3,
    start,
    gradient(weights, random, out) {
      for (let b = 0; b < batch; b++) {
        const set = usable[turn++ % usable.length] ?? [];
        const example = set[Math.floor(random() * set.length)];
        if (example !== undefined) addChoiceGradient(example, weights, 1 / batch, out);
      }
    },
  });
}

function addChoiceGradient(
  { features, labels }: Example,
  weights: Float64Array,
  scale: number,
  out: Float64Array,
): void {
  const scores = labels.map((_, row) => {
    let sum = 0;
    for (let k = 0; k < FEATURE_COUNT; k++) sum += (weights[k] ?? 0) * (features[row * FEATURE_COUNT + k] ?? 0);
    return sum;
  });
  const most = Math.max(...scores);
  const odds = scores.map((s) => Math.exp(s - most));
  const all = odds.reduce((sum, o) => sum + o, 0);
  const right = odds.reduce((sum, o, row) => sum + (labels[row] ? o : 0), 0);
  odds.forEach((o, row) => {
    const error = o / all - (labels[row] ? o / Math.max(right, 1e-12) : 0);
    if (Math.abs(error) < 1e-4) return;
    for (let k = 0; k < FEATURE_COUNT; k++)
      out[k] = (out[k] ?? 0) + scale * error * (features[row * FEATURE_COUNT + k] ?? 0);
  });
}

interface Judged extends Omit<Outcome, "score"> {
  readonly signals: Float64Array;
  readonly isEmpty: boolean;
}

function judge({ corpus, comparer, examples }: Prepared, weights: Float64Array): Judged[] {
  return examples.map(({ query, candidates, features, expect, isHard }) => {
    const ranked = rank(corpus, candidates, features, weights);
    const signals = new Float64Array(SIGNAL_COUNT);
    comparer.start(corpus, query);
    readSignals(corpus, query, comparer, ranked, 0, features, signals);
    const ids = ranked.slice(0, 3).map((r) => corpus.ids[r.article] ?? "");
    return {
      signals,
      isEmpty: ranked.length === 0,
      inScope: expect.length > 0,
      isRight: expect.includes(ids[0] ?? ""),
      isAmongThree: ids.some((id) => expect.includes(id)),
      isHard,
    };
  });
}

/** Logistic regression on whether the first match is right, then stretched until its probabilities are true. */
function fitSignals(sets: readonly (readonly Judged[])[]): Float64Array {
  const batch = 128;
  let turn = 0;
  const weights = descend({
    size: SIGNAL_COUNT,
    steps: 4000,
    rate: 0.06,
    decay: 1e-3,
    gradient(weights, random, out) {
      for (let b = 0; b < batch; b++) {
        const set = sets[turn++ % sets.length] ?? [];
        const one = set[Math.floor(random() * set.length)];
        if (one === undefined || one.isEmpty) continue;
        const wanted = one.isRight ? 1 : one.inScope ? NEAR_MISS : 0;
        const error = (calibrated(one.signals, weights) - wanted) / batch;
        for (let k = 0; k < SIGNAL_COUNT; k++) out[k] = (out[k] ?? 0) + error * (one.signals[k] ?? 0);
      }
    },
  });
  const [stretch = 1, shift = 0] = fitStretch(sets, weights);
  // The first signal is always 1.
  return weights.map((w, k) => stretch * w + (k === 0 ? shift : 0));
}

/** Near misses raise the scores of wrong answers; this makes them probabilities again without changing their order. */
function fitStretch(sets: readonly (readonly Judged[])[], weights: Float64Array): Float64Array {
  const judged = sets.map((set) =>
    set
      .filter((one) => !one.isEmpty)
      .map((one) => ({
        odds: weights.reduce((sum, w, k) => sum + w * (one.signals[k] ?? 0), 0),
        isRight: one.isRight,
      })),
  );
  let turn = 0;
  return descend({
    size: 2,
    steps: 1500,
    rate: 0.05,
    decay: 0,
    start: Float64Array.of(1, 0),
    gradient([stretch = 1, shift = 0], random, out) {
      for (let b = 0; b < 128; b++) {
        const set = judged[turn++ % judged.length] ?? [];
        const one = set[Math.floor(random() * set.length)];
        if (one === undefined) continue;
        const error = 1 / (1 + Math.exp(-(stretch * one.odds + shift))) - (one.isRight ? 1 : 0);
        out[0] = (out[0] ?? 0) + (error * one.odds) / 128;
        out[1] = (out[1] ?? 0) + error / 128;
      }
    },
  });
}

function fitWeights(sets: readonly Prepared[]): Weights {
  const features = fitFeatures(sets);
  return { features, signals: fitSignals(sets.map((s) => judge(s, features))) };
}

function measure(set: Prepared, { features, signals }: Weights): Outcome[] {
  return judge(set, features).map((one) => ({ ...one, score: one.isEmpty ? 0 : calibrated(one.signals, signals) }));
}

function report(label: string, sets: readonly (readonly Outcome[])[]): void {
  const all = sets.map(qualityOf);
  const percent = (key: "top1" | "recall3" | "hardTop1" | "cov90") => (100 * mean(all.map((q) => q[key]))).toFixed(1);
  const number = (key: "auroc" | "bestF1") => mean(all.map((q) => q[key])).toFixed(3);
  console.log(
    `${label.padEnd(18)} top1 ${percent("top1")}  recall@3 ${percent("recall3")}  hardTop1 ${percent("hardTop1")}  ` +
      `AUROC ${number("auroc")}  bestF1 ${number("bestF1")}  ${sets.length > 1 ? `F1 ${transferredF1(sets).toFixed(3)}  ` : ""}cov90 ${percent("cov90")}`,
  );
}

/** Versions of one set are of one kind. */
const kindOf = (name: string) => name.replace(/-(hant|typo)$/, "");

function halved(sets: readonly Prepared[]): Outcome[][] {
  const half = (which: number) => sets.map((s) => ({ ...s, examples: s.examples.filter((e) => e.half === which) }));
  const [first, second] = [half(0), half(1)];
  const [onFirst, onSecond] = [fitWeights(first), fitWeights(second)];
  return sets.map((_, i) => {
    const [a, b] = [first[i], second[i]];
    return [...(a === undefined ? [] : measure(a, onSecond)), ...(b === undefined ? [] : measure(b, onFirst))];
  });
}

const folder = retrievalFolder();
if (folder === undefined) throw new Error("The development sets are not here: set RETRIEVAL_SETS to their folder.");
const sets = loadSets(folder).map(prepare);
const fitted = fitWeights(sets);
const everything = sets.map((s) => measure(s, fitted));
report("fitted", everything);
const kinds = sets.map((s) => measure(s, fitWeights(sets.filter((other) => kindOf(other.name) !== kindOf(s.name)))));
report("kind held", kinds);
sets.forEach(({ name }, i) => {
  report(`  ${name}`, [kinds[i] ?? []]);
});
const halves = halved(sets);
report("halves held", halves);
const answer = bestThreshold(halves);
const f1Of = (held: readonly (readonly Outcome[])[]) => held.map((outcomes) => f1At(outcomes, answer));
const spread = (values: readonly number[]) => `${Math.min(...values).toFixed(2)} to ${Math.max(...values).toFixed(2)}`;
console.log(
  `best single threshold ${answer.toFixed(2)}: F1 ${mean(f1Of(kinds)).toFixed(3)} with the kind held (${spread(f1Of(kinds))}), ` +
    `${mean(f1Of(halves)).toFixed(3)} with halves held`,
);
console.log("score → right, halves held:");
for (const { score, right, share } of calibrationCurve(halves))
  console.log(`  ${score.toFixed(2)} → ${right.toFixed(2)}  (${(100 * share).toFixed(0)} % of questions)`);

if (process.argv.includes("--write")) {
  const table = (names: readonly string[], weights: Float64Array) =>
    names.map((name, i) => `  ${name}: ${Number((weights[i] ?? 0).toFixed(2))},\n`).join("");
  writeFileSync(
    join(import.meta.dirname, "../../knowledge/fitted.ts"),
    `// Fitted by bench/retrieval/fit.ts. Do not edit.

import type { Signal } from "./calibrate.ts";
import type { Feature } from "./features.ts";

export const FEATURE_WEIGHTS: Readonly<Record<Feature, number>> = {\n${table(FEATURES, fitted.features)}};

export const SIGNAL_WEIGHTS: Readonly<Record<Signal, number>> = {\n${table(SIGNALS, fitted.signals)}};

/** The score from which answering does more good than harm, on average over many kinds of shops. */
export const ANSWER_THRESHOLD = ${Number(answer.toFixed(2))};
`,
  );
}
