import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { startServer, type TestServer } from "../support/server.ts";
import { xiaoer } from "./command-line.ts";

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
  vi.stubEnv("DATABASE_URL", `file:${join(server.folder, "xiaoer.db")}`);
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await server?.stop();
});

test.each(["ndjson", "csv", "json", "xlsx"])("articles go out as %s and come in again as they were", async (format) => {
  const file = join(server.folder, `articles.${format}`);
  expect((await xiaoer("knowledge", "export", "--format", format, "--out", file)).code).toBe(0);
  if (format === "xlsx") expect(readFileSync(file).subarray(0, 2).toString()).toBe("PK");
  const again = (await xiaoer("knowledge", "import", file, "--dry-run", "--json")).json();
  expect(again).toMatchObject({ ok: true, new: 0, changed: 0, invalid: 0 });
  expect(again.unchanged).toBeGreaterThan(100);
});

test("an import names the entry that is wrong, and an unknown format is refused", async () => {
  const file = join(server.folder, "bad.json");
  writeFileSync(
    file,
    JSON.stringify([
      { question: "好的问题", answer: "好。" },
      { question: "", answer: "无" },
    ]),
  );
  const answer = (await xiaoer("knowledge", "import", file, "--json")).json();
  expect(answer).toMatchObject({ ok: false, imported: 0, errors: [{ line: 2, column: "question" }] });
  expect(await xiaoer("knowledge", "export", "--format", "docx")).toMatchObject({ code: 2 });
});
