/** What a merchant with 10,000 articles waits for, over HTTP, and how long the server could serve nobody else meanwhile. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { makeArticles } from "../support/shop.ts";
import { median, ms, percentile, printTable } from "../support/table.ts";

const ARTICLES = 10_000;
const REPEATS = 15;
const PORT = 18_704;
const url = `http://127.0.0.1:${PORT}`;
const ADMIN = { email: "admin@xiaoer.example", password: "correct-horse-battery" };
const at = (path: string) => fileURLToPath(new URL(path, import.meta.url));

async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo().catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 5));
}

function caller(token: string) {
  return async (method: string, path: string, body?: unknown) => {
    const isFile = typeof body === "string";
    const response = await fetch(url + path, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": isFile ? "application/x-ndjson" : "application/json" }),
      },
      ...(body === undefined ? {} : { body: isFile ? body : JSON.stringify(body) }),
    });
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${await response.text()}`);
    // biome-ignore lint/suspicious/noExplicitAny: whatever the server answers
    return (await response.json()) as any;
  };
}

/** The longest time the server's event loop stood still since this was last asked. */
async function longestBlock(child: ChildProcess): Promise<number> {
  // What began just now is over by then.
  await new Promise((resolve) => setTimeout(resolve, 30));
  const answer = once(child, "message");
  child.send("read");
  const [message] = await answer;
  return (message as { readonly longestMs: number }).longestMs;
}

async function measure(child: ChildProcess): Promise<(readonly string[])[]> {
  const login = await fetch(`${url}/v1/auth/login`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify(ADMIN),
  });
  const call = caller(((await login.json()) as { readonly token: string }).token);
  const rows: (readonly string[])[] = [];
  const timed = async (name: string, work: (i: number) => Promise<unknown>, repeats = 1) => {
    await longestBlock(child);
    const times: number[] = [];
    for (let i = 0; i < repeats; i += 1) {
      const begun = performance.now();
      await work(i);
      times.push(performance.now() - begun);
    }
    const most = repeats === 1 ? "" : ms(percentile(times, 1));
    rows.push([name, ms(median(times)), most, ms(await longestBlock(child))]);
  };
  const match = (text: string) => call("POST", "/v1/knowledge/match", { text });
  const first = async (text: string) => (await match(text)).matches[0]?.articleId;
  const imported = async (lines: readonly unknown[]) => {
    const file = lines.map((line) => JSON.stringify(line)).join("\n");
    const { taskId } = await call("POST", "/v1/knowledge/import?publish=1", file);
    let state = "queued";
    while (state !== "done") {
      await new Promise((resolve) => setTimeout(resolve, 10));
      ({ state } = await call("GET", `/v1/tasks/${taskId}`));
      if (state === "failed") throw new Error("The import failed.");
    }
  };
  const articles = makeArticles(ARTICLES);
  const draft = (i: number) => ({
    id: `new-${i}`,
    question: `第${i}号会员日的暗号是什么`,
    phrasings: [`${i}号会员日口令`, `会员日${i}的口号怎么说`],
    answer: "亲,暗号是芝麻开门。",
  });
  await timed(`import of ${ARTICLES} with publish`, () => imported(articles));
  await timed("the first match after it", () => first(articles[9000]?.question ?? ""));
  await timed("a match", (i) => match(articles[i * 613]?.question ?? ""), REPEATS);
  await call("POST", "/v1/articles", draft(0));
  await timed("check of a draft", () => call("POST", "/v1/articles/new-0/check", {}), REPEATS);
  const edit = { article: { phrasings: [...(articles[5]?.phrasings ?? []), "大衣脏了怎么弄"] } };
  await timed("check of an edit", () => call("POST", "/v1/articles/article-5/check", edit), REPEATS);
  await timed("list, a page of 50", () => call("GET", "/v1/articles?limit=50"), REPEATS);
  const search = (i: number) => `/v1/articles?limit=50&q=${encodeURIComponent(articles[i * 613]?.phrasings[0] ?? "")}`;
  await timed("list, searched", (i) => call("GET", search(i)), REPEATS);
  const published = async (i: number) => {
    await call("POST", "/v1/articles", { ...draft(i + 1), status: "published" });
    await until(async () => (await first(draft(i + 1).question)) === `new-${i + 1}`);
  };
  await timed("publish one, until it answers", published, REPEATS);
  const again = articles.slice(0, ARTICLES / 10).map((one) => ({ ...one, answer: `${one.answer}!` }));
  await timed(`import of ${again.length} again`, () => imported(again));
  await timed("the first match after it", () => first(articles[9000]?.question ?? ""));
  return rows;
}

const folder = mkdtempSync(join(tmpdir(), "xiaoer-desk-"));
const child = spawn(process.execPath, ["--import", at("loop.ts"), at("../../src/cli/start.ts")], {
  env: {
    PATH: process.env.PATH,
    PORT: String(PORT),
    DATABASE_URL: `file:${join(folder, "xiaoer.db")}`,
    LOG_LEVEL: "silent",
    XIAOER_DEMO: "0",
    XIAOER_SECRET: "benches-need-no-secret-but-a-shop-does",
    XIAOER_ADMIN_EMAIL: ADMIN.email,
    XIAOER_ADMIN_PASSWORD: ADMIN.password,
  },
  stdio: ["ignore", "ignore", "inherit", "ipc"],
});
const gone = once(child, "exit");
try {
  await until(async () => (await fetch(`${url}/readyz`)).ok);
  printTable(
    `Desk, ${ARTICLES} articles of three wordings`,
    ["", "median", "most", "longest block"],
    await measure(child),
  );
} finally {
  child.kill("SIGTERM");
  await gone;
  rmSync(folder, { recursive: true, force: true });
}
