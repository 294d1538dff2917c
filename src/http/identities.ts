/** The desk API: contacts that are one person, joined and parted by hand. */
import { z } from "@hono/zod-openapi";
import type { Contact } from "../core/contact.ts";
import { ConflictError, ForbiddenError, InvalidError, NotFoundError } from "../core/errors.ts";
import { UNMERGE_WITHIN_MS } from "../core/identity.ts";
import type { Merge } from "../core/ports.ts";
import { candidatesFor } from "../desk/candidates.ts";
import { idParams, type Route } from "./api.ts";
import { auditOf } from "./auth.ts";
import type { HttpDeps } from "./context.ts";
import { contactOr404 } from "./desk-json.ts";
import { present, words } from "./fields.ts";
import { iso, toContactJson } from "./present.ts";

const reason = words(500).pipe(z.string().min(1));

export function identityRoutes(route: Route, http: HttpDeps): void {
  const { desk } = http;
  route(
    "get",
    "/v1/contacts",
    {
      tag: "Contacts",
      summary: "Contacts of a name, member number or id",
      access: "contacts.read",
      query: z.object({
        q: words(200).pipe(z.string().min(1)),
        limit: z.coerce.number().int().min(1).max(50).default(20),
      }),
    },
    async ({ actor, query }) => {
      const found = await desk.store.findContacts(actor.shopId, query);
      return { items: found.map(toContactJson), next: null };
    },
  );
  route(
    "get",
    "/v1/contacts/{id}/candidates",
    {
      tag: "Contacts",
      summary: "Others who left the same phone or e-mail address: hints, never joined by themselves",
      access: "contacts.read",
      params: idParams,
    },
    async ({ actor, params }) => {
      const contact = await contactOr404(http, actor, params.id);
      const found = await candidatesFor(desk, contact);
      return { items: found.map((one) => ({ ...toContactJson(one.contact), why: one.why, proven: one.proven })) };
    },
  );
  route(
    "get",
    "/v1/contacts/{id}/merges",
    {
      tag: "Contacts",
      summary: "Who was joined into this one, latest first",
      access: "contacts.read",
      params: idParams,
    },
    async ({ actor, params }) => {
      const contact = await contactOr404(http, actor, params.id);
      const merges = await desk.store.mergesOf(actor.shopId, contact.id);
      const names = await Promise.all(merges.map(({ fromId }) => desk.store.contact(actor.shopId, fromId)));
      return { items: merges.map((merge, i) => toMergeJson(merge, names[i], desk.now())) };
    },
  );
  route(
    "post",
    "/v1/contacts/{id}/merge",
    {
      tag: "Contacts",
      summary: "Join another contact into this one; audited, and undone by unmerge",
      access: "contacts.merge",
      params: idParams,
      body: z.strictObject({ from: z.string().min(1).max(200), reason }),
    },
    async ({ c, actor, params, body }) => {
      const [into, from] = await Promise.all([
        contactOr404(http, actor, params.id),
        contactOr404(http, actor, body.from),
      ]);
      if (into.id === from.id) throw new InvalidError("contact.same", "A contact cannot be joined into itself.");
      if (into.memberId !== undefined && from.memberId !== undefined)
        throw new ForbiddenError("contact.both_verified", "Two proven members are two people.");
      const mergeId = desk.newId("mrg");
      const merged = await desk.store.mergeContacts({
        id: mergeId,
        shopId: actor.shopId,
        into: into.id,
        from: from.id,
        kind: "agent",
        by: { id: actor.id, name: actor.name },
        reason: body.reason,
        audit: auditOf(http, c, actor, {
          action: "contact.merge",
          target: into.id,
          result: "ok",
          data: { from: from.id, mergeId, reason: body.reason },
        }),
        now: desk.now(),
      });
      if (!merged) throw new ConflictError("contact.merged_already", "One of the two was joined into another already.");
      await wakeAll(http, actor.shopId, [into.id]);
      return { ...toContactJson(await contactOr404(http, actor, into.id)), mergeId };
    },
  );
  route(
    "post",
    "/v1/contacts/{id}/unmerge",
    {
      tag: "Contacts",
      summary: "Take a merge into this contact back, the latest unless another is named; audited",
      access: "contacts.merge",
      params: idParams,
      body: z.strictObject({ mergeId: z.string().min(1).max(200).optional(), reason }),
    },
    async ({ c, actor, params, body }) => {
      const contact = await contactOr404(http, actor, params.id);
      const merges = (await desk.store.mergesOf(actor.shopId, contact.id)).filter(
        ({ undoneAt }) => undoneAt === undefined,
      );
      const merge = body.mergeId === undefined ? merges[0] : merges.find(({ id }) => id === body.mergeId);
      if (merge === undefined) throw new NotFoundError("merge.not_found", "There is no such merge to take back.");
      const parted = await desk.store.unmergeContacts({
        shopId: actor.shopId,
        mergeId: merge.id,
        since: desk.now() - UNMERGE_WITHIN_MS,
        by: { id: actor.id, name: actor.name },
        reason: body.reason,
        audit: auditOf(http, c, actor, {
          action: "contact.unmerge",
          target: contact.id,
          result: "ok",
          data: { from: merge.fromId, mergeId: merge.id, reason: body.reason },
        }),
        now: desk.now(),
      });
      if (!parted)
        throw new ConflictError(
          "contact.merge_settled",
          "It is too late to take this merge back, or one of the two was joined into another since.",
        );
      await wakeAll(http, actor.shopId, [contact.id, merge.fromId]);
      return { ...toContactJson(await contactOr404(http, actor, contact.id)), partedFrom: merge.fromId };
    },
  );
}

async function wakeAll({ desk }: HttpDeps, shopId: string, contactIds: readonly string[]): Promise<void> {
  const identities = await Promise.all(contactIds.map((id) => desk.store.identitiesOf(shopId, id)));
  desk.hub.wake(
    shopId,
    identities.flat().map(({ conversationId }) => conversationId),
  );
}

function toMergeJson(merge: Merge, from: Contact | undefined, now: number) {
  const { undoneAt, at } = merge;
  return present({
    id: merge.id,
    from: present({ id: merge.fromId, name: from?.name }),
    kind: merge.kind,
    by: merge.byName,
    reason: merge.reason,
    at: iso(at),
    undoneAt: undoneAt === undefined ? undefined : iso(undoneAt),
    undoneBy: merge.undoneByName,
    undoneReason: merge.undoneReason,
    undoable: undoneAt === undefined && now - at < UNMERGE_WITHIN_MS,
  });
}
