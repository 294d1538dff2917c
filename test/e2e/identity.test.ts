/** One person, one contact: by proof alone, on every channel, and taken back whole where it was a mistake. */
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { createFakeCall } from "../../adapters/call/fake.ts";
import { createFakeLine } from "../../adapters/line/fake.ts";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { createFakeWechatOfficial } from "../../adapters/wechat/fake.ts";
import { ADMIN, type Answer, post, serveFake, startServer, type TestServer, until } from "../support/server.ts";

const clock = { now: () => Date.now(), advance: () => undefined };
const identitySecret = "identity-secret-of-forty-characters-0001";
const platforms: { stop(): Promise<void> }[] = [];
const fakes = new Map<string, FakePlatform>();
let server: TestServer;

beforeAll(async () => {
  server = await startServer();
  await add("tg", "telegram", createFakeTelegram, {
    token: "123456:TEST-token-of-a-fake-bot-0123456789",
    secretToken: "s".repeat(40),
  });
  await add("line", "line", createFakeLine, {
    channelAccessToken: "l".repeat(172),
    channelSecret: "8c570fa6dd201bb328f1c1eac23a96d8",
  });
  for (const [id, letter] of [
    ["oa1", "a"],
    ["oa2", "b"],
  ] as const) {
    await add(
      id,
      "wechat-official",
      (config: Parameters<typeof createFakeWechatOfficial>[0], options) =>
        createFakeWechatOfficial(config, { ...options, unionids: { "oMei-a": "union-mei", "oMei-b": "union-mei" } }),
      {
        appId: `wx${letter.repeat(16)}`,
        appSecret: letter.repeat(32),
        token: `token${letter}`,
        encodingAesKey: letter.repeat(43),
        verified: true,
      },
    );
  }
  const call = { signingSecret: `whsec_${btoa("k".repeat(32))}`, callingCode: "86" };
  fakes.set("phone", createFakeCall({ ...call, format: "events" }, { clock }));
  await made("phone", "call", call);
  await made("shop", "web", { identitySecret });
});
afterAll(async () => {
  await server?.stop();
  for (const platform of platforms) await platform.stop();
});

async function made(id: string, channel: string, config: object): Promise<void> {
  const answer = await server.admin("POST", "/v1/inboxes", { id, channel, name: `${channel} ${id}`, config });
  expect(answer.status, JSON.stringify(answer.body)).toBe(201);
}

// biome-ignore lint/suspicious/noExplicitAny: each fake takes its own channel's configuration
async function add(id: string, channel: string, create: (config: any, options: any) => FakePlatform, config: object) {
  const platform = await serveFake((request) => fake.handle(request));
  platforms.push(platform);
  const whole = { ...config, apiRoot: platform.url };
  const fake: FakePlatform = create(whole, { clock });
  fakes.set(id, fake);
  await made(id, channel, whole);
}

const fakeOf = (id: string): FakePlatform => {
  const fake = fakes.get(id);
  if (fake === undefined) throw new Error(`There is no ${id}.`);
  return fake;
};
const text = async (id: string, userId: string, words: string) =>
  post(server, id, await fakeOf(id).webhook({ type: "text", userId, text: words }));
const told = (id: string, userId: string) =>
  fakeOf(id)
    .sent.filter(({ to }) => to === userId)
    .map((sent) => sent.text);
const hears = async (id: string, userId: string, count: number): Promise<string> => {
  await until(() => told(id, userId).length >= count, `${count} words to ${userId}`);
  return told(id, userId).at(-1) ?? "";
};
const get = async (path: string): Promise<Answer["body"]> => (await server.admin("GET", path)).body;
/** A session's contact, by who wrote last in an inbox. */
const contactIn = async (inboxId: string): Promise<string> =>
  (await get(`/v1/sessions?inboxId=${inboxId}`)).items[0]?.contact.id;
/** Does it name an order of theirs? */
const namesOrder = async (words: string, contactId: string): Promise<boolean> =>
  (await get(`/v1/contacts/${contactId}/orders`)).items.some((order: Answer["body"]) => words.includes(order.orderId));
const linkOf = (token: string) => server.call("POST", "/v1/visitor/links", { token, body: {} });
const audit = async (action: string) =>
  (await get("/v1/audit?limit=100")).items.filter((row: Answer["body"]) => row.action === action);

async function member(sub: string, claims: Record<string, string> = {}) {
  const token = await new SignJWT(claims)
    .setProtectedHeader({ alg: "HS256" })
    .setSubject(sub)
    .setAudience("shop")
    .setIssuedAt()
    .setExpirationTime("1h")
    .sign(new TextEncoder().encode(identitySecret));
  return (await server.call("POST", "/v1/visitor/sessions", { body: { inboxId: "shop", identity: { token } } })).body;
}

/** What the agents are pushed from now on. */
async function watch() {
  const login = await server.call("POST", "/v1/auth/login", { body: ADMIN });
  const frames: Answer["body"][] = [];
  const headers = { cookie: (login.headers.get("set-cookie") ?? "").split(";")[0] ?? "", origin: server.url };
  const socket = new WebSocket(`${server.url.replace("http", "ws")}/v1/stream`, ["xiaoer.v1"], { headers });
  socket.on("message", (data) => frames.push(JSON.parse(String(data))));
  await until(() => frames.some((frame) => frame.type === "ready"), "the stream");
  return { frames, close: () => socket.terminate() };
}

it("follows a shopper from the web chat to the phone, and nobody asks again", async () => {
  const shopper = await server.visitor("m-1001");
  await shopper.say("订单 20881234 还没到");
  await shopper.hears(1);
  await shopper.say("转人工");
  const queuedHere = async () => (await get(`/v1/sessions?contactId=${shopper.contactId}&state=queued`)).items.length;
  await until(async () => (await queuedHere()) === 1, "the handover");
  const [queued] = (await get(`/v1/sessions?contactId=${shopper.contactId}`)).items;
  expect(queued.state).toBe("queued");

  const desk = await watch();
  const ring = () => fakeOf("phone").webhook({ type: "join", userId: "+8613812346721" });
  expect((await post(server, "phone", await ring())).status).toBe(204);
  await until(() => desk.frames.some((frame) => frame.data?.call?.state === "ringing"), "the pop");
  desk.close();
  const { call } = desk.frames.find((frame) => frame.data?.call !== undefined).data;
  expect(call).toMatchObject({
    state: "ringing",
    matched: true,
    callerLevel: "claimed",
    contact: { id: shopper.contactId, name: "林小美" },
    sessionId: queued.id,
    sessionState: "queued",
    candidates: [],
  });
  expect(call.ticket.id).toBe(queued.ticketId);
  expect((await get(`/v1/contacts/${call.contact.id}/orders`)).items[0].orderId).toBe("20881234");
  const ticket = await get(`/v1/tickets/${call.ticket.id}`);
  expect(ticket.context.entities.orderIds).toContain("20881234");
  expect(JSON.stringify(ticket.context.orders)).toContain("20881234");

  await server.admin("POST", `/v1/tickets/${ticket.id}/claim`);
  await text("phone", "+8613812346721", "已告知预计明天送达");
  const history = (await get(`/v1/contacts/${shopper.contactId}/history`)).items;
  expect(history[0]).toMatchObject({ channel: "call", content: { text: "已告知预计明天送达" }, sessionId: queued.id });
  expect(history.some((message: Answer["body"]) => message.content.text === "订单 20881234 还没到")).toBe(true);

  // The call is no place to write to: the answer goes where she wrote last.
  const reply = { clientId: "after-call", content: { type: "text", text: "刚才电话里说的，已经登记好了" } };
  expect((await server.admin("POST", `/v1/tickets/${ticket.id}/messages`, reply)).status).toBe(201);
  expect((await shopper.hears(1)).map((message) => message.content.text)).toContain(reply.content.text);

  const heard = (await shopper.messages()).filter((message) => message.direction === "outbound");
  for (const said of heard.map((message) => message.content.text ?? ""))
    expect(said).not.toMatch(/请(提供|发|告诉我)?.{0,6}(订单号|单号)/);
  const identities = (await get(`/v1/contacts/${shopper.contactId}`)).identities;
  expect(identities.find((one: Answer["body"]) => one.channel === "call")).toMatchObject({
    level: "claimed",
    provenBy: "phone",
  });
});

it("knows her the next day in another channel, by a code she brought from the web", async () => {
  const shopper = await server.visitor("m-1002");
  await shopper.say("快点发货呀");
  await shopper.hears(1);
  const issued = await linkOf(shopper.token);
  expect(issued.status).toBe(201);
  expect(issued.body.code).toMatch(/^[0-9A-Z]{4}-[0-9A-Z]{4}$/);
  expect(issued.body.say).toBe(`绑定 ${issued.body.code}`);
  const url = new URL(issued.body.urls.telegram);
  expect(url.host).toBe("t.me");
  expect(Date.parse(issued.body.expiresAt) - Date.now()).toBeLessThanOrEqual(10 * 60_000);

  // What she asked there before she said who she is comes along.
  await text("tg", "70001", "多久发货");
  await hears("tg", "70001", 1);
  const stranger = await contactIn("tg");
  expect(stranger).not.toBe(shopper.contactId);
  await post(
    server,
    "tg",
    await fakeOf("tg").webhook({ type: "join", userId: "70001", payload: url.searchParams.get("start") ?? "" }),
  );
  expect(await hears("tg", "70001", 2)).toContain("绑定成功");
  const heard = (await shopper.hears(1)).at(-1);
  expect(heard).toMatchObject({ author: { kind: "system" } });
  expect(heard.content.text).toContain("telegram tg");
  expect(await get(`/v1/contacts/${stranger}`)).toMatchObject({ mergedInto: shopper.contactId });

  await text("tg", "70001", "快点发货呀");
  await hears("tg", "70001", 3);
  const answer = told("tg", "70001").slice(2).join();
  expect(await namesOrder(answer, shopper.contactId)).toBe(true);
  expect(answer).not.toContain("订单号");
  expect(await audit("contact.merge")).toContainEqual(
    expect.objectContaining({ target: shopper.contactId, result: "ok", data: { proof: "link-code", from: stranger } }),
  );

  // Used up, and one answer for whatever is wrong with a code.
  const wrong = ["70002", "70003"];
  await text("tg", wrong[0] ?? "", `绑定 ${issued.body.code}`);
  await text("tg", wrong[1] ?? "", "绑定 7K4M-2Q9D");
  expect(await hears("tg", wrong[0] ?? "", 1)).toBe(await hears("tg", wrong[1] ?? "", 1));
});

it("takes a few tries of codes, then none, the right one included", async () => {
  const shopper = await server.visitor("m-1003");
  const { code } = (await linkOf(shopper.token)).body;
  for (let i = 0; i < 5; i += 1) await text("tg", "70005", `绑定 7K4M-2Q9${i}`);
  await text("tg", "70005", `绑定 ${code}`);
  await hears("tg", "70005", 6);
  expect(new Set(told("tg", "70005")).size).toBe(1);
  expect((await get(`/v1/contacts/${shopper.contactId}`)).identities).toHaveLength(1);
});

it("gives a code to nobody who has proven nothing", async () => {
  const stranger = await server.visitor();
  const refused = await linkOf(stranger.token);
  expect([refused.status, refused.body.code]).toEqual([403, "visitor.not_verified"]);
  expect((await server.call("POST", "/v1/visitor/links", { body: {} })).status).toBe(401);
});

it("joins LINE by its account link", async () => {
  const shopper = await member("m-1006");
  const made = await server.call("POST", "/v1/visitor/links/line", {
    token: shopper.token,
    body: { linkToken: "NMZTNuVrPTqlr2IF8Bnymkb7rXfYv5EY" },
  });
  const url = new URL(made.body.url);
  expect(url.origin + url.pathname).toBe("https://access.line.me/dialog/bot/accountLink");
  expect(url.searchParams.get("linkToken")).toBe("NMZTNuVrPTqlr2IF8Bnymkb7rXfYv5EY");
  const userId = fakeOf("line").people[0];
  await text("line", userId, "多久发货");
  await hears("line", userId, 1);
  const link = { result: "ok", nonce: url.searchParams.get("nonce") };
  const event = { type: "accountLink", mode: "active", timestamp: Date.now(), source: { type: "user", userId } };
  const hook = { events: [{ ...event, webhookEventId: "01FZ74A0TDDPYRVKNK77XKC3ZR", link }] };
  const example = (await (await fakeOf("line").webhook({ type: "text", userId, text: "-" })).json()) as object;
  expect((await post(server, "line", await fakeOf("line").sign({ ...example, ...hook }))).status).toBe(200);
  await until(async () => (await contactIn("line")) === shopper.contactId, "the join");
  expect((await get(`/v1/contacts/${shopper.contactId}`)).identities).toContainEqual(
    expect.objectContaining({ channel: "line", level: "verified", provenBy: "line-link" }),
  );
});

it("makes one contact of one unionid, in two accounts and on the shop's own page", async () => {
  await text("oa1", "oMei-a", "多久发货");
  await hears("oa1", "oMei-a", 1);
  await text("oa2", "oMei-b", "多久发货");
  await hears("oa2", "oMei-b", 1);
  const first = await contactIn("oa1");
  await until(async () => (await contactIn("oa2")) === first, "the join");
  await text("oa2", "oOther-b", "多久发货");
  await hears("oa2", "oOther-b", 1);
  expect(await contactIn("oa2")).not.toBe(first);

  const shopper = await member("m-1002", { unionid: "union-mei" });
  await until(async () => (await get(`/v1/contacts/${first}`)).mergedInto === shopper.contactId, "the member's join");
  await text("oa1", "oMei-a", "快点发货呀");
  await until(() => namesOrder(told("oa1", "oMei-a").join(), shopper.contactId), "her order");
});

describe("somebody who only says who they are", () => {
  it("is joined with nobody, told nothing, and remembered in the audit log", async () => {
    const owner = await member("m-1008", { phone: "13500049960", email: "zhou@shop.example" });
    const stranger = await server.visitor();
    await until(async () => {
      await stranger.say("我是13500049960，邮箱 ZHOU@shop.example，帮我查订单");
      return (await audit("contact.claim")).length >= 2;
    }, "the attempt in the audit log");
    const rows = await audit("contact.claim");
    expect(rows.map((row: Answer["body"]) => [row.target, row.result, row.data.kind]).sort()).toEqual([
      [stranger.contactId, "refused", "email"],
      [stranger.contactId, "refused", "phone"],
    ]);
    expect(JSON.stringify(rows)).not.toMatch(/1350004|zhou/i);
    expect((await get(`/v1/contacts/${owner.contactId}`)).identities).toHaveLength(1);
    expect((await get(`/v1/contacts/${stranger.contactId}/orders`)).items).toEqual([]);
    const orders = (await get(`/v1/contacts/${owner.contactId}/orders`)).items;
    const said = JSON.stringify((await stranger.messages()).filter((message) => message.direction === "outbound"));
    for (const { orderId } of orders) expect(said).not.toContain(orderId);

    const forged = await server.call("POST", "/v1/visitor/sessions", {
      body: { inboxId: "shop", identity: { externalId: "m-1008", signature: "0".repeat(64) } },
    });
    expect(forged.status).toBe(401);
    expect(await audit("visitor.identity")).toMatchObject([{ target: "shop", result: "refused" }]);
  });

  it("and calls from a number two members share is shown to the agent as either", async () => {
    for (const sub of ["m-2001", "m-2002"]) await member(sub, { phone: "+8613900000001", name: sub });
    await until(async () => {
      await post(server, "phone", await fakeOf("phone").webhook({ type: "join", userId: "+8613900000001" }));
      const contact = await get(`/v1/contacts/${await contactIn("phone")}`);
      const { items } = await get(`/v1/contacts/${contact.id}/candidates`);
      return contact.memberId === undefined && items.length === 2;
    }, "both candidates");
    const { items } = await get(`/v1/contacts/${await contactIn("phone")}/candidates`);
    expect(items.map((one: Answer["body"]) => [one.memberId, one.why, one.proven]).sort()).toEqual([
      ["m-2001", "phone", true],
      ["m-2002", "phone", true],
    ]);
    expect(JSON.stringify(items)).not.toContain("13900000001");
  });
});

describe("an agent's merge", () => {
  it("joins two contacts, lends no orders to the bot, and is taken back whole", async () => {
    const shopper = await server.visitor("m-1005");
    await shopper.say("How long does shipping take?");
    await shopper.hears(1);
    await text("tg", "70008", "多久发货");
    await hears("tg", "70008", 1);
    const chat = await contactIn("tg");
    const before = (await get(`/v1/contacts/${chat}/history`)).items.map((message: Answer["body"]) => message.id);

    const merge = (from: string, reason = "电话里核对过") =>
      server.admin("POST", `/v1/contacts/${shopper.contactId}/merge`, { from, reason });
    expect((await merge("con_unknown")).status).toBe(404);
    expect((await server.admin("POST", "/v1/contacts/con_unknown/merge", { from: chat, reason: "x" })).status).toBe(
      404,
    );
    expect((await merge(shopper.contactId)).status).toBe(422);
    expect((await merge(chat, "")).status).toBe(422);
    const other = await server.visitor("m-1007");
    expect((await merge(other.contactId)).body.code).toBe("contact.both_verified");
    const merged = await merge(chat);
    expect(merged.status).toBe(200);
    expect((await merge(chat)).status).toBe(409);
    const { items } = await get(`/v1/contacts/${shopper.contactId}/merges`);
    expect(items).toMatchObject([
      { id: merged.body.mergeId, kind: "agent", reason: "电话里核对过", undoable: true, from: { id: chat } },
    ]);

    await text("tg", "70008", "快点发货呀");
    await hears("tg", "70008", 2);
    expect(await namesOrder(told("tg", "70008").join(), shopper.contactId)).toBe(false);

    const part = (id: string) =>
      server.admin("POST", `/v1/contacts/${id}/unmerge`, { mergeId: merged.body.mergeId, reason: "不是同一个人" });
    expect((await part(other.contactId)).status).toBe(404);
    const parted = await part(shopper.contactId);
    expect([parted.status, parted.body.partedFrom]).toEqual([200, chat]);
    expect((await part(shopper.contactId)).status).toBe(404);
    const after = (await get(`/v1/contacts/${chat}/history`)).items;
    expect(after.map((message: Answer["body"]) => message.id)).toEqual(expect.arrayContaining(before));
    expect(after.every((message: Answer["body"]) => message.channel === "telegram")).toBe(true);
    expect(after.some((message: Answer["body"]) => message.content.text === "快点发货呀")).toBe(true);
    const hers = (await get(`/v1/contacts/${shopper.contactId}/history`)).items;
    expect(hers.every((message: Answer["body"]) => message.channel === "web")).toBe(true);
    expect((await audit("contact.unmerge"))[0]).toMatchObject({ target: shopper.contactId, result: "ok" });
    expect((await get("/v1/audit/verify")).ok).toBe(true);
  });
});
