/** One change of a session and all that belongs to it, in one `atomic` list. */
import { and, eq, sql } from "drizzle-orm";
import type { Changed, SessionChange } from "../../core/ports.ts";
import { type Engine, rowsOf } from "../engine.ts";
import { $, db, prepare, prepareInsertWhere, type Statement } from "../statement.ts";
import * as t from "../tables.ts";
import { changedSession } from "./change-keys.ts";
import { eventKeys } from "./columns.ts";
import { deliveryStatement, draftMessage, leasedDelivery, outboundStatement } from "./outbound.ts";
import { messageByClient } from "./reads.ts";
import { insertLog, insertTicket, nextNumber, patchTicketStatement, RANK } from "./ticket.ts";
import { updateSession } from "./update-session.ts";

const decideMessage = prepare(
  db
    .update(t.messages)
    .set({ decidedAt: sql`${$("now")}`, decisionId: sql`${$("changeId")}`, leaseUntil: 0 })
    .where(and(eq(t.messages.id, $("decides")), changedSession))
    .returning({ id: t.messages.id }),
);
const insertChangeEvent = prepareInsertWhere(t.events, eventKeys, {
  where: changedSession,
  returning: { id: t.events.id },
});
const dropBotDeliveries = prepare(
  db
    .update(t.deliveries)
    .set({ state: "dropped", settledAt: sql`${$("now")}` })
    .where(
      sql`${t.deliveries.sessionId} = ${$("sessionId")} and ${t.deliveries.state} = 'pending' and ${t.deliveries.authorKind} = 'bot'
        and ${t.deliveries.leaseUntil} < ${$("now")} and ${changedSession}`,
    )
    .returning({ id: t.deliveries.id }),
);
const insertSessionEvent = prepareInsertWhere(t.events, eventKeys, {
  computed: { conversationId: sql`(select conversation_id from sessions where id = ${$("sessionId")})` },
  where: changedSession,
  returning: { id: t.events.id },
});
const insertMark = prepareInsertWhere(
  t.flowMarks,
  ["shopId", "messageId", "place", "flowId", "run", "step", "outcome", "sessionId", "at"],
  { where: changedSession, returning: { seq: t.flowMarks.seq } },
);
const epochOf = prepare(
  db
    .select({ ownerEpoch: t.sessions.ownerEpoch })
    .from(t.sessions)
    .where(eq(t.sessions.id, $("id"))),
);

/** The order of a list: change the session under its fence, then all that depends on that, events last. */
export async function applyChange(engine: Engine, changeId: string, change: SessionChange): Promise<Changed> {
  const { session, now } = change;
  const keys = { sessionId: session.id, shopId: session.shopId, contactId: session.contactId, changeId, now };
  const statements: Statement[] = [];
  const add = <Row>(statement: Statement<Row>) => {
    statements.push(statement);
    return { statement, at: statements.length - 1 };
  };
  const update = add(updateSession(change, changeId));
  if (change.fence.decides !== undefined) add(decideMessage({ ...keys, decides: change.fence.decides }));
  if (change.ticket !== undefined) add(patchTicketStatement(change.ticket, keys));
  const drafts = change.say.map((draft) => ({ draft, at: add(outboundStatement(change, draft, keys)) }));
  const deliveries = change.say.flatMap((draft) =>
    draft.parts.map((part) => ({ draft, part, at: add(deliveryStatement(change, draft, part, keys)) })),
  );
  const { decides: messageId } = change.fence;
  if (messageId !== undefined)
    change.marks?.forEach((mark, place) => {
      add(insertMark({ ...keys, ...mark, messageId, place, at: now }));
    });
  if (change.dropBot) add(dropBotDeliveries(keys));
  if (change.openTicket !== undefined) {
    const { openTicket: ticket } = change;
    const key = `ticket:${session.shopId}:${ticket.day}`;
    if (ticket.number === undefined) add(nextNumber({ ...keys, key, value: 1 }));
    add(
      insertTicket({
        ...keys,
        ...ticket,
        key,
        status: ticket.assignee === undefined ? "open" : "claimed",
        rank: RANK[ticket.priority],
        version: 1,
        createdAt: now,
        claimedAt: ticket.assignee === undefined ? null : now,
      }),
    );
  }
  const ticketId = change.openTicket?.id ?? change.ticket?.id;
  if (change.log !== undefined && ticketId !== undefined) {
    const { kind, by, data } = change.log;
    add(
      insertLog({
        ...keys,
        id: `log_${changeId}`,
        ticketId,
        kind,
        byId: by?.id,
        byName: by?.name,
        data: data ?? {},
        at: now,
      }),
    );
  }
  for (const draft of change.say) {
    add(
      insertChangeEvent({
        ...keys,
        type: "message",
        conversationId: draft.conversation.id,
        messageId: draft.id,
        at: now,
      }),
    );
  }
  if (change.patch.state !== undefined || change.patch.owner !== undefined || change.patch.ticketId !== undefined) {
    const conversationId = change.say[0]?.conversation.id;
    add(insertSessionEvent({ ...keys, type: "session", conversationId, at: now }));
  }
  if (ticketId !== undefined) add(insertChangeEvent({ ...keys, type: "ticket", ticketId, at: now }));

  const results = await engine.atomic(statements, [
    `contact:${session.contactId}`,
    `session:${session.id}`,
    ...change.say.map((draft) => `conversation:${draft.conversation.id}`),
  ]);
  const [updated] = rowsOf(update.statement, results[update.at]);
  if (updated === undefined) return notApplied(engine, change);
  const messages = drafts.flatMap(({ draft, at }) => {
    const [row] = rowsOf(at.statement, results[at.at]);
    return row === undefined ? [] : [draftMessage(change, draft, row.seq)];
  });
  const leased = deliveries.flatMap(({ draft, part, at }) =>
    rowsOf(at.statement, results[at.at])
      .filter((row) => row.leaseUntil > 0)
      .map(({ seq }) => leasedDelivery(change, draft, part, seq)),
  );
  return { applied: true, messages, leased, ownerEpoch: updated.ownerEpoch };
}

/** A repeat is no failure: what was to be said has been said. A decision is one all the same, by somebody else. */
async function notApplied(engine: Engine, { session, fence, say }: SessionChange): Promise<Changed> {
  const draft = fence.decides === undefined ? say.find(({ clientId }) => clientId !== undefined) : undefined;
  if (draft === undefined) return { applied: false };
  const said = messageByClient({ conversationId: draft.conversation.id, clientId: draft.clientId });
  const [[message], [current]] = await Promise.all([engine.all(said), engine.all(epochOf({ id: session.id }))]);
  return message === undefined || current === undefined
    ? { applied: false }
    : { applied: true, messages: [], leased: [], ownerEpoch: current.ownerEpoch };
}
