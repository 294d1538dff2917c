/** The edge: the same counter in Cloudflare's runtime, with D1, Queues and Durable Objects, over Telegram and the web page. */
import { readdirSync } from "node:fs";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import type { FakePlatform } from "../../adapters/shared/fake.ts";
import { createFakeTelegram } from "../../adapters/telegram/fake.ts";
import { ADMIN, post, serveFake, type TestVisitor, until } from "../support/server.ts";
import { startTestWorker, type TestWorker, workerFolder } from "../support/worker.ts";

interface Frame {
  readonly type: string;
  readonly cursor: string;
  // biome-ignore lint/suspicious/noExplicitAny: frames carry what their type says
  readonly data: any;
}

const clock = { now: () => Date.now(), advance: () => undefined };
const ann = "70001";
let home: Awaited<ReturnType<typeof workerFolder>>;
let worker: TestWorker;
let platform: Awaited<ReturnType<typeof serveFake>>;
let fake: FakePlatform;
const sockets: WebSocket[] = [];

beforeAll(async () => {
  home = await workerFolder();
  worker = await startTestWorker({ folder: home.folder });
  platform = await serveFake((request) => fake.handle(request));
  const config = {
    token: "123456:TEST-token-of-a-fake-bot-0123456789",
    secretToken: "s".repeat(40),
    apiRoot: platform.url,
  };
  fake = createFakeTelegram(config, { clock });
  const made = await worker.admin("POST", "/v1/inboxes", { id: "tg", channel: "telegram", name: "Telegram", config });
  expect(made.status).toBe(201);
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});
afterAll(async () => {
  await worker?.kill();
  await platform?.stop();
  await home?.remove();
});

const sentTo = (userId: string) => fake.sent.filter((message) => message.to === userId).map((message) => message.text);
const quiet = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

function open(path: string, protocols: string[], headers: Record<string, string> = {}) {
  const frames: Frame[] = [];
  const socket = new WebSocket(`${worker.url.replace("http", "ws")}${path}`, protocols, { headers });
  sockets.push(socket);
  socket.on("message", (data) => frames.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  const opened = new Promise<string>((resolve, reject) => {
    socket.on("open", () => resolve(socket.protocol));
    socket.on("error", reject);
  });
  return { socket, frames, opened, closed, of: (type: string) => frames.filter((frame) => frame.type === type) };
}
const stream = (visitor: TestVisitor, after = "") =>
  open(`/v1/visitor/stream${after === "" ? "" : `?after=${after}`}`, ["xiaoer.v1", `bearer.${visitor.token}`]);

async function login() {
  const answer = await worker.call("POST", "/v1/auth/login", { body: ADMIN });
  return { token: answer.body.token as string, cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "" };
}

describe("a worker", () => {
  it("is open: health, its own migrations, pages with a nonce, files without the worker", async () => {
    expect((await worker.call("GET", "/healthz")).body).toEqual({ status: "ok" });
    expect((await worker.call("GET", "/readyz")).body).toEqual({
      status: "ok",
      checks: { database: "ok", migrations: "ok", outbox: "ok" },
    });
    const expected = readdirSync(new URL("../../migrations/sqlite", import.meta.url)).filter((name) =>
      name.endsWith(".sql"),
    );
    const applied = await worker.query("select tag from xiaoer_migrations order by tag");
    expect(applied.map(({ tag }) => `${tag}.sql`)).toEqual(expected.sort());
    const page = await worker.call("GET", "/");
    const nonce = /nonce="(\w+)"/.exec(page.body)?.[1];
    expect(page.headers.get("content-security-policy")).toContain(`'nonce-${nonce}'`);
    const script = await worker.call("GET", "/widget.js");
    expect(script.headers.get("cross-origin-resource-policy")).toBe("cross-origin");
    expect(script.headers.get("x-request-id")).toBeNull();
    expect((await worker.call("GET", "/demo/index.html")).headers.get("x-request-id")).not.toBeNull();
    expect((await worker.call("GET", "/metrics")).status).toBe(401);
  });

  it("writes a workbook of its articles as it goes, and reads it back as what is there", async () => {
    const { token } = await login();
    const made = { id: "wb", question: "=1+1 等于几", answer: "二 😀" };
    expect((await worker.admin("POST", "/v1/articles", made)).status).toBe(201);
    const authorization = `Bearer ${token}`;
    const workbook = await fetch(`${worker.url}/v1/knowledge/export?format=xlsx`, { headers: { authorization } });
    const type = workbook.headers.get("content-type") ?? "";
    const raw = new Uint8Array(await workbook.arrayBuffer());
    const sent = await worker.call("POST", "/v1/knowledge/import?dryRun=1", {
      token,
      raw,
      headers: { "content-type": type },
    });
    let task = { state: "queued", result: {} };
    await until(async () => {
      task = (await worker.admin("GET", `/v1/tasks/${sent.body.taskId}`)).body;
      return task.state === "done";
    }, "the dry run");
    expect(task.result).toMatchObject({ new: 0, changed: 0, invalid: 0 });
  });

  it("answers on Telegram once, however often and how parallel the webhook comes", async () => {
    const request = await fake.webhook({ type: "text", userId: ann, text: "多久发货" });
    const answers = await Promise.all(
      [request.clone(), request.clone(), request].map((copy) => post(worker, "tg", copy)),
    );
    expect(answers.map((answer) => answer.status)).toEqual([200, 200, 200]);
    await until(() => sentTo(ann).length > 0, "the answer");
    await quiet(500);
    expect(sentTo(ann)).toHaveLength(1);
    expect(sentTo(ann)[0]).toContain("48 小时");
  });

  it("refuses a webhook with a wrong secret and keeps nothing of it", async () => {
    const request = await fake.webhook({ type: "text", userId: "70009", text: "hi" });
    const headers = { "content-type": "application/json", "x-telegram-bot-api-secret-token": "w".repeat(40) };
    const forged = new Request(request.url, { method: "POST", headers, body: await request.text() });
    const answer = await post(worker, "tg", forged);
    expect(answer.status).toBe(401);
    expect(((await answer.json()) as { code: string }).code).toBe("channel.signature_invalid");
    expect(await worker.query("select id from identities where channel_user_id = '70009'")).toEqual([]);
  });

  it("tries a failing platform again without being asked", async () => {
    fake.fail("500");
    await post(worker, "tg", await fake.webhook({ type: "text", userId: "70003", text: "多久发货" }));
    await until(() => sentTo("70003").length === 1, "the answer after a retry");
  });

  it("calls nobody inside the network unless the deployer allows it", async () => {
    const config = {
      token: "123456:TEST-token-of-a-fake-bot-0123456789",
      secretToken: "t".repeat(40),
      apiRoot: "https://10.0.0.1",
    };
    const made = await worker.admin("POST", "/v1/inboxes", { id: "inner", channel: "telegram", name: "Inner", config });
    expect(made.status).toBe(201);
    const { body } = await worker.admin("POST", "/v1/inboxes/inner/check");
    expect(JSON.stringify(body)).toContain("outbound.address_not_allowed");
  });
});

describe("streams in the shop's Durable Object", () => {
  it("push question and answer, and give what was missed after a cursor, in order and once", async () => {
    const visitor = await worker.visitor();
    const first = stream(visitor);
    expect(await first.opened).toBe("xiaoer.v1");
    await until(() => first.frames[0]?.type === "ready", "the first frame");
    await visitor.say("多久发货");
    await until(() => first.of("message").length === 2, "question and answer");
    expect(first.of("message").map((frame) => frame.data.author.kind)).toEqual(["contact", "bot"]);
    first.socket.terminate();
    await visitor.say("怎么退货");
    await visitor.say("支持分期付款吗");
    await until(async () => (await visitor.messages()).length === 6, "the answers given meanwhile");
    const resumed = stream(visitor, first.frames.at(-1)?.cursor);
    await until(() => resumed.of("message").length === 4, "the missed four");
    const ids = [...first.of("message"), ...resumed.of("message")].map((frame) => frame.data.id);
    expect(ids).toEqual((await visitor.messages()).map((message) => message.id));
    const cursors = resumed.frames.map((frame) => Number(frame.cursor));
    expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
  });

  it("show the desk a ticket; claimed and answered there, it reaches the visitor's page", async () => {
    const { cookie } = await login();
    const desk = open("/v1/stream?after=", ["xiaoer.v1"], { cookie, origin: worker.url });
    await until(() => desk.frames[0]?.type === "ready", "the first frame");
    expect(Number(desk.frames[0]?.cursor)).toBeGreaterThan(0);
    const visitor = await worker.visitor("m-1001");
    const page = stream(visitor);
    await page.opened;
    await visitor.say("转人工");
    await until(() => desk.of("ticket").length > 0, "the ticket");
    await until(() => page.of("session").some((frame) => frame.data.state === "queued"), "the queue");
    const ticketId = desk.of("session").find((frame) => frame.data.contact?.id === visitor.contactId)?.data.ticket?.id;
    expect((await worker.admin("POST", `/v1/tickets/${ticketId}/claim`)).status).toBe(200);
    await until(() => page.of("session").some((frame) => frame.data.agentName === "店长"), "the agent's name");
    const [session] = (await worker.admin("GET", `/v1/sessions?contactId=${visitor.contactId}`)).body.items;
    await worker.admin("POST", `/v1/sessions/${session.id}/typing`, { on: true });
    await until(() => page.of("typing").some((frame) => frame.data.author.kind === "agent"), "the typing");
    await worker.admin("POST", `/v1/tickets/${ticketId}/messages`, {
      clientId: "x",
      content: { type: "text", text: "在的" },
    });
    await until(() => page.of("message").some((frame) => frame.data.content.text === "在的"), "the reply");
    expect(page.of("message").filter((frame) => frame.data.content.text === "在的")).toHaveLength(1);
  });

  it("reply to an agent's words on Telegram through the queue, once", async () => {
    const bob = "70002";
    await post(worker, "tg", await fake.webhook({ type: "text", userId: bob, text: "人工客服" }));
    await until(() => sentTo(bob).length === 1, "the line to the shopper");
    const [session] = (await worker.admin("GET", "/v1/sessions?state=queued&inboxId=tg")).body.items;
    await worker.admin("POST", `/v1/tickets/${session.ticketId}/claim`);
    await worker.admin("POST", `/v1/tickets/${session.ticketId}/messages`, {
      clientId: "a",
      content: { type: "text", text: "您好" },
    });
    await until(() => sentTo(bob).includes("您好"), "the agent's answer");
    await quiet(300);
    expect(sentTo(bob).filter((text) => text === "您好")).toHaveLength(1);
  });

  it("are refused to a wrong token, another page and a sixth socket, and closed on a flood", async () => {
    await expect(open("/v1/visitor/stream", ["xiaoer.v1", `bearer.${"x".repeat(43)}`]).opened).rejects.toThrow(/401/);
    const visitor = await worker.visitor();
    const bearer = ["xiaoer.v1", `bearer.${visitor.token}`];
    await expect(open("/v1/visitor/stream", bearer, { origin: "https://evil.example" }).opened).rejects.toThrow(/403/);
    const six = Array.from({ length: 6 }, () => stream(visitor));
    await Promise.all(six.map((one) => one.opened));
    await until(
      () => six.filter(({ socket }) => socket.readyState === WebSocket.OPEN).length === 5,
      "one of six to be closed",
    );
    const flood = stream(await worker.visitor());
    await flood.opened;
    for (let i = 0; i < 30; i += 1) flood.socket.send("x");
    expect(await flood.closed).toBe(1008);
  });

  it("end within seconds of a logout, and answer a ping", async () => {
    const { cookie, token } = await login();
    const desk = open("/v1/stream", ["xiaoer.v1"], { cookie, origin: worker.url });
    const pong = new Promise((resolve) => desk.socket.once("pong", resolve));
    await desk.opened;
    desk.socket.ping();
    await pong;
    await worker.call("POST", "/v1/auth/logout", { token });
    // The runtime on this machine ends the connection itself some seconds after it has said so.
    await until(() => desk.socket.readyState !== WebSocket.OPEN, "the end of the stream");
  });

  it("stay open while the object sleeps, and go on where they were", async () => {
    const visitor = await worker.visitor();
    const page = stream(visitor);
    await until(() => page.frames[0]?.type === "ready", "the first frame");
    await visitor.say("多久发货");
    await until(() => page.of("message").length === 2, "question and answer");
    await worker.hibernate();
    await visitor.say("怎么退货");
    await until(() => page.of("message").length === 4, "the next two");
    expect(page.of("message").map((frame) => frame.data.id)).toEqual(
      (await visitor.messages()).map((message) => message.id),
    );
  });

  it("come as server-sent events too", async () => {
    const visitor = await worker.visitor();
    const abort = new AbortController();
    const headers = { accept: "text/event-stream", authorization: `Bearer ${visitor.token}` };
    const response = await fetch(`${worker.url}/v1/visitor/stream?after=0`, { headers, signal: abort.signal });
    expect(response.headers.get("content-type")).toContain("text/event-stream");
    await visitor.say("多久发货");
    let text = "";
    const decoder = new TextDecoder();
    for await (const chunk of response.body ?? []) {
      text += decoder.decode(chunk, { stream: true });
      if (text.split("event: message").length === 3) break;
    }
    expect(text).toMatch(/^id: \d+\nevent: ready/);
    abort.abort();
  });
});

describe("a worker that is killed", () => {
  it("answers after its restart what it had acknowledged, once, and forgets nothing", async () => {
    await worker.kill();
    worker = await startTestWorker({ folder: home.folder, consumes: false });
    const visitor = await worker.visitor();
    expect((await visitor.say("多久发货")).body).toHaveProperty("message");
    const acknowledged = await post(
      worker,
      "tg",
      await fake.webhook({ type: "text", userId: "70005", text: "多久发货" }),
    );
    expect(acknowledged.status).toBe(200);
    await quiet(200);
    await worker.kill();
    expect(sentTo("70005")).toEqual([]);

    worker = await startTestWorker({ folder: home.folder });
    // Half a minute passes: the leases of the lost jobs run out.
    await worker.query("update messages set lease_until = 0 where decided_at is null");
    await worker.tick();
    await until(() => sentTo("70005").length === 1, "the answer on Telegram");
    const items = async () => (await worker.call("GET", "/v1/visitor/messages", { token: visitor.token })).body.items;
    await until(async () => (await items()).length === 2, "the answer on the page");
    await worker.tick();
    await quiet(500);
    expect(sentTo("70005")).toHaveLength(1);
    expect(await items()).toHaveLength(2);
  }, 60_000);
});
