/** What agents read: sessions, tickets, contacts and their history. */
import { and, asc, desc, eq, inArray, sql } from "drizzle-orm";
import type { Message, MessageDelivery } from "../core/message.ts";
import type { DeskStore, MessageView, SessionView, TicketLogEntry, TicketView } from "../core/ports.ts";
import type { Engine } from "./engine.ts";
import { prepareEventOf } from "./events.ts";
import { ticketSet } from "./flow/ticket.ts";
import { before, contains, toPage } from "./page.ts";
import { present, toContact, toMessage, toSession, toTicket } from "./rows.ts";
import { $, db, prepare, prepareInsertWhere } from "./statement.ts";
import * as t from "./tables.ts";
import { windowColumns } from "./windows.ts";

const contactFields = {
  id: t.contacts.id,
  name: t.contacts.name,
  level: t.contacts.level,
  locale: t.contacts.locale,
  vip: t.contacts.vip,
  tags: t.contacts.tags,
};
const sessionRows = () =>
  db
    .select({ session: t.sessions, contact: contactFields, ticket: t.tickets, window: windowColumns })
    .from(t.sessions)
    .innerJoin(t.contacts, eq(t.contacts.id, t.sessions.contactId))
    .innerJoin(t.conversations, eq(t.conversations.id, t.sessions.conversationId))
    .leftJoin(t.tickets, eq(t.tickets.id, t.sessions.ticketId));

type SessionRow = {
  session: typeof t.sessions.$inferSelect;
  contact: Pick<typeof t.contacts.$inferSelect, "id" | "name" | "level" | "locale" | "vip" | "tags">;
  ticket: typeof t.tickets.$inferSelect | null;
  window: { [Fact in keyof typeof windowColumns]: number | null };
};

function toSessionView(row: SessionRow): SessionView {
  return {
    ...toSession(row.session),
    ...(row.session.waitingSince === null ? {} : { waitingSince: row.session.waitingSince }),
    contact: present(row.contact) as SessionView["contact"],
    ...(row.ticket === null ? {} : { ticket: toTicketView(row.ticket) }),
    window: present(row.window),
  };
}

function toTicketView(row: typeof t.tickets.$inferSelect): TicketView {
  const { context, sessionIds: _sessionIds, ...rest } = toTicket(row);
  return { ...rest, reason: context.reason, summary: context.summary };
}

const sessionById = prepare(sessionRows().where(and(eq(t.sessions.id, $("id")), eq(t.sessions.shopId, $("shopId")))));
const ticketById = prepare(
  db
    .select()
    .from(t.tickets)
    .where(and(eq(t.tickets.id, $("id")), eq(t.tickets.shopId, $("shopId")))),
);
const logOfTicket = prepare(
  db
    .select()
    .from(t.ticketLog)
    .where(and(eq(t.ticketLog.ticketId, $("ticketId")), eq(t.ticketLog.shopId, $("shopId"))))
    .orderBy(asc(t.ticketLog.at), asc(t.ticketLog.id)),
);
const contactById = prepare(
  db
    .select()
    .from(t.contacts)
    .where(and(eq(t.contacts.id, $("id")), eq(t.contacts.shopId, $("shopId")))),
);

/** A line in the log of a ticket of the shop. */
const insertLog = prepareInsertWhere(
  t.ticketLog,
  ["id", "shopId", "ticketId", "kind", "byId", "byName", "data", "at"],
  {
    where: sql`exists (select 1 from tickets where id = ${$("ticketId")} and shop_id = ${$("shopId")})`,
    returning: { id: t.ticketLog.id },
  },
);

const messageOrder = [desc(t.messages.at), desc(t.messages.seq)] as const;

/** A message is only as well delivered as the worst of its parts. */
const DELIVERY_ORDER: readonly string[] = ["dead", "dropped", "uncertain", "pending", "sent", "delivered", "read"];

/** D1 binds at most 100 values in one statement. */
const MAX_VALUES = 90;
const slices = <T>(values: readonly T[], size: number): T[][] =>
  Array.from({ length: Math.ceil(values.length / size) }, (_, i) => values.slice(i * size, (i + 1) * size));

export function deskStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): DeskStore {
  async function deliveriesOf(messageIds: readonly string[]) {
    const { id, messageId, state, code, detail, leaseToken, leaseUntil } = t.deliveries;
    const query = (ids: string[]) =>
      prepare(
        db
          .select({ id, messageId, state, code, detail, leaseToken, leaseUntil })
          .from(t.deliveries)
          .where(inArray(messageId, ids))
          .orderBy(asc(t.deliveries.seq)),
      )();
    return (await Promise.all(slices(messageIds, MAX_VALUES).map((ids) => engine.all(query(ids))))).flat();
  }

  async function withDeliveries(messages: readonly Message[]): Promise<MessageView[]> {
    const open = messages.filter((message) => message.direction === "outbound" && message.delivery === undefined);
    if (open.length === 0) return [...messages];
    const rows = await deliveriesOf(open.map((message) => message.id));
    const worst = new Map<string, { state: string; id: string; code: string | null; detail: string | null }>();
    for (const row of rows) {
      const state =
        row.state === "pending" && row.leaseUntil === 0 && row.leaseToken !== null ? "uncertain" : row.state;
      const known = worst.get(row.messageId);
      if (known === undefined || DELIVERY_ORDER.indexOf(state) < DELIVERY_ORDER.indexOf(known.state))
        worst.set(row.messageId, { state, id: row.id, code: row.code, detail: row.detail });
    }
    return messages.map((message) => {
      const delivery = worst.get(message.id);
      if (delivery === undefined) return message;
      return {
        ...message,
        delivery: (delivery.state === "dead" ? "failed" : delivery.state) as MessageDelivery,
        ...(delivery.state === "dead" ? { deliveryId: delivery.id } : {}),
        ...(delivery.code === null ? {} : { deliveryCode: delivery.code }),
        ...(delivery.detail === null ? {} : { deliveryDetail: delivery.detail }),
      };
    });
  }

  return {
    async session(shopId, id) {
      const [row] = await engine.all(sessionById({ id, shopId }));
      return row === undefined ? undefined : toSessionView(row);
    },
    async sessions(shopId, filter) {
      const rows = await engine.all(
        prepare(
          sessionRows()
            .where(
              and(
                eq(t.sessions.shopId, shopId),
                filter.state === undefined ? undefined : eq(t.sessions.state, filter.state),
                filter.inboxId === undefined ? undefined : eq(t.sessions.inboxId, filter.inboxId),
                filter.assignee === undefined ? undefined : eq(t.sessions.owner, filter.assignee),
                filter.contactId === undefined ? undefined : eq(t.sessions.contactId, filter.contactId),
                filter.q === undefined
                  ? undefined
                  : sql`(${contains(t.contacts.name, filter.q)} or ${contains(t.sessions.preview, filter.q)} or ${t.sessions.id} = ${filter.q})`,
                before(filter.cursor, t.sessions.lastMessageAt, t.sessions.id),
              ),
            )
            .orderBy(desc(t.sessions.lastMessageAt), desc(t.sessions.id))
            .limit(filter.limit + 1),
        )(),
      );
      return toPage(rows, filter.limit, toSessionView, (row) => [row.session.lastMessageAt, row.session.id]);
    },
    async sessionCounts(shopId, userId) {
      const count = { count: sql<number>`count(*)`.mapWith(Number) };
      const [states, mine] = await Promise.all([
        engine.all(
          prepare(
            db
              .select({ state: t.sessions.state, ...count })
              .from(t.sessions)
              .where(eq(t.sessions.shopId, shopId))
              .groupBy(t.sessions.state),
          )(),
        ),
        engine.all(
          prepare(
            db
              .select(count)
              .from(t.sessions)
              .where(and(eq(t.sessions.shopId, shopId), eq(t.sessions.owner, userId), eq(t.sessions.state, "agent"))),
          )(),
        ),
      ]);
      const of = (state: string) => states.find((row) => row.state === state)?.count ?? 0;
      return {
        bot: of("bot"),
        queued: of("queued"),
        agent: of("agent"),
        closed: of("closed"),
        mine: mine[0]?.count ?? 0,
      };
    },
    async messagesOf({ shopId, sessionId, contactId, conversationId, limit, cursor }) {
      const rows = await engine.all(
        prepare(
          db
            .select()
            .from(t.messages)
            .where(
              and(
                eq(t.messages.shopId, shopId),
                sessionId === undefined ? undefined : eq(t.messages.sessionId, sessionId),
                contactId === undefined ? undefined : eq(t.messages.contactId, contactId),
                conversationId === undefined ? undefined : eq(t.messages.conversationId, conversationId),
                before(cursor, t.messages.at, t.messages.seq),
              ),
            )
            .orderBy(...messageOrder)
            .limit(limit + 1),
        )(),
      );
      const page = toPage(rows, limit, toMessage, (row) => [row.at, row.seq]);
      return { items: await withDeliveries(page.items), next: page.next };
    },
    async ticket(shopId, id) {
      const [row] = await engine.all(ticketById({ id, shopId }));
      return row === undefined ? undefined : toTicket(row);
    },
    async tickets(shopId, filter) {
      const rows = await engine.all(
        prepare(
          db
            .select({ ticket: t.tickets })
            .from(t.tickets)
            .innerJoin(t.contacts, eq(t.contacts.id, t.tickets.contactId))
            .where(
              and(
                eq(t.tickets.shopId, shopId),
                filter.status === undefined ? undefined : eq(t.tickets.status, filter.status),
                filter.group === undefined ? undefined : eq(t.tickets.group, filter.group),
                filter.assignee === undefined ? undefined : eq(t.tickets.assignee, filter.assignee),
                filter.priority === undefined ? undefined : eq(t.tickets.priority, filter.priority),
                filter.contactId === undefined ? undefined : eq(t.tickets.contactId, filter.contactId),
                filter.q === undefined
                  ? undefined
                  : sql`(${contains(t.tickets.number, filter.q)} or ${contains(t.contacts.name, filter.q)} or ${contains(t.tickets.orderIds, filter.q)} or ${t.tickets.id} = ${filter.q})`,
                before(filter.cursor, t.tickets.createdAt, t.tickets.id),
              ),
            )
            .orderBy(desc(t.tickets.createdAt), desc(t.tickets.id))
            .limit(filter.limit + 1),
        )(),
      );
      return toPage(
        rows,
        filter.limit,
        (row) => toTicketView(row.ticket),
        (row) => [row.ticket.createdAt, row.ticket.id],
      );
    },
    async ticketLog(shopId, ticketId) {
      return (await engine.all(logOfTicket({ shopId, ticketId }))).map(
        (row): TicketLogEntry => ({
          id: row.id,
          kind: row.kind,
          ...(row.byId === null ? {} : { by: { id: row.byId, name: row.byName ?? "" } }),
          data: row.data,
          at: row.at,
        }),
      );
    },
    async addTicketNote({ shopId, ticketId, id, by, text, now }) {
      const fresh = and(
        eq(t.tickets.id, ticketId),
        eq(t.tickets.shopId, shopId),
        sql`not exists (select 1 from ticket_log where id = ${id})`,
      );
      const results = await engine.atomic([
        prepareEventOf(t.tickets, fresh, { type: "ticket", ticketId: t.tickets.id })({ at: now }),
        insertLog({ shopId, ticketId, id, kind: "note", byId: by.id, byName: by.name, data: { text }, at: now }),
      ]);
      return results[1]?.length === 1;
    },
    async patchTicket({ shopId, ticketId, patch, by, kind, now }) {
      const changeId = deps.newId("chg");
      const known = and(eq(t.tickets.id, ticketId), eq(t.tickets.shopId, shopId));
      const update = prepare(
        db.update(t.tickets).set(ticketSet(patch, changeId)).where(known).returning({ id: t.tickets.id }),
      );
      const author = { byId: by.id, byName: by.name };
      const results = await engine.atomic([
        update(),
        insertLog({ shopId, ticketId, id: `log_${changeId}`, kind, ...author, data: { ...patch }, at: now }),
        prepareEventOf(t.tickets, known, { type: "ticket", ticketId: t.tickets.id })({ at: now }),
      ]);
      return results[0]?.length === 1;
    },
    async contact(shopId, id) {
      const [row] = await engine.all(contactById({ id, shopId }));
      return row === undefined ? undefined : toContact(row);
    },
    async patchContact(shopId, id, patch) {
      await engine.atomic([
        prepare(
          db
            .update(t.contacts)
            .set(patch)
            .where(and(eq(t.contacts.id, id), eq(t.contacts.shopId, shopId)))
            .returning({ id: t.contacts.id }),
        )(),
      ]);
    },
    async identitiesOf(shopId, contactId) {
      const rows = await engine.all(
        prepare(
          db
            .select({ identity: t.identities, conversation: t.conversations })
            .from(t.identities)
            .innerJoin(t.conversations, eq(t.conversations.identityId, t.identities.id))
            .where(and(eq(t.identities.contactId, contactId), eq(t.identities.shopId, shopId)))
            // PostgreSQL and SQLite differ on where NULL sorts.
            .orderBy(desc(sql`coalesce(${t.conversations.lastInboundAt}, 0)`), asc(t.identities.id)),
        )(),
      );
      return rows.map(({ identity, conversation }) => ({
        ...(present(identity) as never as {
          id: string;
          shopId: string;
          inboxId: string;
          contactId: string;
          channelUserId: string;
          level: "anonymous" | "claimed" | "verified";
        }),
        channel: conversation.channel,
        conversationId: conversation.id,
        window: present({
          heardAt: conversation.heardAt,
          saidSince: conversation.saidSince,
          joinedAt: conversation.joinedAt,
          saidSinceJoined: conversation.saidSinceJoined,
          shutAt: conversation.shutAt,
        }),
        ...(conversation.lastInboundAt === null ? {} : { lastInboundAt: conversation.lastInboundAt }),
      }));
    },
  };
}
