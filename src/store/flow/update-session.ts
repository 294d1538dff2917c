/** The update of a session under its fence: the first statement of every change. */
import { type SQL, sql } from "drizzle-orm";
import type { SessionChange } from "../../core/ports.ts";
import { $, db, prepare, type Statement } from "../statement.ts";
import * as t from "../tables.ts";
import { preview } from "./columns.ts";

/** Compiled once for each combination of fence and patch that occurs. */
const updates = new Map<string, (values: Record<string, unknown>) => Statement<{ ownerEpoch: number }>>();

export function updateSession(change: SessionChange, changeId: string): Statement<{ ownerEpoch: number }> {
  const { fence, patch } = change;
  const last = change.say.at(-1);
  const ticketRef = fence.ticket?.id ?? change.ticket?.id;
  const set: Record<string, unknown> = { ...patch };
  if (last !== undefined) {
    set.preview = preview(last.content);
    set.lastMessageAt = change.now;
  }
  const fields = Object.keys(set)
    .filter((key) => set[key] !== undefined && key !== "owner")
    .sort();
  const shape = [
    fields.join(),
    patch.owner === undefined ? "" : "owner",
    fence.epoch === undefined ? "" : "epoch",
    fence.owner === undefined ? "" : "from",
    fence.states?.length ?? "",
    fence.decides === undefined ? "" : "decides",
    fence.silentSince === undefined ? "" : "silent",
    ticketRef === undefined ? "" : "ticket",
    fence.ticket?.statuses?.length ?? "",
    fence.ticket?.assignee === undefined ? "" : fence.ticket.assignee === null ? "unassigned" : "assigned",
    change.say.flatMap((draft, i) => (draft.clientId === undefined ? [] : [i])).join(),
  ].join("|");
  let compiled = updates.get(shape);
  if (compiled === undefined) {
    compiled = compileUpdate(change, fields);
    updates.set(shape, compiled);
  }
  return compiled({
    ...set,
    ...numbered("state", fence.states),
    ...numbered("status", fence.ticket?.statuses),
    ...numbered(
      "client",
      change.say.map((draft) => draft.clientId),
    ),
    ...numbered(
      "place",
      change.say.map((draft) => draft.conversation.id),
    ),
    newOwner: patch.owner,
    epoch: fence.epoch,
    fromOwner: fence.owner,
    decides: fence.decides,
    silentSince: fence.silentSince,
    ticketRef,
    assignee: fence.ticket?.assignee,
    sessionId: change.session.id,
    sessionShop: change.session.shopId,
    changeId,
  });
}

function compileUpdate(
  change: SessionChange,
  fields: readonly string[],
): (values: Record<string, unknown>) => Statement<{ ownerEpoch: number }> {
  const { fence, patch } = change;
  const columns = t.sessions as unknown as Record<string, typeof t.sessions.flow>;
  const set = Object.fromEntries(fields.map((field) => [field, sql`${sql.param($(field), columns[field])}`]));
  const conditions = [
    sql`${t.sessions.id} = ${$("sessionId")} and ${t.sessions.shopId} = ${$("sessionShop")}`,
    ...(fence.epoch === undefined ? [] : [sql`${t.sessions.ownerEpoch} = ${$("epoch")}`]),
    ...(fence.owner === undefined ? [] : [sql`${t.sessions.owner} = ${$("fromOwner")}`]),
    ...(fence.states === undefined ? [] : [sql`${t.sessions.state} in (${places("state", fence.states.length)})`]),
    ...(fence.decides === undefined
      ? []
      : [sql`exists (select 1 from messages where id = ${$("decides")} and decided_at is null)`]),
    ...(fence.silentSince === undefined ? [] : [sql`${t.sessions.lastMessageAt} < ${$("silentSince")}`]),
    ...(fence.ticket === undefined && change.ticket === undefined ? [] : [ticketFence(fence.ticket)]),
    // A repeat of what was said already, under another change's roof or our own: nothing happens twice.
    ...change.say.flatMap((draft, i) =>
      draft.clientId === undefined
        ? []
        : [
            sql`not exists (select 1 from messages where conversation_id = ${$(`place${i}`)} and client_id = ${$(`client${i}`)})`,
          ],
    ),
  ];
  return prepare(
    db
      .update(t.sessions)
      .set({
        ...set,
        changeId: sql`${$("changeId")}`,
        ...(patch.owner === undefined
          ? {}
          : { owner: sql`${$("newOwner")}`, ownerEpoch: sql`${t.sessions.ownerEpoch} + 1` }),
      })
      .where(sql.join(conditions, sql` and `))
      .returning({ ownerEpoch: t.sessions.ownerEpoch }),
  );
}

function ticketFence(fence: SessionChange["fence"]["ticket"]): SQL {
  const statuses = fence?.statuses;
  const assignee = fence?.assignee;
  return sql`exists (select 1 from tickets where id = ${$("ticketRef")} and shop_id = ${$("sessionShop")}
    ${statuses === undefined ? sql`` : sql` and status in (${places("status", statuses.length)})`}
    ${assignee === undefined ? sql`` : assignee === null ? sql` and assignee is null` : sql` and assignee = ${$("assignee")}`})`;
}

const numbered = (name: string, values: readonly unknown[] = []) =>
  Object.fromEntries(values.map((value, i) => [`${name}${i}`, value]));
const places = (name: string, count: number) =>
  sql.join(
    Array.from({ length: count }, (_, i) => sql`${$(`${name}${i}`)}`),
    sql`, `,
  );
