/** A ticket's own statements inside a change of its session. */
import { and, eq, sql } from "drizzle-orm";
import type { SessionChange } from "../../core/ports.ts";
import { $, db, prepare, prepareInsertWhere, type Statement } from "../statement.ts";
import * as t from "../tables.ts";
import { type ChangeKeys, changedSession } from "./change-keys.ts";

export const nextNumber = prepareInsertWhere(t.counters, ["key", "value"], {
  where: changedSession,
  conflict: sql`on conflict (key) do update set value = counters.value + 1`,
  returning: { value: t.counters.value },
});
export const insertTicket = prepareInsertWhere(
  t.tickets,
  [
    "id",
    "shopId",
    "number",
    "contactId",
    "sessionId",
    "status",
    "priority",
    "rank",
    "group",
    "assignee",
    "orderIds",
    "tags",
    "context",
    "version",
    "createdAt",
    "claimedAt",
  ],
  {
    computed: {
      number: sql`coalesce(${$("number")}, (select 'T-' || ${$("day")} || '-' || case when value < 10 then '000' when value < 100 then '00' when value < 1000 then '0' else '' end || cast(value as text)
        from counters where key = ${$("key")}))`,
    },
    where: changedSession,
    returning: { id: t.tickets.id },
  },
);
export const insertLog = prepareInsertWhere(
  t.ticketLog,
  ["id", "shopId", "ticketId", "kind", "byId", "byName", "data", "at"],
  {
    where: changedSession,
    returning: { id: t.ticketLog.id },
  },
);

export const RANK = { low: 0, normal: 1, high: 2, urgent: 3 } as const;

export function patchTicketStatement({ id, patch }: NonNullable<SessionChange["ticket"]>, keys: ChangeKeys): Statement {
  const changed = sql`exists (select 1 from sessions where id = ${keys.sessionId} and change_id = ${keys.changeId})`;
  return prepare(
    db
      .update(t.tickets)
      .set(ticketSet(patch, keys.changeId))
      .where(and(eq(t.tickets.id, id), eq(t.tickets.shopId, keys.shopId), changed))
      .returning({ id: t.tickets.id }),
  )();
}

/** The columns a ticket's patch touches. */
export function ticketSet(patch: NonNullable<SessionChange["ticket"]>["patch"], changeId: string) {
  const { tags, firstReplyAt, claimedAt, ...rest } = patch;
  return {
    ...rest,
    ...(tags === undefined ? {} : { tags: [...tags] }),
    ...(patch.priority === undefined ? {} : { rank: RANK[patch.priority] }),
    // Firsts stay firsts.
    ...(firstReplyAt === undefined ? {} : { firstReplyAt: sql`coalesce(${t.tickets.firstReplyAt}, ${firstReplyAt})` }),
    ...(claimedAt === undefined ? {} : { claimedAt: sql`coalesce(${t.tickets.claimedAt}, ${claimedAt})` }),
    version: sql`${t.tickets.version} + 1`,
    changeId,
  };
}
