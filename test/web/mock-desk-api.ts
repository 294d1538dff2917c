import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize } from "node:path";
import { type WebSocket, WebSocketServer } from "ws";
import { DEFAULT_TONE } from "../../src/core/tone.ts";
import { VARIABLES } from "../../src/desk/variables.ts";
import type { Article, Frame, Message, Session, Task, Ticket } from "../../web/desk/src/api/types.ts";
import { type MockShop, mockShop } from "./mock-desk-data.ts";

const SETTINGS = {
  id: "default",
  name: "云栖家居",
  locale: "zh-CN",
  timeZone: "Asia/Shanghai",
  thresholds: null,
  vipToPerson: false,
  missesToHandoff: 2,
  groups: ["general"],
  hours: "9:00–22:00",
  calendar: null,
  promiseMinutes: 30,
  returnLeftChats: true,
  handleMinutes: 3,
  idleHours: 24,
  tone: DEFAULT_TONE,
  staleTranslations: "answer",
  version: 0,
};

/** The desk's side of the contract over data in memory: strict about logins, CSRF, unknown fields and who owns what. */
export interface MockDesk {
  readonly url: string;
  readonly shop: MockShop;
  readonly requests: readonly { readonly method: string; readonly path: string; readonly body: unknown }[];
  /** Pushes a frame to every desk that is connected. */
  push(type: Frame["type"], data: unknown): void;
  /** A shopper writes. */
  shopperSays(sessionId: string, text: string): Message;
  /** The next request whose `METHOD /path` matches fails this way, once. */
  failNext(path: RegExp, problem: { readonly status: number; readonly code: string }): void;
  dropSockets(): void;
  close(): Promise<void>;
}

const PASSWORD_COOKIE = "xiaoer_login";
const CSP = (nonce: string) =>
  `default-src 'none'; script-src 'self' 'nonce-${nonce}'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; connect-src 'self'; font-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'`;
const TYPES: Readonly<Record<string, string>> = {
  ".js": "text/javascript",
  ".css": "text/css",
  ".html": "text/html",
  ".svg": "image/svg+xml",
};

class Refusal extends Error {
  readonly status: number;
  readonly code: string;
  readonly extra: Record<string, unknown>;
  constructor(status: number, code: string, extra: Record<string, unknown> = {}) {
    super(code);
    this.status = status;
    this.code = code;
    this.extra = extra;
  }
}

type Body = Readonly<Record<string, unknown>>;
interface Call {
  readonly me: MockShop["users"][number];
  readonly query: URLSearchParams;
  readonly body: Body;
  readonly raw: string;
  readonly headers: IncomingMessage["headers"];
  readonly params: readonly string[];
}
type Answer = { readonly status?: number; readonly body?: unknown };
type Route = readonly [
  method: string,
  path: RegExp,
  fields: readonly string[] | undefined,
  run: (call: Call) => Answer,
];

export async function startMockDesk({
  root,
  port = 0,
}: {
  readonly root: string;
  readonly port?: number;
}): Promise<MockDesk> {
  const shop = mockShop();
  const logins = new Map<string, { readonly userId: string; readonly csrf: string }>();
  const requests: { method: string; path: string; body: unknown }[] = [];
  const failures: { path: RegExp; problem: { status: number; code: string } }[] = [];
  const sockets = new Set<WebSocket>();
  const sent = new Map<string, Message>();
  let cursor = 0;
  let seq = 1000;

  const push = (type: Frame["type"], data: unknown) => {
    cursor += 1;
    for (const socket of sockets) socket.send(JSON.stringify({ type, cursor: String(cursor), data }));
  };
  const find = <T extends { readonly id: string }>(list: readonly T[], id: string | undefined): T => {
    const item = list.find((other) => other.id === id);
    if (item === undefined) throw new Refusal(404, "not_found");
    return item;
  };
  const change = <T extends { readonly id: string }>(list: T[], item: T): T => {
    list.splice(
      list.findIndex((other) => other.id === item.id),
      1,
      item,
    );
    return item;
  };
  const changeSession = (id: string, to: Partial<Session>) => {
    const session = change(shop.sessions, { ...find(shop.sessions, id), ...to });
    push("session", session);
    return session;
  };
  const changeTicket = (
    id: string,
    to: Partial<Ticket>,
    kind: string,
    by: string,
    data: Record<string, unknown> = {},
  ) => {
    const old = find(shop.tickets, id);
    const activity = [...old.activity, { id: randomUUID(), kind, by, at: new Date().toISOString(), data }];
    const ticket = change(shop.tickets, { ...old, ...to, version: old.version + 1, activity });
    const { context: _, notes: __, activity: ___, ...item } = ticket;
    push("ticket", item);
    return ticket;
  };
  const sessionOf = (ticket: Ticket) => find(shop.sessions, ticket.sessionIds.at(-1));
  const own = (ticket: Ticket, me: Call["me"]) => {
    const session = sessionOf(ticket);
    if (session.owner !== me.id)
      throw new Refusal(409, "session.epoch_changed", {
        current: { owner: session.owner, ownerName: session.ownerName, ownerEpoch: session.ownerEpoch },
      });
    return session;
  };
  const without = (session: Session): Session => {
    const { ownerName: _, ...rest } = session;
    return rest;
  };
  const moveTo = (session: Session, state: Session["state"], owner: string, ownerName?: string) => {
    change(shop.sessions, without(session));
    return changeSession(session.id, {
      state,
      owner,
      ownerEpoch: session.ownerEpoch + 1,
      unread: 0,
      ...(ownerName && { ownerName }),
    });
  };
  const page = <T>(items: readonly T[], query: URLSearchParams) => {
    const from = Number(query.get("cursor") || 0);
    const limit = Number(query.get("limit") || 50);
    if (limit > 100) throw new Refusal(422, "request.invalid");
    return {
      body: { items: items.slice(from, from + limit), next: from + limit < items.length ? String(from + limit) : null },
    };
  };
  const matching = (q: string | null, ...texts: (string | undefined)[]) =>
    !q || texts.some((text) => text?.toLowerCase().includes(q.toLowerCase()));
  const saved = (message: Message) => {
    shop.messages.push(message);
    push("message", message);
    return message;
  };
  const match = (text: string) => {
    const grams = new Set([...text].flatMap((_, at) => [text.slice(at, at + 2)]).filter((gram) => gram.length === 2));
    const matches = shop.articles
      .filter((article) => article.publishedVersion !== undefined)
      .map((article) => {
        const words = [article.question, ...article.phrasings, ...article.keywords].join(" ");
        const hits = [...grams].filter((gram) => words.includes(gram));
        const score = Math.min(0.98, (hits.length / Math.max(2, grams.size)) * 1.1);
        return {
          articleId: article.id,
          question: article.question,
          answer: article.answer.replaceAll(/\{\{[^}]*\}\}/g, "20261117-8812"),
          score,
          why: hits.map((term, at) => ({ term, via: at % 2 ? "synonym" : "exact", weight: 1 / (at + 1.5) })),
        };
      })
      .filter((item) => item.score > 0.15)
      .sort((a, b) => b.score - a.score)
      .slice(0, 5);
    const best = matches[0]?.score ?? 0;
    return { decision: best >= 0.6 ? "answer" : best >= 0.3 ? "suggest" : "none", matches };
  };
  const articleFields = [
    "question",
    "phrasings",
    "keywords",
    "answer",
    "answers",
    "skill",
    "category",
    "locale",
    "validFrom",
    "validUntil",
  ];
  const versions = new Map<
    string,
    { version: number; at: string; by: string; published: boolean; article: Article }[]
  >();
  const keep = (article: Article, by: string, published: boolean) => {
    const list = versions.get(article.id) ?? [];
    versions.set(article.id, [
      { version: article.version, at: new Date().toISOString(), by, published, article },
      ...list.filter((item) => item.version !== article.version),
    ]);
    push("article", { id: article.id, status: article.status, version: article.version });
    return article;
  };
  for (const article of shop.articles) {
    const published = article.publishedVersion ?? 0;
    versions.set(
      article.id,
      Array.from({ length: article.version }, (_, index) => article.version - index).map((version) => ({
        version,
        at: new Date(Date.now() - (article.version - version + 1) * 86_400_000).toISOString(),
        by: "陆瑶",
        published: version === published,
        article:
          version === article.version
            ? article
            : { ...article, answer: article.answer.slice(0, -4), keywords: article.keywords.slice(0, 1) },
      })),
    );
  }
  const tasks = new Map<string, Task>();
  const string = { type: "string" };
  const secret = { type: "string", secret: true, minLength: 1 };
  const channels = [
    {
      channel: "web",
      title: { zh: "网页", en: "Web" },
      capabilities: {},
      configSchema: {
        type: "object",
        properties: {
          title: { ...string, title: { zh: "标题", en: "Title" } },
          greeting: {
            ...string,
            title: { zh: "欢迎语", en: "Greeting" },
            help: { zh: "打开聊天窗时显示", en: "Shown when the chat opens" },
          },
          color: { ...string, pattern: "^#[0-9a-f]{6}$", default: "#0d6b60", title: { zh: "主题色", en: "Colour" } },
          locale: {
            type: "string",
            enum: ["zh-CN", "zh-TW", "en", "ja"],
            default: "zh-CN",
            title: { zh: "语言", en: "Language" },
          },
          allowedOrigins: {
            type: "array",
            items: string,
            title: { zh: "允许的网站", en: "Allowed origins" },
            help: { zh: "例如 https://shop.example", en: "Such as https://shop.example" },
          },
          identitySecret: { ...secret, minLength: 32, title: { zh: "身份签名密钥", en: "Identity secret" } },
        },
        required: ["title"],
      },
    },
    {
      channel: "telegram",
      title: "Telegram",
      capabilities: {},
      configSchema: {
        type: "object",
        properties: {
          token: { ...secret, title: { zh: "机器人令牌", en: "Bot token" } },
          secretToken: { ...secret, title: { zh: "Webhook 密钥", en: "Secret token" } },
          apiRoot: { type: "string", format: "uri", title: { zh: "API 地址", en: "API root" } },
        },
        required: ["token", "secretToken"],
      },
    },
    {
      channel: "teams",
      title: "Microsoft Teams",
      capabilities: {},
      configSchema: {
        type: "object",
        properties: {
          appId: string,
          appPassword: secret,
          appType: { type: "string", enum: ["MultiTenant", "SingleTenant"] },
          allowPlain: { type: "boolean" },
        },
        required: ["appId", "appPassword", "appType"],
      },
    },
  ];

  const routes: readonly Route[] = [
    [
      "GET",
      /^\/v1\/me$/,
      undefined,
      ({ me, headers }) => ({
        body: {
          user: { id: me.id, name: me.name, email: me.email, role: me.role },
          shop: { id: "shop", name: "云栖家居", locale: "zh-CN", timeZone: "Asia/Shanghai" },
          csrf: logins.get(cookieOf(headers))?.csrf,
          groups: ["售后", "账户安全", "海外"],
        },
      }),
    ],
    [
      "POST",
      /^\/v1\/auth\/logout$/,
      [],
      ({ headers }) => {
        logins.delete(cookieOf(headers));
        return { status: 204 };
      },
    ],
    [
      "GET",
      /^\/v1\/agents$/,
      undefined,
      () => ({
        body: {
          items: shop.users
            .filter((user) => !user.disabled)
            .map(({ id, name, role }) => ({ id, name, role, online: id !== "u_lu" })),
        },
      }),
    ],
    [
      "GET",
      /^\/v1\/sessions\/counts$/,
      undefined,
      ({ me }) => {
        const count = (run: (session: Session) => boolean) => shop.sessions.filter(run).length;
        return {
          body: {
            bot: count((s) => s.state === "bot"),
            queued: count((s) => s.state === "queued"),
            mine: count((s) => s.state === "agent" && s.owner === me.id),
            agent: count((s) => s.state === "agent"),
            closed: count((s) => s.state === "closed"),
          },
        };
      },
    ],
    [
      "GET",
      /^\/v1\/sessions$/,
      undefined,
      ({ query }) =>
        page(
          shop.sessions
            .filter(
              (session) =>
                (!query.get("state") || session.state === query.get("state")) &&
                (!query.get("assignee") || session.owner === query.get("assignee")) &&
                matching(query.get("q"), session.contact.name, session.preview),
            )
            .sort((a, b) => b.lastMessageAt.localeCompare(a.lastMessageAt)),
          query,
        ),
    ],
    ["GET", /^\/v1\/sessions\/([^/]+)$/, undefined, ({ params }) => ({ body: find(shop.sessions, params[0]) })],
    [
      "GET",
      /^\/v1\/sessions\/([^/]+)\/messages$/,
      undefined,
      ({ params, query }) =>
        page(
          shop.messages.filter((message) => message.sessionId === params[0]).sort((a, b) => b.seq - a.seq),
          query,
        ),
    ],
    [
      "POST",
      /^\/v1\/sessions\/([^/]+)\/take$/,
      [],
      ({ params, me }) => {
        const session = find(shop.sessions, params[0]);
        if (session.state !== "bot")
          throw new Refusal(409, "session.epoch_changed", {
            current: { owner: session.owner, ownerName: session.ownerName, ownerEpoch: session.ownerEpoch },
          });
        const at = new Date().toISOString();
        const context = {
          ...(shop.tickets[0] as Ticket).context,
          reason: { code: "agent_takeover", words: "" },
          summary: session.preview ?? "",
          attempts: [],
          orders: [],
          suggestions: [],
          similar: [],
          promises: [],
          entities: {},
          mood: "calm" as const,
        };
        const ticket: Ticket = {
          id: `t_${session.id}`,
          number: "T-261120-0099",
          status: "claimed",
          priority: "normal",
          group: "售后",
          assignee: me.id,
          assigneeName: me.name,
          contact: session.contact,
          sessionIds: [session.id],
          orderIds: [],
          tags: [],
          version: 1,
          createdAt: at,
          claimedAt: at,
          context,
          notes: [],
          activity: [],
        };
        shop.tickets.push(ticket);
        change(shop.sessions, { ...session, ticketId: ticket.id });
        return { body: { session: moveTo(find(shop.sessions, session.id), "agent", me.id, me.name), ticket } };
      },
    ],
    [
      "POST",
      /^\/v1\/sessions\/([^/]+)\/read$/,
      [],
      ({ params }) => ({ body: { session: changeSession(params[0] ?? "", { unread: 0 }) } }),
    ],
    ["POST", /^\/v1\/sessions\/([^/]+)\/typing$/, ["on"], () => ({ status: 204 })],
    [
      "GET",
      /^\/v1\/tickets$/,
      undefined,
      ({ query }) =>
        page(
          shop.tickets
            .filter(
              (ticket) =>
                ["status", "group", "assignee", "priority"].every(
                  (name) => !query.get(name) || ticket[name as "status"] === query.get(name),
                ) && matching(query.get("q"), ticket.number, ticket.contact?.name, ticket.summary),
            )
            .map(({ context: _, notes: __, activity: ___, ...item }) => item),
          query,
        ),
    ],
    ["GET", /^\/v1\/tickets\/([^/]+)$/, undefined, ({ params }) => ({ body: find(shop.tickets, params[0]) })],
    [
      "POST",
      /^\/v1\/tickets\/([^/]+)\/claim$/,
      [],
      ({ params, me }) => {
        const ticket = find(shop.tickets, params[0]);
        const session = sessionOf(ticket);
        if (ticket.status !== "open")
          throw new Refusal(409, "ticket.already_claimed", {
            current: { owner: session.owner, ownerName: session.ownerName, ownerEpoch: session.ownerEpoch },
          });
        const claimed = changeTicket(
          ticket.id,
          { status: "claimed", assignee: me.id, assigneeName: me.name, claimedAt: new Date().toISOString() },
          "claimed",
          me.name,
        );
        return { body: { ticket: claimed, session: moveTo(session, "agent", me.id, me.name) } };
      },
    ],
    [
      "POST",
      /^\/v1\/tickets\/([^/]+)\/messages$/,
      ["clientId", "content", "ownerEpoch", "conversationId"],
      ({ params, body, me }) => {
        const ticket = find(shop.tickets, params[0]);
        const clientId = String(body.clientId);
        const before = sent.get(clientId);
        if (before) return { status: 200, body: { message: before } };
        const session = own(ticket, me);
        if (body.ownerEpoch !== undefined && body.ownerEpoch !== session.ownerEpoch)
          throw new Refusal(409, "session.epoch_changed", {
            current: { owner: session.owner, ownerEpoch: session.ownerEpoch },
          });
        seq += 1;
        const at = new Date().toISOString();
        const message = saved({
          id: `m_${seq}`,
          seq,
          sessionId: session.id,
          direction: "outbound",
          author: { kind: "agent", id: me.id, name: me.name },
          channel: session.channel,
          content: body.content as Message["content"],
          at,
          delivery: "pending",
          clientId,
        });
        sent.set(clientId, message);
        if (ticket.firstReplyAt === undefined) changeTicket(ticket.id, { firstReplyAt: at }, "first_reply", me.name);
        const { waitingSince: _, ...rest } = find(shop.sessions, session.id);
        change(shop.sessions, rest);
        changeSession(session.id, {
          unread: 0,
          lastMessageAt: at,
          preview: message.content.type === "text" ? message.content.text : "",
        });
        setTimeout(() => push("receipt", { messageId: message.id, delivery: "delivered" }), 120);
        return { status: 201, body: { message } };
      },
    ],
    [
      "POST",
      /^\/v1\/tickets\/([^/]+)\/notes$/,
      ["text"],
      ({ params, body, me }) => {
        const note = {
          id: randomUUID(),
          author: { id: me.id, name: me.name },
          text: String(body.text),
          at: new Date().toISOString(),
        };
        const ticket = find(shop.tickets, params[0]);
        changeTicket(ticket.id, { notes: [...ticket.notes, note] }, "note", me.name);
        return { status: 201, body: { note } };
      },
    ],
    [
      "POST",
      /^\/v1\/tickets\/([^/]+)\/transfer$/,
      ["group", "agentId", "reason"],
      ({ params, body, me }) => {
        const ticket = find(shop.tickets, params[0]);
        const session = own(ticket, me);
        if (!body.reason) throw new Refusal(422, "request.invalid");
        const target = shop.users.find((user) => user.id === body.agentId);
        const moved = target ? moveTo(session, "agent", target.id, target.name) : moveTo(session, "queued", "queue");
        return {
          body: {
            ticket: changeTicket(
              ticket.id,
              target
                ? { assignee: target.id, assigneeName: target.name }
                : { status: "open", group: String(body.group) },
              "transferred",
              me.name,
              { to: target?.name ?? body.group, reason: body.reason },
            ),
            session: moved,
          },
        };
      },
    ],
    [
      "POST",
      /^\/v1\/tickets\/([^/]+)\/release$/,
      [],
      ({ params, me }) => {
        const ticket = find(shop.tickets, params[0]);
        moveTo(own(ticket, me), "queued", "queue");
        return { body: { ticket: changeTicket(ticket.id, { status: "open" }, "released", me.name) } };
      },
    ],
    [
      "POST",
      /^\/v1\/tickets\/([^/]+)\/return-to-bot$/,
      [],
      ({ params, me }) => {
        const ticket = find(shop.tickets, params[0]);
        moveTo(own(ticket, me), "bot", "bot");
        return {
          body: {
            ticket: changeTicket(
              ticket.id,
              { status: "resolved", resolvedAt: new Date().toISOString() },
              "returned_to_bot",
              me.name,
            ),
          },
        };
      },
    ],
    [
      "POST",
      /^\/v1\/tickets\/([^/]+)\/resolve$/,
      ["note", "toShopper", "writeBack"],
      ({ params, body, me }) => {
        const ticket = find(shop.tickets, params[0]);
        const session = own(ticket, me);
        seq += 1;
        if (body.toShopper)
          saved({
            id: `m_${seq}`,
            seq,
            sessionId: session.id,
            direction: "outbound",
            author: { kind: "agent", id: me.id, name: me.name },
            channel: session.channel,
            content: { type: "text", text: String(body.toShopper) },
            at: new Date().toISOString(),
            delivery: "sent",
          });
        changeSession(session.id, {
          state: "closed",
          closedAt: new Date().toISOString(),
          closedBy: "agent",
          ownerEpoch: session.ownerEpoch + 1,
        });
        return {
          body: {
            ticket: changeTicket(
              ticket.id,
              { status: "resolved", resolvedAt: new Date().toISOString() },
              "resolved",
              me.name,
            ),
          },
        };
      },
    ],
    [
      "POST",
      /^\/v1\/tickets\/([^/]+)\/reopen$/,
      [],
      ({ params, me }) => ({
        body: { ticket: changeTicket(params[0] ?? "", { status: "open" }, "reopened", me.name) },
      }),
    ],
    [
      "POST",
      /^\/v1\/tickets\/([^/]+)\/priority$/,
      ["priority"],
      ({ params, body, me }) => ({
        body: {
          ticket: changeTicket(
            params[0] ?? "",
            { priority: body.priority as Ticket["priority"] },
            "priority",
            me.name,
            { to: body.priority },
          ),
        },
      }),
    ],
    [
      "POST",
      /^\/v1\/tickets\/([^/]+)\/tags$/,
      ["tags"],
      ({ params, body, me }) => ({
        body: { ticket: changeTicket(params[0] ?? "", { tags: body.tags as string[] }, "tags", me.name) },
      }),
    ],
    ["GET", /^\/v1\/contacts\/([^/]+)$/, undefined, ({ params }) => ({ body: find(shop.contacts, params[0]) })],
    [
      "GET",
      /^\/v1\/contacts\/([^/]+)\/orders$/,
      undefined,
      ({ params, query }) => ({
        body: {
          items: shop.orders.get(params[0] ?? "") ?? [],
          freshness: {
            state: query.get("fresh") ? "live" : "cached",
            at: new Date(Date.now() - (query.get("fresh") ? 0 : 360_000)).toISOString(),
            source: "demo-shop",
          },
        },
      }),
    ],
    [
      "GET",
      /^\/v1\/contacts\/([^/]+)\/history$/,
      undefined,
      ({ params, query }) => {
        const ids = new Set(
          shop.sessions.filter((session) => session.contact.id === params[0]).map((session) => session.id),
        );
        return page(
          shop.messages.filter((message) => ids.has(message.sessionId)).sort((a, b) => b.seq - a.seq),
          query,
        );
      },
    ],
    [
      "POST",
      /^\/v1\/contacts\/([^/]+)\/reveal$/,
      ["field", "reason"],
      ({ body }) => ({
        body: {
          value: body.field === "phone" ? "13812346721" : "mei.lin@shop.example",
          until: new Date(Date.now() + 30_000).toISOString(),
        },
      }),
    ],
    [
      "GET",
      /^\/v1\/articles$/,
      undefined,
      ({ query }) =>
        page(
          shop.articles.filter(
            (article) =>
              ["status", "category", "locale"].every(
                (name) => !query.get(name) || article[name as "status"] === query.get(name),
              ) && matching(query.get("q"), article.question, article.answer, ...article.keywords),
          ),
          query,
        ),
    ],
    [
      "POST",
      /^\/v1\/articles$/,
      articleFields,
      ({ body, me }) => {
        const article = {
          id: `a_${randomUUID().slice(0, 8)}`,
          phrasings: [],
          keywords: [],
          answers: [],
          ...body,
          status: "draft",
          version: 1,
          updatedAt: new Date().toISOString(),
          hits7d: 0,
        } as unknown as Article;
        shop.articles.unshift(article);
        return { status: 201, body: keep(article, me.name, false) };
      },
    ],
    ["GET", /^\/v1\/articles\/([^/]+)$/, undefined, ({ params }) => ({ body: find(shop.articles, params[0]) })],
    [
      "PATCH",
      /^\/v1\/articles\/([^/]+)$/,
      articleFields,
      ({ params, body, headers, me }) => {
        const article = find(shop.articles, params[0]);
        if (String(headers["if-match"]).replaceAll('"', "") !== String(article.version))
          throw new Refusal(412, "article.version_changed", { current: article });
        const cleared = Object.fromEntries(
          Object.entries({ ...article, ...body }).filter(([, value]) => value !== null),
        ) as unknown as Article;
        return {
          body: keep(
            change(shop.articles, {
              ...cleared,
              status: "draft",
              version: article.version + 1,
              updatedAt: new Date().toISOString(),
            }),
            me.name,
            false,
          ),
        };
      },
    ],
    [
      "DELETE",
      /^\/v1\/articles\/([^/]+)$/,
      [],
      ({ params }) => {
        shop.articles.splice(shop.articles.indexOf(find(shop.articles, params[0])), 1);
        return { status: 204 };
      },
    ],
    [
      "POST",
      /^\/v1\/articles\/([^/]+)\/publish$/,
      [],
      ({ params, me }) => {
        const article = find(shop.articles, params[0]);
        return {
          body: keep(
            change(shop.articles, { ...article, status: "published", publishedVersion: article.version }),
            me.name,
            true,
          ),
        };
      },
    ],
    [
      "GET",
      /^\/v1\/articles\/([^/]+)\/versions$/,
      undefined,
      ({ params }) => ({ body: { items: versions.get(params[0] ?? "") ?? [], next: null } }),
    ],
    [
      "POST",
      /^\/v1\/articles\/([^/]+)\/rollback$/,
      ["version"],
      ({ params, body, me }) => {
        const article = find(shop.articles, params[0]);
        const old = versions.get(article.id)?.find((item) => item.version === body.version);
        if (old === undefined) throw new Refusal(404, "not_found");
        const version = article.version + 1;
        return {
          body: keep(
            change(shop.articles, { ...old.article, version, publishedVersion: version, status: "published" }),
            me.name,
            true,
          ),
        };
      },
    ],
    [
      "POST",
      /^\/v1\/knowledge\/match$/,
      ["text", "locale", "channel", "limit"],
      ({ body }) => ({ body: match(String(body.text)) }),
    ],
    [
      "POST",
      /^\/v1\/articles\/preview$/,
      ["text", "article", "contactId", "orderId", "locale", "tone", "at"],
      ({ body }) => {
        const { decision, matches } = match(String(body.text));
        const own = (body.article as { id?: string } | undefined)?.id;
        return {
          body: {
            decision,
            locale: "zh-CN",
            at: new Date().toISOString(),
            matches: matches.map(({ answer: _answer, ...one }) => ({
              ...one,
              version: 1,
              edited: one.articleId === own,
            })),
            conflicts: [],
            channels: [
              {
                channel: "web",
                inboxId: "in_web",
                name: "网站",
                messages: [{ type: "text", text: matches[0]?.answer ?? "…" }],
                warnings: [],
              },
              {
                channel: "telegram",
                inboxId: "in_tg",
                name: "Telegram",
                messages: [{ type: "text", text: matches[0]?.answer ?? "…" }],
                warnings: [{ code: "split", count: 2 }],
              },
            ],
          },
        };
      },
    ],
    [
      "GET",
      /^\/v1\/knowledge\/categories$/,
      undefined,
      ({ query }) => {
        const counts = new Map<string, number>();
        for (const { category } of shop.articles) if (category) counts.set(category, (counts.get(category) ?? 0) + 1);
        return page(
          [...counts].map(([category, count]) => ({ category, count })),
          query,
        );
      },
    ],
    [
      "GET",
      /^\/v1\/knowledge\/people$/,
      undefined,
      ({ query }) =>
        page(
          shop.users.map(({ id, name, role }) => ({ id, name, role })),
          query,
        ),
    ],
    [
      "POST",
      /^\/v1\/knowledge\/import$/,
      undefined,
      ({ raw, query }) => {
        const lines = raw.split("\n").filter(Boolean);
        const bad = lines
          .map((line, index) => ({ line: index + 1, ok: line.startsWith("{") && line.includes("question") }))
          .filter((item) => !item.ok);
        const id = randomUUID();
        const task: Task = {
          id,
          kind: "knowledge.import",
          state: "running",
          progress: { done: 0, total: lines.length },
        };
        tasks.set(id, task);
        setTimeout(() => {
          const done: Task = {
            ...task,
            state: bad.length > 0 ? "failed" : "done",
            progress: { done: lines.length, total: lines.length },
            result: {
              dryRun: query.get("dryRun") === "1",
              created: lines.length - bad.length,
              updated: 0,
              unchanged: 0,
              invalid: bad.length,
            },
            errors: bad.map((item) => ({
              line: item.line,
              code: "knowledge.invalid_line",
              message: "The line is not an article.",
            })),
          };
          tasks.set(id, done);
          push("task", done);
        }, 300);
        return { status: 202, body: { taskId: id } };
      },
    ],
    ["GET", /^\/v1\/tasks\/([^/]+)$/, undefined, ({ params }) => ({ body: tasks.get(params[0] ?? "") })],
    [
      "GET",
      /^\/v1\/knowledge\/gaps$/,
      undefined,
      ({ query }) =>
        page(
          [
            {
              id: "g1",
              sample: "券可以叠加吗",
              questions: ["券可以叠加吗", "两张券能一起用吗", "满减券叠加"],
              count: 14,
              transferRate: 0.6,
              lastAt: new Date().toISOString(),
            },
          ],
          query,
        ),
    ],
    [
      "POST",
      /^\/v1\/knowledge\/gaps\/([^/]+)\/(accept|ignore)$/,
      ["articleId", "article", "questions"],
      () => ({ body: {} }),
    ],
    ["GET", /^\/v1\/knowledge\/gaps\/learned$/, undefined, ({ query }) => page([], query)],
    ["GET", /^\/v1\/corrections$/, undefined, ({ query }) => page([], query)],
    ["GET", /^\/v1\/channels$/, undefined, () => ({ body: channels })],
    ["GET", /^\/v1\/shop$/, undefined, () => ({ body: SETTINGS })],
    [
      "GET",
      /^\/v1\/knowledge\/variables$/,
      undefined,
      () => ({ body: { items: VARIABLES.map(({ name, title, sample }) => ({ name, title, sample })), next: null } }),
    ],
    ["GET", /^\/v1\/inboxes$/, undefined, () => ({ body: { items: shop.inboxes, next: null } })],
    [
      "POST",
      /^\/v1\/inboxes$/,
      ["id", "channel", "name", "config"],
      ({ body }) => {
        const id = `in_${randomUUID().slice(0, 6)}`;
        const inbox = {
          id,
          channel: String(body.channel),
          name: String(body.name),
          config: masked(body.config as Body),
          webhookUrl: `http://127.0.0.1:8787/webhooks/${id}`,
          status: { state: "active" },
        };
        shop.inboxes.push(inbox);
        return { status: 201, body: inbox };
      },
    ],
    ["GET", /^\/v1\/inboxes\/([^/]+)$/, undefined, ({ params }) => ({ body: find(shop.inboxes, params[0]) })],
    [
      "PATCH",
      /^\/v1\/inboxes\/([^/]+)$/,
      ["name", "config"],
      ({ params, body }) => ({
        body: change(shop.inboxes, {
          ...find(shop.inboxes, params[0]),
          ...body,
          config: masked(body.config as Body),
        }),
      }),
    ],
    [
      "DELETE",
      /^\/v1\/inboxes\/([^/]+)$/,
      [],
      ({ params }) => {
        shop.inboxes.splice(shop.inboxes.indexOf(find(shop.inboxes, params[0])), 1);
        return { status: 204 };
      },
    ],
    [
      "POST",
      /^\/v1\/inboxes\/([^/]+)\/check$/,
      [],
      ({ params }) => ({
        body: [
          {
            check: "credentials",
            ok: params[0] !== "in_tg",
            detail: params[0] === "in_tg" ? "401 Unauthorized" : "ok",
          },
          { check: "webhook", ok: true, detail: "Set to our URL" },
          { check: "first message in", ok: false, detail: "Nothing received yet" },
        ],
      }),
    ],
    ["GET", /^\/v1\/deliveries$/, undefined, ({ query }) => page(shop.dead, query)],
    [
      "POST",
      /^\/v1\/deliveries\/([^/]+)\/resend$/,
      [],
      ({ params }) => {
        shop.dead.splice(0, 1);
        return { body: { id: params[0] } };
      },
    ],
    [
      "GET",
      /^\/v1\/users$/,
      undefined,
      () => ({ body: { items: shop.users.map(({ password: _, ...user }) => user), next: null } }),
    ],
    [
      "POST",
      /^\/v1\/users$/,
      ["name", "email", "role", "password", "groups"],
      ({ body }) => {
        const user = { id: `u_${randomUUID().slice(0, 4)}`, ...body } as unknown as MockShop["users"][number];
        shop.users.push(user);
        return { status: 201, body: user };
      },
    ],
    [
      "PATCH",
      /^\/v1\/users\/([^/]+)$/,
      ["name", "role", "disabled", "password", "groups"],
      ({ params, body }) => ({ body: change(shop.users, { ...find(shop.users, params[0]), ...body }) }),
    ],
    [
      "GET",
      /^\/v1\/audit$/,
      undefined,
      ({ query }) =>
        page(
          [
            {
              seq: 2,
              at: new Date().toISOString(),
              actor: { id: "u_mei", name: "沈梅" },
              action: "contact.reveal",
              target: "contact c_lin",
              result: "ok",
              requestId: "r-1",
            },
            {
              seq: 1,
              at: new Date().toISOString(),
              actor: { id: "u_mei", name: "沈梅" },
              action: "auth.login",
              result: "ok",
              requestId: "r-0",
            },
          ],
          query,
        ),
    ],
    ["GET", /^\/v1\/audit\/verify$/, undefined, () => ({ body: { ok: true, rows: 2 } })],
  ];

  const answer = async (request: IncomingMessage, url: URL): Promise<Answer & { readonly cookie?: string }> => {
    const method = request.method ?? "GET";
    const raw = await readBody(request);
    const json = (request.headers["content-type"] ?? "").includes("application/json");
    const body = json && raw !== "" ? (JSON.parse(raw) as Body) : {};
    requests.push({ method, path: url.pathname + url.search, body });
    const failure = failures.findIndex((item) => item.path.test(`${method} ${url.pathname}`));
    if (failure !== -1) {
      const [item] = failures.splice(failure, 1);
      if (item) throw new Refusal(item.problem.status, item.problem.code);
    }
    if (method === "POST" && url.pathname === "/v1/auth/login") {
      const user = shop.users.find(
        (item) => item.email === body.email && item.password === body.password && !item.disabled,
      );
      if (user === undefined) throw new Refusal(401, "auth.wrong_password");
      const token = randomUUID();
      logins.set(token, { userId: user.id, csrf: randomUUID() });
      return {
        body: {
          token,
          expiresAt: new Date(Date.now() + 1e7).toISOString(),
          user: { id: user.id, name: user.name, email: user.email, role: user.role },
        },
        cookie: token,
      };
    }
    const login = logins.get(cookieOf(request.headers));
    const me = shop.users.find((user) => user.id === login?.userId);
    if (login === undefined || me === undefined) throw new Refusal(401, "auth.required");
    if (method !== "GET" && request.headers["x-xiaoer-csrf"] !== login.csrf) throw new Refusal(403, "auth.csrf");
    for (const [verb, path, fields, run] of routes) {
      const found = verb === method ? path.exec(url.pathname) : null;
      if (found === null) continue;
      const unknown = fields === undefined ? [] : Object.keys(body).filter((name) => !fields.includes(name));
      if (unknown.length > 0)
        throw new Refusal(422, "request.invalid", {
          errors: unknown.map((path) => ({ path, message: "Unknown field." })),
        });
      return run({ me, query: url.searchParams, body, raw, headers: request.headers, params: found.slice(1) });
    }
    throw new Refusal(404, "not_found");
  };

  const server = createServer((request, response) => {
    void (async () => {
      const url = new URL(request.url ?? "/", "http://mock");
      if (!url.pathname.startsWith("/v1/")) return sendFile(response, root, url.pathname);
      try {
        const { status = 200, body, cookie } = await answer(request, url);
        response.writeHead(status, {
          "content-type": "application/json",
          "x-request-id": randomUUID(),
          ...(cookie && { "set-cookie": `${PASSWORD_COOKIE}=${cookie}; HttpOnly; SameSite=Strict; Path=/` }),
        });
        response.end(body === undefined ? "" : JSON.stringify(body));
      } catch (error) {
        const refusal = error instanceof Refusal ? error : new Refusal(500, "internal");
        if (!(error instanceof Refusal)) console.error(error);
        response.writeHead(refusal.status, { "content-type": "application/problem+json" });
        response.end(
          JSON.stringify({
            type: "about:blank",
            title: refusal.code,
            status: refusal.status,
            code: refusal.code,
            requestId: "mock",
            ...refusal.extra,
          }),
        );
      }
    })();
  });
  const hub = new WebSocketServer({
    noServer: true,
    handleProtocols: (offered) => (offered.has("xiaoer.v1") ? "xiaoer.v1" : false),
  });
  server.on("upgrade", (request, socket, head) => {
    if (!logins.has(cookieOf(request.headers))) return socket.destroy();
    hub.handleUpgrade(request, socket, head, (client) => {
      sockets.add(client);
      client.on("close", () => sockets.delete(client));
      client.send(JSON.stringify({ type: "ready", cursor: String(cursor) }));
    });
  });
  await new Promise<void>((resolve) => server.listen(port, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    shop,
    requests,
    push,
    shopperSays(sessionId, text) {
      seq += 1;
      const session = find(shop.sessions, sessionId);
      const at = new Date().toISOString();
      const message = saved({
        id: `m_${seq}`,
        seq,
        sessionId,
        direction: "inbound",
        author: { kind: "contact" },
        channel: session.channel,
        content: { type: "text", text },
        at,
      });
      changeSession(sessionId, {
        preview: text,
        unread: session.unread + 1,
        lastMessageAt: at,
        lastInboundAt: at,
        waitingSince: session.waitingSince ?? at,
      });
      return message;
    },
    failNext: (path, problem) => void failures.push({ path, problem }),
    dropSockets: () => {
      for (const socket of sockets) socket.terminate();
    },
    close: () => closeServer(server, sockets),
  };
}

const cookieOf = (headers: IncomingMessage["headers"]) =>
  new RegExp(`${PASSWORD_COOKIE}=([^;]+)`).exec(headers.cookie ?? "")?.[1] ?? "";
const masked = (config: Body): Body =>
  Object.fromEntries(
    Object.entries(config).map(([key, value]) => [key, /secret|token|password/i.test(key) ? "••••" : value]),
  );

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString("utf8");
}

async function sendFile(response: ServerResponse, root: string, path: string): Promise<void> {
  const relative = normalize(path.replace(/^\/desk\/?/, "")).replace(/^(\.\.[/\\])+/, "");
  const isAsset = relative.startsWith("assets/");
  const nonce = randomUUID().replaceAll("-", "");
  try {
    const packed = isAsset ? await readFile(join(root, `${relative}.br`)).catch(() => undefined) : undefined;
    const file = packed ?? (await readFile(join(root, isAsset ? relative : "index.html")));
    const body = isAsset ? file : file.toString("utf8").replaceAll("__CSP_NONCE__", nonce);
    response.writeHead(200, {
      "content-type": isAsset ? (TYPES[extname(relative)] ?? "application/octet-stream") : "text/html; charset=utf-8",
      ...(packed && { "content-encoding": "br" }),
      ...(!isAsset && { "content-security-policy": CSP(nonce) }),
    });
    response.end(body);
  } catch {
    response.writeHead(404).end();
  }
}

function closeServer(server: Server, sockets: Set<WebSocket>): Promise<void> {
  for (const socket of sockets) socket.terminate();
  server.closeAllConnections();
  return new Promise((resolve) => server.close(() => resolve()));
}

if (import.meta.main) {
  const root = new URL("../../dist/web/desk", import.meta.url).pathname;
  const mock = await startMockDesk({ root, port: Number(process.env.PORT ?? 8788) });
  console.log(`${mock.url}/desk/ — mei@shop.example / correct horse battery`);
}
