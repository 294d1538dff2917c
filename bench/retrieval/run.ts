/**
 * Accuracy, silence and speed of the knowledge engine next to what a developer would otherwise take, in one run:
 *
 *   npm run bench:retrieval            up to 400 questions of each set
 *   npm run bench:retrieval -- --full  all questions
 *
 * The sets are no part of the project (see sets.ts); without them there is nothing to measure.
 */
import { buildIndex, DEFAULT_THRESHOLDS, type KnowledgeArticle, loadIndex } from "../../knowledge/index.ts";
import { type Engine, engines } from "./engines.ts";
import { ramble } from "./long.ts";
import {
  calibrationCurve,
  f1At,
  isHardQuestion,
  mean,
  type Outcome,
  percentile,
  type Quality,
  qualityOf,
  transferredF1,
} from "./metrics.ts";
import { type Asked, loadScale, loadSets, type RetrievalSet, retrievalFolder } from "./sets.ts";

const isFull = process.argv.includes("--full");
const PER_SET = isFull ? Number.POSITIVE_INFINITY : 400;
const PER_SLOW_SET = 120;
/** Slow engines are asked fewer questions. */
const MAX_ASKING_MS = 4_000;

/** Evenly from the whole set, so that the share of questions out of scope stays. */
function sample(asked: readonly Asked[], limit: number): Asked[] {
  const step = Math.max(1, asked.length / limit);
  return asked.filter((_, i) => Math.floor(i / step) !== Math.floor((i - 1) / step));
}

function ask(engine: Engine, { articles, asked }: RetrievalSet): Outcome[] {
  const match = engine.build(articles);
  const texts = new Map(articles.map((a) => [a.id, [a.question, ...(a.phrasings ?? [])]]));
  return sample(asked, engine.isSlow ? Math.min(PER_SLOW_SET, PER_SET) : PER_SET).map(({ text, expect }) => {
    const found = match(text);
    return {
      score: found[0]?.score ?? 0,
      inScope: expect.length > 0,
      isRight: expect.includes(found[0]?.id ?? ""),
      isAmongThree: found.some(({ id }) => expect.includes(id)),
      isHard: isHardQuestion(
        text,
        expect.flatMap((id) => texts.get(id) ?? []),
      ),
    };
  });
}

const COLUMNS = ["top1", "recall@3", "hardTop1", "AUROC", "bestF1", "F1", "cov90", "hant", "typo", "ja"];

function row(sets: readonly RetrievalSet[], outcomes: readonly Outcome[][]): string[] {
  const all = outcomes.map(qualityOf);
  const percent = (value: number) => (Number.isNaN(value) ? "" : (100 * value).toFixed(1));
  const average = (key: keyof Quality) => mean(all.map((q) => q[key]));
  const top1Of = (part: string) => {
    const own = all.filter((_, i) => sets[i]?.name.includes(part));
    return own.length === 0 ? "" : percent(mean(own.map((q) => q.top1)));
  };
  return [
    percent(average("top1")),
    percent(average("recall3")),
    percent(average("hardTop1")),
    average("auroc").toFixed(3),
    average("bestF1").toFixed(3),
    sets.length > 1 ? transferredF1(outcomes).toFixed(3) : "",
    percent(average("cov90")),
    top1Of("-hant"),
    top1Of("-typo"),
    top1Of("ja-"),
  ];
}

function print(name: string, cells: readonly string[]): void {
  console.log(name.padEnd(28) + cells.map((cell) => cell.padStart(10)).join(""));
}

function measureSpeed(engine: Engine, questions: readonly string[], size: number): string[] {
  const articles = questions.slice(0, size).map((question, i): KnowledgeArticle => ({ id: `a${i}`, question }));
  // Engines are met warm, and every question lacks a character of the one it was made from.
  engine.build(articles.slice(0, 500))("怎么退货");
  const before = usedMemory();
  const from = performance.now();
  const match = engine.build(articles);
  const built = performance.now() - from;
  const memory = usedMemory() - before;
  const times: number[] = [];
  const step = Math.ceil(questions.length / 2000);
  const stopAt = performance.now() + MAX_ASKING_MS;
  for (let i = 0; i < questions.length && performance.now() < stopAt; i += step) {
    const text = questions[i] ?? "";
    const at = i % text.length;
    times.push(timed(() => match(text.slice(0, at) + text.slice(at + 1))));
  }
  times.splice(0, times.length / 4);
  return [
    `${built.toFixed(0)} ms`,
    `${percentile(times, 0.5).toFixed(2)} ms`,
    `${percentile(times, 0.99).toFixed(2)} ms`,
    `${(memory / 1e6).toFixed(0)} MB`,
  ];
}

/** Without `--expose-gc` memory is only a rough figure. */
function usedMemory(): number {
  for (let i = 0; i < 3; i++) globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

const LENGTHS = [0, 150, 400, 1200, 5000];
const LONG_PER_SET = 100;

/** The same questions within messages of many lengths; stories are Chinese and English. */
function measureLong(sets: readonly RetrievalSet[]): void {
  print("\nwithin a message of", ["top1", "answered", "out of scope"]);
  const told = sets.filter(({ name }) => !name.startsWith("ja-"));
  const indexes = told.map(({ articles }) => buildIndex(articles));
  for (const length of LENGTHS) {
    const shares = told.map(({ asked }, i) => {
      const outcomes = [asked.filter((a) => a.expect.length > 0), asked.filter((a) => a.expect.length === 0)].map(
        (list) =>
          sample(list, LONG_PER_SET).map(({ text, expect }, seed) => {
            const result = indexes[i]?.match(length === 0 ? text : ramble(text, length, seed));
            const isRight = expect.includes(result?.matches[0]?.articleId ?? "");
            return { isRight, isAnswered: result?.decision === "answer" };
          }),
      );
      const [inside = [], outside = []] = outcomes;
      return [
        mean(inside.map((o) => (o.isRight ? 1 : 0))),
        mean(inside.map((o) => (o.isRight && o.isAnswered ? 1 : 0))),
        mean(outside.map((o) => (o.isAnswered ? 1 : 0))),
      ];
    });
    const label = length === 0 ? "  the question alone" : `  ${length} characters`;
    print(
      label,
      [0, 1, 2].map((column) => (100 * mean(shares.map((row) => row[column] ?? 0))).toFixed(1)),
    );
  }
}

/** Long texts and texts that are none, next to a question of the usual length. */
function measureAwkward(questions: readonly string[], size: number): void {
  const index = buildIndex(questions.slice(0, size).map((question, i) => ({ id: `a${i}`, question })));
  const asked = Array.from({ length: 200 }, (_, i) => questions[(i * 397) % questions.length] ?? "");
  const kinds: [string, readonly string[]][] = [
    ["usual", asked],
    ["5,000 characters", asked.map((question, i) => ramble(question, 5000, i))],
    [
      "5,000 of questions",
      asked.map((_, i) =>
        questions
          .slice(i * 400, i * 400 + 600)
          .join("，")
          .slice(0, 5000),
      ),
    ],
    ["one emoji", ["👍"]],
    ["punctuation", ["！？。，…———"]],
  ];
  const cells = kinds.map(([name, texts]) => {
    const rounds = Math.ceil(400 / texts.length);
    const times = Array.from({ length: rounds }, () => texts.map((text) => timed(() => index.match(text))))
      .slice(1)
      .flat();
    return `${name} ${percentile(times, 0.5).toFixed(3)} (p99 ${percentile(times, 0.99).toFixed(2)})`;
  });
  console.log(`${size} articles, p50 ms: ${cells.join(", ")}`);
}

function measureSnapshot(questions: readonly string[], size: number): void {
  const articles = questions.slice(0, size).map((question, i): KnowledgeArticle => ({ id: `a${i}`, question }));
  const index = buildIndex(articles);
  const bytes = index.snapshot();
  const loads = Array.from({ length: 7 }, () => timed(() => loadIndex(bytes).match("怎么退货")));
  const puts = articles
    .slice(0, 200)
    .map(({ id, question }, i) =>
      timed(() => (i % 4 === 3 ? index.remove(id) : index.put({ id, question: `${question}吗` }))),
    );
  console.log(
    `${size} articles: snapshot ${(bytes.length / 1e6).toFixed(1)} MB, loaded and asked in ${percentile(loads, 0.5).toFixed(1)} ms; ` +
      `put or remove p50 ${percentile(puts, 0.5).toFixed(3)} ms, p99 ${percentile(puts, 0.99).toFixed(3)} ms`,
  );
}

function timed(act: () => unknown): number {
  const from = performance.now();
  act();
  return performance.now() - from;
}

const folder = retrievalFolder();
if (folder === undefined) {
  console.log("The development sets are not here: set RETRIEVAL_SETS to their folder.");
} else {
  const sets = loadSets(folder);
  const all = engines();
  console.log(`Means over ${sets.length} sets${isFull ? "" : `, at most ${PER_SET} questions of each`}\n`);
  print("engine", COLUMNS);
  for (const engine of all) {
    const outcomes = sets.map((set) => ask(engine, set));
    print(engine.name, row(sets, outcomes));
    if (engine.name !== "xiaoer") continue;
    for (const [i, set] of sets.entries()) print(`  ${set.name}`, row([set], [outcomes[i] ?? []]));
    const shipped = mean(outcomes.map((o) => f1At(o, DEFAULT_THRESHOLDS.answer)));
    console.log(`  mean F1 at the shipped threshold ${DEFAULT_THRESHOLDS.answer}: ${shipped.toFixed(3)}`);
    const curve = calibrationCurve(outcomes).map((b) => `${b.score.toFixed(2)}→${b.right.toFixed(2)}`);
    console.log(`  calibration, score→right: ${curve.join("  ")}\n`);
  }
  measureLong(sets);
  const questions = loadScale(folder);
  for (const size of [10_000, 100_000].filter((n) => n <= questions.length)) {
    console.log(`\n${size} articles`);
    print("engine", ["build", "p50", "p99", "memory"]);
    for (const engine of all)
      if (!engine.isSlow || size <= 10_000) print(engine.name, measureSpeed(engine, questions, size));
    measureSnapshot(questions, size);
    measureAwkward(questions, size);
  }
}
