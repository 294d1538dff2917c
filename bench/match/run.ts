/** One question against a shop's articles: time to build the index, time to match, memory; next to a plain scan for the same words. */
import { buildIndex, RETAIL_DICTIONARY } from "../../knowledge/index.ts";
import { type BenchArticle, makeArticles } from "../support/shop.ts";
import { ms, percentile, printTable } from "../support/table.ts";

const QUESTIONS = 3000;
const WARM_UP = 500;

/** As people ask: the question, its words turned round, with a greeting, with a slip of the pen. */
function questionsOf(articles: readonly BenchArticle[]): string[] {
  return Array.from({ length: QUESTIONS }, (_, i) => {
    const question = articles[(i * 7919) % articles.length]?.question ?? "";
    return (
      [question, `你好,${question.slice(0, -1)}呢`, question.slice(2), `想问下 ${question.slice(0, -3)}`][i % 4] ??
      question
    );
  });
}

const heap = (): number => {
  globalThis.gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
};

/** What somebody writes in an afternoon: every article that holds the most of the question's pairs of characters. */
function createScan(articles: readonly BenchArticle[]): (text: string) => string | undefined {
  const texts = articles.map(({ id, question, phrasings }) => ({ id, text: [question, ...phrasings].join("\n") }));
  return (text) => {
    const pairs = Array.from({ length: Math.max(1, text.length - 1) }, (_, i) => text.slice(i, i + 2));
    let best: { readonly id: string; readonly count: number } | undefined;
    for (const article of texts) {
      const count = pairs.filter((pair) => article.text.includes(pair)).length;
      if (best === undefined || count > best.count) best = { id: article.id, count };
    }
    return best?.id;
  };
}

function timesOf(match: (text: string) => unknown, questions: readonly string[]): number[] {
  for (const question of questions.slice(0, WARM_UP)) match(question);
  return questions.map((question) => {
    const begun = performance.now();
    match(question);
    return performance.now() - begun;
  });
}

const rows = [1000, 10_000].map((count) => {
  const articles = makeArticles(count).map((article) => ({ ...article, locale: "zh-CN" }));
  const questions = questionsOf(articles);
  const before = heap();
  const begun = performance.now();
  const index = buildIndex(articles, RETAIL_DICTIONARY);
  const built = performance.now() - begun;
  const memory = globalThis.gc === undefined ? "-" : `${((heap() - before) / 1e6).toFixed(0)} MB`;
  const times = timesOf((text) => index.match(text, { limit: 5 }), questions);
  // The scan is slow: a tenth of the questions tell enough.
  const scan = timesOf(createScan(articles), questions.slice(0, QUESTIONS / 10));
  const [p50, scanned] = [percentile(times, 0.5), percentile(scan, 0.5)];
  return [
    count.toLocaleString("en"),
    ms(built),
    memory,
    ms(p50),
    ms(percentile(times, 0.99)),
    ms(scanned),
    `${(scanned / p50).toFixed(1)} x`,
  ];
});
printTable(
  `Knowledge: ${QUESTIONS} questions each`,
  ["articles", "build", "heap", "p50", "p99", "plain scan p50", "ratio"],
  rows,
);
