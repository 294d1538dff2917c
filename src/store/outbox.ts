/** The outbox: deliveries on their way, in order within a conversation, each attempt under a lease. */
import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import { DELIVERY_TTL_MS, type Delivery, LEASE_MS, type Verdict } from "../core/delivery.ts";
import type { OutboxStore } from "../core/ports.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { prepareEventOf } from "./events.ts";
import { before, toPage } from "./page.ts";
import { toDelivery } from "./rows.ts";
import { $, db, prepare, prepareInsertWhere, type Statement } from "./statement.ts";
import { earlyStatusKey } from "./status.ts";
import * as t from "./tables.ts";

const byId = prepare(
  db
    .select({ delivery: t.deliveries, address: t.conversations.address })
    .from(t.deliveries)
    .innerJoin(t.conversations, eq(t.conversations.id, t.deliveries.conversationId))
    .where(eq(t.deliveries.id, $("id"))),
);
const pendingOf = prepare(
  db
    .select({ delivery: t.deliveries, address: t.conversations.address })
    .from(t.deliveries)
    .innerJoin(t.conversations, eq(t.conversations.id, t.deliveries.conversationId))
    .where(and(eq(t.deliveries.conversationId, $("conversationId")), eq(t.deliveries.state, "pending")))
    .orderBy(asc(t.deliveries.seq))
    .limit($("limit")),
);
/** A lease that ran out with an attempt begun has an unknown outcome: counted as a possible repeat. */
const takeSet = {
  leaseUntil: sql`${$("leaseUntil")}`,
  leaseToken: sql`${$("token")}`,
  attempts: sql`${t.deliveries.attempts} + 1`,
  repeats: sql`${t.deliveries.repeats} + (case when ${t.deliveries.leaseToken} is null then 0 else 1 end)`,
};
/**
 * The attempt's number is the lease's fencing number: who lost the lease may still say "sent", which is true whoever sent it, but not
 * take the delivery from the one who holds it now. A status webhook may have been faster: then the delivery is no longer pending.
 */
const unsettled = sql`${t.deliveries.id} = ${$("id")} and ${t.deliveries.state} = 'pending' and (${t.deliveries.attempts} = ${$("attempts")} or ${$("state")} = 'sent')`;
const earlyStatus = (what: SQL) => sql`(select ${what} from adapter_state where key = ${$("statusKey")})`;
const settle = prepare(
  db
    .update(t.deliveries)
    .set({
      state: sql`coalesce(${earlyStatus(sql`case substr(value, 1, 1) when '4' then 'read' when '3' then 'delivered' when '2' then 'dead' end`)}, ${$("state")})`,
      nextAt: sql`${$("nextAt")}`,
      leaseUntil: 0,
      leaseToken: sql`${$("mayRepeat")}`,
      channelMessageId: sql`coalesce(${$("channelMessageId")}, channel_message_id)`,
      code: sql`${$("code")}`,
      detail: sql`coalesce(${earlyStatus(sql`nullif(substr(value, 2), '')`)}, ${$("detail")})`,
      settledAt: sql`${$("settledAt")}`,
    })
    .where(unsettled)
    .returning({ id: t.deliveries.id }),
);
const isUnsettled = sql`exists (select 1 from deliveries where id = ${$("id")} and state = 'pending' and (attempts = ${$("attempts")} or ${$("state")} = 'sent'))`;
const countUsage = prepareInsertWhere(t.usage, ["shopId", "inboxId", "day", "route", "count"], {
  where: isUnsettled,
  conflict: sql`on conflict (shop_id, inbox_id, day, route) do update set count = usage.count + excluded.count`,
  returning: { count: t.usage.count },
});
const countSaid = prepare(
  db
    .update(t.conversations)
    .set({
      saidSince: sql`coalesce(said_since, 0) + cast(${$("counted")} as bigint)`,
      saidSinceJoined: sql`coalesce(said_since_joined, 0) + cast(${$("counted")} as bigint)`,
    })
    .where(sql`${t.conversations.id} = ${$("conversationId")} and ${isUnsettled}`)
    .returning({ id: t.conversations.id }),
);
/** What was heard after the attempt began has opened the window again. */
const shut = prepare(
  db
    .update(t.conversations)
    .set({ shutAt: sql`cast(${$("shutAt")} as bigint)` })
    .where(
      sql`${t.conversations.id} = ${$("conversationId")} and coalesce(last_inbound_at, 0) < cast(${$("shutAt")} as bigint)`,
    )
    .returning({ id: t.conversations.id }),
);
const takeNext = prepare(
  db
    .update(t.deliveries)
    .set(takeSet)
    .where(
      sql`${t.deliveries.seq} = (select min(seq) from deliveries where conversation_id = ${$("conversationId")} and state = 'pending')
        and ${t.deliveries.state} = 'pending' and ${t.deliveries.nextAt} <= ${$("now")} and ${t.deliveries.leaseUntil} < ${$("now")}`,
    )
    .returning(),
);
const takeAll = prepare(
  db
    .update(t.deliveries)
    .set(takeSet)
    .where(
      sql`${t.deliveries.seq} in (select d.seq from deliveries d where d.conversation_id = ${$("conversationId")} and d.state = 'pending'
          and d.lease_until < ${$("now")} order by d.seq limit ${$("limit")})
        and ${t.deliveries.state} = 'pending' and ${t.deliveries.leaseUntil} < ${$("now")}`,
    )
    .returning(),
);
/** As the index over the dead says it: a bound value would hide it from the planner. */
const isDead = sql`${t.deliveries.state} = 'dead'`;
const releases = [
  prepare(
    db
      .update(t.messages)
      .set({ leaseUntil: 0 })
      .where(sql`${t.messages.decidedAt} is null and ${t.messages.leaseUntil} > 0`)
      .returning({ id: t.messages.id }),
  ),
  prepare(
    db
      .update(t.deliveries)
      .set({ leaseUntil: 0 })
      .where(sql`${t.deliveries.state} = 'pending' and ${t.deliveries.leaseUntil} > 0`)
      .returning({ id: t.deliveries.id }),
  ),
  prepare(
    db
      .update(t.messages)
      .set({ mediaDueAt: 0 })
      .where(sql`${t.messages.mediaDueAt} is not null and ${t.messages.mediaDueAt} > 0`)
      .returning({ id: t.messages.id }),
  ),
  prepare(
    db
      .update(t.tasks)
      .set({ leaseUntil: 0 })
      .where(sql`${t.tasks.state} in ('queued', 'running') and ${t.tasks.leaseUntil} > 0`)
      .returning({ id: t.tasks.id }),
  ),
];
const receiptOf = {
  type: "receipt",
  conversationId: t.deliveries.conversationId,
  sessionId: t.deliveries.sessionId,
  messageId: t.deliveries.messageId,
} as const;
const settledEvent = prepareEventOf(t.deliveries, unsettled, receiptOf);

function statusKeyOf(delivery: Delivery, verdict: Verdict): string | null {
  return verdict.state === "sent" ? earlyStatusKey(delivery.inboxId, verdict.channelMessageId) : null;
}

/** What became of one delivery, and the event that tells of it. */
function settleStatements(
  delivery: Delivery,
  verdict: Verdict,
  { now, inWindow }: { readonly now: number; readonly inWindow: boolean },
): Statement[] {
  const sent = verdict.state === "sent";
  const settled = { id: delivery.id, state: verdict.state, attempts: delivery.attempts };
  const { code = null, detail = null } = sent ? {} : verdict;
  const data = {
    ...(sent ? { delivery: "sent" } : { delivery: verdict.state === "dead" ? "failed" : "pending", code, detail }),
    // The send window is another one now.
    ...(inWindow ? { inWindow } : {}),
  };
  return [
    settledEvent({ ...settled, data, at: now }),
    settle({
      ...settled,
      statusKey: statusKeyOf(delivery, verdict),
      nextAt: verdict.state === "pending" ? verdict.nextAt : now,
      mayRepeat: verdict.state === "pending" && verdict.mayRepeat ? "unknown" : null,
      channelMessageId: sent ? verdict.channelMessageId : null,
      code,
      detail,
      settledAt: verdict.state === "pending" ? null : now,
    }),
  ];
}

export function outboxStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): OutboxStore {
  const skipLocked = engine.kind === "postgres" ? sql` for update skip locked` : sql``;
  const due = (ofInbox: boolean) =>
    prepare(
      db
        .update(t.deliveries)
        .set(takeSet)
        .where(
          sql`${t.deliveries.seq} in (select d.seq from deliveries d where d.state = 'pending' and d.next_at <= ${$("now")} and d.lease_until < ${$("now")}
            ${ofInbox ? sql`and d.inbox_id = ${$("inboxId")}` : sql``}
            and not exists (select 1 from deliveries e where e.conversation_id = d.conversation_id and e.state = 'pending' and e.seq <> d.seq
              and (e.seq < d.seq or e.lease_until >= ${$("now")}))
            order by d.next_at limit ${$("limit")}${skipLocked})
            and ${t.deliveries.state} = 'pending' and ${t.deliveries.leaseUntil} < ${$("now")}`,
        )
        .returning(),
    );
  const dueAnywhere = due(false);
  const dueInInbox = due(true);

  async function withAddress(rows: readonly (typeof t.deliveries.$inferSelect)[]) {
    const found = await Promise.all(rows.map((row) => engine.all(byId({ id: row.id }))));
    return rows.map((row, i) => toDelivery(row, found[i]?.[0]?.address ?? {}));
  }

  return {
    async delivery(id) {
      const [row] = await engine.all(byId({ id }));
      return row === undefined ? undefined : toDelivery(row.delivery, row.address);
    },
    async claimDeliveries({ now, limit, inboxId }) {
      const values = { now, limit, inboxId, leaseUntil: now + LEASE_MS, token: deps.newId("lse") };
      const claim = inboxId === undefined ? dueAnywhere(values) : dueInInbox(values);
      return withAddress(rowsOf(claim, (await engine.atomic([claim]))[0]));
    },
    async releaseLeases() {
      await engine.atomic(releases.map((release) => release()));
    },
    async joinDeliveries(first, others, now) {
      const { conversationId } = first;
      const ids = others.map((other) => other.id);
      // Not leased to anybody, and of no other batch.
      const free = sql`conversation_id = ${conversationId} and id in ${ids} and state = 'pending' and lease_until < ${now}
        and (batch is null or batch = ${first.id})`;
      const join = prepare(
        db
          .update(t.deliveries)
          .set({ ...takeSet, batch: first.id })
          .where(
            sql`${free} and (select count(*) from deliveries where ${free}) = ${ids.length}
              and exists (select 1 from deliveries where id = ${first.id} and state = 'pending' and attempts = ${first.attempts})`,
          )
          .returning(),
      );
      const joined = join({ leaseUntil: now + LEASE_MS, token: deps.newId("lse") });
      const rows = rowsOf(joined, (await engine.atomic([joined], [`conversation:${conversationId}`]))[0]);
      return rows.sort((a, b) => a.seq - b.seq).map((row) => toDelivery(row, first.address));
    },
    async settleDelivery(delivery, verdict, now, { others = [], spent, shutAt } = {}) {
      const { conversationId, shopId, inboxId } = delivery;
      const leader = { id: delivery.id, state: verdict.state, attempts: delivery.attempts, conversationId };
      const next = takeNext({ conversationId, now, leaseUntil: now + LEASE_MS, token: deps.newId("lse") });
      const all = [{ delivery, verdict }, ...others];
      const counts =
        spent === undefined || verdict.state !== "sent"
          ? []
          : [
              countUsage({ ...leader, shopId, inboxId, ...spent, count: spent.counted }),
              ...(spent.inWindow ? [countSaid({ ...leader, counted: spent.counted })] : []),
            ];
      const results = await engine.atomic(
        [
          ...counts,
          ...all.flatMap((one) =>
            settleStatements(one.delivery, one.verdict, {
              now,
              inWindow: one.delivery === delivery && (spent?.inWindow === true || shutAt !== undefined),
            }),
          ),
          ...(shutAt === undefined ? [] : [shut({ conversationId, shutAt })]),
          next,
        ],
        [
          `conversation:${conversationId}`,
          ...new Set(all.flatMap((one) => statusKeyOf(one.delivery, one.verdict) ?? [])),
        ],
      );
      const [row] = rowsOf(next, results.at(-1));
      return row === undefined ? undefined : toDelivery(row, delivery.address);
    },
    async pendingDeliveries(conversationId, limit) {
      const rows = await engine.all(pendingOf({ conversationId, limit }));
      return rows.map((row) => toDelivery(row.delivery, row.address));
    },
    async takeWaiting(conversationId, now, limit) {
      const take = takeAll({ conversationId, now, limit, leaseUntil: now + LEASE_MS, token: deps.newId("lse") });
      const rows = rowsOf(take, (await engine.atomic([take], [`conversation:${conversationId}`]))[0]);
      return (await withAddress(rows)).toSorted((a, b) => a.seq - b.seq);
    },
    async resendDelivery(shopId, id, now) {
      const dead = and(eq(t.deliveries.id, id), eq(t.deliveries.shopId, shopId), isDead);
      const update = prepare(
        db
          .update(t.deliveries)
          .set({
            state: "pending",
            nextAt: now,
            leaseUntil: 0,
            leaseToken: null,
            attempts: 0,
            repeats: 0,
            expiresAt: now + DELIVERY_TTL_MS,
            // A late word about the first sending is none about this one.
            channelMessageId: null,
            settledAt: null,
            batch: null,
            code: null,
            detail: null,
          })
          .where(dead)
          .returning({ id: t.deliveries.id }),
      );
      const event = prepareEventOf(t.deliveries, dead, receiptOf);
      const results = await engine.atomic([event({ data: { delivery: "pending" }, at: now }), update()]);
      return results[1]?.length === 1;
    },
    async deadDeliveries(shopId, { limit, cursor }) {
      const query = prepare(
        db
          .select({ delivery: t.deliveries, address: t.conversations.address })
          .from(t.deliveries)
          .innerJoin(t.conversations, eq(t.conversations.id, t.deliveries.conversationId))
          .where(and(eq(t.deliveries.shopId, shopId), isDead, before(cursor, t.deliveries.createdAt, t.deliveries.seq)))
          .orderBy(desc(t.deliveries.createdAt), desc(t.deliveries.seq))
          .limit(limit + 1),
      );
      return toPage(
        await engine.all(query()),
        limit,
        (row) => toDelivery(row.delivery, row.address),
        (row) => [row.delivery.createdAt, row.delivery.seq],
      );
    },
    async outboxStats(now) {
      const [pending] = await engine.all(
        prepare(
          db
            .select({
              count: sql<number>`count(*)`.mapWith(Number),
              oldest: sql<number | null>`min(${t.deliveries.nextAt})`,
            })
            .from(t.deliveries)
            .where(sql`${t.deliveries.state} = 'pending' and ${t.deliveries.nextAt} <= ${now}`),
        )(),
      );
      const [dead] = await engine.all(
        prepare(
          db
            .select({ count: sql<number>`count(*)`.mapWith(Number) })
            .from(t.deliveries)
            .where(isDead),
        )(),
      );
      return {
        pending: pending?.count ?? 0,
        dead: dead?.count ?? 0,
        ...(pending?.oldest == null ? {} : { oldestDueAt: Number(pending.oldest) }),
      };
    },
  };
}
