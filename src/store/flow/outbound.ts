/** What a change says: the message's row, its deliveries, and both as the caller gets them back. */
import { sql } from "drizzle-orm";
import { AWAITING, AWAITING_TTL_MS, DELIVERY_TTL_MS, type Delivery, LEASE_MS } from "../../core/delivery.ts";
import type { OutboundDraft, SessionChange } from "../../core/ports.ts";
import { present } from "../rows.ts";
import { $, prepareInsertWhere } from "../statement.ts";
import * as t from "../tables.ts";
import { type ChangeKeys, changedSession } from "./change-keys.ts";
import { messageKeys } from "./columns.ts";

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
    "template",
    "state",
    "attempts",
    "repeats",
    "nextAt",
    "leaseUntil",
    "leaseToken",
    "expiresAt",
    "createdAt",
    "code",
    "detail",
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

export function outboundStatement(change: SessionChange, draft: OutboundDraft, keys: ChangeKeys) {
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

export function deliveryStatement(
  change: SessionChange,
  draft: OutboundDraft,
  part: OutboundDraft["parts"][number],
  keys: ChangeKeys,
) {
  return insertDelivery({
    ...keys,
    id: part.id,
    inboxId: draft.conversation.inboxId,
    conversationId: draft.conversation.id,
    messageId: draft.id,
    authorKind: draft.author.kind,
    content: part.content,
    template: part.template,
    state: "pending",
    repeats: 0,
    nextAt: part.awaitsContact === true ? expiryOf(part, change.now) : change.now,
    leaseUntil: change.now + LEASE_MS,
    leaseToken: keys.changeId,
    expiresAt: expiryOf(part, change.now),
    createdAt: change.now,
    ...(part.awaitsContact === true ? AWAITING : { code: null, detail: null }),
  });
}

function expiryOf({ awaitsContact }: OutboundDraft["parts"][number], now: number): number {
  return now + (awaitsContact === true ? AWAITING_TTL_MS : DELIVERY_TTL_MS);
}

/** A delivery as `insertDelivery` leaves it where its conversation has no other. */
export function leasedDelivery(
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
    ...(part.template === undefined ? {} : { template: part.template }),
    state: "pending",
    attempts: 1,
    repeats: 0,
    expiresAt: expiryOf(part, now),
    createdAt: now,
    address: conversation.address,
  };
}

export function draftMessage(change: SessionChange, draft: OutboundDraft, seq: number) {
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
