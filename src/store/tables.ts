/**
 * Every table, once, for SQLite and D1; `tables.postgres.ts` derives the same ones for PostgreSQL.
 * JSON columns are opaque to SQL (never queried inside), so they are text on every engine. Times are epoch milliseconds.
 */
import { sql } from "drizzle-orm";
import { index, integer, primaryKey, real, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";
import type { OutboundTemplate } from "../core/adapter.ts";
import type { ArticleDraft } from "../core/article.ts";
import type { Content } from "../core/content.ts";
import type { FlowDefinition } from "../core/flow.ts";
import type { ReviewRequest, SentBack } from "../core/review.ts";
import type { Flow } from "../core/session.ts";
import type { TemplateParam } from "../core/template.ts";
import type { TicketContext } from "../core/ticket.ts";

const json = <T>() => text({ mode: "json" }).$type<T>();
const flag = () => integer({ mode: "boolean" });
const id = () => text().primaryKey();
const shopId = () => text().notNull();

export const shops = sqliteTable("shops", {
  id: id(),
  name: text().notNull(),
  locale: text().notNull(),
  timeZone: text().notNull(),
  settings: json<Record<string, unknown>>().notNull(),
  /** Grows at every change of the settings; null: never changed. */
  version: integer(),
  createdAt: integer().notNull(),
});

export const users = sqliteTable(
  "users",
  {
    id: id(),
    shopId: shopId(),
    email: text().notNull(),
    name: text().notNull(),
    role: text().notNull(),
    groups: json<string[]>().notNull(),
    passwordHash: text().notNull(),
    disabledAt: integer(),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("users_email").on(t.email), index("users_shop").on(t.shopId)],
);

/** A sign-in; the token itself is never stored, only its SHA-256. */
export const logins = sqliteTable(
  "logins",
  {
    tokenHash: id(),
    shopId: shopId(),
    userId: text()
      .notNull()
      .references(() => users.id),
    createdAt: integer().notNull(),
    seenAt: integer().notNull(),
    expiresAt: integer().notNull(),
    endedAt: integer(),
  },
  (t) => [index("logins_user").on(t.userId)],
);

/** What an agent says of themselves, and when a live stream of theirs was last alive. */
export const presence = sqliteTable(
  "presence",
  {
    userId: id().references(() => users.id),
    shopId: shopId(),
    mark: text().notNull(),
    seenAt: integer().notNull(),
  },
  (t) => [index("presence_shop").on(t.shopId)],
);

/** Counters behind throttles that must survive a restart: failed logins, tries of a second fact. */
export const throttles = sqliteTable("throttles", {
  key: id(),
  count: integer().notNull(),
  until: integer().notNull(),
});

export const inboxes = sqliteTable(
  "inboxes",
  {
    id: id(),
    shopId: shopId(),
    channel: text().notNull(),
    name: text().notNull(),
    /** Secrets inside are sealed strings (`enc:…`). */
    config: json<Record<string, unknown>>().notNull(),
    state: text().notNull(),
    stateDetail: text(),
    version: integer().notNull(),
    createdAt: integer().notNull(),
    deletedAt: integer(),
  },
  (t) => [index("inboxes_shop").on(t.shopId)],
);

export const contacts = sqliteTable(
  "contacts",
  {
    id: id(),
    shopId: shopId(),
    name: text(),
    email: text(),
    phone: text(),
    locale: text(),
    level: text().notNull(),
    memberId: text(),
    tags: json<string[]>().notNull(),
    vip: flag().notNull(),
    mergedInto: text(),
    createdAt: integer().notNull(),
    /** When everything personal was scrubbed. */
    erasedAt: integer(),
    /** Why it must be kept, whoever asks for it to be erased. */
    legalHold: text(),
  },
  (t) => [
    uniqueIndex("contacts_member").on(t.shopId, t.memberId).where(sql`member_id is not null and merged_into is null`),
    index("contacts_shop").on(t.shopId, t.createdAt),
  ],
);

export const identities = sqliteTable(
  "identities",
  {
    id: id(),
    shopId: shopId(),
    inboxId: text().notNull(),
    contactId: text()
      .notNull()
      .references(() => contacts.id),
    channelUserId: text().notNull(),
    level: text().notNull(),
    name: text(),
    createdAt: integer().notNull(),
    /** By which proof it is this contact's; null: it is what the contact began with. */
    provenBy: text(),
    /** When the platform was asked who else this is. */
    identifiedAt: integer(),
  },
  (t) => [uniqueIndex("identities_user").on(t.inboxId, t.channelUserId), index("identities_contact").on(t.contactId)],
);

/** What proves that identities are one person's: SHA-256 of the normalised value, never the value. */
export const proofs = sqliteTable(
  "proofs",
  {
    shopId: shopId(),
    kind: text().notNull(),
    value: text().notNull(),
    contactId: text().notNull(),
    identityId: text(),
    at: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.shopId, t.kind, t.value, t.contactId] }),
    // A phone or an address may be a family's; a platform's id of a person is one person's.
    uniqueIndex("proofs_one").on(t.shopId, t.kind, t.value).where(sql`kind not in ('phone', 'email')`),
    index("proofs_contact").on(t.contactId),
  ],
);

/** One-time codes a proven contact takes to another channel; the code itself is never stored, only its SHA-256. */
export const linkCodes = sqliteTable(
  "link_codes",
  {
    hash: id(),
    shopId: shopId(),
    /** `link-code`, typed or in a deep link; `line-link`, the nonce of LINE's account link. */
    kind: text().notNull(),
    contactId: text().notNull(),
    /** Where it was asked for: told there when it was used. */
    conversationId: text().notNull(),
    createdAt: integer().notNull(),
    expiresAt: integer().notNull(),
    usedAt: integer(),
    /** The message that brought it: after a crash it finds the code its own. */
    usedBy: text(),
  },
  (t) => [index("link_codes_contact").on(t.contactId, t.kind), index("link_codes_expiry").on(t.shopId, t.expiresAt)],
);

/** Contacts that were found to be one person: by whom or by what proof, and whether it was taken back. */
export const merges = sqliteTable(
  "merges",
  {
    id: id(),
    shopId: shopId(),
    intoId: text().notNull(),
    fromId: text().notNull(),
    kind: text().notNull(),
    byId: text(),
    byName: text(),
    reason: text(),
    at: integer().notNull(),
    undoneAt: integer(),
    undoneById: text(),
    undoneByName: text(),
    undoneReason: text(),
    /** Token of the undoing: later statements of the same `atomic` list depend on it. */
    changeId: text(),
  },
  (t) => [index("merges_into").on(t.intoId, t.at), index("merges_from").on(t.fromId, t.at)],
);

/** What a merge moved or ended, as it was before: an undoing moves exactly these back. */
export const mergeItems = sqliteTable(
  "merge_items",
  {
    shopId: shopId(),
    mergeId: text()
      .notNull()
      .references(() => merges.id),
    /** `identity`, `conversation`, `session`, `ticket`, `proof`; `closed`: a session that ended; `message`: what was left to answer in it, its session as `owner`; `contact`: who got the proof. */
    kind: text().notNull(),
    rowId: text().notNull(),
    level: text(),
    provenBy: text(),
    memberId: text(),
    state: text(),
    owner: text(),
  },
  (t) => [primaryKey({ columns: [t.mergeId, t.kind, t.rowId] })],
);

export const conversations = sqliteTable(
  "conversations",
  {
    id: id(),
    shopId: shopId(),
    inboxId: text().notNull(),
    channel: text().notNull(),
    identityId: text()
      .notNull()
      .references(() => identities.id),
    contactId: text().notNull(),
    address: json<Record<string, string>>().notNull(),
    lastInboundAt: integer(),
    /** The send window (`core/window.ts`): what opened it, what was sent since, and when the platform said it is shut. */
    heardAt: integer(),
    saidSince: integer(),
    joinedAt: integer(),
    saidSinceJoined: integer(),
    shutAt: integer(),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("conversations_identity").on(t.identityId), index("conversations_contact").on(t.contactId)],
);

export const visitorTokens = sqliteTable(
  "visitor_tokens",
  {
    tokenHash: id(),
    shopId: shopId(),
    inboxId: text().notNull(),
    conversationId: text().notNull(),
    identityId: text().notNull(),
    seenAt: integer().notNull(),
    revokedAt: integer(),
  },
  (t) => [index("visitor_tokens_conversation").on(t.conversationId)],
);

export const sessions = sqliteTable(
  "sessions",
  {
    id: id(),
    shopId: shopId(),
    contactId: text().notNull(),
    conversationId: text().notNull(),
    inboxId: text().notNull(),
    channel: text().notNull(),
    state: text().notNull(),
    owner: text().notNull(),
    ownerEpoch: integer().notNull(),
    /** Token of the last change: later statements of the same `atomic` list depend on it. */
    changeId: text(),
    openReason: text().notNull(),
    reopenCount: integer().notNull(),
    openedAt: integer().notNull(),
    lastInboundAt: integer().notNull(),
    lastMessageAt: integer().notNull(),
    /** First message of the contact that no person has answered yet. */
    waitingSince: integer(),
    queuedAt: integer(),
    closedAt: integer(),
    closedBy: text(),
    ticketId: text(),
    language: text(),
    misses: integer().notNull(),
    flow: json<Flow>(),
    unread: integer().notNull(),
    preview: text(),
    rating: integer(),
    ratingComment: text(),
  },
  (t) => [
    uniqueIndex("sessions_open").on(t.contactId).where(sql`state <> 'closed'`),
    index("sessions_contact").on(t.contactId, t.openedAt),
    index("sessions_list").on(t.shopId, t.state, t.lastMessageAt),
    index("sessions_owner").on(t.shopId, t.owner, t.lastMessageAt),
  ],
);

export const messages = sqliteTable(
  "messages",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull(),
    shopId: shopId(),
    inboxId: text().notNull(),
    channel: text().notNull(),
    conversationId: text().notNull(),
    sessionId: text().notNull(),
    contactId: text().notNull(),
    direction: text().notNull(),
    authorKind: text().notNull(),
    authorId: text(),
    authorName: text(),
    content: json<Content>().notNull(),
    at: integer().notNull(),
    createdAt: integer().notNull(),
    channelMessageId: text(),
    clientId: text(),
    /** The platform's name for its file. */
    mediaRef: text(),
    /** When to fetch it, and, while somebody does, when their lease ends; NULL: nothing left to do. */
    mediaDueAt: integer(),
    mediaAttempts: integer(),
    /** Why it was given up. */
    mediaCode: text(),
    /** Outbound on channels where stored is sent; elsewhere the deliveries tell. */
    delivery: text(),
    articleId: text(),
    articleVersion: integer(),
    score: real(),
    editedAt: integer(),
    recalledAt: integer(),
    /** Inbound work: done when `decidedAt` is set, by the decider whose `decisionId` stands. */
    decidedAt: integer(),
    decisionId: text(),
    attempts: integer().notNull(),
    leaseUntil: integer().notNull(),
  },
  (t) => [
    uniqueIndex("messages_id").on(t.id),
    uniqueIndex("messages_channel_id").on(t.inboxId, t.channelMessageId).where(sql`channel_message_id is not null`),
    uniqueIndex("messages_client_id").on(t.conversationId, t.clientId).where(sql`client_id is not null`),
    index("messages_conversation").on(t.conversationId, t.at, t.seq),
    index("messages_contact").on(t.contactId, t.at, t.seq),
    index("messages_session").on(t.sessionId, t.at, t.seq),
    index("messages_article").on(t.shopId, t.articleId, t.at).where(sql`article_id is not null`),
    index("messages_questions").on(t.shopId, t.at).where(sql`direction = 'inbound'`),
    index("messages_undecided").on(t.leaseUntil).where(sql`decided_at is null`),
    index("messages_media").on(t.inboxId, t.mediaDueAt).where(sql`media_due_at is not null`),
  ],
);

/** The outbox: one row for each part of an outgoing message. */
export const deliveries = sqliteTable(
  "deliveries",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    id: text().notNull(),
    shopId: shopId(),
    inboxId: text().notNull(),
    conversationId: text().notNull(),
    sessionId: text().notNull(),
    messageId: text().notNull(),
    authorKind: text().notNull(),
    content: json<Content>().notNull(),
    /** To be sent as this template; the content is how it reads. */
    template: json<OutboundTemplate>(),
    /** The delivery it goes out together with, itself the first: the same ones at every repeat. */
    batch: text(),
    /** `pending → sent → delivered → read`, or `dead`, or `dropped`. */
    state: text().notNull(),
    attempts: integer().notNull(),
    /** Repeats after an unknown outcome: each may have reached the contact twice. */
    repeats: integer().notNull(),
    nextAt: integer().notNull(),
    leaseUntil: integer().notNull(),
    leaseToken: text(),
    expiresAt: integer().notNull(),
    channelMessageId: text(),
    code: text(),
    detail: text(),
    createdAt: integer().notNull(),
    settledAt: integer(),
  },
  (t) => [
    uniqueIndex("deliveries_id").on(t.id),
    index("deliveries_message").on(t.messageId),
    index("deliveries_due").on(t.nextAt).where(sql`state = 'pending'`),
    index("deliveries_order").on(t.conversationId, t.seq).where(sql`state = 'pending'`),
    index("deliveries_dead").on(t.shopId, t.seq).where(sql`state = 'dead'`),
    index("deliveries_channel_id").on(t.inboxId, t.channelMessageId).where(sql`channel_message_id is not null`),
  ],
);

/** Messages each inbox sent, by the shop's day and the route they took. */
export const usage = sqliteTable(
  "usage",
  {
    shopId: shopId(),
    inboxId: text().notNull(),
    /** `yyMMdd` */
    day: text().notNull(),
    route: text().notNull(),
    count: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.shopId, t.inboxId, t.day, t.route] })],
);

/** What may be sent after the window: texts a platform has approved, with gaps to fill in. */
export const templates = sqliteTable(
  "templates",
  {
    id: id(),
    shopId: shopId(),
    inboxId: text().notNull(),
    name: text().notNull(),
    locale: text().notNull(),
    vendorId: text().notNull(),
    category: text(),
    params: json<TemplateParam[]>().notNull(),
    text: text("preview_text").notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [uniqueIndex("templates_vendor").on(t.inboxId, t.vendorId, t.locale)],
);

export const tickets = sqliteTable(
  "tickets",
  {
    id: id(),
    shopId: shopId(),
    number: text().notNull(),
    contactId: text().notNull(),
    sessionId: text().notNull(),
    status: text().notNull(),
    priority: text().notNull(),
    /** 3 urgent … 0 low: the queue's order. */
    rank: integer().notNull(),
    group: text("group_name").notNull(),
    assignee: text(),
    orderIds: json<string[]>().notNull(),
    tags: json<string[]>().notNull(),
    context: json<TicketContext>().notNull(),
    version: integer().notNull(),
    createdAt: integer().notNull(),
    claimedAt: integer(),
    firstReplyAt: integer(),
    resolvedAt: integer(),
    resolution: text(),
    changeId: text(),
  },
  (t) => [
    uniqueIndex("tickets_number").on(t.shopId, t.number),
    index("tickets_list").on(t.shopId, t.status, t.createdAt),
    index("tickets_contact").on(t.contactId, t.createdAt),
    index("tickets_session").on(t.sessionId),
    index("tickets_resolved").on(t.shopId, t.resolvedAt),
  ],
);

/** What happened to a ticket besides messages: notes, claims, transfers. Shoppers never see these. */
export const ticketLog = sqliteTable(
  "ticket_log",
  {
    id: id(),
    shopId: shopId(),
    ticketId: text()
      .notNull()
      .references(() => tickets.id),
    kind: text().notNull(),
    byId: text(),
    byName: text(),
    data: json<Record<string, unknown>>().notNull(),
    at: integer().notNull(),
  },
  (t) => [index("ticket_log_ticket").on(t.ticketId, t.at)],
);

/** Per-shop, per-day ticket numbers: gapless but for one told beforehand whose handover was overtaken. */
export const counters = sqliteTable("counters", { key: id(), value: integer().notNull() });

/**
 * The domain log: append-only, its id the cursor of every live stream. Written last in an `atomic` list.
 * On PostgreSQL a trigger takes the shop's lock before the id, so that ids become visible in their order.
 */
export const events = sqliteTable(
  "events",
  {
    id: integer().primaryKey({ autoIncrement: true }),
    shopId: shopId(),
    type: text().notNull(),
    conversationId: text(),
    sessionId: text(),
    ticketId: text(),
    messageId: text(),
    data: json<Record<string, unknown>>(),
    at: integer().notNull(),
  },
  (t) => [index("events_shop").on(t.shopId, t.id), index("events_conversation").on(t.conversationId, t.id)],
);

export const articles = sqliteTable(
  "articles",
  {
    id: text().notNull(),
    shopId: shopId(),
    /** The working copy. */
    draft: json<ArticleDraft>().notNull(),
    /** Lower-cased words of the working copy, for the list's search. */
    words: text().notNull(),
    category: text(),
    locale: text(),
    version: integer().notNull(),
    /** What shoppers are told; null: nothing. */
    published: json<ArticleDraft>(),
    publishedVersion: integer(),
    /** The version on its way to a share of the contacts, or to everyone from a time on. */
    next: json<ArticleDraft>(),
    nextVersion: integer(),
    nextPercent: integer(),
    nextFrom: integer(),
    /** Of the working copy, for the list. */
    validUntil: integer(),
    /** A translation of the working copy is behind its source; null: none is known to be. */
    stale: flag(),
    /** The user who answers for it. */
    ownerId: text(),
    /** From a starter pack: the version that is the pack's own, 0 when the shop has made it its own; null: written here. */
    starterVersion: integer(),
    /** Somebody asks to have the working copy looked at before shoppers are told, since `review_at`. */
    review: json<ReviewRequest>(),
    reviewAt: integer(),
    /** It was looked at and is to be changed first. */
    sentBack: json<SentBack>(),
    /** When it was last published or withdrawn, later than any other change of the shop before: how an index catches up. */
    changedAt: integer().notNull(),
    deletedAt: integer(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.shopId, t.id] }),
    index("articles_list").on(t.shopId, t.updatedAt),
    index("articles_changed").on(t.shopId, t.changedAt),
    index("articles_expiring").on(t.shopId, t.validUntil).where(sql`valid_until is not null`),
    index("articles_stale").on(t.shopId, t.updatedAt).where(sql`stale = 1`),
    index("articles_category").on(t.shopId, t.category, t.deletedAt),
    index("articles_review").on(t.shopId, t.reviewAt).where(sql`review_at is not null`),
  ],
);

export const articleVersions = sqliteTable(
  "article_versions",
  {
    shopId: shopId(),
    articleId: text().notNull(),
    version: integer().notNull(),
    draft: json<ArticleDraft>().notNull(),
    published: flag().notNull(),
    by: text("by_name"),
    at: integer().notNull(),
    /** What was said against it before shoppers were told, and why they were told nevertheless. */
    warnings: json<string[]>(),
    reason: text(),
  },
  (t) => [primaryKey({ columns: [t.shopId, t.articleId, t.version] })],
);

export const synonyms = sqliteTable("synonyms", {
  shopId: id(),
  groups: json<string[][]>().notNull(),
  stopWords: json<string[]>().notNull(),
  changedAt: integer().notNull(),
});

/** Which file holds the compact copy of a shop's index, and how much of the shop is in it. */
export const indexSnapshots = sqliteTable("index_snapshots", {
  shopId: id(),
  fileId: text().notNull(),
  mark: integer().notNull(),
  /** What it was made for besides the articles; another is of no use. */
  kind: text().notNull(),
});

/** Questions nobody answered, one row for each wording. */
export const gapQuestions = sqliteTable(
  "gap_questions",
  {
    shopId: shopId(),
    /** Hash of the normalised wording. */
    id: text().notNull(),
    text: text().notNull(),
    normalized: text().notNull(),
    count: integer().notNull(),
    transfers: integer().notNull(),
    firstAt: integer().notNull(),
    lastAt: integer().notNull(),
    state: text().notNull(),
    articleId: text(),
    settledAt: integer(),
    /** Wordings a person put together carry the same one. */
    cluster: text(),
    assigneeId: text(),
    settledBy: text(),
    /** Why it was set aside. */
    reason: text(),
  },
  (t) => [primaryKey({ columns: [t.shopId, t.id] }), index("gap_questions_open").on(t.shopId, t.state, t.lastAt)],
);

/** Each asking of a question nobody answered: by whom, where, in which session. */
export const gapAsks = sqliteTable(
  "gap_asks",
  {
    shopId: shopId(),
    messageId: text().notNull(),
    gapId: text().notNull(),
    contactId: text().notNull(),
    sessionId: text().notNull(),
    channel: text().notNull(),
    at: integer().notNull(),
  },
  (t) => [
    primaryKey({ columns: [t.shopId, t.messageId] }),
    index("gap_asks_at").on(t.shopId, t.at),
    index("gap_asks_gap").on(t.shopId, t.gapId, t.at),
  ],
);

/** Whether an answer helped, as the contact said. */
export const feedback = sqliteTable(
  "feedback",
  {
    messageId: id(),
    shopId: shopId(),
    articleId: text(),
    articleVersion: integer(),
    helpful: flag().notNull(),
    at: integer().notNull(),
  },
  (t) => [index("feedback_article").on(t.shopId, t.articleId, t.at)],
);

/** An answer an agent found wrong, until the version that puts it right. */
export const corrections = sqliteTable(
  "corrections",
  {
    id: id(),
    shopId: shopId(),
    messageId: text().notNull(),
    sessionId: text().notNull(),
    articleId: text(),
    articleVersion: integer(),
    kind: text().notNull(),
    note: text().notNull(),
    /** What was asked, and what the bot said. */
    question: text().notNull(),
    answer: text().notNull(),
    state: text().notNull(),
    byId: text().notNull(),
    byName: text().notNull(),
    createdAt: integer().notNull(),
    closedAt: integer(),
    closedBy: text(),
    closedVersion: integer(),
    reason: text(),
  },
  (t) => [
    uniqueIndex("corrections_open").on(t.shopId, t.messageId).where(sql`state = 'open'`),
    index("corrections_message").on(t.shopId, t.messageId),
    index("corrections_list").on(t.shopId, t.state, t.createdAt),
  ],
);

/** Flows a shop wrote, or put in place of shipped ones. */
export const flows = sqliteTable(
  "flows",
  {
    shopId: shopId(),
    id: text().notNull(),
    definition: json<FlowDefinition>().notNull(),
    version: integer().notNull(),
    by: text("by_name"),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.shopId, t.id] })],
);

/** What happened at each step of each run: written with the decision of a message, so each counts once. */
export const flowMarks = sqliteTable(
  "flow_marks",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    shopId: shopId(),
    messageId: text().notNull(),
    /** Its place among the marks of one message. */
    place: integer().notNull(),
    flowId: text().notNull(),
    run: text().notNull(),
    step: text().notNull(),
    outcome: text().notNull(),
    sessionId: text().notNull(),
    at: integer().notNull(),
  },
  (t) => [
    uniqueIndex("flow_marks_message").on(t.messageId, t.place),
    index("flow_marks_flow").on(t.shopId, t.flowId, t.at),
  ],
);

/** What an import found in place of each article, so that it can be undone. */
export const importItems = sqliteTable(
  "import_items",
  {
    shopId: shopId(),
    batchId: text().notNull(),
    articleId: text().notNull(),
    /** The working copy before; null: the article is new. */
    draftBefore: json<ArticleDraft>(),
    publishedBefore: json<ArticleDraft>(),
    /** The version the import made: a later one is somebody's own work. */
    version: integer().notNull(),
    at: integer().notNull(),
  },
  (t) => [primaryKey({ columns: [t.shopId, t.batchId, t.articleId] })],
);

export const tasks = sqliteTable(
  "tasks",
  {
    id: id(),
    shopId: shopId(),
    kind: text().notNull(),
    state: text().notNull(),
    input: json<Record<string, unknown>>().notNull(),
    done: integer().notNull(),
    total: integer().notNull(),
    result: json<Record<string, unknown>>(),
    errors: json<{ line?: number; column?: string; code: string; message: string }[]>().notNull(),
    leaseUntil: integer().notNull(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (t) => [index("tasks_open").on(t.leaseUntil).where(sql`state in ('queued', 'running')`)],
);

/** Bytes of uploads and of long tasks' inputs, in rows: one thing to back up. */
export const files = sqliteTable(
  "files",
  {
    id: id(),
    shopId: shopId(),
    /** The conversation or user it belongs to; who else asks gets 404. */
    ownerId: text().notNull(),
    name: text().notNull(),
    mime: text().notNull(),
    size: integer().notNull(),
    /** Base64 on every engine: D1 and JSON carry no bytes. The first part; what is longer goes on in `file_parts`. */
    body: text().notNull(),
    createdAt: integer().notNull(),
  },
  (t) => [index("files_owner").on(t.ownerId, t.createdAt)],
);

/** The rest of a long file: a row of D1 holds 2 MB at most. https://developers.cloudflare.com/d1/platform/limits/ */
export const fileParts = sqliteTable(
  "file_parts",
  {
    shopId: shopId(),
    fileId: text().notNull(),
    /** From 1: part 0 is in `files`. */
    part: integer().notNull(),
    body: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.fileId, t.part] })],
);

/** Who saw or changed what. Insert only: triggers abort the rest. */
export const audit = sqliteTable(
  "audit",
  {
    shopId: shopId(),
    seq: integer().notNull(),
    at: integer().notNull(),
    actor: text().notNull(),
    action: text().notNull(),
    target: text(),
    result: text().notNull(),
    requestId: text(),
    address: text(),
    data: json<Record<string, unknown>>().notNull(),
  },
  (t) => [primaryKey({ columns: [t.shopId, t.seq] })],
);

/** The chain over `audit`: sealed right after the commit, in order. Insert only. */
export const auditSeals = sqliteTable(
  "audit_seals",
  {
    shopId: shopId(),
    seq: integer().notNull(),
    hash: text().notNull(),
  },
  (t) => [primaryKey({ columns: [t.shopId, t.seq] })],
);

/** Adapters' small memory: access tokens, pull cursors, short payload tokens. Values are sealed. */
export const adapterState = sqliteTable(
  "adapter_state",
  {
    key: id(),
    value: text().notNull(),
    expiresAt: integer(),
  },
  (t) => [index("adapter_state_expiring").on(t.expiresAt).where(sql`expires_at is not null`)],
);

/** Webhook events that are no message: kept and counted, read by nobody but a person. */
export const unsupportedEvents = sqliteTable(
  "unsupported_events",
  {
    seq: integer().primaryKey({ autoIncrement: true }),
    shopId: shopId(),
    inboxId: text().notNull(),
    kind: text().notNull(),
    raw: text().notNull(),
    at: integer().notNull(),
  },
  (t) => [index("unsupported_events_inbox").on(t.inboxId, t.at)],
);
