import type { Adapter, Address, DeliveryStatus, Sender } from "./adapter.ts";
import type { Article, ArticleDraft, Rollout } from "./article.ts";
import type { Contact, Conversation, Identity, IdentityLevel } from "./contact.ts";
import type { Content } from "./content.ts";
import type { Delivery, Verdict } from "./delivery.ts";
import type { DomainEvent, EventType } from "./event.ts";
import type { LearningStore } from "./learning.ts";
import type { Author, Message } from "./message.ts";
import type { ClosedBy, Flow, Opening, Session, SessionState } from "./session.ts";
import type { Priority, Ticket, TicketContext, TicketStatus } from "./ticket.ts";

export interface Page<T> {
  readonly items: readonly T[];
  /** The cursor of the next page; null on the last. */
  readonly next: string | null;
}

export interface PageQuery {
  readonly limit: number;
  readonly cursor?: string;
}

/** Who writes in a conversation, and the session that is open or was last. */
export interface Party {
  readonly contact: Contact;
  readonly identity: Identity;
  readonly conversation: Conversation;
  readonly lastSession?: Session;
}

export interface NewParty {
  readonly shopId: string;
  readonly inboxId: string;
  readonly channel: string;
  readonly sender: Sender;
  readonly level: IdentityLevel;
  readonly memberId?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly address: Address;
  readonly now: number;
}

export interface InboundRecord {
  readonly party: Party;
  readonly id: string;
  readonly channelMessageId?: string;
  readonly clientId?: string;
  readonly content: Content;
  readonly address: Address;
  readonly mediaRef?: string;
  readonly at: number;
  readonly now: number;
  readonly opening: Opening;
  readonly newSessionId: string;
  readonly language?: string;
  /** False for what is stored and never answered: our own echo, another bot, what is older than a day. */
  readonly answerable: boolean;
  readonly authorKind?: "contact" | "bot";
}

/** `fresh: false`: the same message was there already; nothing changed. */
export type Recorded =
  | {
      readonly fresh: true;
      readonly message: Message;
      /** The session the message is in, as it was right after. */
      readonly session: Session;
    }
  | { readonly fresh: false };

export interface OutboundDraft {
  readonly id: string;
  readonly conversation: Pick<Conversation, "id" | "inboxId" | "channel" | "address">;
  readonly author: Author;
  readonly content: Content;
  /** The content as the channel will show it; empty where the stored message is what the contact reads. */
  readonly parts: readonly { readonly id: string; readonly content: Content }[];
  readonly clientId?: string;
  readonly articleId?: string;
  readonly articleVersion?: number;
  readonly score?: number;
}

export interface NewTicket {
  readonly id: string;
  /** `yyMMdd` of the shop's day, for the number. */
  readonly day: string;
  readonly priority: Priority;
  readonly group: string;
  readonly orderIds: readonly string[];
  readonly tags: readonly string[];
  readonly context: TicketContext;
  readonly assignee?: string;
}

/** What holds of a session after a change; absent fields stay. */
export interface SessionPatch {
  readonly state?: SessionState;
  /** A new owner: `ownerEpoch` grows by one. */
  readonly owner?: string;
  readonly misses?: number;
  readonly flow?: Flow | null;
  readonly language?: string;
  readonly queuedAt?: number | null;
  readonly waitingSince?: number | null;
  readonly closedAt?: number | null;
  readonly closedBy?: ClosedBy | null;
  readonly ticketId?: string | null;
  readonly unread?: number;
}

/**
 * One change of a session and all that belongs to it, in one `atomic` list, fenced by the owner and epoch its author saw.
 * Nothing of it happens when the fence does not hold.
 */
export interface SessionChange {
  readonly session: Pick<Session, "id" | "shopId" | "contactId">;
  readonly fence: {
    readonly epoch?: number;
    readonly owner?: string;
    readonly states?: readonly SessionState[];
    /** Nothing was said since. */
    readonly silentSince?: number;
    /** The inbound message this decides: decided once, by whoever is first. */
    readonly decides?: string;
    readonly ticket?: {
      readonly id: string;
      readonly statuses?: readonly TicketStatus[];
      readonly assignee?: string | null;
    };
  };
  readonly patch: SessionPatch;
  readonly say: readonly OutboundDraft[];
  readonly openTicket?: NewTicket;
  readonly ticket?: { readonly id: string; readonly patch: TicketPatch };
  readonly log?: { readonly kind: string; readonly by?: Author; readonly data?: Readonly<Record<string, unknown>> };
  /** Bot answers still waiting to be sent are dropped: a person took over. */
  readonly dropBot?: boolean;
  readonly now: number;
}

export interface TicketPatch {
  readonly status?: TicketStatus;
  readonly assignee?: string | null;
  readonly group?: string;
  readonly priority?: Priority;
  readonly tags?: readonly string[];
  readonly claimedAt?: number;
  readonly firstReplyAt?: number;
  readonly resolvedAt?: number | null;
  readonly resolution?: string;
  /** The session it is worked on in, when it moves to another of the contact's. */
  readonly sessionId?: string;
}

/**
 * `applied: false`: the fence did not hold, and nothing happened. Without messages though some were to be said: their `clientId` was
 * said before, and nothing happened again.
 */
export type Changed =
  | {
      readonly applied: true;
      readonly messages: readonly Message[];
      /** Deliveries this process may send at once. */
      readonly leased: readonly Delivery[];
      readonly ownerEpoch: number;
    }
  | { readonly applied: false };

export interface SessionFilter extends PageQuery {
  readonly state?: SessionState;
  readonly inboxId?: string;
  readonly assignee?: string;
  readonly contactId?: string;
  readonly q?: string;
}

/** A session as lists show it. */
export interface SessionView extends Session {
  readonly waitingSince?: number;
  readonly contact: Pick<Contact, "id" | "name" | "level" | "locale" | "vip" | "tags">;
  readonly ticket?: TicketView;
  readonly conversationLastInboundAt?: number;
}

/** A ticket without its packet. */
export type TicketView = Omit<Ticket, "context" | "sessionIds"> & {
  readonly sessionId: string;
  readonly reason: TicketContext["reason"];
  readonly summary: string;
};

export interface TicketLogEntry {
  readonly id: string;
  readonly kind: string;
  readonly by?: { readonly id: string; readonly name: string };
  readonly data: Readonly<Record<string, unknown>>;
  readonly at: number;
}

export interface TicketFilter extends PageQuery {
  readonly status?: TicketStatus;
  readonly group?: string;
  readonly assignee?: string;
  readonly priority?: Priority;
  readonly contactId?: string;
  readonly q?: string;
}

/** A message as the desk sees it: with what became of its deliveries. */
export interface MessageView extends Message {
  readonly deliveryId?: string;
  readonly deliveryDetail?: string;
  readonly recalledAt?: number;
  readonly editedAt?: number;
}

export interface FlowStore {
  findParty(inboxId: string, channelUserId: string): Promise<Party | undefined>;
  /** Finds the party or makes it; two at once make one. A `memberId` joins the contact that has proven it before. */
  ensureParty(party: NewParty): Promise<Party>;
  partyOfConversation(shopId: string, conversationId: string): Promise<Party | undefined>;
  recordInbound(record: InboundRecord): Promise<Recorded>;
  /** Applies an edit or recall by the contact; false when the message is not known. */
  reviseInbound(
    inboxId: string,
    channelMessageId: string,
    change: { readonly content?: Content; readonly recalledAt?: number; readonly now: number },
  ): Promise<boolean>;
  /** Moves a delivery's status forward, never back. */
  recordStatus(
    inboxId: string,
    channelMessageId: string,
    status: DeliveryStatus,
    at: number,
    detail?: string,
  ): Promise<void>;
  recordUnsupported(input: {
    readonly shopId: string;
    readonly inboxId: string;
    readonly kind: string;
    readonly raw: unknown;
    readonly at: number;
  }): Promise<void>;
  changeSession(change: SessionChange): Promise<Changed>;
  /** Takes undecided inbound messages nobody works on; each is leased to the caller for `LEASE_MS`. */
  claimUndecided(
    now: number,
    limit: number,
  ): Promise<readonly { readonly message: Message; readonly attempts: number }[]>;
  /** Gives a message back at once, or marks it decided without an answer. */
  settleUndecided(
    messageId: string,
    outcome: { readonly retryAt: number } | { readonly decidedAt: number },
  ): Promise<void>;
  message(shopId: string, messageId: string): Promise<Message | undefined>;
  messageByClientId(conversationId: string, clientId: string): Promise<Message | undefined>;
  recentMessages(contactId: string, limit: number): Promise<readonly Message[]>;
  /** What a conversation's contact was told last. */
  lastSaid(conversationId: string): Promise<Message | undefined>;
  markRead(shopId: string, sessionId: string, now: number): Promise<void>;
  rateSession(input: {
    readonly shopId: string;
    readonly conversationId: string;
    readonly sessionId: string;
    readonly score: number;
    readonly comment?: string;
    readonly now: number;
  }): Promise<boolean>;
  /** Bot sessions silent since `before` end; returns how many. */
  closeIdle(before: number, now: number): Promise<number>;
}

export interface OutboxStore {
  delivery(id: string): Promise<Delivery | undefined>;
  /** Takes due deliveries, at most the first waiting one of each conversation. */
  claimDeliveries(input: {
    readonly now: number;
    readonly limit: number;
    readonly inboxId?: string;
  }): Promise<readonly Delivery[]>;
  /**
   * Ends every lease there is, so that what a dead process left is taken up at once: for the start of a process that has the database
   * to itself. A delivery whose attempt had begun stays marked as one that may have arrived.
   */
  releaseLeases(): Promise<void>;
  /** Records an attempt's end and takes the conversation's next delivery, if any is due. */
  settleDelivery(delivery: Delivery, verdict: Verdict, now: number): Promise<Delivery | undefined>;
  /** What waits in a conversation, in its order, leased or not. */
  pendingDeliveries(conversationId: string, limit: number): Promise<readonly Delivery[]>;
  /** A dead delivery back into the outbox, by an agent's wish. */
  resendDelivery(shopId: string, id: string, now: number): Promise<boolean>;
  deadDeliveries(shopId: string, page: PageQuery): Promise<Page<Delivery & { readonly settledAt?: number }>>;
  outboxStats(now: number): Promise<{ readonly pending: number; readonly oldestDueAt?: number; readonly dead: number }>;
}

export interface DeskStore {
  session(shopId: string, id: string): Promise<SessionView | undefined>;
  sessions(shopId: string, filter: SessionFilter): Promise<Page<SessionView>>;
  sessionCounts(
    shopId: string,
    userId: string,
  ): Promise<{ bot: number; queued: number; agent: number; mine: number; closed: number }>;
  /** How many wait before this one, and how long a person takes. */
  queuePosition(shopId: string, sessionId: string): Promise<number>;
  messagesOf(
    filter: {
      readonly shopId: string;
      readonly sessionId?: string;
      readonly contactId?: string;
      readonly conversationId?: string;
    } & PageQuery,
  ): Promise<Page<MessageView>>;
  ticket(shopId: string, id: string): Promise<(Ticket & { readonly sessionId: string }) | undefined>;
  tickets(shopId: string, filter: TicketFilter): Promise<Page<TicketView>>;
  ticketLog(shopId: string, ticketId: string): Promise<readonly TicketLogEntry[]>;
  addTicketNote(input: {
    readonly shopId: string;
    readonly ticketId: string;
    readonly id: string;
    readonly by: Author;
    readonly text: string;
    readonly now: number;
  }): Promise<boolean>;
  /** Priority and tags: changes that touch no session. */
  patchTicket(input: {
    readonly shopId: string;
    readonly ticketId: string;
    readonly patch: TicketPatch;
    readonly by: Author;
    readonly kind: string;
    readonly now: number;
  }): Promise<boolean>;
  contact(shopId: string, id: string): Promise<Contact | undefined>;
  patchContact(
    shopId: string,
    id: string,
    patch: Partial<Pick<Contact, "name" | "email" | "phone" | "locale" | "level" | "memberId">>,
  ): Promise<void>;
  identitiesOf(
    shopId: string,
    contactId: string,
  ): Promise<
    readonly (Identity & {
      readonly channel: string;
      readonly lastInboundAt?: number;
      readonly conversationId: string;
    })[]
  >;
  /** Joins `from` into `into`; undone by `unmerge`. */
  mergeContacts(input: {
    readonly shopId: string;
    readonly into: string;
    readonly from: string;
    readonly now: number;
  }): Promise<boolean>;
}

export interface EventStore {
  /** Events after a cursor, oldest first. */
  eventsAfter(filter: {
    readonly shopId: string;
    readonly conversationId?: string;
    readonly after: number;
    readonly limit: number;
  }): Promise<readonly DomainEvent[]>;
  lastEventId(shopId: string): Promise<number>;
  addEvent(event: {
    readonly shopId: string;
    readonly type: EventType;
    readonly data?: Readonly<Record<string, unknown>>;
    readonly now: number;
  }): Promise<void>;
}

export interface KnowledgeStore {
  article(shopId: string, id: string): Promise<StoredArticle | undefined>;
  articles(
    shopId: string,
    filter: {
      readonly q?: string;
      readonly status?: "draft" | "published";
      readonly category?: string;
      readonly locale?: string;
      /** Ending within two weeks, handing over after more than 30 % of a week's answers, or answering nobody for 30 days. */
      readonly attention?: "expiring" | "handing-over" | "unused";
      /** For what depends on the time. */
      readonly now?: number;
    } & PageQuery,
  ): Promise<Page<StoredArticle>>;
  /** Writes the working copy if its version is still `seen` (undefined: it must not exist yet); with `publish`, shoppers are told at once. */
  saveArticle(input: ArticleSave): Promise<StoredArticle | undefined>;
  publishArticle(input: {
    readonly shopId: string;
    readonly id: string;
    readonly by?: string;
    /** Absent: to everyone at once. Otherwise the published version goes on answering the others, or until then. */
    readonly rollout?: Pick<Rollout, "percent" | "from">;
    readonly now: number;
  }): Promise<StoredArticle | undefined>;
  /** Ends a version's way: everyone is told it, or nobody. Undefined: there was none. */
  endRollout(input: {
    readonly shopId: string;
    readonly id: string;
    readonly outcome: "everyone" | "nobody";
    readonly now: number;
  }): Promise<StoredArticle | undefined>;
  deleteArticle(input: { readonly shopId: string; readonly id: string; readonly now: number }): Promise<boolean>;
  articleVersions(shopId: string, id: string): Promise<readonly ArticleVersion[]>;
  /** All or nothing: an import. With a `batchId` it remembers what was there before. */
  saveArticles(input: {
    readonly shopId: string;
    readonly batchId?: string;
    readonly articles: readonly { readonly id: string; readonly draft: ArticleDraft }[];
    readonly publish: boolean;
    readonly by?: string;
    readonly now: number;
  }): Promise<void>;
  /** What changed for shoppers after a mark (the last one's `mark`, at first 0), oldest first; `published` undefined: withdrawn. */
  articlesChangedAfter(shopId: string, mark: number): Promise<readonly PublishedChange[]>;
  synonyms(shopId: string): Promise<{
    readonly groups: readonly (readonly string[])[];
    readonly stopWords: readonly string[];
    readonly changedAt: number;
  }>;
  saveSynonyms(input: {
    readonly shopId: string;
    readonly groups: readonly (readonly string[])[];
    readonly stopWords: readonly string[];
    readonly now: number;
  }): Promise<void>;
  recordGap(input: {
    readonly shopId: string;
    readonly id: string;
    readonly text: string;
    readonly normalized: string;
    readonly transferred: boolean;
    /** The asking itself, counted once however often it is recorded. */
    readonly ask?: {
      readonly messageId: string;
      readonly contactId: string;
      readonly sessionId: string;
      readonly channel: string;
    };
    readonly now: number;
  }): Promise<void>;
  openGaps(shopId: string, limit: number): Promise<readonly GapQuestion[]>;
  settleGaps(input: {
    readonly shopId: string;
    readonly ids: readonly string[];
    readonly state: "accepted" | "ignored";
    readonly articleId?: string;
    readonly now?: number;
  }): Promise<void>;
}

export interface StoredArticle extends Article {
  readonly published?: ArticleDraft;
  readonly next?: Rollout;
  readonly createdAt: number;
}

export interface ArticleSave {
  readonly shopId: string;
  readonly id: string;
  readonly draft: ArticleDraft;
  readonly seen?: number;
  readonly publish: boolean;
  readonly by?: string;
  readonly now: number;
}

export interface ArticleVersion {
  readonly version: number;
  readonly draft: ArticleDraft;
  readonly published: boolean;
  readonly by?: string;
  readonly at: number;
}

export interface PublishedChange {
  readonly id: string;
  readonly published?: ArticleDraft;
  readonly version?: number;
  readonly next?: Rollout;
  readonly mark: number;
}

export interface GapQuestion {
  readonly id: string;
  readonly text: string;
  readonly normalized: string;
  readonly count: number;
  readonly transfers: number;
  readonly lastAt: number;
}

export type Role = "agent" | "supervisor" | "editor" | "admin" | "auditor";

export interface User {
  readonly id: string;
  readonly shopId: string;
  readonly email: string;
  readonly name: string;
  readonly role: Role;
  readonly groups: readonly string[];
  readonly passwordHash: string;
  readonly disabledAt?: number;
  readonly createdAt: number;
}

export interface Shop {
  readonly id: string;
  readonly name: string;
  readonly locale: string;
  readonly timeZone: string;
  readonly settings: Readonly<Record<string, unknown>>;
}

/** An inbox as stored: secrets in `config` are sealed. */
export interface Inbox {
  readonly id: string;
  readonly shopId: string;
  readonly channel: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly state: "active" | "paused" | "error";
  readonly stateDetail?: string;
  readonly version: number;
  readonly createdAt: number;
}

export interface AuditRow {
  readonly seq: number;
  readonly at: number;
  readonly actor: string;
  readonly action: string;
  readonly target?: string;
  readonly result: string;
  readonly requestId?: string;
  readonly address?: string;
  readonly data: Readonly<Record<string, unknown>>;
}

export type NewAudit = Omit<AuditRow, "seq"> & { readonly shopId: string };

export interface AccountStore {
  shop(id: string): Promise<Shop | undefined>;
  shops(): Promise<readonly Shop[]>;
  createShop(shop: Shop & { readonly now: number }): Promise<void>;
  userByEmail(email: string): Promise<User | undefined>;
  user(id: string): Promise<User | undefined>;
  users(shopId: string): Promise<readonly User[]>;
  createUser(user: User, audit?: NewAudit): Promise<boolean>;
  /** False when it would leave the shop without an admin. */
  patchUser(
    shopId: string,
    id: string,
    patch: Partial<Pick<User, "name" | "role" | "groups" | "passwordHash">> & { readonly disabledAt?: number | null },
    audit?: NewAudit,
  ): Promise<boolean>;
  createLogin(
    login: {
      readonly tokenHash: string;
      readonly shopId: string;
      readonly userId: string;
      readonly now: number;
      readonly expiresAt: number;
    },
    audit?: NewAudit,
  ): Promise<void>;
  login(
    tokenHash: string,
  ): Promise<
    { readonly user: User; readonly createdAt: number; readonly seenAt: number; readonly expiresAt: number } | undefined
  >;
  touchLogin(tokenHash: string, now: number): Promise<void>;
  endLogins(filter: { readonly tokenHash: string } | { readonly userId: string }, now: number): Promise<void>;
  /** Counts a try under a key; returns the count inside the window. */
  countTry(key: string, input: { readonly now: number; readonly windowMs: number }): Promise<number>;
  clearTries(key: string): Promise<void>;
  inbox(id: string): Promise<Inbox | undefined>;
  inboxes(shopId?: string): Promise<readonly Inbox[]>;
  createInbox(inbox: Inbox, audit?: NewAudit): Promise<boolean>;
  patchInbox(
    shopId: string,
    id: string,
    patch: Partial<Pick<Inbox, "name" | "config" | "state">> & {
      readonly stateDetail?: string | null;
      readonly now: number;
    },
    audit?: NewAudit,
  ): Promise<boolean>;
  deleteInbox(shopId: string, id: string, now: number, audit?: NewAudit): Promise<boolean>;
  createVisitorToken(token: {
    readonly tokenHash: string;
    readonly shopId: string;
    readonly inboxId: string;
    readonly conversationId: string;
    readonly identityId: string;
    readonly now: number;
  }): Promise<void>;
  visitorToken(
    tokenHash: string,
  ): Promise<
    | { readonly shopId: string; readonly inboxId: string; readonly conversationId: string; readonly seenAt: number }
    | undefined
  >;
  touchVisitorToken(tokenHash: string, now: number): Promise<void>;
  adapterState(key: string): Promise<{ readonly value: string; readonly expiresAt?: number } | undefined>;
  setAdapterState(key: string, value: string, expiresAt?: number): Promise<void>;
}

export interface OperationsStore {
  addAudit(audit: NewAudit): Promise<void>;
  auditPage(shopId: string, page: PageQuery): Promise<Page<AuditRow & { readonly hash?: string }>>;
  /** Rows not yet in the chain and the last sealed hash, for the sealer. */
  unsealedAudit(
    shopId: string,
    limit: number,
  ): Promise<{ readonly last?: { readonly seq: number; readonly hash: string }; readonly rows: readonly AuditRow[] }>;
  sealAudit(shopId: string, seals: readonly { readonly seq: number; readonly hash: string }[]): Promise<void>;
  createTask(task: {
    readonly id: string;
    readonly shopId: string;
    readonly kind: string;
    readonly input: Readonly<Record<string, unknown>>;
    readonly total: number;
    readonly now: number;
  }): Promise<void>;
  claimTask(input: { readonly id?: string; readonly now: number }): Promise<Task | undefined>;
  updateTask(
    id: string,
    patch: Partial<Pick<Task, "state" | "done" | "total" | "result" | "errors">> & { readonly now: number },
  ): Promise<void>;
  task(shopId: string, id: string): Promise<Task | undefined>;
  saveFile(
    file: StoredFile & { readonly shopId: string; readonly ownerId: string; readonly now: number },
  ): Promise<void>;
  file(id: string): Promise<(StoredFile & { readonly shopId: string; readonly ownerId: string }) | undefined>;
  /** Bytes an owner stored since a time. */
  bytesSince(ownerId: string, since: number): Promise<number>;
  /** Writes a row, since a full disk and a held lock still let read. */
  ping(): Promise<void>;
  appliedMigrations(): Promise<readonly string[]>;
}

export interface Task {
  readonly id: string;
  readonly shopId: string;
  readonly kind: string;
  readonly state: "queued" | "running" | "done" | "failed";
  readonly input: Readonly<Record<string, unknown>>;
  readonly done: number;
  readonly total: number;
  readonly result?: Readonly<Record<string, unknown>>;
  readonly errors: readonly { readonly line?: number; readonly code: string; readonly message: string }[];
  readonly createdAt: number;
}

export interface StoredFile {
  readonly id: string;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
  /** Base64. */
  readonly body: string;
}

/** All of the SQL, by what the desk does. One implementation, three engines. */
export interface Store
  extends FlowStore,
    OutboxStore,
    DeskStore,
    EventStore,
    KnowledgeStore,
    LearningStore,
    AccountStore,
    OperationsStore {
  close(): Promise<void>;
}

/** The running inboxes: an adapter for each, made from its stored configuration. */
export interface Inboxes {
  /** Undefined: no such inbox. @throws {UnavailableError} `inbox.not_running` when its configuration cannot start. */
  get(inboxId: string): Promise<{ readonly inbox: Inbox; readonly adapter: Adapter } | undefined>;
}

export interface Logger {
  debug(data: object, message: string): void;
  info(data: object, message: string): void;
  warn(data: object, message: string): void;
  error(data: object, message: string): void;
}
