/** The visitor API: what the widget, the mini-program page and any front end of the shop's own speak. */
import { z } from "@hono/zod-openapi";
import { visitorContentSchema } from "../core/content.ts";
import { ForbiddenError, InvalidError, NotFoundError, UnauthenticatedError } from "../core/errors.ts";
import { nearestLocale } from "../core/language.ts";
import { phrases } from "../core/phrases.ts";
import type { Inbox, Party } from "../core/ports.ts";
import { type ToneSettings, toneFor } from "../core/tone.ts";
import { ingest } from "../desk/ingest.ts";
import { ownFile } from "../desk/own-file.ts";
import { startAnswer } from "../desk/receive.ts";
import { partyOfVisitor, visit, webInbox } from "../desk/visit.ts";
import type { Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import type { Ctx, HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import { saveUpload } from "./files.ts";
import { isSilent, visitorFrames, visitorMessages } from "./frames.ts";
import { createLimiter } from "./limits.ts";
import { presentMessage } from "./present.ts";
import { messageShape } from "./shapes.ts";
import { visitorLinkRoutes } from "./visitor-links.ts";

const identity = z.union([
  z.strictObject({ token: z.string().min(1).max(8192) }),
  z.strictObject({
    externalId: z.string().min(1).max(200),
    name: words(200).optional(),
    email: words(200).optional(),
    phone: words(50).optional(),
    signature: z.string().max(200).default(""),
  }),
]);
const openBody = z.strictObject({
  inboxId: z.string().min(1).max(200),
  visitorToken: z.string().max(200).optional(),
  identity: identity.optional(),
  locale: z.string().max(35).optional(),
  page: z
    .strictObject({
      url: z.string().max(2000),
      title: words(500).default(""),
      productId: z.string().max(200).optional(),
      orderId: z.string().max(200).optional(),
    })
    .optional(),
});
const MESSAGES_PER_MINUTE = 20;
const MESSAGES_PER_DAY = 500;
const HISTORY = 50;

export function visitorRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  const perMinute = createLimiter({ capacity: MESSAGES_PER_MINUTE, perMs: 60_000 });
  const perDay = createLimiter({ capacity: MESSAGES_PER_DAY, perMs: 24 * 3_600_000 });
  const opens = createLimiter({ capacity: 120, perMs: 60_000 });
  visitorLinkRoutes(route, http, (c) => visitor(http, c));

  route(
    "post",
    "/v1/visitor/sessions",
    {
      tag: "Visitor",
      summary: "Open or resume a visitor's conversation",
      access: "public",
      body: openBody,
      status: 201,
    },
    async ({ c, body }) => {
      opens.take(http.addressOf(c), desk.now());
      const { inbox } = await webInbox(desk, body.inboxId);
      allowOrigin(http, c, inbox);
      const secret = await identitySecret(http, inbox);
      const { token, party } = await visit(desk, { inbox, identitySecret: secret, ...present(body) }).catch((error) =>
        noteForgery(http, c, inbox, error),
      );
      // The cursor first: what is said between the two reads then comes twice (and is known by its id) rather than never.
      const cursor = await desk.store.lastEventId(inbox.shopId);
      const messages = await desk.store.messagesOf({
        shopId: inbox.shopId,
        conversationId: party.conversation.id,
        limit: HISTORY,
      });
      return {
        token,
        contactId: party.contact.id,
        conversationId: party.conversation.id,
        settings: settingsOf(inbox, body.locale, (await http.desk.shop(inbox.shopId)).rules.tone),
        messages: (
          await Promise.all(
            messages.items
              .filter((message) => !isSilent(message))
              .map((message) => presentMessage(desk, message, "visitor")),
          )
        ).reverse(),
        session: await sessionFrame(http, party),
        cursor: String(cursor),
      };
    },
  );

  route(
    "post",
    "/v1/visitor/messages",
    {
      tag: "Visitor",
      summary: "Say something",
      access: "visitor",
      body: z.strictObject({ clientId: z.string().min(1).max(200), content: visitorContentSchema }),
      status: 201,
      answer: z.object({ message: messageShape }),
    },
    async ({ c, body }) => {
      const party = await visitor(http, c);
      const known = await desk.store.messageByClientId(party.conversation.id, body.clientId);
      if (known !== undefined) return c.json({ message: await presentMessage(desk, known, "visitor") }, 200);
      perMinute.take(party.contact.id, desk.now());
      perDay.take(party.contact.id, desk.now());
      const { id, shopId } = party.conversation;
      const content = await ownFile(desk, { shopId, owners: [id] }, body.content);
      const running = await webInbox(desk, party.conversation.inboxId);
      const recorded = await ingest(desk, {
        inbox: running.inbox,
        capabilities: running.adapter.capabilities,
        sender: { id: party.identity.channelUserId },
        address: party.conversation.address,
        content,
        at: desk.now(),
        clientId: body.clientId,
        party,
      });
      if (!recorded.fresh) {
        const other = await desk.store.messageByClientId(party.conversation.id, body.clientId);
        if (other === undefined) throw new InvalidError("request.invalid", "The message could not be kept.");
        return c.json({ message: await presentMessage(desk, other, "visitor") }, 200);
      }
      startAnswer(desk, recorded.message, recorded.party);
      return { message: await presentMessage(desk, recorded.message, "visitor") };
    },
  );

  route(
    "get",
    "/v1/visitor/messages",
    {
      tag: "Visitor",
      summary: "Messages after a cursor, oldest first",
      access: "visitor",
      query: z.object({
        after: z.coerce.number().int().min(0).default(0),
        limit: z.coerce.number().int().min(1).max(100).default(100),
      }),
    },
    async ({ c, query }) => {
      const party = await visitor(http, c);
      return visitorMessages(http, party, query.after, query.limit);
    },
  );

  route(
    "get",
    "/v1/visitor/messages/{id}",
    {
      tag: "Visitor",
      summary:
        "One message again, as it is now: the link to its file ends after minutes, and a page stays open for longer",
      access: "visitor",
      answer: z.object({ message: messageShape }),
    },
    async ({ c }) => {
      const { contact, conversation } = await visitor(http, c);
      const message = await desk.store.message(contact.shopId, c.req.param("id") ?? "");
      if (message === undefined || message.conversationId !== conversation.id || isSilent(message))
        throw new NotFoundError("message.not_found", "There is no such message.");
      return { message: await presentMessage(desk, message, "visitor") };
    },
  );

  route(
    "get",
    "/v1/visitor/stream",
    {
      tag: "Visitor",
      summary: "Live messages by WebSocket (xiaoer.v1, bearer.<token>) or SSE",
      access: "visitor",
      query: z.object({ after: z.coerce.number().int().min(0).optional() }),
    },
    async ({ c, query }) => {
      const party = await visitor(http, c);
      const topic = { shopId: party.contact.shopId, conversationId: party.conversation.id };
      return http.openStream(c, {
        topic,
        after: query.after,
        kind: "visitor",
        credential: visitorToken(c) ?? "",
        protocol: protocolOf(c),
      });
    },
  );

  route(
    "post",
    "/v1/visitor/typing",
    {
      tag: "Visitor",
      summary: "The visitor is writing",
      access: "visitor",
      body: z.strictObject({ on: z.boolean().default(true) }),
      status: 204,
    },
    async ({ c, body }) => {
      const party = await visitor(http, c);
      const sessionId = party.lastSession?.id;
      desk.hub.show(
        { shopId: party.contact.shopId },
        { type: "typing", ...(sessionId === undefined ? {} : { sessionId }), author: { kind: "contact" }, on: body.on },
      );
    },
  );

  route(
    "post",
    "/v1/visitor/uploads",
    { tag: "Visitor", summary: "Upload a file (multipart, field `file`)", access: "visitor", status: 201 },
    async ({ c }) => {
      const party = await visitor(http, c);
      perMinute.take(`upload:${party.contact.id}`, desk.now());
      return saveUpload(http, c, { shopId: party.contact.shopId, ownerId: party.conversation.id });
    },
  );

  route(
    "post",
    "/v1/visitor/rating",
    {
      tag: "Visitor",
      summary: "Rate a session",
      access: "visitor",
      body: z.strictObject({
        sessionId: z.string().max(200),
        score: z.number().int().min(1).max(5),
        comment: words(1000).optional(),
      }),
      status: 204,
    },
    async ({ c, body }) => {
      const party = await visitor(http, c);
      const rated = await desk.store.rateSession({
        shopId: party.contact.shopId,
        conversationId: party.conversation.id,
        now: desk.now(),
        ...present(body),
      });
      if (!rated) throw new NotFoundError("session.not_found", "There is no such session.");
      desk.hub.wake(party.contact.shopId);
    },
  );

  route(
    "post",
    "/v1/visitor/feedback",
    {
      tag: "Visitor",
      summary: "Whether an answer of the bot's helped; the last word counts",
      access: "visitor",
      body: z.strictObject({ messageId: z.string().min(1).max(200), helpful: z.boolean() }),
      status: 204,
    },
    async ({ c, body }) => {
      const party = await visitor(http, c);
      const saved = await desk.store.saveFeedback({
        shopId: party.contact.shopId,
        conversationId: party.conversation.id,
        now: desk.now(),
        ...body,
      });
      if (!saved) throw new NotFoundError("message.not_found", "There is no such answer.");
    },
  );
}

function protocolOf(c: Ctx): string | undefined {
  const offered = (c.req.header("sec-websocket-protocol") ?? "").split(",").map((name) => name.trim());
  return offered.includes("xiaoer.v1") ? "xiaoer.v1" : undefined;
}

/** The token travels in `Authorization` or as a subprotocol, never in a URL. */
function visitorToken(c: Ctx): string | undefined {
  const header = /^Bearer ([\w-]{20,200})$/.exec(c.req.header("authorization") ?? "")?.[1];
  if (header !== undefined) return header;
  return (c.req.header("sec-websocket-protocol") ?? "")
    .split(",")
    .map((name) => /^bearer\.([\w-]{20,200})$/.exec(name.trim())?.[1])
    .find((token) => token !== undefined);
}

/** One line in the audit log for each caller and quarter of an hour, however often it is tried. */
const FORGERY_WINDOW_MS = 15 * 60_000;

/** Somebody's name under no signature of the shop's: refused, and remembered. */
async function noteForgery(http: HttpDeps, c: Ctx, inbox: Inbox, error: unknown): Promise<never> {
  if (error instanceof UnauthenticatedError && error.code === "visitor.identity_invalid") {
    const { store, now } = http.desk;
    const key = `forgery:${inbox.id}:${http.addressOf(c)}`;
    if ((await store.countTry(key, { now: now(), windowMs: FORGERY_WINDOW_MS })) === 1) {
      const visitorOf = { id: "visitor", shopId: inbox.shopId };
      await store.addAudit(
        auditOf(http, c, visitorOf, { action: "visitor.identity", target: inbox.id, result: "refused", data: {} }),
      );
    }
  }
  throw error;
}

/** @throws {UnauthenticatedError} `auth.invalid_token` */
async function visitor(http: HttpDeps, c: Ctx): Promise<Party> {
  const token = visitorToken(c);
  const party = token === undefined ? undefined : await partyOfVisitor(http.desk, token);
  if (party === undefined) throw new UnauthenticatedError("auth.invalid_token", "Open a visitor session first.");
  const running = await http.desk.inboxes.get(party.conversation.inboxId);
  if (running === undefined) throw new UnauthenticatedError("auth.invalid_token", "Open a visitor session first.");
  allowOrigin(http, c, running.inbox);
  return party;
}

/** Our own pages, the origins the inbox names, and callers that are no browser at all. */
function allowOrigin(http: HttpDeps, c: Ctx, inbox: Inbox): void {
  const origin = c.req.header("origin");
  if (origin === undefined) return;
  const own = origin === new URL(http.publicUrl).origin || origin === new URL(c.req.url).origin;
  const allowed = Array.isArray(inbox.config.allowedOrigins) ? inbox.config.allowedOrigins : [];
  if (origin === "null" || !(own || allowed.includes(origin))) {
    throw new ForbiddenError("visitor.origin_not_allowed", "This page is not on the inbox's list of allowed origins.");
  }
  c.header("access-control-allow-origin", origin);
  c.header("vary", "origin");
  c.header("access-control-expose-headers", "x-request-id, retry-after");
}

async function identitySecret(http: HttpDeps, inbox: Inbox): Promise<string | undefined> {
  const running = await http.desk.inboxes.get(inbox.id);
  const secret = running?.inbox.config.identitySecret;
  return typeof secret === "string" ? secret : undefined;
}

/** The web channel's default is Chinese; a visitor of another language is greeted in theirs. */
const DEFAULT_GREETING = "亲，您好！有什么可以帮您？";

function settingsOf(inbox: Inbox, locale: string | undefined, tones: ToneSettings) {
  const { color, title, greeting, locale: own } = inbox.config;
  const language = nearestLocale(locale ?? (typeof own === "string" ? own : undefined));
  return {
    title: typeof title === "string" && title !== "" ? title : inbox.name,
    color: typeof color === "string" ? color : "#d4380d",
    greeting:
      typeof greeting === "string" && greeting !== "" && (greeting !== DEFAULT_GREETING || language === "zh-CN")
        ? greeting
        : phrases(language, toneFor(tones, { inboxId: inbox.id, channel: inbox.channel, locale: language })).greeting,
    locale: language,
  };
}

async function sessionFrame(http: HttpDeps, party: Party) {
  return party.lastSession === undefined
    ? null
    : visitorFrames.session(http.desk, party.contact.shopId, party.lastSession.id);
}
