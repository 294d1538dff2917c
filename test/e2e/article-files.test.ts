/** Articles out as a file and in again, in every format, over HTTP. */
import { afterAll, beforeAll, expect, it } from "vitest";
import { readXlsx } from "../../src/core/xlsx.ts";
import { ADMIN, startServer, type TestServer, until } from "../support/server.ts";

let server: TestServer;
let token: string;
beforeAll(async () => {
  server = await startServer();
  token = (await server.call("POST", "/v1/auth/login", { body: ADMIN })).body.token;
}, 60_000);
afterAll(() => server?.stop());

const TYPES = {
  ndjson: "application/x-ndjson",
  csv: "text/csv",
  json: "application/json",
  xlsx: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
} as const;
type Format = keyof typeof TYPES;

async function exportAs(
  format: Format,
): Promise<{ readonly response: Response; readonly bytes: Uint8Array<ArrayBuffer> }> {
  const response = await fetch(`${server.url}/v1/knowledge/export?format=${format}`, {
    headers: { authorization: `Bearer ${token}` },
  });
  return { response, bytes: new Uint8Array(await response.arrayBuffer()) };
}

interface Done {
  readonly state: string;
  readonly result: Readonly<Record<string, number>>;
  readonly errors?: readonly {
    readonly line: number;
    readonly column?: string;
    readonly code: string;
    readonly message: string;
  }[];
}
async function run(raw: Uint8Array<ArrayBuffer> | string, format: Format, query = ""): Promise<Done> {
  const sent = await server.call("POST", `/v1/knowledge/import${query}`, {
    token,
    raw,
    headers: { "content-type": TYPES[format] },
  });
  expect(sent.status).toBe(202);
  let task: Done | undefined;
  await until(async () => {
    task = (await server.admin("GET", `/v1/tasks/${sent.body.taskId}`)).body;
    return task?.state === "done" || task?.state === "failed";
  }, "the import");
  return task as Done;
}

const FORMULAS = ["=1+1", "+cmd|' /C calc'!A0", "-2+3+cmd", "@SUM(A1)", "＝1+1", "'=quoted"];

it.each(Object.keys(TYPES) as Format[])(
  "what is exported as %s and imported again is what is there",
  async (format) => {
    const made = {
      id: `full-${format}`,
      question: `${FORMULAS[0]} 的答案是多少 ${format}`,
      phrasings: ["多行\n不行", "逗号,引号\"和'单引号", ...FORMULAS].map((text) =>
        text.replaceAll("\n", " ").replaceAll("|", "／"),
      ),
      keywords: ["<尖括号>", "&amp;", "_x000D_"],
      answer: "第一行\n第二行 😀 ]]>\t制表",
      answers: [
        { locale: "en", text: '=HYPERLINK("x")' },
        { channel: "telegram", audience: "vip", text: "短" },
      ],
      buttons: [{ label: "看看", url: "https://example.com/?a=1&b=2" }],
      orderCard: true,
      category: "退换/运费",
      locale: "zh-CN",
      validFrom: "2026-01-01T00:00:00.000Z",
      validUntil: "2036-01-01T00:00:00.000Z",
      keywordWeights: { "&amp;": 2 },
      rules: [{ kind: "contains", value: "@all" }],
      counterExamples: ["-5度能发货吗"],
      priority: 5,
      mustNotHit: ["+86"],
    };
    expect((await server.admin("POST", "/v1/articles", made)).status).toBe(201);
    const { response, bytes } = await exportAs(format);
    expect(response.headers.get("content-type")).toContain(TYPES[format]);
    expect(response.headers.get("content-disposition")).toContain(`articles.${format}`);
    const { state, result, errors } = await run(bytes, format, "?dryRun=1");
    expect(errors?.filter(({ code }) => code !== "knowledge.duplicate") ?? []).toEqual([]);
    expect({ state, ...result }).toMatchObject({ state: "done", new: 0, changed: 0, invalid: 0 });
    expect(result.unchanged).toBeGreaterThan(100);
  },
);

it("a workbook runs nothing when it is opened, and names its columns", async () => {
  await server.admin("POST", "/v1/articles", { id: "formula", question: "=1+1 等于几", answer: "@SUM(A1:A9)" });
  const rows = await readXlsx((await exportAs("xlsx")).bytes);
  const [header = []] = rows;
  expect(header.slice(0, 5)).toEqual(["id", "question", "phrasings", "keywords", "answer"]);
  const row = rows.find(([id]) => id === "formula") ?? [];
  expect([row[1], row[header.indexOf("answer")]]).toEqual(["'=1+1 等于几", "'@SUM(A1:A9)"]);
  for (const cells of rows) for (const cell of cells) expect(cell).not.toMatch(/^[=@]/);
});

it("a cell a workbook cannot hold is named before anything is sent", async () => {
  const answers = ["en", "ja", "zh-TW"].map((locale) => ({ locale, text: "长".repeat(15_000) }));
  await server.admin("POST", "/v1/articles", {
    id: "long",
    question: "很长的说明书在哪里",
    answer: "在这里。",
    answers,
  });
  const { response, bytes } = await exportAs("xlsx");
  const body = JSON.parse(new TextDecoder().decode(bytes));
  expect(response.status).toBe(422);
  expect(body).toMatchObject({ code: "export.cell_too_long" });
  expect(body.detail).toContain("answers of long");
  expect((await exportAs("json")).response.status).toBe(200);
  await server.admin("DELETE", "/v1/articles/long");
});

it("a JSON list is told by entry and field, and its good entries can be taken alone", async () => {
  const list = `[
    {"id": "j1", "question": "木马可以上色吗", "answer": "可以, [红] {蓝} \\"都\\" 行。"},
    {"id": "j2", "question": "", "answer": "无"},
    {"id": "j3", "question": "怎么上漆", "answer": 3},
    {"id": "j4" "question": "缺逗号", "answer": "x"},
    {"id": "j1", "question": "又来一个", "answer": "x"},
    "一句话",
    {"id": "j7", "question": "木马可以上色吗？", "answer": "可以。"}
  ]`;
  const failed = await run(list, "json");
  expect(failed.state).toBe("failed");
  expect(failed.errors?.map(({ line, column, code }) => [line, column, code])).toEqual([
    [2, "question", "knowledge.invalid_line"],
    [3, "answer", "knowledge.invalid_line"],
    [4, undefined, "knowledge.not_json"],
    [5, undefined, "knowledge.duplicate_id"],
    [6, undefined, "knowledge.invalid_line"],
    [7, undefined, "knowledge.duplicate"],
  ]);
  expect(failed.errors?.[3]?.message).toContain("entry 1");
  const taken = await run(list, "json", "?skipInvalid=1");
  expect(taken).toMatchObject({ state: "done", result: { new: 2, imported: 2 } });
  expect((await server.admin("GET", "/v1/articles/j1")).body.answer).toBe('可以, [红] {蓝} "都" 行。');
  expect((await run("\uFEFF []", "json")).result).toMatchObject({ new: 0, imported: 0 });
});

it("a quote that was forgotten is looked for where it is missing", async () => {
  const raw = `[
    {"question": "a", "answer": "x"},
    {"question": "b, "answer": "x"},
    {"question": "c", "answer": "x"}
  ]`;
  const sent = await server.call("POST", "/v1/knowledge/import", {
    token,
    raw,
    headers: { "content-type": TYPES.json },
  });
  expect(sent.body.detail).toContain("entry 2");
});

it.each([
  ["an object", '{"question": "?"}'],
  ["nothing", ""],
  ["a list that never ends", '[{"question": "?"}'],
  ["a string that never ends", '[{"question": "?}]'],
  ["two lists", "[] []"],
  ["brackets that do not pair", '[{"question": "?"}}'],
])("JSON that is %s is refused at once", async (_, raw) => {
  const sent = await server.call("POST", "/v1/knowledge/import", {
    token,
    raw,
    headers: { "content-type": TYPES.json },
  });
  expect(sent).toMatchObject({ status: 400, body: { code: "import.not_a_list" } });
});
