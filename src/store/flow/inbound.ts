/** What they said: recorded once, changed or taken back by who said it, leased until it is decided. */
import { and, eq, isNull, sql } from "drizzle-orm";
import { LEASE_MS } from "../../core/delivery.ts";
import type { FlowStore, InboundRecord } from "../../core/ports.ts";
import { cleanText } from "../../core/text.ts";
import { type Engine, rowsOf } from "../engine.ts";
import { prepareEventOf } from "../events.ts";
import { present, toMessage, toSession } from "../rows.ts";
import { $, db, prepare, prepareInsertWhere } from "../statement.ts";
import { recordStatus } from "../status.ts";
import * as t from "../tables.ts";
import { eventKeys, messageKeys, preview } from "./columns.ts";

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
      // What a bot said, or our own echo, waits for nobody.
      lastInboundAt: sql`coalesce(cast(${$("saidAt")} as bigint), last_inbound_at)`,
      lastMessageAt: sql`${$("now")}`,
      unread: sql`${t.sessions.unread} + case when cast(${$("saidAt")} as bigint) is null then 0 else 1 end`,
      waitingSince: sql`case when state in ('queued', 'agent') then coalesce(waiting_since, cast(${$("saidAt")} as bigint)) else waiting_since end`,
      // Replies go where the contact wrote last: a call that rings is no writing.
      conversationId: sql`case when cast(${$("saidAt")} as bigint) is null then conversation_id else ${$("conversationId")} end`,
      inboxId: sql`case when cast(${$("saidAt")} as bigint) is null then inbox_id else ${$("inboxId")} end`,
      channel: sql`case when cast(${$("saidAt")} as bigint) is null then channel else ${$("channel")} end`,
      preview: sql`${$("preview")}`,
      language: sql`coalesce(${$("language")}, language)`,
    })
    .where(sql`${t.sessions.id} = (select session_id from messages where id = ${$("id")})`)
    .returning(),
);
const touchConversation = prepare(
  db
    .update(t.conversations)
    .set({
      lastInboundAt: sql`coalesce(cast(${$("saidAt")} as bigint), last_inbound_at)`,
      address: sql`${sql.param($("address"), t.conversations.address)}`,
      // What comes late or twice does not open a window again that was opened later.
      heardAt: sql`case when coalesce(heard_at, 0) <= cast(${$("heardAt")} as bigint) then cast(${$("heardAt")} as bigint) else heard_at end`,
      saidSince: sql`case when coalesce(heard_at, 0) <= cast(${$("heardAt")} as bigint) then 0 else said_since end`,
      joinedAt: sql`case when coalesce(joined_at, 0) <= cast(${$("joinedAt")} as bigint) then cast(${$("joinedAt")} as bigint) else joined_at end`,
      saidSinceJoined: sql`case when coalesce(joined_at, 0) <= cast(${$("joinedAt")} as bigint) then 0 else said_since_joined end`,
      shutAt: sql`case when coalesce(cast(${$("heardAt")} as bigint), cast(${$("joinedAt")} as bigint)) is null then shut_at end`,
    })
    .where(
      sql`${t.conversations.id} = ${$("conversationId")} and exists (select 1 from messages where id = ${$("id")})`,
    )
    .returning({ id: t.conversations.id }),
);
const insertMessageEvent = prepareInsertWhere(t.events, eventKeys, {
  computed: { sessionId: sql`(select session_id from messages where id = ${$("messageId")})` },
  where: sql`exists (select 1 from messages where id = ${$("messageId")})`,
  returning: { id: t.events.id },
});

const insertUnsupported = prepareInsertWhere(t.unsupportedEvents, ["shopId", "inboxId", "kind", "raw", "at"], {
  returning: { seq: t.unsupportedEvents.seq },
});

type InboundStore = Pick<
  FlowStore,
  "recordInbound" | "reviseInbound" | "recordStatus" | "recordUnsupported" | "claimUndecided" | "settleUndecided"
>;

export function inboundStore(engine: Engine, deps: { readonly newId: (prefix: string) => string }): InboundStore {
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

  return {
    async recordInbound(record) {
      const { party, now } = record;
      const { contact, conversation } = party;
      const saidAt = record.authorKind === "bot" ? null : now;
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
        mediaDueAt: record.mediaRef === undefined ? null : now,
        decidedAt: record.answerable ? null : now,
        attempts: 1,
        leaseUntil: now + LEASE_MS,
      });
      const touch = touchSession({
        ...keysOf(record),
        id: record.id,
        channel: conversation.channel,
        now,
        saidAt,
        preview: preview(record.content),
        language: record.language,
      });
      const results = await engine.atomic(
        [
          ...reopen,
          open,
          insert,
          touch,
          touchConversation({
            conversationId: conversation.id,
            id: record.id,
            saidAt,
            address: record.address,
            ...openedBy(record),
          }),
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
            ...(change.recalledAt === undefined ? {} : { recalledAt: change.recalledAt, mediaDueAt: null }),
            // A file sent anew, or the same one under new words: fetched again.
            ...(change.mediaRef === undefined
              ? {}
              : { mediaRef: change.mediaRef, mediaDueAt: change.now, mediaAttempts: 0, mediaCode: null }),
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
  };
}

/** What a record opens of its conversation's send window; our own echo and other bots open none. */
function openedBy({ authorKind, content, opens, at, now }: InboundRecord): { heardAt?: number; joinedAt?: number } {
  if (authorKind === "bot") return {};
  const openedAt = Math.min(at, now);
  const opened = opens ?? (content.type === "system" ? "joined" : "message");
  return opened === "joined" ? { joinedAt: openedAt } : { heardAt: openedAt };
}

function keysOf(record: InboundRecord) {
  return {
    conversationId: record.party.conversation.id,
    inboxId: record.party.conversation.inboxId,
    channelMessageId: record.channelMessageId,
    clientId: record.clientId,
  };
}
