/** The desk API: tickets. */
import { z } from "@hono/zod-openapi";
import { contentSchema } from "../core/content.ts";
import { InvalidError, NotFoundError } from "../core/errors.ts";
import { claim } from "../desk/claim.ts";
import { addNote } from "../desk/note.ts";
import { release } from "../desk/release.ts";
import { reopen } from "../desk/reopen.ts";
import { reply } from "../desk/reply.ts";
import { resolve, returnToBot } from "../desk/resolve.ts";
import { authorOf } from "../desk/ticket-change.ts";
import { transfer } from "../desk/transfer.ts";
import { idParams, listOf, pageQuery, type Route } from "./api.ts";
import type { Actor, HttpDeps } from "./context.ts";
import { assigneeName, contactBrief, ticketAndSession, ticketJson } from "./desk-json.ts";
import { present, words } from "./fields.ts";
import type { Paging } from "./paging.ts";
import { presentMessage, toNoteJson, toTicketSummary } from "./present.ts";
import { messageShape, ticketShape } from "./shapes.ts";

export function ticketRoutes(route: Route, http: HttpDeps, paging: Paging): void {
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
        content: contentSchema.optional(),
        /** Instead of a content: a template of the inbox with its gaps filled in. */
        template: z
          .strictObject({
            id: z.string().min(1).max(200),
            params: z.record(z.string().max(100), words(2000)).default({}),
          })
          .optional(),
        ownerEpoch: z.number().int().optional(),
        conversationId: z.string().max(200).optional(),
      }),
      status: 201,
      answer: z.object({ message: messageShape }),
    },
    async ({ c, actor, params, body }) => {
      const { content, template, ...told } = body;
      const said = template === undefined ? content : { type: "template" as const, ...template };
      if (said === undefined || (content !== undefined && template !== undefined))
        throw new InvalidError("request.invalid", "A message is a content or a template.");
      if (said.type === "system" || said.type === "unsupported")
        throw new InvalidError("request.invalid", "Agents do not write system lines.");
      const { message, fresh } = await reply(desk, actor, params.id, { ...present(told), content: said });
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
