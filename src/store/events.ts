/** The domain log. Its ids become visible in their order on every engine, so a cursor skips nothing. */
import { and, asc, eq, gt, sql } from "drizzle-orm";
import type { EventStore } from "../core/ports.ts";
import type { Engine } from "./engine.ts";
import { toEvent } from "./rows.ts";
import { $, db, prepare } from "./statement.ts";
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
      await engine.atomic([
        prepare(
          db
            .insert(t.events)
            .values({ shopId, type, data: data ?? {}, at: now })
            .returning({ id: t.events.id }),
        )(),
      ]);
    },
  };
}
