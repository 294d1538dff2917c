/** Articles out of files: every bad line is reported, and nothing is imported unless all of it can be or told otherwise. */
import { z } from "zod";
import type { ArticleDraft } from "../core/article.ts";
import { type CsvRow, parseCsv, readable } from "../core/csv.ts";
import { InvalidError, MalformedError, XiaoerError } from "../core/errors.ts";
import type { Review } from "../core/ports.ts";
import { readXlsx } from "../core/xlsx.ts";
import { articleBody, toArticleDraft } from "./article-body.ts";

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

export type ImportFormat = "ndjson" | "csv" | "json" | "xlsx";
/** What a workbook has become rows of. */
type TextFormat = Exclude<ImportFormat, "xlsx">;

export interface ImportError {
  /** Of the file; of a list in JSON the entry's number, from 1. */
  readonly line: number;
  /** The column, or the field of the line. */
  readonly column?: string;
  readonly code: string;
  readonly message: string;
}
export interface ParsedImport {
  readonly rows: number;
  /** What `line` counts. */
  readonly unit: "line" | "entry";
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
  format: ImportFormat,
): Promise<{ readonly body: string | readonly CsvRow[]; readonly format: TextFormat }> {
  if (format !== "xlsx") return { body: decodeText(bytes), format };
  const rows = (await readXlsx(bytes)).map((cells, i) => ({ line: i + 1, cells: cells.map(readable) }));
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

/** Rows read between two turns of the event loop. */
const ROWS_AT_ONCE = 200;

export async function parseImport(
  body: string | readonly CsvRow[],
  format: TextFormat,
  deps: { readonly check: (draft: ArticleDraft) => void; readonly newId: (prefix: string) => string },
): Promise<ParsedImport> {
  const articles: { id: string; draft: ArticleDraft; line: number }[] = [];
  const errors: ImportError[] = [];
  const seen = new Map<string, number>();
  const rows =
    typeof body !== "string"
      ? tableRows(body)
      : format === "csv"
        ? tableRows(parseCsv(body.replace(/^\uFEFF/, "")))
        : format === "json"
          ? await jsonRows(body)
          : ndjsonRows(body);
  const unit = format === "json" ? "entry" : "line";
  for (const [count, { line, read }] of rows.entries()) {
    if (count % ROWS_AT_ONCE === ROWS_AT_ONCE - 1) await new Promise<void>((resolve) => setTimeout(resolve, 0));
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
        throw new XiaoerError("knowledge.duplicate_id", `The id ${id} stands on ${unit} ${first} already.`);
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
  return { rows: rows.length, unit, articles, errors };
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
              read: () => readJson(line, "line"),
            },
          ],
    );
}

function readJson(text: string, unit: ParsedImport["unit"]): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    throw new XiaoerError("knowledge.not_json", `The ${unit} is not JSON.`);
  }
}

/** Characters looked at between two turns of the event loop. */
const LOOKED_AT_ONCE = 1_000_000;

/**
 * The entries of a list, cut apart and each read by itself later: one that is broken is named by its number, and a large file holds
 * nobody up.
 * @throws {MalformedError} `import.not_a_list`
 */
async function jsonRows(body: string): Promise<Row[]> {
  const refuse = (detail: string) => new MalformedError("import.not_a_list", detail);
  const rows: Row[] = [];
  const first = body.search(/[^\s\uFEFF]/);
  if (body[first] !== "[") throw refuse("The file holds no JSON list of articles: it begins with “[”.");
  let depth = 0;
  let begin = first + 1;
  let end: number | undefined;
  let turn = first;
  const add = (at: number) => {
    const text = body.slice(begin, at);
    const line = rows.length + 1;
    rows.push({ line, read: () => readJson(text, "entry") });
    begin = at + 1;
  };
  for (let i = first; i < body.length && end === undefined; i += 1) {
    if (i - turn > LOOKED_AT_ONCE) {
      turn = i;
      await new Promise<void>((resolve) => setTimeout(resolve, 0));
    }
    const character = body[i];
    if (character === '"') i = endOfString(body, i);
    else if (character === "[" || character === "{") depth += 1;
    else if (character === "]" || character === "}") {
      depth -= 1;
      if (depth === 0) end = i;
    } else if (character === "," && depth === 1) add(i);
  }
  if (end === undefined || body[end] !== "]")
    throw refuse(`The JSON list has no end: a bracket or a quote is missing in entry ${rows.length + 1}.`);
  if (body.slice(end + 1).trim() !== "") throw refuse("Something follows the JSON list.");
  if (rows.length > 0 || body.slice(begin, end).trim() !== "") add(end);
  return rows;
}

/** The place of the quote that ends a string, or of the line break before which it was forgotten: there is none in a string. */
function endOfString(body: string, begin: number): number {
  for (let i = begin + 1; i < body.length; i += 1) {
    if (body[i] === "\\") i += 1;
    else if (body[i] === '"' || body[i] === "\n") return i;
  }
  return body.length;
}

/** Columns by name; lists in one cell are separated by `|` or line breaks. */
export const LISTS: readonly string[] = [
  "phrasings",
  "keywords",
  "mustHave",
  "mustNot",
  "counterExamples",
  "mustHit",
  "mustNotHit",
];
const JSON_COLUMNS = ["answers", "image", "buttons", "rules", "keywordWeights"];
const YES_NO = ["orderCard"];
/** As spreadsheets write it; anything else is shown to the reader of the file. */
const YES = /^(?:true|yes|1|是)$/i;
const NO = /^(?:false|no|0|否)$/i;
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
          if (YES_NO.includes(name))
            return cell === "" ? [] : [[name, YES.test(cell) ? true : NO.test(cell) ? false : cell]];
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
