/** The desk API: contacts. */
import { z } from "@hono/zod-openapi";
import { NotFoundError } from "../core/errors.ts";
import { orderFacts } from "../core/order-facts.ts";
import { idParams, listOf, pageQuery, type Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import type { HttpDeps } from "./context.ts";
import { contactOr404, messagePage } from "./desk-json.ts";
import { present, words } from "./fields.ts";
import { createLimiter } from "./limits.ts";
import type { Paging } from "./paging.ts";
import { iso, toContactJson, toTicketSummary } from "./present.ts";
import { messageShape } from "./shapes.ts";

const REVEAL_MS = 30_000;

export function contactRoutes(route: Route, http: HttpDeps, paging: Paging): void {
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
        identities: identities.map(({ id, channel, inboxId, level, provenBy, lastInboundAt, conversationId }) =>
          present({
            id,
            channel,
            inboxId,
            inboxName: inboxes.find((inbox) => inbox.id === inboxId)?.name,
            level,
            provenBy,
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
}
