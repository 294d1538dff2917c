/** Two processes on one PostgreSQL are one desk: one answer each, one owner, one line of numbers, and either may die. */
import pg from "pg";
import { afterAll, beforeAll, expect, inject, it } from "vitest";
import { WebSocket } from "ws";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { freePort, type ServerProcess, spawnServer } from "../support/process.ts";
import { ADMIN, serveFake, until } from "../support/server.ts";

const QUESTIONS = [
  "下单后多久发货?",
  "支持七天无理由退货吗?",
  "退货运费谁出?",
  "退款多久到账?",
  "优惠券在哪里领?",
  "怎么开发票?",
];
const AGENT = { email: "wang@shop.test", password: "correct-horse-battery-2" };
const clock = { now: () => Date.now(), advance: () => undefined };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
/** A lease that a dead process held runs out after half a minute. */
const LEASE_TEST_MS = 90_000;

let admin: pg.Client;
let database: pg.Client;
let name: string;
let a: ServerProcess;
let b: ServerProcess;
let fake: FakePlatform;
let platform: Awaited<ReturnType<typeof serveFake>>;

beforeAll(async () => {
  const url = new URL(inject("postgresUrl"));
  name = `machines_${process.pid}`;
  admin = new pg.Client({ connectionString: url.href });
  await admin.connect();
  await admin.query(`create database ${name}`);
  url.pathname = `/${name}`;
  database = new pg.Client({ connectionString: url.href });
  await database.connect();
  const env = { DATABASE_URL: url.href, XIAOER_SECRET: "a secret that both machines know well" };
  // Both at once on an empty database: one migrates, one seeds, both open.
  [a, b] = await Promise.all([
    spawnServer({ ...env, PORT: String(await freePort()) }),
    spawnServer({ ...env, PORT: String(await freePort()) }),
  ]);
  platform = await serveFake(async (request) => {
    await sleep(10);
    return fake.handle(request);
  });
  const config = {
    token: "123456:TEST-token-of-a-fake-bot-0123456789",
    secretToken: "s".repeat(40),
    apiRoot: platform.url,
  };
  fake = createFakeTelegram(config, { clock });
  expect(
    (await a.admin("POST", "/v1/inboxes", { id: "tg", channel: "telegram", name: "Telegram", config })).status,
  ).toBe(201);
  expect((await a.admin("POST", "/v1/users", { ...AGENT, name: "小王", role: "agent" })).status).toBe(201);
}, 120_000);
afterAll(async () => {
  await Promise.all([a?.kill(), b?.kill()]);
  await platform?.stop();
  await database?.end();
  await admin?.query(`drop database ${name} with (force)`);
  await admin?.end();
});

const rows = async (sql: string) => (await database.query(sql)).rows as Record<string, unknown>[];
const sentTo = (userId: string) => fake.sent.filter((sent) => sent.to === userId).map((sent) => sent.text);

async function posting(userId: string, text: string): Promise<(server: ServerProcess) => Promise<number>> {
  const request = await fake.webhook({ type: "text", userId, text });
  const body = await request.text();
  return async (server) =>
    (await fetch(`${server.url}/webhooks/tg`, { method: "POST", headers: request.headers, body })).status;
}

it("started both on an empty database with one admin and one set of articles", async () => {
  expect(await rows("select id from users where role = 'admin'")).toHaveLength(1);
  const [web] = await rows("select count(*)::int as count from articles");
  expect(Number(web?.count)).toBeGreaterThan(200);
});

it("keep a webhook that comes to both at once once, and answer it once", async () => {
  const users = Array.from({ length: 12 }, (_, i) => String(81_001 + i));
  await Promise.all(
    users.map(async (userId) => {
      for (const question of QUESTIONS) {
        const post = await posting(userId, question);
        expect(await Promise.all([post(a), post(b), post(a)])).toEqual([200, 200, 200]);
      }
    }),
  );
  await until(() => users.every((userId) => sentTo(userId).length >= QUESTIONS.length), "every answer");
  await sleep(1000);
  expect(users.map((userId) => new Set(sentTo(userId)).size)).toEqual(users.map(() => QUESTIONS.length));
  expect(users.map((userId) => sentTo(userId).length)).toEqual(users.map(() => QUESTIONS.length));
  const counted = await rows(
    "select direction, count(*)::int as count from messages where inbox_id = 'tg' group by 1 order by 1",
  );
  expect(counted).toEqual(
    ["inbound", "outbound"].map((direction) => ({ direction, count: users.length * QUESTIONS.length })),
  );
  expect(await rows("select contact_id from identities where inbox_id = 'tg' group by 1")).toHaveLength(users.length);
  expect(await rows("select contact_id from sessions where inbox_id = 'tg'")).toHaveLength(users.length);
});

interface Frame {
  readonly type: string;
  readonly cursor: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the server shows
  readonly data: any;
}

async function watch(server: ServerProcess, path: string, how: { readonly token?: string; readonly login?: string }) {
  const frames: Frame[] = [];
  const protocols = ["xiaoer.v1", ...(how.token === undefined ? [] : [`bearer.${how.token}`])];
  const headers = how.login === undefined ? {} : { authorization: `Bearer ${how.login}` };
  const socket = new WebSocket(server.url.replace("http", "ws") + path, protocols, { headers });
  socket.on("message", (data) => frames.push(JSON.parse(String(data)) as Frame));
  await until(() => frames.length > 0, "a stream that is open");
  return { frames, close: () => socket.close() };
}

it("show each other's work: the shopper's page on one, the agents on both", async () => {
  const login = (server: ServerProcess, who: object) =>
    server.call("POST", "/v1/auth/login", { body: who }).then(({ body }) => String(body.token));
  const first = await login(a, ADMIN);
  const second = await login(b, AGENT);
  const shopper = await a.visitor("m-1001");
  const page = await watch(a, "/v1/visitor/stream", { token: shopper.token });
  const desk = await watch(b, "/v1/stream", { login: second });

  await shopper.say("转人工");
  await until(() => desk.frames.some(({ type }) => type === "ticket"), "the ticket on the other machine");
  await until(
    () => page.frames.some(({ type, data }) => type === "session" && data.state === "queued"),
    "the queue on the page",
  );
  const ticketId = String(desk.frames.find(({ type }) => type === "ticket")?.data.id);

  // Two agents at once, each on another machine: one has it.
  const claims = await Promise.all([
    a.call("POST", `/v1/tickets/${ticketId}/claim`, { token: first }),
    b.call("POST", `/v1/tickets/${ticketId}/claim`, { token: second }),
  ]);
  expect(claims.map(({ status }) => status).sort()).toEqual([200, 409]);
  const winner = claims[0]?.status === 200 ? first : second;
  // Whoever it is answers through the machine the shopper is not on.
  const reply = { clientId: "reply", content: { type: "text", text: "您好，我在" } };
  const answers = await Promise.all([
    b.call("POST", `/v1/tickets/${ticketId}/messages`, { token: winner, body: reply }),
    a.call("POST", `/v1/tickets/${ticketId}/messages`, { token: winner, body: reply }),
  ]);
  expect(answers.map(({ status }) => status).sort()).toEqual([200, 201]);
  const heard = () => page.frames.filter(({ type, data }) => type === "message" && data.author.kind === "agent");
  await until(() => heard().length > 0, "the agent's words on the other machine's page");
  await sleep(1500);
  expect(heard().map(({ data }) => data.content.text)).toEqual(["您好，我在"]);
  page.close();
  desk.close();
});

it("number the tickets of both machines in one line, and give each to one owner", async () => {
  const visitors = await Promise.all(Array.from({ length: 16 }, (_, i) => (i % 2 === 0 ? a : b).visitor()));
  await Promise.all(visitors.map((visitor) => visitor.say("转人工")));
  await until(
    async () => (await rows("select id from tickets where status = 'open'")).length === visitors.length,
    "every ticket",
  );
  const numbers = (await rows("select number from tickets order by number")).map(({ number }) =>
    Number(String(number).split("-").at(-1)),
  );
  expect(numbers).toEqual(numbers.map((_, i) => i + 1));
  const open = await rows("select id from tickets where status = 'open'");
  const login = await b.call("POST", "/v1/auth/login", { body: AGENT });
  const claims = await Promise.all(
    open.flatMap(({ id }) => [
      a.admin("POST", `/v1/tickets/${id}/claim`),
      b.call("POST", `/v1/tickets/${id}/claim`, { token: login.body.token }),
    ]),
  );
  expect(claims.filter(({ status }) => status === 200)).toHaveLength(open.length);
  expect(claims.filter(({ status }) => status === 409)).toHaveLength(open.length);
  const shared = await rows(
    "select t.id from tickets t join sessions s on s.id = t.session_id where t.assignee <> s.owner",
  );
  expect(shared).toEqual([]);
});

it("lose nothing when one of them is killed in the middle of it", { timeout: LEASE_TEST_MS + 30_000 }, async () => {
  const users = Array.from({ length: 10 }, (_, i) => String(82_001 + i));
  const talks = users.map(async (userId, i) => {
    for (const question of QUESTIONS) {
      const post = await posting(userId, question);
      // The platform knows one address; what stands before the machines tries the other one.
      for (let tries = i; ; tries += 1) {
        const status = await post(tries % 2 === 0 ? a : b).catch(() => 0);
        if (status === 200) break;
        await sleep(30);
      }
      await sleep(60);
    }
  });
  await sleep(250);
  await a.kill();
  await Promise.all(talks);
  const deadline = performance.now() + LEASE_TEST_MS;
  const unfinished = () =>
    rows(
      "select id from messages where decided_at is null union all select id from deliveries where state = 'pending'",
    );
  while ((await unfinished()).length > 0 && performance.now() < deadline) await sleep(250);
  expect(await unfinished()).toEqual([]);
  const counted =
    await rows(`select i.channel_user_id as "to", d.content::json->>'text' as text, d.repeats, d.state from deliveries d
    join conversations c on c.id = d.conversation_id join identities i on i.id = c.identity_id where i.channel_user_id like '82%'`);
  expect(counted).toHaveLength(users.length * QUESTIONS.length);
  const arrived = (row: Record<string, unknown>) => sentTo(String(row.to)).filter((text) => text === row.text).length;
  expect(counted.filter((row) => arrived(row) < 1 || arrived(row) > 1 + Number(row.repeats))).toEqual([]);
  expect(await b.stop()).toBe(0);
});
