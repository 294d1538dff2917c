/** The domain log. Its ids become visible in their order on every engine, so a cursor skips nothing. */

import type { SQL } from "drizzle-orm";
import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { SQLiteColumn, SQLiteTable } from "drizzle-orm/sqlite-core";
import type { EventType } from "../core/event.ts";
import type { EventStore } from "../core/ports.ts";
import type { Engine } from "./engine.ts";
import { toEvent } from "./rows.ts";
import { $, db, prepare, prepareInsertWhere, prepareRaw } from "./statement.ts";
import * as t from "./tables.ts";

const ofShop = prepare(
  db
    .select()
    .from(t.events)
    .where(and(eq(t.events.shopId, $("shopId")), gt(t.events.id, $("after"))))
    .orderBy(asc(t.events.id))
    .limit($("limit")),
);
const ofConversation = prepare(
  db
    .select()
    .from(t.events)
    .where(
      and(
        eq(t.events.conversationId, $("conversationId")),
        eq(t.events.shopId, $("shopId")),
        gt(t.events.id, $("after")),
      ),
    )
    .orderBy(asc(t.events.id))
    .limit($("limit")),
);
const lastId = prepare(
  db
    .select({ id: sql<number>`coalesce(max(${t.events.id}), 0)`.mapWith(Number) })
    .from(t.events)
    .where(eq(t.events.shopId, $("shopId"))),
);

// Only the columns named: where an id counts by itself, PostgreSQL takes no NULL for "the next one".
const insertEvent = prepareInsertWhere(t.events, ["shopId", "type", "data", "at"], { returning: { id: t.events.id } });

/**
 * An event for each row found, at `at` with `data`. It goes before the update that ends its condition: so both happen or neither does,
 * and no token is needed to tell who won.
 */
export function prepareEventOf(
  table: SQLiteTable,
  where: SQL | undefined,
  event: {
    readonly type: EventType;
    readonly conversationId?: SQLiteColumn;
    readonly sessionId?: SQLiteColumn;
    readonly ticketId?: SQLiteColumn;
    readonly messageId?: SQLiteColumn;
  },
) {
  const field = (column: SQLiteColumn | undefined) => (column === undefined ? sql`null` : sql`${column}`);
  return prepareRaw(
    sql`insert into events (shop_id, type, conversation_id, session_id, ticket_id, message_id, data, at)
      select shop_id, ${event.type}, ${field(event.conversationId)}, ${field(event.sessionId)}, ${field(event.ticketId)}, ${field(event.messageId)},
        ${sql.param($("data"), t.events.data)}, ${$("at")} from ${table} where ${where ?? sql`1 = 1`} returning id`,
    { id: t.events.id },
  );
}

export function eventStore(engine: Engine): EventStore {
  return {
    async eventsAfter({ shopId, conversationId, after, limit }) {
      const query = conversationId === undefined ? ofShop : ofConversation;
      return (await engine.all(query({ shopId, conversationId, after, limit }))).map(toEvent);
    },
    async lastEventId(shopId) {
      return (await engine.all(lastId({ shopId })))[0]?.id ?? 0;
    },
    async addEvent({ shopId, type, data, now }) {
      await engine.atomic([insertEvent({ shopId, type, data: data ?? {}, at: now })]);
    },
  };
}
