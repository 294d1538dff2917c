/** The message path: who writes, what they said, what was decided. Each verb is one `atomic` list. */
import { and, asc, desc, eq, isNull, ne, type SQL, sql } from "drizzle-orm";
import { contentText } from "../core/content.ts";
import { DELIVERY_TTL_MS, type Delivery, LEASE_MS } from "../core/delivery.ts";
import type { Changed, FlowStore, InboundRecord, OutboundDraft, Party, SessionChange } from "../core/ports.ts";
import { cleanText, shorten } from "../core/text.ts";
import { type Engine, rowsOf } from "./engine.ts";
import { prepareEventOf } from "./events.ts";
import { present, toContact, toConversation, toIdentity, toMessage, toSession } from "./rows.ts";
import { $, db, prepare, prepareInsertWhere, type Statement } from "./statement.ts";
import { recordStatus } from "./status.ts";
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
/** Who has proven a member id: the contact itself, or else the one it was joined into. */
const contactByMemberQuery = prepare(
  db
    .select({ id: t.contacts.id, mergedInto: t.contacts.mergedInto })
    .from(t.contacts)
    .where(and(eq(t.contacts.shopId, $("shopId")), eq(t.contacts.memberId, $("memberId"))))
    .orderBy(sql`case when ${t.contacts.mergedInto} is null then 0 else 1 end`, desc(t.contacts.createdAt))
    .limit(1),
);
const mergedIntoQuery = prepare(
  db
    .select({ mergedInto: t.contacts.mergedInto })
    .from(t.contacts)
    .where(eq(t.contacts.id, $("id"))),
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

/** Whose conversation it is now: a merge may have been faster than the party that was read before. */
const currentContact = sql`(select contact_id from conversations where id = ${$("conversationId")})`;
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
  { computed: { contactId: currentContact }, where: sql`not exists ${sameMessage}`, returning: { id: t.sessions.id } },
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
        and ${t.sessions.contactId} = ${currentContact}
        and not exists (select 1 from sessions o where o.contact_id = sessions.contact_id and o.state <> 'closed')`,
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
    contactId: currentContact,
    sessionId: sql`(select id from sessions where contact_id = ${currentContact} and state <> 'closed')`,
  },
  // Where the message is known the session may be closed by now; then there is nothing to insert.
  where: sql`not exists ${sameMessage}`,
  returning: { seq: t.messages.seq, sessionId: t.messages.sessionId, contactId: t.messages.contactId },
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
    .returning(),
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

// A change of a session: its update comes first, under the whole fence, and leaves a token; everything after it depends on the token.
const changedSession = sql`exists (select 1 from sessions where id = ${$("sessionId")} and change_id = ${$("changeId")})`;
const decideMessage = prepare(
  db
    .update(t.messages)
    .set({ decidedAt: sql`${$("now")}`, decisionId: sql`${$("changeId")}`, leaseUntil: 0 })
    .where(and(eq(t.messages.id, $("decides")), changedSession))
    .returning({ id: t.messages.id }),
);
const insertOutbound = prepareInsertWhere(t.messages, messageKeys, {
  computed: { contactId: sql`(select contact_id from sessions where id = ${$("sessionId")})` },
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
    returning: { seq: t.deliveries.seq, leaseUntil: t.deliveries.leaseUntil },
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

const insertUnsupported = prepareInsertWhere(t.unsupportedEvents, ["shopId", "inboxId", "kind", "raw", "at"], {
  returning: { seq: t.unsupportedEvents.seq },
});

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
const lastSaidIn = prepare(
  db
    .select()
    .from(t.messages)
    .where(and(eq(t.messages.conversationId, $("conversationId")), eq(t.messages.direction, "outbound")))
    .orderBy(desc(t.messages.at), desc(t.messages.seq))
    .limit(1),
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

  async function findMember(shopId: string, memberId: string): Promise<string | undefined> {
    const [member] = await engine.all(contactByMemberQuery({ shopId, memberId }));
    let id = member?.id;
    for (let next = member?.mergedInto; next != null; ) {
      id = next;
      next = (await engine.all(mergedIntoQuery({ id })))[0]?.mergedInto;
    }
    return id;
  }

  const ensureParty: FlowStore["ensureParty"] = async (party) => {
    const known = await findParty(party.inboxId, party.sender.id);
    if (known !== undefined) return known;
    const { shopId, inboxId, memberId, sender } = party;
    const contactId = (memberId === undefined ? undefined : await findMember(shopId, memberId)) ?? deps.newId("con");
    const identityId = deps.newId("idn");
    const common = { shopId, inboxId, channelUserId: sender.id, contactId, identityId, createdAt: party.now };
    await engine.atomic(
      [
        insertContact({
          ...common,
          id: contactId,
          name: sender.name,
          email: party.email,
          phone: party.phone,
          locale: sender.locale,
          level: party.level,
          memberId,
          tags: [],
          vip: false,
        }),
        insertIdentity({ ...common, id: identityId, level: party.level, name: sender.name }),
        insertConversation({ ...common, id: deps.newId("cnv"), channel: party.channel, address: party.address }),
      ],
      [`identity:${inboxId}:${sender.id}`, ...(memberId === undefined ? [] : [`member:${shopId}:${memberId}`])],
    );
    // A member's contact may have appeared between the look and the insert; the second look then finds it.
    return (await findParty(inboxId, sender.id)) ?? ensureParty(party);
  };

  return {
    findParty,
    ensureParty,
    async partyOfConversation(shopId, conversationId) {
      return withLastSession(await engine.all(partyOfConversationQuery({ shopId, id: conversationId })));
    },
    async recordInbound(record) {
      const { party, now } = record;
      const { contact, conversation } = party;
      const reopen =
        record.opening.kind === "reopen"
          ? [reopenSession({ sessionId: party.lastSession?.id, ...keysOf(record) })]
          : [];
      // Whatever the opening, the message has a session: the open one, or this one where there is none.
      const open = insertSession({
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
      const touch = touchSession({
        ...keysOf(record),
        id: record.id,
        channel: conversation.channel,
        now,
        preview: preview(record.content),
        language: record.language,
      });
      const results = await engine.atomic(
        [
          ...reopen,
          open,
          insert,
          touch,
          touchConversation({ conversationId: conversation.id, id: record.id, now, address: record.address }),
          insertMessageEvent({
            shopId: contact.shopId,
            type: "message",
            conversationId: conversation.id,
            messageId: record.id,
            at: now,
          }),
        ],
        [`contact:${contact.id}`],
      );
      const [row] = rowsOf(insert, results[reopen.length + 1]);
      const [session] = rowsOf(touch, results[reopen.length + 2]);
      if (row === undefined || session === undefined) return { fresh: false };
      return {
        fresh: true,
        session: toSession(session),
        message: present({
          id: record.id,
          seq: row.seq,
          shopId: contact.shopId,
          inboxId: conversation.inboxId,
          channel: conversation.channel,
          conversationId: conversation.id,
          sessionId: row.sessionId,
          contactId: row.contactId,
          direction: "inbound" as const,
          author: present({ kind: record.authorKind ?? ("contact" as const), name: contact.name ?? null }),
          content: record.content,
          at: record.at,
          clientId: record.clientId ?? null,
        }),
      };
    },
    async reviseInbound(inboxId, channelMessageId, change) {
      const revised = and(
        eq(t.messages.inboxId, inboxId),
        eq(t.messages.channelMessageId, channelMessageId),
        eq(t.messages.direction, "inbound"),
        isNull(t.messages.recalledAt),
      );
      const { conversationId, sessionId, id: messageId } = t.messages;
      const event = prepareEventOf(t.messages, revised, { type: "message", conversationId, sessionId, messageId });
      const update = prepare(
        db
          .update(t.messages)
          .set({
            ...(change.content === undefined ? {} : { content: change.content, editedAt: change.now }),
            ...(change.recalledAt === undefined ? {} : { recalledAt: change.recalledAt }),
          })
          .where(revised)
          .returning({ id: t.messages.id }),
      );
      const data = { revised: deps.newId("chg") };
      const results = await engine.atomic([event({ data, at: change.now }), update()]);
      return results[1]?.length === 1;
    },
    recordStatus: recordStatus(engine),
    async recordUnsupported({ shopId, inboxId, kind, raw, at }) {
      const text = JSON.stringify(raw ?? null).slice(0, 20_000);
      await engine.atomic([
        insertUnsupported({ shopId, inboxId, kind: cleanText(kind.slice(0, 200)), raw: cleanText(text), at }),
      ]);
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
    async lastSaid(conversationId) {
      const [row] = await engine.all(lastSaidIn({ conversationId }));
      return row === undefined ? undefined : toMessage(row);
    },
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

function keysOf(record: InboundRecord) {
  return {
    conversationId: record.party.conversation.id,
    inboxId: record.party.conversation.inboxId,
    channelMessageId: record.channelMessageId,
    clientId: record.clientId,
  };
}

/** The order of a list: change the session under its fence, then all that depends on that, events last. */
async function applyChange(engine: Engine, changeId: string, change: SessionChange): Promise<Changed> {
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
const epochOf = prepare(
  db
    .select({ ownerEpoch: t.sessions.ownerEpoch })
    .from(t.sessions)
    .where(eq(t.sessions.id, $("id"))),
);

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

function patchTicketStatement({ id, patch }: NonNullable<SessionChange["ticket"]>, keys: Keys): Statement {
  const changed = sql`exists (select 1 from sessions where id = ${keys.sessionId} and change_id = ${keys.changeId})`;
  return prepare(
    db
      .update(t.tickets)
      .set(ticketSet(patch, keys.changeId))
      .where(and(eq(t.tickets.id, id), eq(t.tickets.shopId, keys.shopId), changed))
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

/** A delivery as `insertDelivery` leaves it where its conversation has no other. */
function leasedDelivery(
  { session, now }: SessionChange,
  { conversation, author, ...draft }: OutboundDraft,
  part: OutboundDraft["parts"][number],
  seq: number,
): Delivery {
  return {
    seq,
    id: part.id,
    shopId: session.shopId,
    inboxId: conversation.inboxId,
    conversationId: conversation.id,
    sessionId: session.id,
    messageId: draft.id,
    // Only what is said to a contact has parts.
    authorKind: author.kind as Delivery["authorKind"],
    content: part.content,
    state: "pending",
    attempts: 1,
    repeats: 0,
    expiresAt: now + DELIVERY_TTL_MS,
    createdAt: now,
    address: conversation.address,
  };
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
