/** The message path: who writes, what they said, what was decided. Each verb is one `atomic` list. */
import { and, asc, desc, eq, isNull, ne, sql } from "drizzle-orm";
import { contentText } from "../core/content.ts";
import { DELIVERY_TTL_MS, LEASE_MS } from "../core/delivery.ts";
import type { Changed, FlowStore, InboundRecord, OutboundDraft, Party, SessionChange } from "../core/ports.ts";
import { shorten } from "../core/text.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { present, toContact, toConversation, toIdentity, toMessage, toSession } from "./rows.ts";
import { $, db, prepare, prepareInsertWhere, type Statement } from "./statement.ts";
import * as t from "./tables.ts";

const PREVIEW_LENGTH = 80;
const preview = (content: Parameters<typeof contentText>[0]) =>
  shorten(contentText(content) || `[${content.type}]`, PREVIEW_LENGTH, "utf16");

const partyFields = { contact: t.contacts, identity: t.identities, conversation: t.conversations };
const partyQuery = () =>
  db
    .select(partyFields)
    .from(t.identities)
    .innerJoin(t.conversations, eq(t.conversations.identityId, t.identities.id))
    .innerJoin(t.contacts, eq(t.contacts.id, t.identities.contactId));

const findPartyQuery = prepare(
  partyQuery().where(and(eq(t.identities.inboxId, $("inboxId")), eq(t.identities.channelUserId, $("channelUserId")))),
);
const partyOfConversationQuery = prepare(
  partyQuery().where(and(eq(t.conversations.id, $("id")), eq(t.conversations.shopId, $("shopId")))),
);
const lastSessionQuery = prepare(
  db
    .select()
    .from(t.sessions)
    .where(eq(t.sessions.contactId, $("contactId")))
    // The open one first: a contact has at most one.
    .orderBy(sql`case when ${t.sessions.state} = 'closed' then 1 else 0 end`, desc(t.sessions.openedAt))
    .limit(1),
);
const contactByMemberQuery = prepare(
  db
    .select()
    .from(t.contacts)
    .where(
      and(eq(t.contacts.shopId, $("shopId")), eq(t.contacts.memberId, $("memberId")), isNull(t.contacts.mergedInto)),
    ),
);

const insertContact = prepareInsertWhere(
  t.contacts,
  ["id", "shopId", "name", "email", "phone", "locale", "level", "memberId", "tags", "vip", "createdAt"],
  {
    where: sql`not exists (select 1 from identities where inbox_id = ${$("inboxId")} and channel_user_id = ${$("channelUserId")})`,
    returning: { id: t.contacts.id },
  },
);
const insertIdentity = prepareInsertWhere(
  t.identities,
  ["id", "shopId", "inboxId", "contactId", "channelUserId", "level", "name", "createdAt"],
  {
    // The contact is missing when another request made the identity first; then so is the reason to insert.
    where: sql`exists (select 1 from contacts where id = ${$("contactId")})`,
    returning: { id: t.identities.id },
  },
);
const insertConversation = prepareInsertWhere(
  t.conversations,
  ["id", "shopId", "inboxId", "channel", "identityId", "contactId", "address", "createdAt"],
  {
    where: sql`exists (select 1 from identities where id = ${$("identityId")})`,
    returning: { id: t.conversations.id },
  },
);

const sameMessage = sql`(select 1 from messages where (inbox_id = ${$("inboxId")} and channel_message_id = ${$("channelMessageId")})
  or (conversation_id = ${$("conversationId")} and client_id = ${$("clientId")}))`;
const insertSession = prepareInsertWhere(
  t.sessions,
  [
    "id",
    "shopId",
    "contactId",
    "conversationId",
    "inboxId",
    "channel",
    "state",
    "owner",
    "ownerEpoch",
    "openReason",
    "reopenCount",
    "openedAt",
    "lastInboundAt",
    "lastMessageAt",
    "misses",
    "unread",
  ],
  { where: sql`not exists ${sameMessage}`, returning: { id: t.sessions.id } },
);
const reopenSession = prepare(
  db
    .update(t.sessions)
    .set({
      state: "bot",
      owner: "bot",
      ownerEpoch: sql`${t.sessions.ownerEpoch} + 1`,
      openReason: "reopened",
      reopenCount: sql`${t.sessions.reopenCount} + 1`,
      closedAt: null,
      closedBy: null,
      ticketId: null,
      misses: 0,
    })
    .where(
      sql`${t.sessions.id} = ${$("sessionId")} and ${t.sessions.state} = 'closed' and not exists ${sameMessage}
        and not exists (select 1 from sessions o where o.contact_id = ${$("contactId")} and o.state <> 'closed')`,
    )
    .returning({ id: t.sessions.id }),
);
const messageKeys = [
  "id",
  "shopId",
  "inboxId",
  "channel",
  "conversationId",
  "sessionId",
  "contactId",
  "direction",
  "authorKind",
  "authorId",
  "authorName",
  "content",
  "at",
  "createdAt",
  "channelMessageId",
  "clientId",
  "mediaRef",
  "delivery",
  "articleId",
  "articleVersion",
  "score",
  "decidedAt",
  "attempts",
  "leaseUntil",
] as const;
const insertInbound = prepareInsertWhere(t.messages, messageKeys, {
  computed: {
    sessionId: sql`(select id from sessions where contact_id = ${$("contactId")} and state <> 'closed')`,
  },
  returning: { seq: t.messages.seq, sessionId: t.messages.sessionId },
});
const touchSession = prepare(
  db
    .update(t.sessions)
    .set({
      lastInboundAt: sql`${$("now")}`,
      lastMessageAt: sql`${$("now")}`,
      unread: sql`${t.sessions.unread} + 1`,
      waitingSince: sql`case when state in ('queued', 'agent') then coalesce(waiting_since, ${$("now")}) else waiting_since end`,
      conversationId: sql`${$("conversationId")}`,
      inboxId: sql`${$("inboxId")}`,
      channel: sql`${$("channel")}`,
      preview: sql`${$("preview")}`,
      language: sql`coalesce(${$("language")}, language)`,
    })
    .where(sql`${t.sessions.id} = (select session_id from messages where id = ${$("id")})`)
    .returning({ id: t.sessions.id }),
);
const touchConversation = prepare(
  db
    .update(t.conversations)
    .set({ lastInboundAt: sql`${$("now")}`, address: sql`${sql.param($("address"), t.conversations.address)}` })
    .where(
      sql`${t.conversations.id} = ${$("conversationId")} and exists (select 1 from messages where id = ${$("id")})`,
    )
    .returning({ id: t.conversations.id }),
);
const eventKeys = ["shopId", "type", "conversationId", "sessionId", "ticketId", "messageId", "data", "at"] as const;
const insertMessageEvent = prepareInsertWhere(t.events, eventKeys, {
  computed: { sessionId: sql`(select session_id from messages where id = ${$("messageId")})` },
  where: sql`exists (select 1 from messages where id = ${$("messageId")})`,
  returning: { id: t.events.id },
});

// A change of a session: its update comes first and leaves a token; everything after it depends on the token.
const changedSession = sql`exists (select 1 from sessions where id = ${$("sessionId")} and change_id = ${$("changeId")})`;
const decideMessage = prepare(
  db
    .update(t.messages)
    .set({ decidedAt: sql`${$("now")}`, decisionId: sql`${$("changeId")}`, leaseUntil: 0 })
    .where(and(eq(t.messages.id, $("decides")), isNull(t.messages.decidedAt)))
    .returning({ id: t.messages.id }),
);
const insertOutbound = prepareInsertWhere(t.messages, messageKeys, {
  where: changedSession,
  returning: { seq: t.messages.seq },
});
const insertDelivery = prepareInsertWhere(
  t.deliveries,
  [
    "id",
    "shopId",
    "inboxId",
    "conversationId",
    "sessionId",
    "messageId",
    "authorKind",
    "content",
    "state",
    "attempts",
    "repeats",
    "nextAt",
    "leaseUntil",
    "leaseToken",
    "expiresAt",
    "createdAt",
  ],
  {
    // The first of its conversation is leased to whoever writes it, who then sends at once; others wait their turn.
    computed: {
      attempts: sql`case when exists (select 1 from deliveries where conversation_id = ${$("conversationId")} and state = 'pending') then 0 else 1 end`,
      leaseUntil: sql`case when exists (select 1 from deliveries where conversation_id = ${$("conversationId")} and state = 'pending') then 0 else cast(${$("leaseUntil")} as bigint) end`,
      leaseToken: sql`case when exists (select 1 from deliveries where conversation_id = ${$("conversationId")} and state = 'pending') then null else ${$("leaseToken")} end`,
    },
    where: sql`exists (select 1 from messages where id = ${$("messageId")})`,
    returning: { id: t.deliveries.id, leaseUntil: t.deliveries.leaseUntil },
  },
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
const nextNumber = prepareInsertWhere(t.counters, ["key", "value"], {
  where: changedSession,
  conflict: sql`on conflict (key) do update set value = counters.value + 1`,
  returning: { value: t.counters.value },
});
const insertTicket = prepareInsertWhere(
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
      number: sql`(select 'T-' || ${$("day")} || '-' || case when value < 10 then '000' when value < 100 then '00' when value < 1000 then '0' else '' end || cast(value as text)
        from counters where key = ${$("key")})`,
    },
    where: changedSession,
    returning: { id: t.tickets.id },
  },
);
const insertLog = prepareInsertWhere(
  t.ticketLog,
  ["id", "shopId", "ticketId", "kind", "byId", "byName", "data", "at"],
  {
    where: changedSession,
    returning: { id: t.ticketLog.id },
  },
);

export const RANK = { low: 0, normal: 1, high: 2, urgent: 3 } as const;

const messageById = prepare(
  db
    .select()
    .from(t.messages)
    .where(and(eq(t.messages.id, $("id")), eq(t.messages.shopId, $("shopId")))),
);
const messageByClient = prepare(
  db
    .select()
    .from(t.messages)
    .where(and(eq(t.messages.conversationId, $("conversationId")), eq(t.messages.clientId, $("clientId")))),
);
const recentOf = prepare(
  db
    .select()
    .from(t.messages)
    .where(eq(t.messages.contactId, $("contactId")))
    .orderBy(desc(t.messages.at), desc(t.messages.seq))
    .limit($("limit")),
);

export function flowStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): FlowStore {
  const skipLocked = engine.kind === "postgres" ? sql` for update skip locked` : sql``;
  const claimUndecidedQuery = prepare(
    db
      .update(t.messages)
      .set({ leaseUntil: sql`${$("leaseUntil")}`, attempts: sql`${t.messages.attempts} + 1` })
      .where(
        sql`${t.messages.seq} in (select seq from messages where decided_at is null and lease_until < ${$("now")}
          order by seq limit ${$("limit")}${skipLocked}) and ${t.messages.leaseUntil} < ${$("now")} and ${t.messages.decidedAt} is null`,
      )
      .returning(),
  );

  async function withLastSession(
    rows: {
      contact: typeof t.contacts.$inferSelect;
      identity: typeof t.identities.$inferSelect;
      conversation: typeof t.conversations.$inferSelect;
    }[],
  ): Promise<Party | undefined> {
    const row = rows[0];
    if (row === undefined) return undefined;
    const [session] = await engine.all(lastSessionQuery({ contactId: row.contact.id }));
    return {
      contact: toContact(row.contact),
      identity: toIdentity(row.identity),
      conversation: toConversation(row.conversation),
      ...(session === undefined ? {} : { lastSession: toSession(session) }),
    };
  }
  const findParty: FlowStore["findParty"] = async (inboxId, channelUserId) =>
    withLastSession(await engine.all(findPartyQuery({ inboxId, channelUserId })));

  return {
    findParty,
    async ensureParty(party) {
      const known = await findParty(party.inboxId, party.sender.id);
      if (known !== undefined) return known;
      const [member] =
        party.memberId === undefined
          ? []
          : await engine.all(contactByMemberQuery({ shopId: party.shopId, memberId: party.memberId }));
      const contactId = member?.id ?? deps.newId("con");
      const identityId = deps.newId("idn");
      const common = {
        shopId: party.shopId,
        inboxId: party.inboxId,
        channelUserId: party.sender.id,
        contactId,
        identityId,
        createdAt: party.now,
      };
      await engine.atomic([
        insertContact({
          ...common,
          id: contactId,
          name: party.sender.name,
          email: party.email,
          phone: party.phone,
          locale: party.sender.locale,
          level: party.level,
          memberId: party.memberId,
          tags: [],
          vip: false,
        }),
        insertIdentity({ ...common, id: identityId, level: party.level, name: party.sender.name }),
        insertConversation({ ...common, id: deps.newId("cnv"), channel: party.channel, address: party.address }),
      ]);
      const made = await findParty(party.inboxId, party.sender.id);
      // A member's contact may have appeared between the look and the insert; the second look then finds it.
      return made ?? (await this.ensureParty(party));
    },
    async partyOfConversation(shopId, conversationId) {
      return withLastSession(await engine.all(partyOfConversationQuery({ shopId, id: conversationId })));
    },
    async recordInbound(record) {
      const { party, now } = record;
      const { contact, conversation } = party;
      const opening =
        record.opening.kind === "reopen"
          ? reopenSession({ sessionId: party.lastSession?.id, ...keysOf(record) })
          : insertSession({
              ...keysOf(record),
              id: record.newSessionId,
              shopId: contact.shopId,
              channel: conversation.channel,
              state: "bot",
              owner: "bot",
              ownerEpoch: 1,
              openReason: record.opening.kind === "new" ? record.opening.reason : "after_silence",
              reopenCount: 0,
              openedAt: now,
              lastInboundAt: now,
              lastMessageAt: now,
              misses: 0,
              unread: 0,
            });
      const insert = insertInbound({
        ...keysOf(record),
        id: record.id,
        shopId: contact.shopId,
        channel: conversation.channel,
        direction: "inbound",
        authorKind: record.authorKind ?? "contact",
        authorName: contact.name,
        content: record.content,
        at: record.at,
        createdAt: now,
        mediaRef: record.mediaRef,
        decidedAt: record.answerable ? null : now,
        attempts: 1,
        leaseUntil: now + LEASE_MS,
      });
      const results = await engine.atomic([
        opening,
        insert,
        touchSession({
          ...keysOf(record),
          id: record.id,
          channel: conversation.channel,
          now,
          preview: preview(record.content),
          language: record.language,
        }),
        touchConversation({ conversationId: conversation.id, id: record.id, now, address: record.address }),
        insertMessageEvent({
          shopId: contact.shopId,
          type: "message",
          conversationId: conversation.id,
          messageId: record.id,
          at: now,
        }),
      ]);
      const [row] = rowsOf(insert, results[1]);
      if (row === undefined) return { fresh: false };
      return {
        fresh: true,
        message: present({
          id: record.id,
          seq: row.seq,
          shopId: contact.shopId,
          inboxId: conversation.inboxId,
          channel: conversation.channel,
          conversationId: conversation.id,
          sessionId: row.sessionId,
          contactId: contact.id,
          direction: "inbound" as const,
          author: present({ kind: record.authorKind ?? ("contact" as const), name: contact.name ?? null }),
          content: record.content,
          at: record.at,
          clientId: record.clientId ?? null,
        }),
      };
    },
    async reviseInbound(inboxId, channelMessageId, change) {
      const token = deps.newId("chg");
      const update = prepare(
        db
          .update(t.messages)
          .set({
            ...(change.content === undefined ? {} : { content: change.content, editedAt: change.now }),
            ...(change.recalledAt === undefined ? {} : { recalledAt: change.recalledAt }),
          })
          .where(
            and(
              eq(t.messages.inboxId, inboxId),
              eq(t.messages.channelMessageId, channelMessageId),
              eq(t.messages.direction, "inbound"),
              isNull(t.messages.recalledAt),
            ),
          )
          .returning({
            id: t.messages.id,
            shopId: t.messages.shopId,
            conversationId: t.messages.conversationId,
            sessionId: t.messages.sessionId,
          }),
      )();
      const [row] = rowsOf(update, (await engine.atomic([update]))[0]);
      if (row === undefined) return false;
      await engine.atomic([
        insertMessageEvent({
          shopId: row.shopId,
          type: "message",
          conversationId: row.conversationId,
          messageId: row.id,
          data: { revised: token },
          at: change.now,
        }),
      ]);
      return true;
    },
    async recordStatus(inboxId, channelMessageId, status, at, detail) {
      // Never backwards: a status only replaces a lesser one.
      const lesser = {
        sent: ["pending"],
        delivered: ["pending", "sent"],
        read: ["pending", "sent", "delivered"],
        failed: ["pending", "sent"],
      }[status];
      const update = prepare(
        db
          .update(t.deliveries)
          .set({
            state: status === "failed" ? "dead" : status,
            ...(detail === undefined ? {} : { detail }),
            settledAt: at,
          })
          .where(
            and(
              eq(t.deliveries.inboxId, inboxId),
              eq(t.deliveries.channelMessageId, channelMessageId),
              sql`${t.deliveries.state} in ${lesser}`,
            ),
          )
          .returning({
            shopId: t.deliveries.shopId,
            messageId: t.deliveries.messageId,
            conversationId: t.deliveries.conversationId,
          }),
      )();
      const [row] = rowsOf(update, (await engine.atomic([update]))[0]);
      if (row === undefined) return;
      await engine.atomic([
        insertMessageEvent({
          shopId: row.shopId,
          type: "receipt",
          conversationId: row.conversationId,
          messageId: row.messageId,
          data: { delivery: status, ...(detail === undefined ? {} : { detail }) },
          at,
        }),
      ]);
    },
    async recordUnsupported({ shopId, inboxId, kind, raw, at }) {
      const insert = prepare(
        db
          .insert(t.unsupportedEvents)
          .values({
            shopId,
            inboxId,
            kind: kind.slice(0, 200),
            raw: JSON.stringify(raw ?? null)
              .slice(0, 20_000)
              .toWellFormed(),
            at,
          })
          .returning({ seq: t.unsupportedEvents.seq }),
      );
      await engine.atomic([insert()]);
    },
    async changeSession(change) {
      return applyChange(engine, deps.newId("chg"), change);
    },
    async claimUndecided(now, limit) {
      const claim = claimUndecidedQuery({ now, limit, leaseUntil: now + LEASE_MS });
      const rows = rowsOf(claim, (await engine.atomic([claim]))[0]);
      return rows.sort((a, b) => a.seq - b.seq).map((row) => ({ message: toMessage(row), attempts: row.attempts }));
    },
    async settleUndecided(messageId, outcome) {
      const set =
        "retryAt" in outcome ? { leaseUntil: outcome.retryAt } : { decidedAt: outcome.decidedAt, leaseUntil: 0 };
      await engine.atomic([
        prepare(
          db
            .update(t.messages)
            .set(set)
            .where(and(eq(t.messages.id, messageId), isNull(t.messages.decidedAt)))
            .returning({ id: t.messages.id }),
        )(),
      ]);
    },
    async message(shopId, id) {
      const [row] = await engine.all(messageById({ id, shopId }));
      return row === undefined ? undefined : toMessage(row);
    },
    async messageByClientId(conversationId, clientId) {
      const [row] = await engine.all(messageByClient({ conversationId, clientId }));
      return row === undefined ? undefined : toMessage(row);
    },
    async recentMessages(contactId, limit) {
      return (await engine.all(recentOf({ contactId, limit }))).map(toMessage).reverse();
    },
    async markRead(shopId, sessionId, now) {
      const update = prepare(
        db
          .update(t.sessions)
          .set({ unread: 0 })
          .where(and(eq(t.sessions.id, sessionId), eq(t.sessions.shopId, shopId), ne(t.sessions.unread, 0)))
          .returning({ id: t.sessions.id, conversationId: t.sessions.conversationId }),
      )();
      const [row] = rowsOf(update, (await engine.atomic([update]))[0]);
      if (row === undefined) return;
      await engine.atomic([
        prepare(
          db
            .insert(t.events)
            .values({ shopId, type: "session", conversationId: row.conversationId, sessionId, at: now })
            .returning({ id: t.events.id }),
        )(),
      ]);
    },
    async rateSession({ shopId, conversationId, sessionId, score, comment, now }) {
      const update = prepare(
        db
          .update(t.sessions)
          .set({ rating: score, ratingComment: comment ?? null })
          .where(
            and(
              eq(t.sessions.id, sessionId),
              eq(t.sessions.shopId, shopId),
              eq(t.sessions.conversationId, conversationId),
            ),
          )
          .returning({ id: t.sessions.id }),
      )();
      const [row] = rowsOf(update, (await engine.atomic([update]))[0]);
      if (row === undefined) return false;
      await engine.atomic([
        prepare(
          db
            .insert(t.events)
            .values({ shopId, type: "session", conversationId, sessionId, at: now })
            .returning({ id: t.events.id }),
        )(),
      ]);
      return true;
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
          fence: { epoch: session.ownerEpoch, states: ["bot"] },
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

function keysOf(record: InboundRecord) {
  return {
    contactId: record.party.contact.id,
    conversationId: record.party.conversation.id,
    inboxId: record.party.conversation.inboxId,
    channelMessageId: record.channelMessageId,
    clientId: record.clientId,
  };
}

/** The order of a list: decide the message, change the session under its fence, then all that depends on it, events last. */
async function applyChange(engine: Engine, changeId: string, change: SessionChange): Promise<Changed> {
  const { session, now } = change;
  const keys = { sessionId: session.id, shopId: session.shopId, contactId: session.contactId, changeId, now };
  const statements: Statement[] = [];
  const add = <Row>(statement: Statement<Row>) => {
    statements.push(statement);
    return { statement, at: statements.length - 1 };
  };
  if (change.fence.decides !== undefined) add(decideMessage({ ...keys, decides: change.fence.decides }));
  const ticketUpdate = change.ticket === undefined ? undefined : add(patchTicketStatement(change, changeId));
  const update = add(updateSession(change, changeId));
  const drafts = change.say.map((draft) => ({ draft, at: add(outboundStatement(change, draft, keys)) }));
  const deliveries = change.say.flatMap((draft) =>
    draft.parts.map((part) => add(deliveryStatement(change, draft, part, keys))),
  );
  if (change.dropBot) add(dropBotDeliveries(keys));
  if (change.openTicket !== undefined) {
    const { openTicket: ticket } = change;
    const key = `ticket:${session.shopId}:${ticket.day}`;
    add(nextNumber({ ...keys, key, value: 1 }));
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

  const results = await engine.atomic(statements);
  const [updated] = rowsOf(update.statement, results[update.at]);
  if (updated === undefined || (ticketUpdate !== undefined && results[ticketUpdate.at]?.length === 0))
    return { applied: false };
  const messages = drafts.flatMap(({ draft, at }) => {
    const [row] = rowsOf(at.statement, results[at.at]);
    return row === undefined ? [] : [draftMessage(change, draft, row.seq)];
  });
  const leased = deliveries.flatMap(({ statement, at }) =>
    rowsOf(statement, results[at])
      .filter((row) => row.leaseUntil > 0)
      .map((row) => row.id),
  );
  return { applied: true, messages, leased, ownerEpoch: updated.ownerEpoch };
}

const insertSessionEvent = prepareInsertWhere(t.events, eventKeys, {
  computed: { conversationId: sql`(select conversation_id from sessions where id = ${$("sessionId")})` },
  where: changedSession,
  returning: { id: t.events.id },
});

/** Compiled once for each combination of fence and patch that occurs. */
const updates = new Map<string, (values: Record<string, unknown>) => Statement<{ ownerEpoch: number }>>();

function updateSession(change: SessionChange, changeId: string): Statement<{ ownerEpoch: number }> {
  const { fence, patch } = change;
  const last = change.say.at(-1);
  const set: Record<string, unknown> = { ...patch };
  if (last !== undefined) {
    set["preview"] = preview(last.content);
    set["lastMessageAt"] = change.now;
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
    change.ticket === undefined ? "" : "ticket",
  ].join("|");
  let compiled = updates.get(shape);
  if (compiled === undefined) {
    compiled = compileUpdate(change, fields);
    updates.set(shape, compiled);
  }
  const states = Object.fromEntries((fence.states ?? []).map((state, i) => [`state${i}`, state]));
  return compiled({
    ...set,
    ...states,
    newOwner: patch.owner,
    epoch: fence.epoch,
    fromOwner: fence.owner,
    decides: fence.decides,
    ticketRef: change.ticket?.id,
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
    ...(fence.states === undefined
      ? []
      : [
          sql`${t.sessions.state} in (${sql.join(
            fence.states.map((_, i) => sql`${$(`state${i}`)}`),
            sql`, `,
          )})`,
        ]),
    ...(fence.decides === undefined
      ? []
      : [sql`exists (select 1 from messages where id = ${$("decides")} and decision_id = ${$("changeId")})`]),
    ...(change.ticket === undefined
      ? []
      : [sql`exists (select 1 from tickets where id = ${$("ticketRef")} and change_id = ${$("changeId")})`]),
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

/**
 * The ticket goes first and leaves the same token, but only if the session still stands as the author saw it:
 * so either both change or neither does.
 */
function patchTicketStatement(change: SessionChange, changeId: string): Statement<{ id: string }> {
  const { fence, session } = change;
  const patch = change.ticket?.patch ?? {};
  const from = fence.ticket;
  const conditions = [
    sql`${t.tickets.id} = ${change.ticket?.id} and ${t.tickets.shopId} = ${session.shopId}`,
    ...(from?.statuses === undefined ? [] : [sql`${t.tickets.status} in ${[...from.statuses]}`]),
    ...(from?.assignee === undefined
      ? []
      : [from.assignee === null ? isNull(t.tickets.assignee) : eq(t.tickets.assignee, from.assignee)]),
    sql`exists (select 1 from sessions where id = ${session.id}
      ${fence.epoch === undefined ? sql`` : sql` and owner_epoch = ${fence.epoch}`}
      ${fence.owner === undefined ? sql`` : sql` and owner = ${fence.owner}`}
      ${fence.states === undefined ? sql`` : sql` and state in ${[...fence.states]}`})`,
  ];
  return prepare(
    db
      .update(t.tickets)
      .set(ticketSet(patch, changeId))
      .where(and(...conditions))
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

type Keys = { sessionId: string; shopId: string; contactId: string; changeId: string; now: number };

function outboundStatement(change: SessionChange, draft: OutboundDraft, keys: Keys) {
  return insertOutbound({
    ...keys,
    id: draft.id,
    inboxId: draft.conversation.inboxId,
    channel: draft.conversation.channel,
    conversationId: draft.conversation.id,
    direction: "outbound",
    authorKind: draft.author.kind,
    authorId: draft.author.id,
    authorName: draft.author.name,
    content: draft.content,
    at: change.now,
    createdAt: change.now,
    clientId: draft.clientId,
    delivery: draft.parts.length === 0 ? "sent" : null,
    articleId: draft.articleId,
    articleVersion: draft.articleVersion,
    score: draft.score,
    decidedAt: change.now,
    attempts: 0,
    leaseUntil: 0,
  });
}

function deliveryStatement(
  change: SessionChange,
  draft: OutboundDraft,
  part: OutboundDraft["parts"][number],
  keys: Keys,
) {
  return insertDelivery({
    ...keys,
    id: part.id,
    inboxId: draft.conversation.inboxId,
    conversationId: draft.conversation.id,
    messageId: draft.id,
    authorKind: draft.author.kind,
    content: part.content,
    state: "pending",
    repeats: 0,
    nextAt: change.now,
    leaseUntil: change.now + LEASE_MS,
    leaseToken: keys.changeId,
    expiresAt: change.now + DELIVERY_TTL_MS,
    createdAt: change.now,
  });
}

function draftMessage(change: SessionChange, draft: OutboundDraft, seq: number) {
  return present({
    id: draft.id,
    seq,
    shopId: change.session.shopId,
    inboxId: draft.conversation.inboxId,
    channel: draft.conversation.channel,
    conversationId: draft.conversation.id,
    sessionId: change.session.id,
    contactId: change.session.contactId,
    direction: "outbound" as const,
    author: draft.author,
    content: draft.content,
    at: change.now,
    delivery: draft.parts.length === 0 ? ("sent" as const) : ("pending" as const),
    clientId: draft.clientId ?? null,
    articleId: draft.articleId ?? null,
    articleVersion: draft.articleVersion ?? null,
    score: draft.score ?? null,
  });
}
