/** Where every table stands to a person: which rows are about them, whether they are handed out, and what an erasure leaves. */
import { type SQL, sql } from "drizzle-orm";
import type { SQLiteTable } from "drizzle-orm/sqlite-core";
import type { Content } from "../core/content.ts";
import type { TicketContext } from "../core/ticket.ts";
import * as t from "./tables.ts";

export interface About {
  readonly shopId: string;
  readonly contactId: string;
}

export interface Personal {
  readonly table: SQLiteTable;
  /** The rows about a contact. */
  readonly of: (about: About) => SQL;
  readonly exported: boolean;
  /** Columns that are nobody's business but the machinery's. */
  readonly hidden?: readonly string[];
  /** Rows that figures count stay, emptied of what is set here. */
  readonly erase: "keep" | "delete" | ((context: { readonly now: number }) => Readonly<Record<string, unknown>>);
}

type TableName = { [K in keyof typeof t]: (typeof t)[K] extends SQLiteTable ? K : never }[keyof typeof t];

/** In place of a platform's id: it must stay unique, and never meet that of a message that comes late. */
export const ERASED_ID = sql`'erased:' || id`;
const emptied: Content = { type: "system", code: "erased", text: "" };
const NOBODY = JSON.stringify({});
const NOTHING = JSON.stringify([]);

const byContact = ({ shopId, contactId }: About) => sql`shop_id = ${shopId} and contact_id = ${contactId}`;
const isContact = ({ shopId, contactId }: About) => sql`shop_id = ${shopId} and id = ${contactId}`;
const within = (column: string, table: string) => (about: About) =>
  sql`shop_id = ${about.shopId} and ${sql.identifier(column)} in (select id from ${sql.identifier(table)} where ${byContact(about)})`;
const inInboxes = (about: About) => sql`shop_id = ${about.shopId} and exists (select 1 from identities i
  where i.contact_id = ${about.contactId} and i.inbox_id = unsupported_events.inbox_id and length(i.channel_user_id) > 3
    and replace(unsupported_events.raw, i.channel_user_id, '') <> unsupported_events.raw)`;
const ownFiles = (about: About) => sql`(owner_id = ${`export:${about.contactId}`}
  or owner_id in (select id from conversations where ${byContact(about)}))`;

/** An erased packet: what figures need, nothing of what was said. */
const emptyPacket: TicketContext = {
  reason: { code: "policy", words: "" },
  summary: "",
  messages: [],
  attempts: [],
  entities: { orderIds: [], trackingNumbers: [], products: [], phones: [] },
  orders: [],
  profile: { tags: [], pastTickets: 0 },
  language: "",
  mood: "calm",
  urgency: "normal",
  identityLevel: "anonymous",
  suggestions: [],
  similar: [],
  promises: [],
};

/**
 * Null: no table of persons. A new table does not compile until it stands here. In the order in which rows are found by others:
 * an erasure goes backwards, so that a row is emptied before those it is found by.
 */
export const PERSONAL: Readonly<Record<TableName, Personal | null>> = {
  contacts: {
    table: t.contacts,
    of: isContact,
    exported: true,
    erase: () => ({
      name: null,
      email: null,
      phone: null,
      memberId: null,
      locale: null,
      tags: NOTHING,
      level: "anonymous",
      vip: 0,
    }),
  },
  identities: {
    table: t.identities,
    of: byContact,
    exported: true,
    erase: () => ({ channelUserId: ERASED_ID, name: null, level: "anonymous", provenBy: null }),
  },
  conversations: {
    table: t.conversations,
    of: byContact,
    exported: true,
    erase: () => ({ address: NOBODY }),
  },
  // The platform's raw words, kept when they were no message.
  unsupportedEvents: { table: t.unsupportedEvents, of: inInboxes, exported: false, erase: "delete" },
  proofs: { table: t.proofs, of: byContact, exported: false, erase: "delete" },
  linkCodes: { table: t.linkCodes, of: byContact, exported: false, erase: "delete" },
  visitorTokens: {
    table: t.visitorTokens,
    of: within("conversation_id", "conversations"),
    exported: false,
    erase: "delete",
  },
  sessions: {
    table: t.sessions,
    of: byContact,
    exported: true,
    hidden: ["ownerEpoch", "unread", "misses"],
    erase: ({ now }) => ({
      preview: null,
      ratingComment: null,
      flow: null,
      unread: 0,
      waitingSince: null,
      state: "closed",
      closedAt: sql`coalesce(closed_at, ${now})`,
      closedBy: sql`coalesce(closed_by, 'erasure')`,
      // Whoever still works on it finds it changed.
      ownerEpoch: sql`owner_epoch + 1`,
    }),
  },
  messages: {
    table: t.messages,
    of: byContact,
    exported: true,
    hidden: ["decidedAt", "mediaDueAt", "mediaAttempts", "clientId", "mediaRef"],
    erase: ({ now }) => ({
      content: JSON.stringify(emptied),
      authorName: sql`case when direction = 'inbound' then null else author_name end`,
      channelMessageId: null,
      mediaRef: null,
      mediaDueAt: null,
      decidedAt: sql`coalesce(decided_at, ${now})`,
    }),
  },
  deliveries: {
    table: t.deliveries,
    of: within("conversation_id", "conversations"),
    exported: false,
    erase: ({ now }) => ({
      content: JSON.stringify(emptied),
      template: null,
      detail: null,
      channelMessageId: null,
      state: sql`case when state in ('pending', 'dead') then 'dropped' else state end`,
      settledAt: sql`coalesce(settled_at, ${now})`,
    }),
  },
  tickets: {
    table: t.tickets,
    of: byContact,
    exported: true,
    hidden: ["version", "rank"],
    erase: ({ now }) => ({
      context: JSON.stringify(emptyPacket),
      orderIds: NOTHING,
      tags: NOTHING,
      resolution: null,
      status: "resolved",
      resolvedAt: sql`coalesce(resolved_at, ${now})`,
    }),
  },
  ticketLog: {
    table: t.ticketLog,
    of: within("ticket_id", "tickets"),
    exported: true,
    erase: () => ({ data: NOBODY }),
  },
  events: {
    table: t.events,
    of: within("conversation_id", "conversations"),
    exported: false,
    erase: () => ({ data: null }),
  },
  merges: {
    table: t.merges,
    of: ({ shopId, contactId }) => sql`shop_id = ${shopId} and (into_id = ${contactId} or from_id = ${contactId})`,
    exported: true,
    erase: () => ({ reason: null, undoneReason: null }),
  },
  // What an undoing would need to bring a person's numbers back.
  mergeItems: {
    table: t.mergeItems,
    of: ({ shopId, contactId }) =>
      sql`shop_id = ${shopId} and merge_id in (select id from merges where into_id = ${contactId} or from_id = ${contactId})`,
    exported: false,
    erase: "delete",
  },
  gapAsks: {
    table: t.gapAsks,
    of: byContact,
    exported: false,
    erase: () => ({ contactId: "erased" }),
  },
  // Words nobody else used; what others asked as well is nobody's own.
  gapQuestions: {
    table: t.gapQuestions,
    of: ({ shopId, contactId }) => sql`shop_id = ${shopId}
      and exists (select 1 from gap_asks a where a.shop_id = gap_questions.shop_id and a.gap_id = gap_questions.id and a.contact_id = ${contactId})
      and not exists (select 1 from gap_asks a where a.shop_id = gap_questions.shop_id and a.gap_id = gap_questions.id and a.contact_id <> ${contactId})`,
    exported: false,
    erase: "delete",
  },
  feedback: { table: t.feedback, of: within("message_id", "messages"), exported: true, erase: "keep" },
  corrections: {
    table: t.corrections,
    of: within("message_id", "messages"),
    exported: false,
    erase: () => ({ question: "", answer: "", note: "" }),
  },
  // In this order an erasure deletes the rest of a file before what it is found by.
  files: {
    table: t.files,
    of: (about) => sql`shop_id = ${about.shopId} and ${ownFiles(about)}`,
    exported: true,
    hidden: ["body", "ownerId"],
    erase: "delete",
  },
  fileParts: {
    table: t.fileParts,
    of: (about) =>
      sql`shop_id = ${about.shopId} and file_id in (select id from files where shop_id = ${about.shopId} and ${ownFiles(about)})`,
    exported: false,
    erase: "delete",
  },
  // Marks hold the step and the outcome, no words.
  flowMarks: { table: t.flowMarks, of: within("session_id", "sessions"), exported: false, erase: "keep" },
  // Insert only, and about persons by opaque ids alone.
  audit: null,
  auditSeals: null,
  // Tokens and cursors under keys that end by themselves.
  adapterState: null,
  throttles: null,
  // A task names its contact by id; what it made is a file.
  tasks: null,
  shops: null,
  users: null,
  logins: null,
  presence: null,
  inboxes: null,
  usage: null,
  templates: null,
  counters: null,
  articles: null,
  articleVersions: null,
  synonyms: null,
  indexSnapshots: null,
  flows: null,
  importItems: null,
};
