/** The desk API: sessions. */
import { z } from "@hono/zod-openapi";
import { NotFoundError } from "../core/errors.ts";
import { resolve } from "../desk/resolve.ts";
import { take } from "../desk/take.ts";
import { idParams, listOf, pageQuery, type Route } from "./api.ts";
import type { HttpDeps } from "./context.ts";
import { messagePage, sessionOr404, ticketAndSession } from "./desk-json.ts";
import { present, words } from "./fields.ts";
import { namedSession } from "./frames.ts";
import type { Paging } from "./paging.ts";
import { messageShape, sessionShape } from "./shapes.ts";

export function sessionRoutes(route: Route, http: HttpDeps, paging: Paging): void {
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
