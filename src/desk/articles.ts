/** Articles in and out of files: every bad line is reported, and nothing is imported unless all of it can be or told otherwise. */
import { z } from "zod";
import type { ArticleDraft } from "../core/article.ts";
import { type CsvRow, csvCell, parseCsv } from "../core/csv.ts";
import { InvalidError, MalformedError, XiaoerError } from "../core/errors.ts";
import type { Review, StoredArticle } from "../core/ports.ts";
import { readXlsx } from "../core/xlsx.ts";
import { articleBody, toArticleBody, toArticleDraft } from "./article-body.ts";
import type { Deps } from "./deps.ts";

/** 100 MiB would be `security.md`'s limit; what arrives is held in memory, so ours is lower. */
export const IMPORT_LIMIT = 32 * 1024 * 1024;
export const MAX_ERRORS = 1000;

const importLine = articleBody.extend({
  id: z
    .union([z.string(), z.number().transform(String)])
    .pipe(z.string().regex(/^[^\s/]{1,100}$/))
    .optional(),
  // What an export carries besides: read past, since the system keeps these itself.
  status: z.enum(["draft", "published"]).optional(),
  version: z.number().optional(),
  publishedVersion: z.number().optional(),
  createdAt: z.string().optional(),
  updatedAt: z.string().optional(),
  sourceVersion: z.number().optional(),
});

export interface ImportError {
  readonly line: number;
  /** The column, or the field of the line. */
  readonly column?: string;
  readonly code: string;
  readonly message: string;
}
export interface ParsedImport {
  readonly rows: number;
  readonly articles: readonly {
    readonly id: string;
    readonly draft: ArticleDraft;
    readonly line: number;
    readonly review?: Review;
  }[];
  readonly errors: readonly ImportError[];
}

/** Bytes of a file as rows of text: a workbook becomes CSV, and GBK (what Excel writes in China) is told by its bytes. */
export async function readImport(
  bytes: Uint8Array<ArrayBuffer>,
  format: "ndjson" | "csv" | "xlsx",
): Promise<{ readonly body: string | readonly CsvRow[]; readonly format: "ndjson" | "csv" }> {
  if (format !== "xlsx") return { body: decodeText(bytes), format };
  const rows = (await readXlsx(bytes)).map((cells, i) => ({ line: i + 1, cells }));
  return { body: rows.filter(({ cells }) => cells.some((cell) => cell !== "")), format: "csv" };
}

/** @throws {MalformedError} `request.not_utf8` when it is neither */
function decodeText(bytes: Uint8Array): string {
  for (const encoding of ["utf-8", "gbk"]) {
    try {
      return new TextDecoder(encoding, { fatal: true }).decode(bytes);
    } catch {
      // Not this encoding; the next may be.
    }
  }
  throw new MalformedError("request.not_utf8", "The file is neither UTF-8 nor GBK.");
}

interface Row {
  readonly line: number;
  readonly read: () => unknown;
}

export function parseImport(
  body: string | readonly CsvRow[],
  format: "ndjson" | "csv",
  deps: { readonly check: (draft: ArticleDraft) => void; readonly newId: (prefix: string) => string },
): ParsedImport {
  const articles: { id: string; draft: ArticleDraft; line: number }[] = [];
  const errors: ImportError[] = [];
  const seen = new Map<string, number>();
  const rows =
    typeof body !== "string"
      ? tableRows(body)
      : format === "csv"
        ? tableRows(parseCsv(body.replace(/^\uFEFF/, "")))
        : ndjsonRows(body);
  for (const { line, read } of rows) {
    try {
      const {
        id = deps.newId("art"),
        status: _status,
        version: _version,
        publishedVersion: _published,
        createdAt: _created,
        updatedAt: _updated,
        sourceVersion: _source,
        ...rest
      } = parseLine(read());
      const first = seen.get(id);
      if (first !== undefined)
        throw new XiaoerError("knowledge.duplicate_id", `The id ${id} stands on line ${first} already.`);
      seen.set(id, line);
      const draft = toArticleDraft(rest as z.input<typeof articleBody>);
      deps.check(draft);
      articles.push({ id, draft, line });
    } catch (error) {
      if (!(error instanceof XiaoerError)) throw error;
      const column = columnOf(error);
      if (errors.length < MAX_ERRORS)
        errors.push({ line, ...(column === undefined ? {} : { column }), code: error.code, message: error.message });
    }
  }
  return { rows: rows.length, articles, errors };
}

function parseLine(value: unknown) {
  const result = importLine.safeParse(value);
  if (result.success) return result.data;
  const issue = result.error.issues[0];
  const field = issue?.path.join(".") ?? "";
  throw new InvalidError(
    "knowledge.invalid_line",
    `${field === "" ? "" : `${field}: `}${issue?.message ?? "not an article"}`,
    {
      issues: [{ path: field, message: issue?.message ?? "" }],
    },
  );
}

/** `answers.2.text` stands in the column `answers`. */
function columnOf(error: XiaoerError): string | undefined {
  const column = error.issues?.[0]?.path.split(".")[0];
  return column === "" ? undefined : column;
}

function ndjsonRows(body: string): Row[] {
  return body
    .replace(/^\uFEFF/, "")
    .split(/\r?\n/)
    .flatMap((line, i) =>
      line.trim() === ""
        ? []
        : [
            {
              line: i + 1,
              read: () => {
                try {
                  return JSON.parse(line) as unknown;
                } catch {
                  throw new XiaoerError("knowledge.not_json", "The line is not JSON.");
                }
              },
            },
          ],
    );
}

/** Columns by name; lists in one cell are separated by `|` or line breaks. */
const LISTS = ["phrasings", "keywords", "mustHave", "mustNot", "counterExamples", "mustHit", "mustNotHit"];
const JSON_COLUMNS = ["answers", "rules", "keywordWeights"];
const NUMBERS = ["version", "publishedVersion", "priority"];

function tableRows(table: readonly CsvRow[]): Row[] {
  const [header, ...rows] = table;
  const names = (header?.cells ?? []).map((name) => name.trim());
  return rows.map(({ line, cells }) => ({
    line,
    read: () => {
      if (cells.length > names.length)
        throw new XiaoerError(
          "knowledge.too_many_cells",
          `The row has ${cells.length} cells, the header ${names.length}.`,
        );
      return Object.fromEntries(
        names.flatMap((name, i) => {
          const cell = cells[i] ?? "";
          if (LISTS.includes(name))
            return [
              [
                name,
                cell
                  .split(/[|\n]/)
                  .map((part) => part.trim())
                  .filter((part) => part !== ""),
              ],
            ];
          if (JSON_COLUMNS.includes(name)) return cell === "" ? [] : [[name, readCell(name, cell)]];
          if (NUMBERS.includes(name)) return cell === "" ? [] : [[name, Number(cell)]];
          return cell === "" && name !== "question" ? [] : [[name, cell]];
        }),
      );
    },
  }));
}

function readCell(name: string, cell: string): unknown {
  try {
    return JSON.parse(cell);
  } catch {
    throw new InvalidError("knowledge.invalid_line", `${name}: JSON is expected in this column.`, {
      issues: [{ path: name, message: "JSON" }],
    });
  }
}

const COLUMNS = [
  "id",
  "question",
  "phrasings",
  "keywords",
  "answer",
  "answers",
  "fallback",
  "skill",
  "category",
  "locale",
  "validFrom",
  "validUntil",
  "keywordWeights",
  "mustHave",
  "mustNot",
  "rules",
  "counterExamples",
  "priority",
  "mustHit",
  "mustNotHit",
  "status",
] as const;

/** Streams every article, so that a large shop's export holds no more than a page in memory. */
export function exportArticles(deps: Deps, shopId: string, format: "ndjson" | "csv"): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let cursor: string | undefined;
  let first = true;
  return new ReadableStream({
    async pull(controller) {
      const page = await deps.store.articles(shopId, { limit: 100, ...(cursor === undefined ? {} : { cursor }) });
      const head = first && format === "csv" ? `\uFEFF${COLUMNS.join(",")}\r\n` : "";
      first = false;
      controller.enqueue(encoder.encode(head + page.items.map(format === "csv" ? toCsvLine : toNdjsonLine).join("")));
      if (page.next === null) controller.close();
      else cursor = page.next;
    },
  });
}

function exported(article: StoredArticle): Readonly<Record<string, unknown>> {
  return { id: article.id, ...toArticleBody(article), status: article.status };
}

function toNdjsonLine(article: StoredArticle): string {
  return `${JSON.stringify(exported(article))}\n`;
}

function toCsvLine(article: StoredArticle): string {
  const row = exported(article);
  const cell = (name: (typeof COLUMNS)[number]): string => {
    const value = row[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return "";
    if (LISTS.includes(name)) return (value as readonly string[]).join("|");
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  };
  return `${COLUMNS.map((name) => csvCell(cell(name))).join(",")}\r\n`;
}
