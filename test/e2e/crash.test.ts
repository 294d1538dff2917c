/** `kill -9` at any moment of any traffic: nothing acknowledged is lost, nothing is answered twice. */
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import Database from "better-sqlite3";
import { afterAll, beforeAll, expect, it } from "vitest";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { createChance } from "../support/chance.ts";
import { freePort, launchServer, type ServerProcess, spawnServer } from "../support/process.ts";
import { serveFake, until } from "../support/server.ts";

const SHOPPERS = 24;
const VISITORS = 8;
/** Asked word for word as the starter articles have them, so each has an answer of its own. */
const QUESTIONS = [
  "下单后多久发货?",
  "支持七天无理由退货吗?",
  "退货运费谁出?",
  "退款多久到账?",
  "优惠券在哪里领?",
  "怎么开发票?",
  "积分怎么用?",
  "尺码怎么选?",
  "怎么换货?",
  "可以分期付款吗?",
];
/** One before each question is asked by everybody, so that each finds traffic. */
const KILLS = QUESTIONS.length;

const seed = Number(process.env.CRASH_SEED ?? Date.now() % 1_000_000);
const chance = createChance(seed);
const clock = { now: () => Date.now(), advance: () => undefined };
const sleep = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
let folder: string;
let env: Record<string, string>;
let fake: FakePlatform;
let platform: Awaited<ReturnType<typeof serveFake>>;
let server: ServerProcess;
let kills = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "xiaoer-crash-"));
  env = { PORT: String(await freePort()), DATABASE_URL: `file:${join(folder, "xiaoer.db")}` };
  platform = await serveFake(async (request) => {
    // Slow on both sides of taking a message, so that kills fall on both.
    await sleep(chance.upTo(25));
    const answer = await fake.handle(request);
    await sleep(chance.upTo(25));
    return answer;
  });
  const config = {
    token: "123456:TEST-token-of-a-fake-bot-0123456789",
    secretToken: "s".repeat(40),
    apiRoot: platform.url,
  };
  fake = createFakeTelegram(config, { clock });
  // The first start of all is cut short, wherever it has come to.
  const first = launchServer(env);
  await sleep(chance.upTo(1500));
  await first.kill();
  server = await spawnServer(env);
  const made = await server.admin("POST", "/v1/inboxes", { id: "tg", channel: "telegram", name: "Telegram", config });
  expect(made.status).toBe(201);
});
afterAll(async () => {
  await server?.kill();
  await platform?.stop();
  await rm(folder, { recursive: true, force: true });
});

/** What a platform or a page does until it is told that its message is kept. */
async function insist(send: () => Promise<{ readonly status: number }>): Promise<void> {
  for (;;) {
    const answer = await send().catch(() => undefined); // nobody is listening, or the process is gone
    if (answer !== undefined && answer.status < 300) return;
    if (answer !== undefined && answer.status < 500 && answer.status !== 429)
      throw new Error(`Refused with ${answer.status}.`);
    await sleep(20 + chance.upTo(80));
  }
}

/** Somewhere between one kill and the next. */
async function itsTurn(question: number): Promise<void> {
  while (kills < question) await sleep(20);
  await sleep(chance.upTo(700));
}

async function shopperTalks(userId: string): Promise<void> {
  for (const [i, text] of QUESTIONS.entries()) {
    await itsTurn(i);
    const request = await fake.webhook({ type: "text", userId, text });
    const body = await request.text();
    await insist(() => fetch(`${server.url}/webhooks/tg`, { method: "POST", headers: request.headers, body }));
  }
}

async function visitorTalks(index: number): Promise<void> {
  const visitor = await server.visitor();
  for (const [i, text] of QUESTIONS.entries()) {
    await itsTurn(i);
    await insist(() => visitor.say(text, { clientId: `visitor-${index}-${i}` }));
  }
}

async function killAndRestart(): Promise<number> {
  await sleep(chance.upTo(700));
  await server.kill();
  kills += 1;
  if (chance.upTo(3) < 1) {
    const early = launchServer(env);
    await sleep(chance.upTo(1200));
    await early.kill();
  }
  server = await spawnServer(env);
  return server.readyAfterMs;
}

it("loses nothing it acknowledged and says nothing twice that it does not own up to", {
  timeout: 120_000,
}, async () => {
  console.log(`crash seed ${seed}; CRASH_SEED=${seed} draws the same numbers again`);
  const talks = Promise.all([
    ...Array.from({ length: SHOPPERS }, (_, i) => shopperTalks(String(70_001 + i))),
    ...Array.from({ length: VISITORS }, (_, i) => visitorTalks(i)),
  ]);
  const starts: number[] = [];
  while (kills < KILLS) starts.push(await killAndRestart());
  await talks;
  const lastStart = performance.now();
  await until(async () => (await unfinished()) === 0, "everything to be answered and sent");
  const settledMs = performance.now() - lastStart;
  expect(await server.stop()).toBe(0);

  const database = new Database(join(folder, "xiaoer.db"), { readonly: true });
  const all = (sql: string) => database.prepare(sql).all() as Record<string, unknown>[];
  expect(database.pragma("integrity_check", { simple: true })).toBe("ok");
  expect(all("pragma foreign_key_check")).toEqual([]);
  expect(
    all("select locale from (select distinct json_extract(draft, '$.locale') locale from articles) order by 1"),
  ).toHaveLength(3);

  // Every message is there exactly once, and each has exactly one answer.
  const said = (SHOPPERS + VISITORS) * QUESTIONS.length;
  expect(all("select id from messages where direction = 'inbound'")).toHaveLength(said);
  expect(
    all("select distinct coalesce(channel_message_id, client_id) from messages where direction = 'inbound'"),
  ).toHaveLength(said);
  const answers =
    all(`select i.id, count(o.id) as count from messages i left join messages o on o.client_id = 'answer:' || i.id || ':0'
    where i.direction = 'inbound' group by i.id`);
  expect(answers.filter(({ count }) => count !== 1)).toEqual([]);
  expect(all("select id from messages where direction = 'outbound'")).toHaveLength(said);

  // The platform has every answer, and one of them again only where the row says so.
  const deliveries =
    all(`select i.channel_user_id as "to", json_extract(d.content, '$.text') as text, d.repeats, d.state from deliveries d
    join conversations c on c.id = d.conversation_id join identities i on i.id = c.identity_id`);
  expect(deliveries).toHaveLength(SHOPPERS * QUESTIONS.length);
  const arrived = (to: unknown, text: unknown) =>
    fake.sent.filter((sent) => sent.to === to && sent.text === text).length;
  const counted = deliveries.map((row) => ({
    ...row,
    arrived: arrived(row.to, row.text),
    repeats: Number(row.repeats),
  }));
  expect(counted.filter((row) => row.arrived < 1 || row.arrived > 1 + row.repeats)).toEqual([]);
  const repeated = counted.filter((row) => row.repeats > 0);
  expect(fake.sent.length).toBe(counted.reduce((sum, row) => sum + row.arrived, 0));
  console.log(
    `${said} messages, ${KILLS} kills, ready after at most ${Math.round(Math.max(...starts))} ms, settled ${Math.round(settledMs)} ms after the last; ` +
      `${repeated.length} of ${counted.length} deliveries of unknown outcome were sent again, ${repeated.filter((row) => row.arrived > 1).length} arrived twice`,
  );
  database.close();
});

async function unfinished(): Promise<number> {
  const database = new Database(join(folder, "xiaoer.db"), { readonly: true });
  try {
    return database
      .prepare(
        "select (select count(*) from messages where decided_at is null) + (select count(*) from deliveries where state = 'pending')",
      )
      .pluck()
      .get() as number;
  } finally {
    database.close();
  }
}
