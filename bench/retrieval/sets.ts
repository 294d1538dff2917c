import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { KnowledgeArticle } from "../../knowledge/index.ts";

/** A question of a set and the articles that answer it; none when the right answer is silence. */
export interface Asked {
  readonly text: string;
  readonly expect: readonly string[];
}

export interface RetrievalSet {
  readonly name: string;
  readonly articles: readonly KnowledgeArticle[];
  readonly asked: readonly Asked[];
}

interface KbLine {
  readonly id: string;
  readonly question: string;
  readonly similar?: readonly string[];
  readonly keywords?: readonly string[];
}
interface QueryLine {
  readonly q: string;
  readonly expect: readonly string[];
}

/** The folder is no part of the project: sets may be used for evaluation, not passed on. */
export function retrievalFolder(): string | undefined {
  const folder = process.env.RETRIEVAL_SETS ?? join(import.meta.dirname, "../../../shared/retrieval");
  return existsSync(folder) ? folder : undefined;
}

function lines<T>(file: string): T[] {
  const text = readFileSync(file, "utf8").trim();
  return text.split("\n").map((line) => JSON.parse(line) as T); // The format is the README's beside the file.
}

export function loadSets(folder: string): RetrievalSet[] {
  return readdirSync(folder)
    .filter((name) => existsSync(join(folder, name, "queries.jsonl")))
    .sort()
    .map((name) => ({
      name,
      articles: lines<KbLine>(join(folder, name, "kb.jsonl")).map(({ id, question, similar, keywords }) => ({
        id,
        question,
        phrasings: similar ?? [],
        keywords: keywords ?? [],
      })),
      asked: lines<QueryLine>(join(folder, name, "queries.jsonl")).map(({ q, expect }) => ({ text: q, expect })),
    }));
}

/** Distinct questions for speed and memory, most of them real. */
export function loadScale(folder: string): string[] {
  const file = join(folder, "scale/zh-100k.txt.gz");
  return existsSync(file) ? gunzipSync(readFileSync(file)).toString("utf8").trim().split("\n") : [];
}
