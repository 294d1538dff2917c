/** A whole Xiaoer on Node, in this process, on a database of its own; and the calls a browser or platform would make to it. */

import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { FakeNetworkError, type FakePlatform } from "../../adapters/shared/fake.ts";
import { start } from "../../src/node.ts";

export const ADMIN = { email: "admin@shop.test", password: "correct-horse-battery" };

export interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: tests read whatever the server answers
  readonly body: any;
}

export interface TestServer {
  readonly url: string;
  readonly folder: string;
  call(method: string, path: string, options?: CallOptions): Promise<Answer>;
  /** Logged in as the first admin. */
  admin(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** A visitor of the web inbox, a proven demo member or nobody. */
  visitor(memberId?: string): Promise<TestVisitor>;
  stop(): Promise<void>;
}

export interface CallOptions {
  readonly token?: string;
  readonly body?: unknown;
  readonly raw?: string | Uint8Array<ArrayBuffer>;
  readonly headers?: Record<string, string>;
}

export interface TestVisitor {
  readonly token: string;
  readonly contactId: string;
  say(text: string, options?: { readonly value?: string; readonly clientId?: string }): Promise<Answer>;
  /** Everything since the visitor came, oldest first. */
  messages(): Promise<Answer["body"][]>;
  /** Waits for the next messages to the visitor after what was seen before. */
  hears(count?: number): Promise<Answer["body"][]>;
}

export async function startServer(env: Record<string, string> = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), "xiaoer-"));
  const running = await start({
    PORT: "0",
    DATABASE_URL: `file:${join(folder, "xiaoer.db")}`,
    XIAOER_ADMIN_EMAIL: ADMIN.email,
    XIAOER_ADMIN_PASSWORD: ADMIN.password,
    LOG_LEVEL: "silent",
    ...env,
  });
  return {
    ...connect(running.url),
    folder,
    async stop() {
      await running.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** The same calls against any running server: another process, another home. */
export function connect(url: string): Omit<TestServer, "folder" | "stop"> {
  const call: TestServer["call"] = async (method, path, { token, body, raw, headers } = {}) => {
    const response = await fetch(url + path, {
      method,
      headers: {
        ...(body === undefined ? {} : { "content-type": "application/json" }),
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...headers,
      },
      ...(raw === undefined && body === undefined ? {} : { body: raw ?? JSON.stringify(body) }),
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: readBody(text) };
  };
  let login: Promise<string> | undefined;
  return {
    url,
    call,
    async admin(method, path, body, headers = {}) {
      login ??= call("POST", "/v1/auth/login", { body: ADMIN }).then((answer) => answer.body.token as string);
      return call(method, path, { token: await login, headers, ...(body === undefined ? {} : { body }) });
    },
    async visitor(memberId) {
      const identity =
        memberId === undefined
          ? {}
          : { identity: { token: (await call("GET", `/demo/identity?member=${memberId}`)).body.token } };
      const opened = await call("POST", "/v1/visitor/sessions", { body: { inboxId: "web", ...identity } });
      return visitorOf(call, opened.body);
    },
  };
}

function visitorOf(call: TestServer["call"], opened: Answer["body"]): TestVisitor {
  const { token, contactId } = opened;
  let cursor: string = opened.cursor;
  const after = async (from: string) => (await call("GET", `/v1/visitor/messages?after=${from}`, { token })).body;
  return {
    token,
    contactId,
    say: (text, { value, clientId = crypto.randomUUID() } = {}) =>
      call("POST", "/v1/visitor/messages", {
        token,
        body: { clientId, content: { type: "text", text, ...(value === undefined ? {} : { value }) } },
      }),
    messages: async () => (await after(opened.cursor)).items,
    async hears(count = 1) {
      const heard: Answer["body"][] = [];
      await until(async () => {
        const batch = await after(cursor);
        cursor = batch.cursor;
        heard.push(...batch.items.filter((message: Answer["body"]) => message.direction === "outbound"));
        return heard.length >= count;
      });
      return heard;
    },
  };
}

function readBody(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** Waits for something to become true; fails after ten seconds with what it waited for. */
export async function until(check: () => boolean | Promise<boolean>, what = "the condition"): Promise<void> {
  const deadline = Date.now() + 10_000;
  while (!(await check())) {
    if (Date.now() > deadline) throw new Error(`Waited ten seconds for ${what}.`);
    await new Promise((resolve) => setTimeout(resolve, 15));
  }
}

/** Puts a fake platform behind a real port on loopback, as `apiRoot` wants it. */
export async function serveFake(
  handle: FakePlatform["handle"],
): Promise<{ readonly url: string; stop(): Promise<void> }> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const headers = new Headers();
    for (const [name, value] of Object.entries(request.headers))
      if (typeof value === "string") headers.set(name, value);
    try {
      const answer = await handle(
        new Request(`http://${request.headers.host}${request.url}`, {
          method: request.method ?? "GET",
          headers,
          ...(chunks.length === 0 ? {} : { body: Buffer.concat(chunks) }),
        }),
      );
      response.writeHead(answer.status, Object.fromEntries(answer.headers));
      response.end(Buffer.from(await answer.arrayBuffer()));
    } catch (error) {
      if (!(error instanceof FakeNetworkError)) throw error;
      request.socket.destroy();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async stop() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Posts what a fake platform would to a running server. */
export async function post(server: Pick<TestServer, "url">, inboxId: string, request: Request): Promise<Response> {
  // Some platforms sign in the query.
  return fetch(`${server.url}/webhooks/${inboxId}${new URL(request.url).search}`, {
    method: request.method,
    headers: request.headers,
    body: await request.arrayBuffer(),
  });
}
