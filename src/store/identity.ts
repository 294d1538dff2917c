/** What proves who a contact is, and which contacts were found to be one. */
import { and, desc, eq, inArray, isNull, ne, or, sql } from "drizzle-orm";
import type { IdentityStore, Merge } from "../core/ports.ts";
import type { Engine } from "./engine.ts";
import { mergeContacts, unmergeContacts } from "./merges.ts";
import { contains } from "./page.ts";
import { present, toContact } from "./rows.ts";
import { $, db, prepare, prepareInsertWhere, prepareRaw } from "./statement.ts";
import * as t from "./tables.ts";

// The kind is one of ours: this package alone writes the column.
const toMerge = (row: typeof t.merges.$inferSelect): Merge => {
  const { changeId: _changeId, undoneById: _undoneById, ...rest } = present(row);
  return rest as Merge;
};

const mergesInto = prepare(
  db
    .select()
    .from(t.merges)
    .where(and(eq(t.merges.intoId, $("contactId")), eq(t.merges.shopId, $("shopId"))))
    .orderBy(desc(t.merges.at), desc(t.merges.id))
    .limit(50),
);
const mergeById = prepare(
  db
    .select()
    .from(t.merges)
    .where(and(eq(t.merges.id, $("id")), eq(t.merges.shopId, $("shopId")))),
);
const partings = prepareRaw(
  sql`select count(*) as parted from merges where shop_id = ${$("shopId")} and undone_at is not null
    and ((into_id = ${$("one")} and from_id = ${$("other")}) or (into_id = ${$("other")} and from_id = ${$("one")}))`,
  { parted: "number" },
);
const insertProof = prepareInsertWhere(t.proofs, ["shopId", "kind", "value", "contactId", "identityId", "at"], {
  where: sql`exists (select 1 from contacts where id = ${$("contactId")} and shop_id = ${$("shopId")} and merged_into is null)`,
  returning: { contactId: t.proofs.contactId },
});
const dropOthers = prepareRaw(
  sql`delete from proofs where shop_id = ${$("shopId")} and contact_id = ${$("contactId")} and kind = ${$("kind")} and value <> ${$("value")} returning kind`,
  { kind: "text" },
);
const byProof = prepare(
  db
    .select({ contact: t.contacts })
    .from(t.proofs)
    .innerJoin(t.contacts, eq(t.contacts.id, t.proofs.contactId))
    .where(
      and(
        eq(t.proofs.shopId, $("shopId")),
        eq(t.proofs.kind, $("kind")),
        eq(t.proofs.value, $("value")),
        eq(t.contacts.shopId, $("shopId")),
        isNull(t.contacts.mergedInto),
      ),
    )
    .orderBy(t.contacts.createdAt, t.contacts.id)
    .limit(10),
);
const insertCode = prepareInsertWhere(
  t.linkCodes,
  ["hash", "shopId", "kind", "contactId", "conversationId", "createdAt", "expiresAt"],
  { returning: { hash: t.linkCodes.hash } },
);
const dropCodes = prepareRaw(
  sql`delete from link_codes where shop_id = ${$("shopId")} and ((contact_id = ${$("contactId")} and kind = ${$("kind")} and used_at is null)
    or expires_at < ${$("before")}) returning hash`,
  { hash: "text" },
);
const takeCode = prepareRaw(
  sql`update link_codes set used_at = coalesce(used_at, ${$("now")}), used_by = ${$("usedBy")}
    where hash = ${$("hash")} and shop_id = ${$("shopId")} and ((used_at is null and expires_at > ${$("now")}) or used_by = ${$("usedBy")})
    returning kind, contact_id, conversation_id`,
  { kind: t.linkCodes.kind, contactId: t.linkCodes.contactId, conversationId: t.linkCodes.conversationId },
);

/** Used codes are kept for a day, so that a repeat after a crash finds its own. */
const CODE_KEPT_MS = 24 * 3_600_000;

export function identityStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): IdentityStore {
  const merge: IdentityStore["merge"] = async (shopId, id) => {
    const [row] = await engine.all(mergeById({ shopId, id }));
    return row === undefined ? undefined : toMerge(row);
  };
  return {
    merge,
    mergeContacts: (input) => mergeContacts(engine, { ...input, id: input.id ?? deps.newId("mrg") }),
    async unmergeContacts(input) {
      // Who was joined into whom, and when, is never changed once written.
      const known = await merge(input.shopId, input.mergeId);
      if (known === undefined) return false;
      return unmergeContacts(engine, {
        ...input,
        into: known.intoId,
        from: known.fromId,
        at: known.at,
        changeId: deps.newId("chg"),
        splits: [deps.newId("ses"), deps.newId("ses")],
      });
    },
    async mergesOf(shopId, contactId) {
      return (await engine.all(mergesInto({ shopId, contactId }))).map(toMerge);
    },
    async wereParted(shopId, one, other) {
      const [row] = await engine.all(partings({ shopId, one, other }));
      return (row?.parted ?? 0) > 0;
    },
    async addProof({ now, ...proof }) {
      await engine.atomic(
        [...(proof.kind === "unionid" ? [] : [dropOthers(proof)]), insertProof({ ...proof, at: now })],
        [`contact:${proof.contactId}`, `proof:${proof.shopId}:${proof.value}`],
      );
    },
    async contactsByProof(shopId, kind, value) {
      return (await engine.all(byProof({ shopId, kind, value }))).map(({ contact }) => toContact(contact));
    },
    async verifyIdentity(shopId, id, provenBy) {
      const own = and(eq(t.identities.id, id), eq(t.identities.shopId, shopId));
      const { id: touched } = t.identities;
      await engine.atomic([
        prepare(db.update(t.identities).set({ level: "verified", provenBy }).where(own).returning({ touched }))(),
      ]);
    },
    async markIdentified(shopId, id, now) {
      const own = and(eq(t.identities.id, id), eq(t.identities.shopId, shopId));
      const { id: touched } = t.identities;
      await engine.atomic([
        prepare(db.update(t.identities).set({ identifiedAt: now }).where(own).returning({ touched }))(),
      ]);
    },
    async createLinkCode({ now, ...code }) {
      await engine.atomic(
        [dropCodes({ ...code, before: now - CODE_KEPT_MS }), insertCode({ ...code, createdAt: now })],
        [`contact:${code.contactId}`],
      );
    },
    async takeLinkCode(code) {
      const [[taken]] = (await engine.atomic([takeCode(code)])) as [ReturnType<ReturnType<typeof takeCode>["decode"]>];
      return taken === undefined ? undefined : { ...taken, kind: taken.kind as "link-code" | "line-link" };
    },
    async findContacts(shopId, { q, limit }) {
      const rows = await engine.all(
        prepare(
          db
            .select()
            .from(t.contacts)
            .where(
              and(
                eq(t.contacts.shopId, shopId),
                isNull(t.contacts.mergedInto),
                or(contains(t.contacts.name, q), eq(t.contacts.memberId, q), eq(t.contacts.id, q)),
              ),
            )
            .orderBy(desc(t.contacts.createdAt), desc(t.contacts.id))
            .limit(limit),
        )(),
      );
      return rows.map(toContact);
    },
    async contactsLike(shopId, { not, phones, email, limit }) {
      const left = [
        ...(phones.length === 0
          ? []
          : [
              inArray(t.contacts.phone, [...phones]),
              sql`exists (select 1 from identities i where i.contact_id = ${t.contacts.id} and i.channel_user_id in (${sql.join(
                phones.map((phone) => sql`${phone}`),
                sql`, `,
              )}))`,
            ]),
        ...(email === undefined ? [] : [eq(sql`lower(${t.contacts.email})`, email.toLowerCase())]),
      ];
      if (left.length === 0) return [];
      const rows = await engine.all(
        prepare(
          db
            .select()
            .from(t.contacts)
            .where(
              and(eq(t.contacts.shopId, shopId), isNull(t.contacts.mergedInto), ne(t.contacts.id, not), or(...left)),
            )
            .orderBy(desc(t.contacts.createdAt), desc(t.contacts.id))
            .limit(limit),
        )(),
      );
      return rows.map(toContact);
    },
  };
}
