/** What agents read: sessions, tickets, contacts and their history. */
import { and, asc, desc, eq, inArray, isNull, sql } from "drizzle-orm";
import type { Message, MessageDelivery } from "../core/message.ts";
import type { DeskStore, MessageView, SessionView, TicketLogEntry, TicketView } from "../core/ports.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { ticketSet } from "./flow.ts";
import { before, contains, toPage } from "./page.ts";
import { present, toContact, toMessage, toSession, toTicket } from "./rows.ts";
import { $, db, prepare } from "./statement.ts";
import * as t from "./tables.ts";

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
    .select({ session: t.sessions, contact: contactFields, ticket: t.tickets, heardAt: t.conversations.lastInboundAt })
    .from(t.sessions)
    .innerJoin(t.contacts, eq(t.contacts.id, t.sessions.contactId))
    .innerJoin(t.conversations, eq(t.conversations.id, t.sessions.conversationId))
    .leftJoin(t.tickets, eq(t.tickets.id, t.sessions.ticketId));

type SessionRow = {
  session: typeof t.sessions.$inferSelect;
  contact: Pick<typeof t.contacts.$inferSelect, "id" | "name" | "level" | "locale" | "vip" | "tags">;
  ticket: typeof t.tickets.$inferSelect | null;
  heardAt: number | null;
};

function toSessionView(row: SessionRow): SessionView {
  return {
    ...toSession(row.session),
    ...(row.session.waitingSince === null ? {} : { waitingSince: row.session.waitingSince }),
    contact: present(row.contact) as SessionView["contact"],
    ...(row.ticket === null ? {} : { ticket: toTicketView(row.ticket) }),
    ...(row.heardAt === null ? {} : { conversationLastInboundAt: row.heardAt }),
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

const messageOrder = [desc(t.messages.at), desc(t.messages.seq)] as const;

/** A message is only as well delivered as the worst of its parts. */
const DELIVERY_ORDER: readonly string[] = ["dead", "dropped", "uncertain", "pending", "sent", "delivered", "read"];

export function deskStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): DeskStore {
  async function withDeliveries(messages: readonly Message[]): Promise<MessageView[]> {
    const open = messages.filter((message) => message.direction === "outbound" && message.delivery === undefined);
    if (open.length === 0) return [...messages];
    const rows = await engine.all(
      prepare(
        db
          .select({
            id: t.deliveries.id,
            messageId: t.deliveries.messageId,
            state: t.deliveries.state,
            detail: t.deliveries.detail,
            leaseToken: t.deliveries.leaseToken,
            leaseUntil: t.deliveries.leaseUntil,
          })
          .from(t.deliveries)
          .where(
            inArray(
              t.deliveries.messageId,
              open.map((message) => message.id),
            ),
          ),
      )(),
    );
    const worst = new Map<string, { state: string; id: string; detail: string | null }>();
    for (const row of rows) {
      const state =
        row.state === "pending" && row.leaseUntil === 0 && row.leaseToken !== null ? "uncertain" : row.state;
      const known = worst.get(row.messageId);
      if (known === undefined || DELIVERY_ORDER.indexOf(state) < DELIVERY_ORDER.indexOf(known.state))
        worst.set(row.messageId, { state, id: row.id, detail: row.detail });
    }
    return messages.map((message) => {
      const delivery = worst.get(message.id);
      if (delivery === undefined) return message;
      return {
        ...message,
        delivery: (delivery.state === "dead" ? "failed" : delivery.state) as MessageDelivery,
        ...(delivery.state === "dead" ? { deliveryId: delivery.id } : {}),
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
    async queuePosition(shopId, sessionId) {
      const [row] = await engine.all(
        prepare(
          db
            .select({ count: sql<number>`count(*)`.mapWith(Number) })
            .from(t.sessions)
            .where(
              sql`${t.sessions.shopId} = ${shopId} and ${t.sessions.state} = 'queued'
                and ${t.sessions.queuedAt} < coalesce((select queued_at from sessions where id = ${sessionId}), 9007199254740991)`,
            ),
        )(),
      );
      return row?.count ?? 0;
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
      const insert = prepare(
        db
          .insert(t.ticketLog)
          .values({
            id,
            shopId,
            ticketId,
            kind: "note",
            byId: by.id ?? null,
            byName: by.name ?? null,
            data: { text },
            at: now,
          })
          .onConflictDoNothing()
          .returning({ id: t.ticketLog.id }),
      )();
      const results = await engine.atomic([insert, ticketEvent(shopId, ticketId, now)]);
      return results[0]?.length === 1;
    },
    async patchTicket({ shopId, ticketId, patch, by, kind, now }) {
      const changeId = deps.newId("chg");
      const update = prepare(
        db
          .update(t.tickets)
          .set(ticketSet(patch, changeId))
          .where(and(eq(t.tickets.id, ticketId), eq(t.tickets.shopId, shopId)))
          .returning({ id: t.tickets.id }),
      )();
      const [row] = rowsOf(
        update,
        (
          await engine.atomic([
            update,
            prepare(
              db
                .insert(t.ticketLog)
                .values({
                  id: `log_${changeId}`,
                  shopId,
                  ticketId,
                  kind,
                  byId: by.id ?? null,
                  byName: by.name ?? null,
                  data: { ...patch },
                  at: now,
                })
                .returning({ id: t.ticketLog.id }),
            )(),
            ticketEvent(shopId, ticketId, now),
          ])
        )[0],
      );
      return row !== undefined;
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
            .orderBy(desc(t.conversations.lastInboundAt)),
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
        ...(conversation.lastInboundAt === null ? {} : { lastInboundAt: conversation.lastInboundAt }),
      }));
    },
    async mergeContacts({ shopId, into, from, now }) {
      const mark = prepare(
        db
          .update(t.contacts)
          .set({ mergedInto: into })
          .where(
            and(
              eq(t.contacts.id, from),
              eq(t.contacts.shopId, shopId),
              isNull(t.contacts.mergedInto),
              sql`exists (select 1 from contacts c where c.id = ${into} and c.shop_id = ${shopId} and c.merged_into is null)`,
            ),
          )
          .returning({ id: t.contacts.id }),
      )();
      const merged = sql`exists (select 1 from contacts m where m.id = ${from} and m.merged_into = ${into})`;
      const [row] = rowsOf(
        mark,
        (
          await engine.atomic([
            // One contact has one open session: the merged one's ends, its messages stay in the one timeline.
            prepare(
              db
                .update(t.sessions)
                .set({ state: "closed", closedAt: now, closedBy: "agent", ownerEpoch: sql`owner_epoch + 1` })
                .where(
                  sql`${t.sessions.contactId} = ${from} and ${t.sessions.state} <> 'closed' and exists (select 1 from sessions o where o.contact_id = ${into} and o.state <> 'closed')`,
                )
                .returning({ id: t.sessions.id }),
            )(),
            mark,
            prepare(
              db
                .update(t.identities)
                .set({ contactId: into })
                .where(and(eq(t.identities.contactId, from), merged))
                .returning({ id: t.identities.id }),
            )(),
            prepare(
              db
                .update(t.conversations)
                .set({ contactId: into })
                .where(and(eq(t.conversations.contactId, from), merged))
                .returning({ id: t.conversations.id }),
            )(),
            prepare(
              db
                .update(t.sessions)
                .set({ contactId: into })
                .where(and(eq(t.sessions.contactId, from), merged))
                .returning({ id: t.sessions.id }),
            )(),
            prepare(
              db
                .update(t.messages)
                .set({ contactId: into })
                .where(and(eq(t.messages.contactId, from), merged))
                .returning({ id: t.messages.id }),
            )(),
            prepare(
              db
                .update(t.tickets)
                .set({ contactId: into })
                .where(and(eq(t.tickets.contactId, from), merged))
                .returning({ id: t.tickets.id }),
            )(),
          ])
        )[1],
      );
      return row !== undefined;
    },
  };
}

function ticketEvent(shopId: string, ticketId: string, now: number) {
  return prepare(
    db.insert(t.events).values({ shopId, type: "ticket", ticketId, at: now }).returning({ id: t.events.id }),
  )();
}
