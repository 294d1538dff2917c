/** A session's small matters: read, rated, ended by silence. */
import { and, asc, eq, ne, type SQL, sql } from "drizzle-orm";
import type { FlowStore } from "../../core/ports.ts";
import type { Engine } from "../engine.ts";
import { prepareEventOf } from "../events.ts";
import { db, prepare } from "../statement.ts";
import * as t from "../tables.ts";
import { applyChange } from "./apply-change.ts";

type SessionStore = Pick<FlowStore, "markRead" | "rateSession" | "closeIdle">;

export function sessionStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): SessionStore {
  return {
    async markRead(shopId, sessionId, now) {
      const unread = and(eq(t.sessions.id, sessionId), eq(t.sessions.shopId, shopId), ne(t.sessions.unread, 0));
      await engine.atomic([
        sessionEvent(unread)({ at: now }),
        prepare(db.update(t.sessions).set({ unread: 0 }).where(unread).returning({ id: t.sessions.id }))(),
      ]);
    },
    async rateSession({ shopId, conversationId, sessionId, score, comment, now }) {
      const rated = and(
        eq(t.sessions.id, sessionId),
        eq(t.sessions.shopId, shopId),
        eq(t.sessions.conversationId, conversationId),
      );
      const update = prepare(
        db
          .update(t.sessions)
          .set({ rating: score, ratingComment: comment ?? null })
          .where(rated)
          .returning({ id: t.sessions.id }),
      );
      const results = await engine.atomic([update(), sessionEvent(rated)({ at: now })]);
      return results[0]?.length === 1;
    },
    async closeIdle(before, now) {
      const idle = prepare(
        db
          .select()
          .from(t.sessions)
          .where(sql`${t.sessions.state} = 'bot' and ${t.sessions.lastMessageAt} < ${before}`)
          .orderBy(asc(t.sessions.lastMessageAt))
          .limit(100),
      )();
      let closed = 0;
      for (const session of await engine.all(idle)) {
        const result = await applyChange(engine, deps.newId("chg"), {
          session,
          fence: { epoch: session.ownerEpoch, states: ["bot"], silentSince: before },
          patch: { state: "closed", closedAt: now, closedBy: "timer", flow: null },
          say: [],
          now,
        });
        if (result.applied) closed += 1;
      }
      return closed;
    },
  };
}

const sessionEvent = (where: SQL | undefined) =>
  prepareEventOf(t.sessions, where, {
    type: "session",
    conversationId: t.sessions.conversationId,
    sessionId: t.sessions.id,
  });
