/** The desk API: sessions, tickets, contacts, deliveries. */
import { z } from "@hono/zod-openapi";
import type { Contact } from "../core/contact.ts";
import { contentSchema } from "../core/content.ts";
import { ForbiddenError, InvalidError, NotFoundError } from "../core/errors.ts";
import { orderFacts } from "../core/order-facts.ts";
import { claim } from "../desk/claim.ts";
import { deliverDue } from "../desk/deliver.ts";
import { addNote } from "../desk/note.ts";
import { release } from "../desk/release.ts";
import { reopen } from "../desk/reopen.ts";
import { reply } from "../desk/reply.ts";
import { resolve, returnToBot } from "../desk/resolve.ts";
import { take } from "../desk/take.ts";
import { authorOf } from "../desk/ticket-change.ts";
import { transfer } from "../desk/transfer.ts";
import { idParams, listOf, pageQuery, type Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { present, words } from "./fields.ts";
import { deskSession, namedSession } from "./frames.ts";
import { createLimiter } from "./limits.ts";
import type { Paging } from "./paging.ts";
import {
  iso,
  presentMessage,
  toContactJson,
  toDeliveryJson,
  toLogJson,
  toNoteJson,
  toTicketSummary,
} from "./present.ts";
import { messageShape, sessionShape, ticketShape } from "./shapes.ts";

const REVEAL_MS = 30_000;

export function deskRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  sessionRoutes(route, http, paging);
  ticketRoutes(route, http, paging);
  contactRoutes(route, http, paging);
  deliveryRoutes(route, http, paging);
}

function sessionRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  const { desk } = http;
  const filter = pageQuery.extend({
    state: z.enum(["bot", "queued", "agent", "closed"]).optional(),
    inboxId: z.string().max(200).optional(),
    assignee: z.string().max(200).optional(),
    contactId: z.string().max(200).optional(),
    q: words(200).optional(),
  });
  route(
    "get",
    "/v1/sessions",
    {
      tag: "Sessions",
      summary: "Sessions, latest message first",
      access: "sessions.read",
      query: filter,
      answer: listOf(sessionShape),
    },
    async ({ actor, query }) => {
      const { cursor, assignee, ...rest } = query;
      const scope = `sessions|${actor.shopId}`;
      const opened = await paging.open(cursor, scope);
      const page = await desk.store.sessions(
        actor.shopId,
        present({ ...rest, assignee: assignee === "me" ? actor.id : assignee, cursor: opened }),
      );
      const items = await Promise.all(page.items.map((session) => namedSession(desk, session)));
      return { ...(await paging.close(page, scope, () => undefined)), items };
    },
  );
  route(
    "get",
    "/v1/sessions/counts",
    { tag: "Sessions", summary: "How many in each state", access: "sessions.read" },
    ({ actor }) => desk.store.sessionCounts(actor.shopId, actor.id),
  );
  route(
    "get",
    "/v1/sessions/{id}",
    { tag: "Sessions", summary: "One session", access: "sessions.read", params: idParams, answer: sessionShape },
    ({ actor, params }) => sessionOr404(http, actor, params.id),
  );
  route(
    "get",
    "/v1/sessions/{id}/messages",
    {
      tag: "Sessions",
      summary: "Its messages, newest first",
      access: "sessions.read",
      params: idParams,
      query: pageQuery,
      answer: listOf(messageShape),
    },
    async ({ actor, params, query }) => {
      await sessionOr404(http, actor, params.id);
      return messagePage(http, paging, actor, { sessionId: params.id }, query);
    },
  );
  route(
    "post",
    "/v1/sessions/{id}/take",
    { tag: "Sessions", summary: "Take it from the bot, or from the queue", access: "sessions.serve", params: idParams },
    async ({ actor, params }) => {
      const ticketId = await take(desk, actor, params.id);
      return ticketAndSession(http, actor, ticketId);
    },
  );
  route(
    "post",
    "/v1/sessions/{id}/read",
    { tag: "Sessions", summary: "Mark as read", access: "sessions.serve", params: idParams, status: 204 },
    async ({ actor, params }) => {
      await sessionOr404(http, actor, params.id);
      await desk.store.markRead(actor.shopId, params.id, desk.now());
      desk.hub.wake(actor.shopId);
    },
  );
  route(
    "post",
    "/v1/sessions/{id}/typing",
    {
      tag: "Sessions",
      summary: "The agent is writing",
      access: "sessions.serve",
      params: idParams,
      body: z.strictObject({ on: z.boolean().default(true) }),
      status: 204,
    },
    async ({ actor, params, body }) => {
      const session = await desk.store.session(actor.shopId, params.id);
      if (session === undefined) throw new NotFoundError("session.not_found", "There is no such session.");
      const frame = {
        type: "typing" as const,
        sessionId: session.id,
        author: { kind: "agent" as const, name: actor.name },
        on: body.on,
      };
      desk.hub.show({ shopId: actor.shopId, conversationId: session.conversationId }, frame);
      if (body.on) {
        const [running, party] = await Promise.all([
          desk.inboxes.get(session.inboxId),
          desk.store.partyOfConversation(actor.shopId, session.conversationId),
        ]);
        if (party !== undefined)
          desk.background(
            (running?.adapter.typing?.(party.conversation.address) ?? Promise.resolve()).catch(() => undefined),
          ); // best effort by contract
      }
    },
  );
  route(
    "post",
    "/v1/sessions/{id}/close",
    { tag: "Sessions", summary: "Close a session the bot has", access: "sessions.serve", params: idParams },
    async ({ actor, params }) => {
      const session = await desk.store.session(actor.shopId, params.id);
      if (session === undefined) throw new NotFoundError("session.not_found", "There is no such session.");
      if (session.ticketId !== undefined && session.state !== "bot") await resolve(desk, actor, session.ticketId, {});
      else {
        const now = desk.now();
        await desk.store.changeSession({
          session,
          fence: { epoch: session.ownerEpoch, states: ["bot"] },
          patch: { state: "closed", closedAt: now, closedBy: "agent", flow: null },
          say: [],
          now,
        });
        desk.hub.wake(actor.shopId, [session.conversationId]);
      }
      return sessionOr404(http, actor, params.id);
    },
  );
}

function ticketRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  const { desk } = http;
  const filter = pageQuery.extend({
    status: z.enum(["open", "claimed", "resolved"]).optional(),
    group: z.string().max(50).optional(),
    assignee: z.string().max(200).optional(),
    priority: z.enum(["low", "normal", "high", "urgent"]).optional(),
    contactId: z.string().max(200).optional(),
    q: words(200).optional(),
  });
  route(
    "get",
    "/v1/tickets",
    {
      tag: "Tickets",
      summary: "Tickets, newest first",
      access: "tickets.read",
      query: filter,
      answer: listOf(ticketShape),
    },
    async ({ actor, query }) => {
      const { cursor, assignee, ...rest } = query;
      const scope = `tickets|${actor.shopId}`;
      const page = await desk.store.tickets(
        actor.shopId,
        present({
          ...rest,
          assignee: assignee === "me" ? actor.id : assignee,
          cursor: await paging.open(cursor, scope),
        }),
      );
      const items = await Promise.all(
        page.items.map(async (ticket) => ({
          ...toTicketSummary(ticket),
          contact: await contactBrief(http, actor, ticket.contactId),
          ...(await assigneeName(http, ticket.assignee)),
        })),
      );
      return { ...(await paging.close(page, scope, () => undefined)), items };
    },
  );
  route(
    "get",
    "/v1/tickets/{id}",
    {
      tag: "Tickets",
      summary: "One ticket with its context",
      access: "tickets.read",
      params: idParams,
      answer: ticketShape,
    },
    ({ actor, params }) => ticketJson(http, actor, params.id),
  );

  const act = (verb: string, summary: string, work: (actor: Actor, id: string) => Promise<unknown>) =>
    route(
      "post",
      `/v1/tickets/{id}/${verb}`,
      { tag: "Tickets", summary, access: "tickets.serve", params: idParams },
      async ({ actor, params }) => {
        await work(actor, params.id);
        return ticketAndSession(http, actor, params.id);
      },
    );
  act("claim", "Pick it up; 409 when somebody else was first", (actor, id) => claim(desk, actor, id));
  act("release", "Back to the queue", (actor, id) => release(desk, actor, id));
  act("return-to-bot", "Give the session back to the bot", (actor, id) => returnToBot(desk, actor, id));
  act("reopen", "Reopen a resolved one", (actor, id) => reopen(desk, actor, id));

  route(
    "post",
    "/v1/tickets/{id}/messages",
    {
      tag: "Tickets",
      summary: "Answer the shopper",
      access: "tickets.serve",
      params: idParams,
      body: z.strictObject({
        clientId: z.string().min(1).max(200),
        content: contentSchema,
        ownerEpoch: z.number().int().optional(),
        conversationId: z.string().max(200).optional(),
      }),
      status: 201,
      answer: z.object({ message: messageShape }),
    },
    async ({ c, actor, params, body }) => {
      if (body.content.type === "system" || body.content.type === "unsupported")
        throw new InvalidError("request.invalid", "Agents do not write system lines.");
      const { message, fresh } = await reply(desk, actor, params.id, present(body));
      return c.json({ message: await presentMessage(desk, message, "desk") }, fresh ? 201 : 200);
    },
  );
  route(
    "post",
    "/v1/tickets/{id}/notes",
    {
      tag: "Tickets",
      summary: "A word among colleagues",
      access: "tickets.serve",
      params: idParams,
      body: z.strictObject({ text: words(10_000).pipe(z.string().min(1)) }),
      status: 201,
    },
    async ({ actor, params, body }) => ({
      note: toNoteJson(await addNote(desk, actor, params.id, body.text)),
    }),
  );
  const reason = words(1000).pipe(z.string().min(1));
  route(
    "post",
    "/v1/tickets/{id}/transfer",
    {
      tag: "Tickets",
      summary: "To a colleague or to another group's queue",
      access: "tickets.serve",
      params: idParams,
      body: z.union([
        z.strictObject({ group: z.string().min(1).max(50), reason }),
        z.strictObject({ agentId: z.string().min(1).max(200), reason }),
      ]),
    },
    async ({ actor, params, body }) => {
      await transfer(desk, actor, params.id, body);
      return ticketAndSession(http, actor, params.id);
    },
  );
  route(
    "post",
    "/v1/tickets/{id}/resolve",
    {
      tag: "Tickets",
      summary: "Done: the session closes, the bot answers again",
      access: "tickets.serve",
      params: idParams,
      body: z.strictObject({
        note: words(10_000).optional(),
        toShopper: words(5000).optional(),
        writeBack: z.boolean().optional(),
      }),
    },
    async ({ actor, params, body }) => {
      await resolve(desk, actor, params.id, present(body));
      return ticketAndSession(http, actor, params.id);
    },
  );
  const patch = <B extends z.ZodType>(verb: string, summary: string, body: B, toPatch: (body: z.output<B>) => object) =>
    route(
      "post",
      `/v1/tickets/{id}/${verb}`,
      { tag: "Tickets", summary, access: "tickets.serve", params: idParams, body },
      async ({ actor, params, body: given }) => {
        const done = await desk.store.patchTicket({
          shopId: actor.shopId,
          ticketId: params.id,
          patch: toPatch(given),
          by: authorOf(actor),
          kind: verb,
          now: desk.now(),
        });
        if (!done) throw new NotFoundError("ticket.not_found", "There is no such ticket.");
        desk.hub.wake(actor.shopId);
        return ticketAndSession(http, actor, params.id);
      },
    );
  patch(
    "priority",
    "Change the priority",
    z.strictObject({ priority: z.enum(["low", "normal", "high", "urgent"]) }),
    (body) => body,
  );
  patch(
    "tags",
    "Replace the tags",
    z.strictObject({ tags: z.array(words(50).pipe(z.string().min(1))).max(50) }),
    (body) => body,
  );
}

function contactRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  const { desk } = http;
  const reveals = createLimiter({ capacity: 30, perMs: 3_600_000 });
  route(
    "get",
    "/v1/contacts/{id}",
    { tag: "Contacts", summary: "One contact, personal fields masked", access: "contacts.read", params: idParams },
    async ({ actor, params }) => {
      const contact = await contactOr404(http, actor, params.id);
      const [identities, tickets, customer, inboxes] = await Promise.all([
        desk.store.identitiesOf(actor.shopId, contact.id),
        desk.store.tickets(actor.shopId, { contactId: contact.id, limit: 20 }),
        contact.memberId === undefined
          ? undefined
          : desk.commerce.customer({ shopId: actor.shopId, memberId: contact.memberId }).catch(() => undefined), // the profile shows without it
        desk.store.inboxes(actor.shopId),
      ]);
      const profile = customer?.value;
      return {
        ...toContactJson(contact),
        profile:
          profile === undefined
            ? {}
            : present({
                tier: profile.tier,
                orderCount: profile.orderCount,
                lifetimeValue: profile.lifetimeValue,
                since: profile.since,
                tags: profile.tags,
              }),
        identities: identities.map(({ id, channel, inboxId, level, lastInboundAt, conversationId }) =>
          present({
            id,
            channel,
            inboxId,
            inboxName: inboxes.find((inbox) => inbox.id === inboxId)?.name,
            level,
            conversationId,
            lastInboundAt: lastInboundAt === undefined ? undefined : iso(lastInboundAt),
          }),
        ),
        tickets: tickets.items.map(toTicketSummary),
      };
    },
  );
  route(
    "get",
    "/v1/contacts/{id}/history",
    {
      tag: "Contacts",
      summary: "All channels, newest first",
      access: "contacts.read",
      params: idParams,
      query: pageQuery,
      answer: listOf(messageShape),
    },
    async ({ actor, params, query }) => {
      await contactOr404(http, actor, params.id);
      return messagePage(http, paging, actor, { contactId: params.id }, query);
    },
  );
  route(
    "get",
    "/v1/contacts/{id}/orders",
    {
      tag: "Contacts",
      summary: "Orders and how fresh they are",
      access: "contacts.read",
      params: idParams,
      query: z.object({ fresh: z.enum(["0", "1"]).optional() }),
    },
    async ({ actor, params, query }) => {
      const contact = await contactOr404(http, actor, params.id);
      const at = iso(desk.now());
      if (contact.level !== "verified" || contact.memberId === undefined)
        return { items: [], freshness: { state: "unavailable", at, source: "unverified" } };
      const customer = { shopId: actor.shopId, memberId: contact.memberId };
      const fresh = query.fresh === "1" ? { fresh: true } : {};
      const items = await orderFacts(desk.commerce, customer, fresh);
      const { freshness } = items[0] ?? (await desk.commerce.ordersOf(customer, fresh));
      return { items, freshness };
    },
  );
  route(
    "post",
    "/v1/contacts/{id}/reveal",
    {
      tag: "Contacts",
      summary: "Show a masked field for 30 s; audited",
      access: "contacts.reveal",
      params: idParams,
      body: z.strictObject({ field: z.enum(["phone", "email"]), reason: words(500).pipe(z.string().min(1)) }),
    },
    async ({ c, actor, params, body }) => {
      const contact = await contactOr404(http, actor, params.id);
      reveals.take(actor.id, desk.now());
      const value = contact[body.field];
      if (value === undefined) throw new NotFoundError("contact.field_empty", "The contact has no such field.");
      await desk.store.addAudit(
        auditOf(http, c, actor, {
          action: "contact.reveal",
          target: contact.id,
          result: "ok",
          data: { field: body.field, reason: body.reason },
        }),
      );
      return { value, until: iso(desk.now() + REVEAL_MS) };
    },
  );
  route(
    "post",
    "/v1/contacts/{id}/merge",
    {
      tag: "Contacts",
      summary: "Join another contact into this one; audited",
      access: "contacts.merge",
      params: idParams,
      body: z.strictObject({ from: z.string().min(1).max(200), reason: words(500).pipe(z.string().min(1)) }),
    },
    async ({ c, actor, params, body }) => {
      const [into, from] = await Promise.all([
        contactOr404(http, actor, params.id),
        contactOr404(http, actor, body.from),
      ]);
      if (into.id === from.id) throw new InvalidError("contact.same", "A contact cannot be joined into itself.");
      if (into.level === "verified" && from.level === "verified")
        throw new ForbiddenError("contact.both_verified", "Two proven members are two people.");
      const merged = await desk.store.mergeContacts({
        shopId: actor.shopId,
        into: into.id,
        from: from.id,
        now: desk.now(),
      });
      if (!merged) throw new NotFoundError("contact.not_found", "There is no such contact.");
      await desk.store.addAudit(
        auditOf(http, c, actor, {
          action: "contact.merge",
          target: into.id,
          result: "ok",
          data: { from: from.id, reason: body.reason },
        }),
      );
      desk.hub.wake(actor.shopId);
      return toContactJson(await contactOr404(http, actor, into.id));
    },
  );
}

function deliveryRoutes(route: Route, http: HttpDeps, paging: Paging): void {
  const { desk } = http;
  route(
    "get",
    "/v1/deliveries",
    {
      tag: "Deliveries",
      summary: "Messages that could not be delivered",
      access: "deliveries.read",
      query: pageQuery.extend({ state: z.enum(["dead"]).default("dead") }),
    },
    async ({ actor, query }) => {
      const scope = `deliveries|${actor.shopId}`;
      const page = await desk.store.deadDeliveries(
        actor.shopId,
        present({ limit: query.limit, cursor: await paging.open(query.cursor, scope) }),
      );
      return paging.close(page, scope, toDeliveryJson);
    },
  );
  route(
    "post",
    "/v1/deliveries/{id}/resend",
    { tag: "Deliveries", summary: "Really send it again", access: "deliveries.write", params: idParams, status: 202 },
    async ({ actor, params }) => {
      if (!(await desk.store.resendDelivery(actor.shopId, params.id, desk.now())))
        throw new NotFoundError("delivery.not_found", "There is no such dead delivery.");
      desk.hub.wake(actor.shopId);
      desk.background(deliverDue(desk));
      return { id: params.id, state: "pending" };
    },
  );
}

async function sessionOr404(http: HttpDeps, actor: Actor, id: string) {
  const session = await deskSession(http.desk, actor.shopId, id);
  if (session === undefined) throw new NotFoundError("session.not_found", "There is no such session.");
  return session;
}

async function contactOr404(http: HttpDeps, actor: Actor, id: string): Promise<Contact> {
  const contact = await http.desk.store.contact(actor.shopId, id);
  if (contact === undefined) throw new NotFoundError("contact.not_found", "There is no such contact.");
  return contact;
}

async function contactBrief(http: HttpDeps, actor: Actor, id: string) {
  const contact = await http.desk.store.contact(actor.shopId, id);
  return contact === undefined ? { id } : present({ id, name: contact.name, level: contact.level, vip: contact.vip });
}

async function assigneeName(http: HttpDeps, assignee: string | undefined) {
  const user = assignee === undefined ? undefined : await http.desk.store.user(assignee);
  return user === undefined ? {} : { assigneeName: user.name };
}

async function ticketJson(http: HttpDeps, actor: Actor, id: string) {
  const ticket = await http.desk.store.ticket(actor.shopId, id);
  if (ticket === undefined) throw new NotFoundError("ticket.not_found", "There is no such ticket.");
  const [log, contact, name] = await Promise.all([
    http.desk.store.ticketLog(actor.shopId, id),
    contactBrief(http, actor, ticket.contactId),
    assigneeName(http, ticket.assignee),
  ]);
  return {
    ...toTicketSummary(ticket),
    ...name,
    contact,
    context: ticket.context,
    notes: log.filter((entry) => entry.kind === "note").map(toNoteJson),
    activity: log.filter((entry) => entry.kind !== "note").map(toLogJson),
  };
}

async function ticketAndSession(http: HttpDeps, actor: Actor, ticketId: string) {
  const ticket = await ticketJson(http, actor, ticketId);
  const sessionId = ticket.sessionIds[0];
  return {
    ...ticket,
    ticket,
    session: sessionId === undefined ? undefined : await deskSession(http.desk, actor.shopId, sessionId),
  };
}

async function messagePage(
  http: HttpDeps,
  paging: Paging,
  actor: Actor,
  of: { readonly sessionId: string } | { readonly contactId: string },
  query: { readonly limit: number; readonly cursor?: string | undefined },
) {
  const scope = `messages|${actor.shopId}|${Object.values(of).join()}`;
  const cursor = await paging.open(query.cursor, scope);
  const page = await http.desk.store.messagesOf({
    shopId: actor.shopId,
    ...of,
    limit: query.limit,
    ...(cursor === undefined ? {} : { cursor }),
  });
  const shown = await Promise.all(page.items.map((message) => presentMessage(http.desk, message, "desk")));
  return paging.close({ ...page, items: shown }, scope, (message) => message);
}
