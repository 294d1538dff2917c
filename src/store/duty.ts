/** Presence, the queue's order, and what estimates are made of. */
import { and, desc, eq, inArray, isNotNull, isNull, sql } from "drizzle-orm";
import { DUTY_MS, type DutyMark } from "../core/duty.ts";
import type { DutyStore } from "../core/ports.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { RANK } from "./flow/ticket.ts";
import { $, db, prepare, prepareInsertWhere, prepareRaw } from "./statement.ts";
import * as t from "./tables.ts";

const theirOwn = sql`exists (select 1 from users where id = ${$("userId")} and shop_id = ${$("shopId")})`;
const presenceKeys = ["userId", "shopId", "mark", "seenAt"] as const;
const upsertBeat = prepareInsertWhere(t.presence, presenceKeys, {
  where: theirOwn,
  // Two processes' clocks differ: never backwards.
  conflict: sql`on conflict (user_id) do update set seen_at = case when excluded.seen_at > presence.seen_at then excluded.seen_at else presence.seen_at end`,
  returning: { userId: t.presence.userId },
});
const upsertMark = prepareInsertWhere(t.presence, presenceKeys, {
  where: theirOwn,
  conflict: sql`on conflict (user_id) do update set mark = excluded.mark`,
  returning: { userId: t.presence.userId },
});
const presenceOf = prepare(
  db
    .select()
    .from(t.presence)
    .where(eq(t.presence.shopId, $("shopId"))),
);
const callersOf = prepare(
  db
    .selectDistinct({ userId: t.logins.userId })
    .from(t.logins)
    .innerJoin(t.users, eq(t.users.id, t.logins.userId))
    .where(
      and(
        eq(t.logins.shopId, $("shopId")),
        sql`${t.logins.seenAt} >= ${$("since")}`,
        isNull(t.logins.endedAt),
        isNull(t.users.disabledAt),
        inArray(t.users.role, ["agent", "supervisor", "admin"]),
      ),
    ),
);
const handledOf = prepare(
  db
    .select({ claimedAt: t.tickets.claimedAt, resolvedAt: t.tickets.resolvedAt })
    .from(t.tickets)
    .where(and(eq(t.tickets.shopId, $("shopId")), isNotNull(t.tickets.resolvedAt), isNotNull(t.tickets.claimedAt)))
    .orderBy(desc(t.tickets.resolvedAt))
    .limit($("limit")),
);
/** Whoever has written in a chat, or done anything with its ticket, after their stream was last seen works without one. */
const leftChatsBefore = prepareRaw(
  sql`select s.shop_id, s.id, k.id, s.owner from presence p
    join sessions s on s.shop_id = p.shop_id and s.owner = p.user_id and s.state = 'agent'
    join tickets k on k.id = s.ticket_id and k.status = 'claimed'
    where p.seen_at > 0 and p.seen_at < ${$("before")}
      and not exists (select 1 from ticket_log l where l.ticket_id = k.id and l.at > p.seen_at + ${$("grace")})
      and not exists (select 1 from messages m where m.session_id = s.id and m.author_id = p.user_id and m.at > p.seen_at + ${$("grace")})
    order by k.rank desc, k.created_at, s.id limit ${$("limit")}`,
  {
    shopId: t.sessions.shopId,
    sessionId: t.sessions.id,
    ticketId: t.tickets.id,
    agentId: t.sessions.owner,
  },
);
const rankHere = sql`coalesce(k.rank, ${sql.raw(String(RANK.normal))})`;
const placeOf = prepareRaw(
  sql`select ${rankHere}, s.queued_at from sessions s left join tickets k on k.id = s.ticket_id
    where s.id = ${$("sessionId")} and s.shop_id = ${$("shopId")} and s.state = 'queued'`,
  { rank: "number", queuedAt: t.sessions.queuedAt },
);
const beforePlace = prepareRaw(
  sql`select count(*) from sessions s left join tickets k on k.id = s.ticket_id
    where s.shop_id = ${$("shopId")} and s.state = 'queued' and s.id <> ${$("sessionId")}
      and (${rankHere} > ${$("rank")} or (${rankHere} = ${$("rank")} and s.queued_at < ${$("queuedAt")}))`,
  { count: "number" },
);
const takeNumber = prepareInsertWhere(t.counters, ["key", "value"], {
  conflict: sql`on conflict (key) do update set value = counters.value + 1`,
  returning: { value: t.counters.value },
});

export function dutyStore(engine: Engine): DutyStore {
  return {
    async beat({ shopId, userId, now }) {
      await engine.atomic([upsertBeat({ shopId, userId, mark: "online", seenAt: now })]);
    },
    async markDuty({ shopId, userId, mark }) {
      await engine.atomic([upsertMark({ shopId, userId, mark, seenAt: 0 })]);
    },
    async presence(shopId) {
      const rows = await engine.all(presenceOf({ shopId }));
      // Only marks are written.
      return rows.map(({ userId, mark, seenAt }) => ({ userId, mark: mark as DutyMark, seenAt }));
    },
    async calledSince(shopId, since) {
      return (await engine.all(callersOf({ shopId, since }))).map(({ userId }) => userId);
    },
    async leftChats(before, limit) {
      return engine.all(leftChatsBefore({ before, grace: DUTY_MS, limit }));
    },
    async queuePosition(shopId, sessionId, priority = "normal") {
      const [own] = await engine.all(placeOf({ shopId, sessionId }));
      const place = { rank: own?.rank ?? RANK[priority], queuedAt: own?.queuedAt ?? Number.MAX_SAFE_INTEGER };
      const [row] = await engine.all(beforePlace({ shopId, sessionId, ...place }));
      return row?.count ?? 0;
    },
    async handledMs(shopId, limit) {
      const rows = await engine.all(handledOf({ shopId, limit }));
      return rows.map(({ claimedAt, resolvedAt }) => Math.max(0, (resolvedAt ?? 0) - (claimedAt ?? 0)));
    },
    async takeTicketNumber(shopId, day) {
      const take = takeNumber({ key: `ticket:${shopId}:${day}`, value: 1 });
      const [rows] = await engine.atomic([take], [`ticket-number:${shopId}`]);
      const [taken] = rowsOf(take, rows);
      return `T-${day}-${String(taken?.value ?? 1).padStart(4, "0")}`;
    },
  };
}
