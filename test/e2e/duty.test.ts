/** A shopper who asks for a person: with somebody there, at night before a holiday, and when the agent who had her is gone. */
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { createReturnLeft } from "../../src/desk/return-left.ts";
import { openDeployment } from "../../src/node/open.ts";
import { connect, startServer, type TestServer, until } from "../support/server.ts";

const DAY_MS = 86_400_000;
const SHANGHAI_MS = 8 * 3_600_000;
const AGENT = { email: "lin@shop.test", password: "another-long-passphrase" };

let server: TestServer;
let token: string;
let streams: AbortController[] = [];

beforeEach(async () => {
  server = await startServer();
  await server.admin("POST", "/v1/users", { ...AGENT, name: "小林", role: "agent" });
  token = (await server.call("POST", "/v1/auth/login", { body: AGENT })).body.token;
  // They call without a desk: somebody is there only where a test says so.
  for (const call of [server.admin, agent]) await call("PUT", "/v1/me/duty", { duty: "away" });
});
afterEach(async () => {
  for (const stream of streams) stream.abort();
  streams = [];
  await server.stop();
});

const agent = (method: string, path: string, body?: unknown) =>
  server.call(method, path, { token, ...(body === undefined ? {} : { body }) });
const colleagues = async () => (await server.admin("GET", "/v1/agents")).body.items;

/** Opens the desk: a live stream. */
async function openDesk(): Promise<AbortController> {
  const stream = new AbortController();
  streams.push(stream);
  const opened = await fetch(`${server.url}/v1/stream`, {
    headers: { authorization: `Bearer ${token}`, accept: "text/event-stream" },
    signal: stream.signal,
  });
  expect(opened.status).toBe(200);
  return stream;
}

async function ticketOf(contactId: string, { admin }: Pick<TestServer, "admin"> = server) {
  const [session] = (await admin("GET", `/v1/sessions?contactId=${contactId}`)).body.items;
  return { session, ticket: (await admin("GET", `/v1/tickets/${session.ticketId}`)).body };
}
const textsOf = (messages: readonly { readonly content: { readonly text?: string } }[]) =>
  messages.map(({ content }) => content.text ?? "");

it("tells a place and a wait while somebody is on duty, what is urgent first, and nothing of the kind once they are away", async () => {
  expect(await colleagues()).toMatchObject([{ online: false }, { online: false }]);
  const alone = await server.visitor();
  await alone.say("转人工");
  expect(textsOf(await alone.hears(1)).join()).toContain("现在没有客服在线");
  // Who works by calls alone is there as well.
  await agent("PUT", "/v1/me/duty", { duty: "online" });
  await alone.say("转人工");
  expect(textsOf(await alone.hears(1)).join()).not.toContain("现在没有客服在线");
  await server.admin("POST", `/v1/tickets/${(await ticketOf(alone.contactId)).ticket.id}/claim`);
  await openDesk();
  expect((await colleagues()).find(({ name }: { name: string }) => name === "小林")).toMatchObject({
    online: true,
    duty: "online",
  });
  const line = async (words: string) => {
    const shopper = await server.visitor();
    await shopper.say(words);
    return textsOf(await shopper.hears(1)).join();
  };
  expect(await line("转人工")).toContain("您排在第一位");
  expect(await line("转人工")).toContain("前面 1 位，约 3 分钟");
  expect(await line("我的账号被盗了")).toContain("您排在第一位");
  expect(await line("转人工")).toContain("前面 3 位");

  expect((await agent("PUT", "/v1/me/duty", { duty: "busy" })).body).toEqual({ duty: "busy" });
  expect(await line("转人工")).toContain("前面 4 位");
  await agent("PUT", "/v1/me/duty", { duty: "away" });
  expect((await agent("GET", "/v1/me")).body.duty).toBe("away");
  expect(await line("转人工")).toMatch(/现在没有客服在线，已为您留下工单 T-\d{6}-\d{4}/);
  expect((await agent("PUT", "/v1/me/duty", { duty: "asleep" })).status).toBe(422);
});

it("at night gives the ticket's number, a time after the holiday, and what helps meanwhile; the morning's reply comes to her", async () => {
  // 22:00 in the shop, tomorrow a holiday.
  const now = Date.now();
  const evening = Math.ceil((now + SHANGHAI_MS - 22 * 3_600_000) / DAY_MS) * DAY_MS + 22 * 3_600_000 - SHANGHAI_MS;
  expect(
    (await server.call("POST", "/simulator/api/clock", { body: { advanceMs: evening - now } })).status,
  ).toBeLessThan(300);
  // Logins of the day before have ended.
  const morning = connect(server.url);
  token = (await server.call("POST", "/v1/auth/login", { body: AGENT })).body.token;
  const date = (ahead: number) => new Date(evening + SHANGHAI_MS + ahead * DAY_MS).toISOString().slice(0, 10);
  const week = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"];
  const calendar = {
    week: Object.fromEntries(week.map((day) => [day, [{ from: "09:00", to: "18:00" }]])),
    holidays: [{ date: date(1), name: "店庆" }],
  };
  const saved = await morning.admin("PATCH", "/v1/shop", { calendar, promiseMinutes: 45 });
  expect(saved.body).toMatchObject({ calendar: { ...calendar, extra: [] }, promiseMinutes: 45 });
  const preview = (await morning.admin("POST", "/v1/shop/calendar/preview", { calendar })).body;
  expect(preview).toEqual({ open: false, changesAt: `${date(2)}T01:00:00.000Z` });
  await new Promise((resolve) => setTimeout(resolve, 2100));

  const shopper = await server.visitor();
  await shopper.say("商品坏了要退");
  const first = await shopper.hears(1);
  await shopper.say("转人工");
  const heard = [...first, ...(await shopper.hears(1))];
  const { ticket, session } = await ticketOf(shopper.contactId, morning);
  const said = textsOf(heard).join("\n");
  expect(said).toContain(ticket.number);
  expect(said).toMatch(/我们会在\d+月\d+日.+ 09:45 前在这里回复您/);
  expect(said).toMatch(/退货/);
  expect(ticket.context.promises).toMatchObject([{ dueAt: `${date(2)}T01:45:00.000Z` }]);
  // Asked again she hears the promise again, and not that somebody is on the way.
  await shopper.say("转人工");
  expect(textsOf(await shopper.hears(1)).join()).toContain("09:45 前");

  await agent("POST", `/v1/tickets/${session.ticketId}/claim`);
  const reply = { clientId: "r1", content: { type: "text", text: "早上好，我来处理" } };
  expect((await agent("POST", `/v1/tickets/${session.ticketId}/messages`, reply)).status).toBeLessThan(300);
  await until(async () => textsOf(await shopper.messages()).includes("早上好，我来处理"), "the morning's reply");
}, 30_000);

it("gives the best article along when nobody is there and it was not told yet", async () => {
  await server.admin("POST", "/v1/articles", {
    status: "published",
    question: "智能猫砂盆怎么清洗",
    answer: "拔掉电源，用清水冲洗内胆。",
  });
  await server.admin("PATCH", "/v1/shop", { missesToHandoff: 1, thresholds: { answer: 1, suggest: 0.3 } });
  await new Promise((resolve) => setTimeout(resolve, 2100));
  const shopper = await server.visitor();
  await shopper.say("猫砂盆洗一下怎么弄");
  // Not sure enough to tell: she is asked, and says no.
  const [asked] = await shopper.hears(1);
  expect(asked.content.type).toBe("choices");
  await shopper.say("转人工");
  const [line, guide] = textsOf(await shopper.hears(2));
  expect(line).toContain("已为您留下工单");
  expect(guide).toContain("用清水冲洗内胆");
});

it("hands over a question asked again in other words, and lets thanks and other questions be", async () => {
  const shopper = await server.visitor();
  const stateOf = async () => (await ticketOfState(shopper.contactId)).state;
  const ask = async (words: string) => {
    await shopper.say(words);
    return textsOf(await shopper.hears(1)).join();
  };
  const told = await ask("下单后多久发货?");
  // Sent twice by a slow line: told twice.
  expect(await ask("下单后多久发货?")).toBe(told);
  await ask("谢谢");
  expect(await stateOf()).toBe("bot");
  expect(await ask("多久发货")).toContain("已为您留下工单");
  expect(await stateOf()).toBe("queued");
  expect((await ticketOf(shopper.contactId)).ticket.context).toMatchObject({
    reason: { code: "unhappy", words: "多久发货" },
    mood: "unhappy",
  });
  const other = await server.visitor();
  for (const words of ["下单后多久发货?", "退货运费谁出?", "怎么开发票?", "好的", "退款多久到账?"]) {
    await other.say(words);
    await other.hears(1);
  }
  expect((await ticketOfState(other.contactId)).state).toBe("bot");
});

async function ticketOfState(contactId: string) {
  return (await server.admin("GET", `/v1/sessions?contactId=${contactId}`)).body.items[0];
}

it("returns the chats of an agent whose stream is gone to where they stood, and leaves them when the shop says so", async () => {
  const desk = await openDesk();
  const first = await server.visitor();
  await first.say("转人工");
  await first.hears(1);
  const { session } = await ticketOf(first.contactId);
  await agent("POST", `/v1/tickets/${session.ticketId}/claim`);
  const later = await server.visitor();
  await later.say("转人工");
  await later.hears(1);
  desk.abort();

  // Another process on the same database, whose clock runs ahead.
  const other = await openDeployment({
    DATABASE_URL: `file:${join(server.folder, "xiaoer.db")}`,
    LOG_LEVEL: "silent",
    PORT: "0",
  });
  let ahead = 0;
  const look = createReturnLeft({ ...other.desk, now: () => Date.now() + ahead });
  const lookFor = async (seconds: number) => {
    let found = 0;
    for (const end = ahead + seconds * 1000; ahead < end; ahead += 5000) found += await look();
    return found;
  };
  await server.admin("PATCH", "/v1/shop", { returnLeftChats: false });
  await new Promise((resolve) => setTimeout(resolve, 2100));
  expect(await lookFor(200)).toBe(0);
  await server.admin("PATCH", "/v1/shop", { returnLeftChats: true });
  await new Promise((resolve) => setTimeout(resolve, 2100));
  expect(await lookFor(10)).toBe(1);
  await other.close();

  const { session: back, ticket } = await ticketOf(first.contactId);
  expect(back).toMatchObject({ state: "queued", owner: "queue" });
  expect(ticket).toMatchObject({ status: "open" });
  const log = (await server.admin("GET", `/v1/tickets/${back.ticketId}`)).body;
  expect(JSON.stringify(log)).toContain('"left"');
  const { session: newer } = await ticketOf(later.contactId);
  expect(Date.parse(back.queuedAt)).toBeLessThan(Date.parse(newer.queuedAt));
}, 30_000);
