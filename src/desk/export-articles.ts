/** Every article as a file, a page at a time: a large shop's export holds no more than that in memory. */
import { csvCell, harmless } from "../core/csv.ts";
import { InvalidError } from "../core/errors.ts";
import type { StoredArticle } from "../core/ports.ts";
import { MAX_CELL_TEXT, writeXlsx } from "../core/xlsx-write.ts";
import { toArticleBody } from "./article-body.ts";
import { LISTS } from "./articles.ts";
import type { Deps } from "./deps.ts";

export const EXPORT_FORMATS = ["ndjson", "csv", "json", "xlsx"] as const;
export type ExportFormat = (typeof EXPORT_FORMATS)[number];

export const EXPORT_TYPES: Readonly<Record<ExportFormat, string>> = {
  ndjson: "application/x-ndjson",
  csv: "text/csv; charset=utf-8",
  json: "application/json; charset=utf-8",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
};

const COLUMNS = [
  "id",
  "question",
  "phrasings",
  "keywords",
  "answer",
  "answers",
  "image",
  "buttons",
  "orderCard",
  "handoffGroup",
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

const PAGE = 100;

/** @throws {InvalidError} `export.cell_too_long` where a workbook cannot hold it */
export async function exportArticles(
  deps: Deps,
  shopId: string,
  format: ExportFormat,
): Promise<ReadableStream<Uint8Array<ArrayBuffer>>> {
  if (format !== "xlsx") return textStream(linesOf(deps, shopId, format));
  // Looked at before the first byte goes out: after it nothing can be refused any more.
  for await (const cells of tableOf(deps, shopId)) refuseLong(cells);
  return writeXlsx("articles", tableOf(deps, shopId));
}

async function* articlesOf(deps: Deps, shopId: string): AsyncGenerator<readonly StoredArticle[]> {
  let cursor: string | undefined;
  do {
    const page = await deps.store.articles(shopId, { limit: PAGE, ...(cursor === undefined ? {} : { cursor }) });
    yield page.items;
    // On SQLite nothing here waits by itself: others have their turn between two pages.
    await new Promise<void>((resolve) => setTimeout(resolve, 0));
    cursor = page.next ?? undefined;
  } while (cursor !== undefined);
}

async function* linesOf(deps: Deps, shopId: string, format: "ndjson" | "csv" | "json"): AsyncGenerator<string> {
  if (format === "csv") yield `\uFEFF${COLUMNS.join(",")}\r\n`;
  let between = "[\n";
  for await (const page of articlesOf(deps, shopId))
    for (const article of page) {
      if (format === "csv") yield `${cellsOf(article).map(csvCell).join(",")}\r\n`;
      else if (format === "ndjson") yield `${JSON.stringify(exported(article))}\n`;
      else yield between + JSON.stringify(exported(article));
      between = ",\n";
    }
  if (format === "json") yield between === "[\n" ? "[]\n" : "\n]\n";
}

async function* tableOf(deps: Deps, shopId: string): AsyncGenerator<readonly string[]> {
  yield COLUMNS;
  for await (const page of articlesOf(deps, shopId)) for (const article of page) yield cellsOf(article).map(harmless);
}

function refuseLong(cells: readonly string[]): void {
  const column = cells.findIndex(({ length }) => length > MAX_CELL_TEXT);
  if (column >= 0)
    throw new InvalidError(
      "export.cell_too_long",
      `The ${COLUMNS[column]} of ${cells[0]} is longer than the ${MAX_CELL_TEXT} characters a workbook's cell holds: export as CSV or JSON.`,
    );
}

function exported(article: StoredArticle): Readonly<Record<string, unknown>> {
  return { id: article.id, ...toArticleBody(article), status: article.status };
}

function cellsOf(article: StoredArticle): readonly string[] {
  const row = exported(article);
  return COLUMNS.map((name) => {
    const value = row[name];
    if (value === undefined || (Array.isArray(value) && value.length === 0)) return "";
    if (LISTS.includes(name)) return (value as readonly string[]).join("|");
    return typeof value === "object" ? JSON.stringify(value) : String(value);
  });
}

/** As bytes, a few dozen kilobytes at a time. */
function textStream(lines: AsyncGenerator<string>): ReadableStream<Uint8Array<ArrayBuffer>> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    async pull(controller) {
      let text = "";
      while (text.length < 32_768) {
        const { done, value } = await lines.next();
        if (done === true) {
          if (text !== "") controller.enqueue(encoder.encode(text));
          controller.close();
          return;
        }
        text += value;
      }
      controller.enqueue(encoder.encode(text));
    },
    async cancel() {
      await lines.return(undefined);
    },
  });
}
