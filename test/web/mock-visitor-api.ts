import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { type WebSocket, WebSocketServer } from "ws";
import { z } from "zod";
import { type Content, visitorContentSchema } from "../../src/core/content.ts";

/** The visitor API of the contract, in memory, with a network that can be cut. */
export interface MockVisitorApi {
  readonly url: string;
  readonly network: Network;
  /** Everything visitors sent and the server stored, oldest first. */
  readonly received: readonly StoredMessage[];
  readonly sessions: readonly SessionBody[];
  readonly ratings: readonly unknown[];
  /** Says something to the newest visitor, as the bot unless told otherwise. */
  say(content: Content, author?: Author): void;
  frame(type: "typing" | "session" | "receipt", data: unknown): void;
  /** Ends every open stream, with a close code or as a cut wire. */
  drop(code?: number): void;
  forgetTokens(): void;
  /** What the server does after storing a visitor's message. */
  onMessage: ((message: StoredMessage) => void) | undefined;
  close(): Promise<void>;
}

export interface Network {
  http: boolean;
  webSocket: boolean;
  events: boolean;
  /** Stores the next message, then cuts the wire before its answer. */
  loseNextAnswer: boolean;
  /** Answers the next posted messages with these statuses. */
  refuse: number[];
}

interface Author {
  kind: "contact" | "bot" | "agent" | "system";
  id?: string;
  name?: string;
}

export interface StoredMessage {
  id: string;
  seq: number;
  sessionId: string;
  direction: "inbound" | "outbound";
  author: Author;
  channel: string;
  content: Content;
  at: string;
  delivery?: string;
  clientId?: string;
}

interface Visitor {
  token: string;
  contactId: string;
  conversationId: string;
  member?: string;
  byClientId: Map<string, StoredMessage>;
  events: { cursor: number; type: string; data: unknown }[];
  streams: Set<(event: { cursor: number; type: string; data: unknown }) => void>;
}

const sessionBody = z.strictObject({
  inboxId: z.string(),
  visitorToken: z.string().optional(),
  identity: z.strictObject({ token: z.string() }).optional(),
  locale: z.string().optional(),
  page: z
    .strictObject({
      url: z.url(),
      title: z.string(),
      productId: z.string().optional(),
      orderId: z.string().optional(),
    })
    .optional(),
});
export type SessionBody = z.output<typeof sessionBody>;
const messageBody = z.strictObject({ clientId: z.string().min(1).max(200), content: visitorContentSchema });
const ratingBody = z.strictObject({
  sessionId: z.string(),
  score: z.number().int().min(1).max(5),
  comment: z.string().optional(),
});

export interface MockOptions {
  /** Holds `widget.js` and `demo/`. */
  readonly webDir: string;
  readonly port?: number;
  readonly settings?: Record<string, unknown>;
}

export const strictPolicy =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; media-src 'self' blob:; form-action 'self'; base-uri 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'";

const plainPage = `<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>Shop</title>
<meta name="viewport" content="width=device-width, initial-scale=1, viewport-fit=cover"></head>
<body><main><h1>Shop</h1><button type="button" id="before">A button of the page</button></main>
<script src="/widget.js" data-inbox="web" async></script></body></html>`;

export async function createMockVisitorApi(options: MockOptions): Promise<MockVisitorApi> {
  const network: Network = { http: true, webSocket: true, events: true, loseNextAnswer: false, refuse: [] };
  const visitors = new Map<string, Visitor>();
  const received: StoredMessage[] = [];
  const sessions: SessionBody[] = [];
  const ratings: unknown[] = [];
  const files = new Map<string, { mime: string; bytes: Buffer }>();
  const cut = new Set<(code?: number) => void>();
  let newest: Visitor | undefined;
  let counter = 0;

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      if (error instanceof Refusal) return problem(response, error.status);
      response.destroy();
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://mock");
    if (!url.pathname.startsWith("/v1/")) return serveFile(url.pathname, response);
    if (!network.http) return void request.socket.destroy();
    switch (`${request.method} ${url.pathname}`) {
      case "POST /v1/visitor/sessions":
        return openSession(parse(sessionBody, await json(request)), response);
      case "POST /v1/visitor/messages":
        return takeMessage(request, response);
      case "GET /v1/visitor/messages": {
        const { events } = visitorOf(request);
        const after = Number(url.searchParams.get("after"));
        const items = events.filter(({ type, cursor }) => type === "message" && cursor > after).map(({ data }) => data);
        return answer(response, 200, { items, cursor: String(events.at(-1)?.cursor ?? after) });
      }
      case "GET /v1/visitor/stream":
        return serveEvents(visitorOf(request), Number(url.searchParams.get("after")), response);
      case "POST /v1/visitor/uploads":
        return takeUpload(request, response);
      case "POST /v1/visitor/rating":
        visitorOf(request);
        ratings.push(parse(ratingBody, await json(request)));
        return answer(response, 200, {});
      default:
        throw new Refusal(404);
    }
  }

  function openSession(body: SessionBody, response: ServerResponse): void {
    if (body.inboxId !== "web") throw new Refusal(404);
    if (body.identity?.token === "bad") throw new Refusal(401);
    sessions.push(body);
    const known = body.visitorToken === undefined ? undefined : visitors.get(body.visitorToken);
    const visitor = known ?? newVisitor();
    newest = visitor;
    answer(response, 201, {
      token: visitor.token,
      contactId: visitor.contactId,
      conversationId: visitor.conversationId,
      settings: {
        title: "小二优选",
        color: "#d4380d",
        greeting: "亲，您好！我是小二，订单、退换、尺码都可以问我。",
        locale: "auto",
        online: true,
        ...options.settings,
      },
      messages: visitor.events.filter(({ type }) => type === "message").map(({ data }) => data),
      cursor: String(visitor.events.at(-1)?.cursor ?? 0),
    });
  }

  function newVisitor(): Visitor {
    const id = randomBytes(8).toString("hex");
    const visitor: Visitor = {
      token: randomBytes(32).toString("base64url"),
      contactId: `contact-${id}`,
      conversationId: `conversation-${id}`,
      byClientId: new Map(),
      events: [],
      streams: new Set(),
    };
    visitors.set(visitor.token, visitor);
    return visitor;
  }

  async function takeMessage(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const visitor = visitorOf(request);
    const refused = network.refuse.shift();
    if (refused !== undefined) throw new Refusal(refused);
    const { clientId, content } = parse(messageBody, await json(request));
    const known = visitor.byClientId.get(clientId);
    if (known !== undefined) return answer(response, 200, { message: known });
    const fileUrl = "fileId" in content && content.fileId !== undefined ? { url: `/files/${content.fileId}` } : {};
    const message = store(visitor, {
      direction: "inbound",
      author: { kind: "contact" },
      content: { ...content, ...fileUrl },
      clientId,
    });
    visitor.byClientId.set(clientId, message);
    received.push(message);
    if (network.loseNextAnswer) {
      network.loseNextAnswer = false;
      request.socket.destroy();
    } else answer(response, 201, { message });
    api.onMessage?.(message);
  }

  function store(
    visitor: Visitor,
    said: Pick<StoredMessage, "direction" | "author" | "content" | "clientId">,
  ): StoredMessage {
    counter += 1;
    const message: StoredMessage = {
      id: randomBytes(16).toString("hex"),
      seq: counter,
      sessionId: `session-${visitor.contactId}`,
      channel: "web",
      at: new Date().toISOString(),
      ...said,
    };
    publish(visitor, "message", message);
    return message;
  }

  function publish(visitor: Visitor, type: string, data: unknown): void {
    counter += 1;
    const event = { cursor: counter, type, data };
    if (type !== "typing") visitor.events.push(event);
    for (const send of visitor.streams) send(event);
  }

  function serveEvents(visitor: Visitor, after: number, response: ServerResponse): void {
    if (!network.events) throw new Refusal(503);
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": hello\n\n");
    follow(visitor, {
      after,
      send: (text, cursor) => response.write(`id: ${cursor}\ndata: ${text}\n\n`),
      end: () => response.destroy(),
      onEnd: (done) => response.on("close", done),
    });
  }

  const sockets = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => offered.has("xiaoer.v1") && "xiaoer.v1",
  });
  server.on("upgrade", (request, socket, head) => {
    const url = new URL(request.url ?? "/", "http://mock");
    const protocols = request.headers["sec-websocket-protocol"]?.split(/, */) ?? [];
    const token = protocols.find((name) => name.startsWith("bearer."))?.slice("bearer.".length) ?? "";
    const visitor = visitors.get(token);
    if (!network.http || !network.webSocket || visitor === undefined || !protocols.includes("xiaoer.v1"))
      return socket.destroy();
    sockets.handleUpgrade(request, socket, head, (client: WebSocket) =>
      follow(visitor, {
        after: Number(url.searchParams.get("after")),
        send: (text) => client.send(text),
        end: (code) => (code === undefined ? client.terminate() : client.close(code)),
        onEnd: (done) => client.on("close", done),
      }),
    );
  });

  function follow(
    visitor: Visitor,
    stream: {
      after: number;
      send: (text: string, cursor: number) => void;
      end: (code?: number) => void;
      onEnd: (done: () => void) => void;
    },
  ): void {
    const send = ({ cursor, type, data }: { cursor: number; type: string; data: unknown }) =>
      stream.send(JSON.stringify({ type, cursor: String(cursor), data }), cursor);
    for (const event of visitor.events) if (event.cursor > stream.after) send(event);
    visitor.streams.add(send);
    cut.add(stream.end);
    stream.onEnd(() => {
      visitor.streams.delete(send);
      cut.delete(stream.end);
    });
  }

  async function takeUpload(request: IncomingMessage, response: ServerResponse): Promise<void> {
    visitorOf(request);
    const form = await new Response(await bytesOf(request), {
      headers: { "content-type": request.headers["content-type"] ?? "" },
    }).formData();
    const file = form.get("file");
    if (!(file instanceof File)) throw new Refusal(422);
    const fileId = randomBytes(8).toString("hex");
    files.set(fileId, { mime: file.type, bytes: Buffer.from(await file.arrayBuffer()) });
    answer(response, 201, { fileId, url: `/files/${fileId}`, mime: file.type, size: file.size });
  }

  async function serveFile(path: string, response: ServerResponse): Promise<void> {
    if (path.startsWith("/files/")) {
      const file = files.get(path.slice("/files/".length));
      if (file === undefined) throw new Refusal(404);
      response.writeHead(200, { "content-type": file.mime });
      return void response.end(file.bytes);
    }
    if (path === "/demo/identity") return answer(response, 200, { token: `e30.${btoa('{"sub":"m-1001"}')}.x` });
    const headers = { "content-security-policy": strictPolicy, "x-content-type-options": "nosniff" };
    if (path === "/plain") {
      response.writeHead(200, { ...headers, "content-type": "text/html; charset=utf-8" });
      return void response.end(plainPage);
    }
    const name = path === "/" ? "demo/index.html" : normalize(path);
    const bytes = await readFile(join(options.webDir, name)).catch(() => undefined);
    if (bytes === undefined) throw new Refusal(404);
    response.writeHead(200, { ...headers, "content-type": mimeOf[extname(name)] ?? "application/octet-stream" });
    response.end(bytes);
  }

  function visitorOf(request: IncomingMessage): Visitor {
    const token = request.headers.authorization?.replace(/^Bearer /, "") ?? "";
    const visitor = visitors.get(token);
    if (visitor === undefined) throw new Refusal(401);
    return visitor;
  }

  await new Promise<void>((resolve) => server.listen(options.port ?? 0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;

  const api: MockVisitorApi = {
    url: `http://127.0.0.1:${port}`,
    network,
    received,
    sessions,
    ratings,
    onMessage: undefined,
    say(content, author = { kind: "bot" }) {
      if (newest !== undefined) store(newest, { direction: "outbound", author, content });
    },
    frame(type, data) {
      if (newest !== undefined) publish(newest, type, data);
    },
    drop(code) {
      for (const end of [...cut]) end(code);
    },
    forgetTokens: () => visitors.clear(),
    close: () =>
      new Promise((resolve) => {
        for (const end of [...cut]) end();
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return api;
}

const mimeOf: Record<string, string> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
};

class Refusal extends Error {
  readonly status: number;
  constructor(status: number) {
    super(String(status));
    this.status = status;
  }
}

function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new Refusal(422);
  return result.data;
}

async function bytesOf(request: IncomingMessage): Promise<Buffer<ArrayBuffer>> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function json(request: IncomingMessage): Promise<unknown> {
  if (!request.headers["content-type"]?.startsWith("application/json")) throw new Refusal(415);
  return JSON.parse((await bytesOf(request)).toString("utf8"));
}

function answer(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { "content-type": "application/json" });
  response.end(JSON.stringify(body));
}

function problem(response: ServerResponse, status: number): void {
  // Who has said too much for today.
  const wait = status === 429 ? { "retry-after": "86400" } : {};
  response.writeHead(status, { "content-type": "application/problem+json", ...wait });
  response.end(JSON.stringify({ type: "about:blank", title: "Refused", status, code: "mock.refused" }));
}
