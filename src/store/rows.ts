/** Rows into the core's words: NULL becomes absent, and foreign columns fall away. */
import type { Contact, Conversation, Identity } from "../core/contact.ts";
import type { Delivery } from "../core/delivery.ts";
import type { DomainEvent } from "../core/event.ts";
import { isFileContent, isOwnFile, type MediaCode, type MediaState } from "../core/media.ts";
import type { Message, MessageDelivery } from "../core/message.ts";
import type { Session } from "../core/session.ts";
import type { Ticket } from "../core/ticket.ts";
import type * as t from "./tables.ts";

type Present<T> = { [K in keyof T]: null extends T[K] ? Exclude<T[K], null> | undefined : T[K] };

/** NULL columns become absent fields. */
export function present<T extends object>(row: T): Present<T> {
  const result: Record<string, unknown> = {};
  for (const key in row) if (row[key] !== null) result[key] = row[key];
  // Every key of T is there, less those that were null: what Present says.
  return result as Present<T>;
}

// String columns hold unions; the schema's writers are this package alone, so the casts below are what was written.
export const toContact = (row: typeof t.contacts.$inferSelect): Contact => present(row) as Contact;
export const toIdentity = (row: typeof t.identities.$inferSelect): Identity => present(row) as Identity;
export const toConversation = (row: typeof t.conversations.$inferSelect): Conversation => present(row) as Conversation;
export const toSession = (row: typeof t.sessions.$inferSelect): Session => present(row) as Session;
export const toEvent = (row: typeof t.events.$inferSelect): DomainEvent => present(row) as DomainEvent;

export function toMessage(row: typeof t.messages.$inferSelect): Message & { recalledAt?: number; editedAt?: number } {
  return present({
    id: row.id,
    seq: row.seq,
    shopId: row.shopId,
    inboxId: row.inboxId,
    channel: row.channel,
    conversationId: row.conversationId,
    sessionId: row.sessionId,
    contactId: row.contactId,
    direction: row.direction as Message["direction"],
    author: present({ kind: row.authorKind, id: row.authorId, name: row.authorName }) as Message["author"],
    content: row.content,
    media: toMedia(row),
    at: row.at,
    clientId: row.clientId,
    delivery: row.delivery as MessageDelivery | null,
    articleId: row.articleId,
    articleVersion: row.articleVersion,
    score: row.score,
    recalledAt: row.recalledAt,
    editedAt: row.editedAt,
  });
}

function toMedia({ mediaRef, mediaDueAt, mediaCode, content }: typeof t.messages.$inferSelect): MediaState | null {
  if (mediaRef === null || !isFileContent(content)) return null;
  if (mediaDueAt !== null) return { state: "pending" };
  if (mediaCode === null && isOwnFile(content.fileId)) return { state: "stored" };
  return { state: "failed", code: (mediaCode as MediaCode | null) ?? "media.not_fetched" };
}

export function toTicket(row: typeof t.tickets.$inferSelect): Ticket & { sessionId: string } {
  const { rank: _rank, changeId: _changeId, resolution: _resolution, ...rest } = row;
  return { ...present(rest), sessionIds: [row.sessionId] } as Ticket & { sessionId: string };
}

export function toDelivery(row: typeof t.deliveries.$inferSelect, address: Record<string, string>): Delivery {
  // When and by whom it is tried is the outbox's own business.
  const { nextAt: _nextAt, leaseUntil: _leaseUntil, leaseToken: _leaseToken, ...rest } = row;
  return { ...present(rest), address } as Delivery;
}
