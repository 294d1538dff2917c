/** Live streams: pushed within a moment, resumed by cursor without a gap or a repeat, ended with the login behind them. */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { WebSocket } from "ws";
import { startServer, type TestServer, until } from "../support/server.ts";

interface Frame {
  readonly type: string;
  readonly cursor: string;
  // biome-ignore lint/suspicious/noExplicitAny: frames carry what their type says
  readonly data: any;
}

let server: TestServer;
const sockets: WebSocket[] = [];
beforeAll(async () => {
  server = await startServer();
});
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.terminate();
});
afterAll(() => server?.stop());

function open(path: string, protocols: string[], headers: Record<string, string> = {}) {
  const frames: Frame[] = [];
  const socket = new WebSocket(`${server.url.replace("http", "ws")}${path}`, protocols, { headers });
  sockets.push(socket);
  socket.on("message", (data) => frames.push(JSON.parse(String(data))));
  const closed = new Promise<number>((resolve) => socket.on("close", resolve));
  const opened = new Promise<string>((resolve, reject) => {
    socket.on("open", () => resolve(socket.protocol));
    socket.on("error", reject);
  });
  return { socket, frames, opened, closed };
}

async function login() {
  const answer = await server.call("POST", "/v1/auth/login", {
    body: { email: "admin@shop.test", password: "correct-horse-battery" },
  });
  return { token: answer.body.token as string, cookie: (answer.headers.get("set-cookie") ?? "").split(";")[0] ?? "" };
}

describe("the visitor's stream", () => {
  it("selects xiaoer.v1, says where it begins and pushes the answer", async () => {
    const visitor = await server.visitor();
    const stream = open("/v1/visitor/stream", ["xiaoer.v1", `bearer.${visitor.token}`]);
    expect(await stream.opened).toBe("xiaoer.v1");
    await until(() => stream.frames[0]?.type === "ready", "the first frame");
    await visitor.say("多久发货");
    await until(() => stream.frames.filter((frame) => frame.type === "message").length === 2, "question and answer");
    expect(stream.frames.filter((frame) => frame.type === "message").map((frame) => frame.data.author.kind)).toEqual([
      "contact",
      "bot",
    ]);
  });

  it("gives what was missed, in order and once, after a cursor", async () => {
    const visitor = await server.visitor();
    const stream = open("/v1/visitor/stream?after=0", ["xiaoer.v1", `bearer.${visitor.token}`]);
    await visitor.say("多久发货");
    await until(() => stream.frames.filter((frame) => frame.type === "message").length === 2, "the first two");
    const seen = stream.frames.filter((frame) => frame.type === "message");
    stream.socket.terminate();
    await visitor.say("怎么退货");
    await visitor.say("支持分期付款吗");
    await until(async () => (await visitor.messages()).length === 6, "the answers given meanwhile");
    const resumed = open(`/v1/visitor/stream?after=${seen.at(-1)?.cursor}`, ["xiaoer.v1", `bearer.${visitor.token}`]);
    await until(() => resumed.frames.filter((frame) => frame.type === "message").length === 4, "the missed four");
    const all = [...seen, ...resumed.frames.filter((frame) => frame.type === "message")].map((frame) => frame.data.id);
    expect(new Set(all).size).toBe(6);
    expect(all).toEqual((await visitor.messages()).map((message) => message.id));
    const cursors = resumed.frames.map((frame) => Number(frame.cursor));
    expect(cursors).toEqual([...cursors].sort((a, b) => a - b));
  });

  it("tells who serves, and the agent's reply arrives", async () => {
    const visitor = await server.visitor();
    const stream = open("/v1/visitor/stream", ["xiaoer.v1", `bearer.${visitor.token}`]);
    await stream.opened;
    await visitor.say("转人工");
    await until(
      () => stream.frames.some((frame) => frame.type === "session" && frame.data.state === "queued"),
      "the queue",
    );
    const [session] = (await server.admin("GET", `/v1/sessions?contactId=${visitor.contactId}`)).body.items;
    await server.admin("POST", `/v1/tickets/${session.ticketId}/claim`);
    await until(
      () => stream.frames.some((frame) => frame.type === "session" && frame.data.agentName === "店长"),
      "the agent's name",
    );
    await server.admin("POST", `/v1/sessions/${session.id}/typing`, { on: true });
    await until(
      () => stream.frames.some((frame) => frame.type === "typing" && frame.data.author.kind === "agent"),
      "the typing",
    );
    await server.admin("POST", `/v1/tickets/${session.ticketId}/messages`, {
      clientId: "x",
      content: { type: "text", text: "在的" },
    });
    await until(
      () => stream.frames.some((frame) => frame.type === "message" && frame.data.content.text === "在的"),
      "the reply",
    );
  });

  it("refuses a wrong token, another page and a sixth socket", async () => {
    await expect(open("/v1/visitor/stream", ["xiaoer.v1", `bearer.${"x".repeat(43)}`]).opened).rejects.toThrow(/401/);
    const visitor = await server.visitor();
    await expect(
      open("/v1/visitor/stream", ["xiaoer.v1", `bearer.${visitor.token}`], { origin: "https://evil.example" }).opened,
    ).rejects.toThrow(/403/);
    const six = Array.from({ length: 6 }, () => open("/v1/visitor/stream", ["xiaoer.v1", `bearer.${visitor.token}`]));
    await Promise.all(six.map((one) => one.opened));
    expect(await Promise.race(six.map((one) => one.closed))).toBe(1008);
  });

  it("closes on a flood of frames and on one that is too large", async () => {
    const visitor = await server.visitor();
    const flood = open("/v1/visitor/stream", ["xiaoer.v1", `bearer.${visitor.token}`]);
    await flood.opened;
    for (let i = 0; i < 30; i += 1) flood.socket.send("x");
    expect(await flood.closed).toBe(1008);
    const large = open("/v1/visitor/stream", ["xiaoer.v1", `bearer.${visitor.token}`]);
    await large.opened;
    large.socket.send("x".repeat(100_000));
    expect(await large.closed).toBe(1009);
  });

  it("speaks server-sent events too", async () => {
    const visitor = await server.visitor();
    const abort = new AbortController();
    const response = await fetch(`${server.url}/v1/visitor/stream?after=0`, {
      headers: { accept: "text/event-stream", authorization: `Bearer ${visitor.token}` },
      signal: abort.signal,
    });
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

describe("the desk's stream", () => {
  it("shows a handed-over session with its ticket", async () => {
    const { cookie } = await login();
    const stream = open("/v1/stream", ["xiaoer.v1"], { cookie, origin: server.url });
    await stream.opened;
    const visitor = await server.visitor("m-1001");
    await visitor.say("转人工");
    await until(
      () =>
        stream.frames.some(
          (frame) =>
            frame.type === "session" && frame.data.contact?.id === visitor.contactId && frame.data.ticket !== undefined,
        ),
      "the session",
    );
    expect(stream.frames.some((frame) => frame.type === "ticket")).toBe(true);
  });

  it("ends within seconds of a logout", async () => {
    const { cookie, token } = await login();
    const stream = open("/v1/stream", ["xiaoer.v1"], { cookie, origin: server.url });
    await stream.opened;
    await server.call("POST", "/v1/auth/logout", { token });
    expect(await stream.closed).toBe(1008);
  });

  it("is not for another site's page", async () => {
    const { cookie } = await login();
    await expect(open("/v1/stream", ["xiaoer.v1"], { cookie, origin: "https://evil.example" }).opened).rejects.toThrow(
      /403/,
    );
  });
});
