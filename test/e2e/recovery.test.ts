/** What goes wrong around the process: a held lock, a full disk, any input, a platform that hangs, a stop in the middle of it. */
import { execFileSync } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { freePort, type ServerProcess, spawnServer } from "../support/process.ts";
import { post, serveFake, startServer, type TestServer, until } from "../support/server.ts";

const clock = { now: () => Date.now(), advance: () => undefined };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const token = "123456:TEST-token-of-a-fake-bot-0123456789";
const secretToken = "s".repeat(40);

interface Telegram {
  readonly fake: FakePlatform;
  readonly platform: Awaited<ReturnType<typeof serveFake>>;
  /** How long the platform takes before it takes a message. */
  delayMs: number;
}

async function openTelegram(): Promise<Telegram> {
  let made: Telegram | undefined;
  const platform = await serveFake(async (request) => {
    if (made === undefined) throw new Error("The platform is not open yet.");
    await sleep(made.delayMs);
    return made.fake.handle(request);
  });
  made = { fake: createFakeTelegram({ token, secretToken, apiRoot: platform.url }, { clock }), platform, delayMs: 0 };
  return made;
}

async function addInbox(server: Pick<TestServer, "admin">, id: string, { platform }: Telegram): Promise<void> {
  const config = { token, secretToken, apiRoot: platform.url };
  expect((await server.admin("POST", "/v1/inboxes", { id, channel: "telegram", name: id, config })).status).toBe(201);
}

const answersTo = ({ fake }: Telegram, userId: string) => fake.sent.filter((sent) => sent.to === userId).length;

describe("a database that takes no writes", () => {
  const open: (() => Promise<unknown>)[] = [];
  afterAll(async () => {
    for (const close of open.reverse()) await close();
  });

  /** Refused with a time to come back, alive and readable meanwhile, and well again by itself. */
  async function expectOutage(
    server: Omit<TestServer, "folder" | "stop">,
    telegram: Telegram,
    end: () => void,
  ): Promise<void> {
    const request = await telegram.fake.webhook({ type: "text", userId: "71001", text: "多久发货" });
    const refused = await post(server, "tg", request.clone());
    expect(refused.status).toBe(503);
    expect(Number(refused.headers.get("retry-after"))).toBeLessThanOrEqual(2.5);
    expect(await refused.json()).toMatchObject({ code: "store.unavailable" });
    expect((await server.call("GET", "/healthz")).status).toBe(200);
    await until(async () => (await server.call("GET", "/readyz")).status === 503, "a server that says it is not ready");
    expect((await server.admin("GET", "/v1/sessions")).status).toBe(200);
    end();
    await until(async () => (await server.call("GET", "/readyz")).status === 200, "a database that writes again");
    expect((await post(server, "tg", request)).status).toBe(200);
    await until(() => answersTo(telegram, "71001") === 1, "the answer");
  }

  it("because it is locked refuses with 503, stays alive, and recovers", async () => {
    const server = await startServer();
    open.push(server.stop);
    const telegram = await openTelegram();
    open.push(telegram.platform.stop);
    await addInbox(server, "tg", telegram);
    await server.admin("GET", "/v1/sessions");
    const other = new Database(join(server.folder, "xiaoer.db"));
    other.exec("begin exclusive");
    await expectOutage(server, telegram, () => other.exec("rollback"));

    // What was stored before the lock is answered after it, and what was sent during it is not sent again.
    telegram.delayMs = 150;
    const request = await telegram.fake.webhook({ type: "text", userId: "71002", text: "多久发货" });
    expect((await post(server, "tg", request)).status).toBe(200);
    await sleep(50);
    other.exec("begin exclusive");
    await sleep(2500);
    other.exec("rollback");
    other.close();
    await until(() => answersTo(telegram, "71002") === 1, "the answer");
    await until(async () => (await server.call("GET", "/readyz")).status === 200, "a database that writes again");
    await sleep(700);
    expect(answersTo(telegram, "71002")).toBe(1);
  });

  it.skipIf(!hasPrlimit())("because the disk is full refuses with 503, stays alive, and recovers", async () => {
    const folder = await mkdtemp(join(tmpdir(), "xiaoer-full-"));
    const file = join(folder, "xiaoer.db");
    const server = await spawnServer({
      PORT: String(await freePort()),
      DATABASE_URL: `file:${file}`,
      LOG_LEVEL: "silent",
    });
    open.push(() => rm(folder, { recursive: true, force: true }), server.kill);
    const telegram = await openTelegram();
    open.push(telegram.platform.stop);
    await addInbox(server, "tg", telegram);
    await server.admin("GET", "/v1/sessions");
    // No file of the process may grow past what its log has now: to SQLite that is a disk without room.
    limitFiles(server, String((await stat(`${file}-wal`)).size));
    await expectOutage(server, telegram, () => limitFiles(server, "unlimited"));
    expect(await server.stop()).toBe(0);
    const database = new Database(file, { readonly: true });
    expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
    database.close();
  });
});

function hasPrlimit(): boolean {
  try {
    execFileSync("prlimit", ["--version"]);
    return true;
  } catch {
    return false; // not Linux, or without util-linux
  }
}

function limitFiles({ pid }: ServerProcess, size: string): void {
  execFileSync("prlimit", [`--pid=${pid}`, `--fsize=${size}:unlimited`]);
}

describe("any input", () => {
  let server: TestServer;
  let telegram: Telegram;
  let visitorToken: string;
  beforeAll(async () => {
    server = await startServer();
    telegram = await openTelegram();
    await addInbox(server, "tg", telegram);
    visitorToken = (await server.visitor()).token;
  });
  afterAll(async () => {
    await server?.stop();
    await telegram?.platform.stop();
  });

  const json = "application/json";
  const deep = (open: string, close: string, depth: number) => open.repeat(depth) + close.repeat(depth);
  const BODIES: readonly (readonly [what: string, type: string, body: string | Uint8Array<ArrayBuffer>])[] = [
    ["nothing", json, ""],
    ["half an object", json, '{"content": {"type": "te'],
    ["not JSON", json, "<xml>1</xml>"],
    ["a bare null", json, "null"],
    ["a list", json, "[1, 2, 3]"],
    [
      "wrong types everywhere",
      json,
      '{"clientId": 7, "content": [], "id": {}, "question": 1, "text": false, "email": [], "config": "x"}',
    ],
    ["an unknown content", json, '{"clientId": "a", "content": {"type": "hologram", "beam": 7}}'],
    [
      "NUL and lone surrogates",
      json,
      '{"clientId": "\\u0000\\ud800", "content": {"type": "text", "text": "a\\u0000b\\udfff\\ud800"}, "text": "\\ud800", "name": "\\u0000", "question": "\\ud800?", "answer": "\\u0000"}',
    ],
    ["a prototype", json, '{"__proto__": {"admin": true}, "constructor": {"prototype": 1}}'],
    ["a hundred thousand lists deep", json, deep("[", "]", 100_000)],
    ["a hundred thousand objects deep", json, `${'{"a":'.repeat(100_000)}1${"}".repeat(100_000)}`],
    ["2 MB", json, `{"text": "${"x".repeat(2_000_000)}"}`],
    ["bytes that are no UTF-8", json, new Uint8Array([0x7b, 0xff, 0xfe, 0x7d])],
    ["another content type", "text/plain", "hello"],
    ["a broken form", "multipart/form-data; boundary=x", "--x\r\ncontent-disposition: form-data"],
    ["numbers out of range", json, '{"score": 1e999, "limit": -1, "ownerEpoch": 9007199254740993, "after": 1e308}'],
  ];
  const IDS = ["x", "0", "%F0%9F%98%80", "a".repeat(5000), "..%2f..%2fetc", "%00", "'%20or%201=1--", "%ED%A0%80", "-1"];
  const QUERIES = [
    "",
    "?cursor=AAAA&after=-1&limit=abc",
    "?cursor=%00&after=99999999999999999999&limit=1000000",
    "?q=%ED%A0%80&state=%27&assignee=%00&from=x&to=y",
  ];

  /** Every route of the contract, each path's places filled with one of the ids. */
  async function routes(): Promise<readonly { readonly method: string; readonly path: string }[]> {
    const { body } = await server.call("GET", "/openapi.json");
    const listed = Object.entries(body.paths as Record<string, Record<string, unknown>>).flatMap(([path, methods]) =>
      Object.keys(methods).map((method) => ({ method: method.toUpperCase(), path })),
    );
    expect(listed.length).toBeGreaterThan(60);
    // Logging out would end the test's own login, and a stream has no end.
    return listed.filter(({ path }) => !/logout|\/stream$/.test(path));
  }

  async function expectNoFault(
    method: string,
    path: string,
    more: { token?: string | undefined; type?: string; body?: string | Uint8Array<ArrayBuffer> },
  ) {
    const { token: bearer, type, body } = more;
    const answer = await fetch(server.url + path, {
      method,
      headers: {
        ...(bearer === undefined ? {} : { authorization: `Bearer ${bearer}` }),
        ...(type === undefined ? {} : { "content-type": type }),
      },
      ...(body === undefined || method === "GET" ? {} : { body }),
      redirect: "manual",
    });
    await answer.body?.cancel();
    return answer.status < 500 ? [] : [`${answer.status} ${method} ${path.slice(0, 120)} ${String(body).slice(0, 60)}`];
  }

  it("to any route is answered and never a fault of the server", { timeout: 120_000 }, async () => {
    const { token: admin } = (
      await server.call("POST", "/v1/auth/login", {
        body: { email: "admin@shop.test", password: "correct-horse-battery" },
      })
    ).body;
    const faults: string[] = [];
    for (const { method, path } of await routes()) {
      const bearer = path.startsWith("/v1/visitor") ? visitorToken : String(admin);
      const fill = (id: string) => path.replace(/\{[^}]+\}/g, id);
      const tries = [
        ...BODIES.map(([, type, body]) => ({ path: fill("x"), type, body })),
        ...(path.includes("{") ? IDS : []).map((id) => ({ path: fill(id), type: json, body: "{}" })),
        ...QUERIES.map((query) => ({ path: fill("x") + query, type: json, body: "{}" })),
      ];
      const found = await Promise.all(
        tries.map(({ path: to, ...rest }) => expectNoFault(method, to, { token: bearer, ...rest })),
      );
      faults.push(...found.flat(), ...(await expectNoFault(method, fill("x"), { type: json, body: "{}" })));
    }
    expect(faults).toEqual([]);
    expect((await server.call("GET", "/healthz")).status).toBe(200);
  });

  it("to a webhook, signed or not, is answered and never a fault of the server", async () => {
    const faults: string[] = [];
    for (const [, type, body] of BODIES) {
      for (const header of [secretToken, "w".repeat(40), undefined]) {
        const answer = await fetch(`${server.url}/webhooks/tg`, {
          method: "POST",
          headers: {
            "content-type": type,
            ...(header === undefined ? {} : { "x-telegram-bot-api-secret-token": header }),
          },
          body,
        });
        if (answer.status >= 500 || (header !== secretToken && answer.ok))
          faults.push(`${answer.status} ${String(body).slice(0, 60)}`);
      }
    }
    for (const id of IDS) {
      const answer = await fetch(`${server.url}/webhooks/${id}`, { method: "POST", body: "{}" });
      if (answer.status >= 500) faults.push(`${answer.status} ${id.slice(0, 60)}`);
    }
    expect(faults).toEqual([]);
    const request = await telegram.fake.webhook({ type: "text", userId: "72001", text: "多久发货" });
    expect((await post(server, "tg", request)).status).toBe(200);
    await until(() => answersTo(telegram, "72001") === 1, "the answer");
  });

  it("with NUL, lone surrogates and a 64-bit id in a message is kept and answered", async () => {
    const from = { id: 72_002, is_bot: false, first_name: "\ud800Lee\u0000" };
    const message = {
      message_id: 1,
      date: Math.floor(Date.now() / 1000),
      from,
      chat: { id: 72_002, type: "private" },
      text: "多久发货\u0000\udfff",
    };
    await telegram.fake.webhook({ type: "text", userId: "72002", text: "hi" });
    const body = JSON.stringify({ update_id: 1, message }).replace(
      '"message_id":1',
      '"message_id":9223372036854775807',
    );
    expect((await post(server, "tg", await telegram.fake.sign(body))).status).toBe(200);
    expect((await post(server, "tg", await telegram.fake.sign(body))).status).toBe(200);
    await until(() => answersTo(telegram, "72002") === 1, "the answer");
  });
});

it("a platform that hangs holds up neither its own webhook nor another inbox", async () => {
  const server = await startServer();
  const [hanging, well] = await Promise.all([openTelegram(), openTelegram()]);
  await addInbox(server, "hanging", hanging);
  await addInbox(server, "well", well);
  hanging.delayMs = 30_000;
  const took: number[] = [];
  await Promise.all(
    Array.from({ length: 40 }, async (_, i) => {
      await sleep(i * 25);
      for (const [inbox, { fake }] of [
        ["hanging", hanging],
        ["well", well],
      ] as const) {
        const request = await fake.webhook({ type: "text", userId: String(73_000 + i), text: "多久发货" });
        const begun = performance.now();
        expect((await post(server, inbox, request)).status).toBe(200);
        took.push(performance.now() - begun);
      }
    }),
  );
  await until(() => well.fake.sent.length === 40, "all answers of the other inbox");
  expect(hanging.fake.sent).toHaveLength(0);
  took.sort((a, b) => a - b);
  console.log(`while a platform hangs: webhook p50 ${took[40]?.toFixed(1)} ms, p99 ${took[79]?.toFixed(1)} ms`);
  await Promise.all([hanging.platform.stop(), well.platform.stop()]);
  await server.stop();
});

it("asked to stop, finishes what is in hand and exits with 0", async () => {
  const folder = await mkdtemp(join(tmpdir(), "xiaoer-stop-"));
  const file = join(folder, "xiaoer.db");
  const server = await spawnServer({ PORT: String(await freePort()), DATABASE_URL: `file:${file}` });
  const telegram = await openTelegram();
  await addInbox(server, "tg", telegram);
  telegram.delayMs = 400;
  const users = Array.from({ length: 20 }, (_, i) => String(74_000 + i));
  await Promise.all(
    users.map(async (userId) => {
      const request = await telegram.fake.webhook({ type: "text", userId, text: "多久发货" });
      expect((await post(server, "tg", request)).status).toBe(200);
    }),
  );
  expect(await server.stop()).toBe(0);
  expect(users.map((userId) => answersTo(telegram, userId))).toEqual(users.map(() => 1));
  const database = new Database(file, { readonly: true });
  const count = (sql: string) => database.prepare(sql).pluck().get();
  expect(count("select count(*) from deliveries where state <> 'sent'")).toBe(0);
  expect(count("select count(*) from messages where decided_at is null")).toBe(0);
  database.close();
  await telegram.platform.stop();
  await rm(folder, { recursive: true, force: true });
});
