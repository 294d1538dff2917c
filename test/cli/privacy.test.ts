import { existsSync, readFileSync, statSync } from "node:fs";
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

test("a person's data is written to a file, and erased only when it is really meant", async () => {
  const mei = await server.visitor("m-1001");
  await mei.say("我的紫砂壶在哪里");
  await mei.hears();
  const out = join(server.folder, "mei.json");
  const exported = await xiaoer("export", mei.contactId, "--out", out, "--json");
  expect(exported.json()).toMatchObject({ ok: true, file: out });
  expect(readFileSync(out, "utf8")).toContain("紫砂壶");
  expect(statSync(out).mode & 0o077).toBe(0);

  expect((await xiaoer("erase", mei.contactId)).code).toBe(2);
  const history = () => server.admin("GET", `/v1/contacts/${mei.contactId}/history`);
  expect(JSON.stringify((await history()).body)).toContain("紫砂壶");
  expect((await xiaoer("erase", mei.contactId, "--yes")).code).toBe(0);
  expect(JSON.stringify((await history()).body)).not.toContain("紫砂壶");
});

test("nobody known is a failure that says so, and writes nothing", async () => {
  const out = join(server.folder, "nobody.json");
  expect(await xiaoer("export", "con_nobody", "--out", out)).toMatchObject({ code: 1 });
  expect(existsSync(out)).toBe(false);
  expect(await xiaoer("erase", "con_nobody", "--yes")).toMatchObject({ code: 1 });
  expect(await xiaoer("erase")).toMatchObject({ code: 2 });
});
