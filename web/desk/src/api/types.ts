import type { CallPop } from "../identity/api.ts";

/** The HTTP contract as the desk reads it. Times are ISO 8601 strings, money is integer minor units. */
export type Iso = string;

export interface Page<T> {
  readonly items: readonly T[];
  readonly next: string | null;
  /** Of articles: how many from starter packs have made way for the shop's own. */
  readonly starters?: { readonly steppedBack: number };
  /** Of articles: how many wait to be looked at. */
  readonly review?: { readonly waiting: number };
}

export type Role = "agent" | "supervisor" | "editor" | "admin" | "auditor";
export type SessionState = "bot" | "queued" | "agent" | "closed";
export type TicketStatus = "open" | "claimed" | "resolved";
export type Priority = "low" | "normal" | "high" | "urgent";
export type IdentityLevel = "anonymous" | "claimed" | "verified";
export type Delivery = "pending" | "sent" | "delivered" | "read" | "uncertain" | "failed" | "dropped";

export interface Me {
  readonly user: { readonly id: string; readonly name: string; readonly email: string; readonly role: Role };
  readonly shop: { readonly id: string; readonly name: string; readonly locale: string; readonly timeZone: string };
  readonly csrf: string;
  readonly groups: readonly string[];
  readonly duty?: Duty;
}

export const DUTIES = ["online", "busy", "away"] as const;
/** What an agent says of themselves. */
export type Duty = (typeof DUTIES)[number];

export interface Agent {
  readonly id: string;
  readonly name: string;
  readonly role: Role;
  /** Absent where the server does not follow who is online. */
  readonly online?: boolean;
  readonly duty?: Duty;
}

export interface Money {
  readonly amount: number;
  readonly currency: string;
}
export type Price = Money | string;

export type ContentAction =
  | { readonly label: string; readonly url: string }
  | { readonly label: string; readonly value: string };

export interface CardContent {
  readonly type: "card";
  readonly title: string;
  readonly text?: string;
  readonly imageUrl?: string;
  readonly actions: readonly ContentAction[];
}

export interface MediaContent {
  readonly type: "image" | "audio" | "video" | "file";
  readonly url?: string;
  readonly fileId?: string;
  readonly name?: string;
  readonly mime?: string;
  readonly size?: number;
  readonly alt?: string;
}

export interface Upload {
  readonly fileId: string;
  readonly url: string;
  readonly name: string;
  readonly mime: string;
  readonly size: number;
}

export interface OrderContentItem {
  readonly title: string;
  readonly quantity?: number;
  readonly imageUrl?: string;
}

export type Content =
  | { readonly type: "text"; readonly text: string; readonly value?: string }
  | MediaContent
  | {
      readonly type: "location";
      readonly lat: number;
      readonly lng: number;
      readonly title?: string;
      readonly address?: string;
    }
  | {
      readonly type: "link";
      readonly url: string;
      readonly title: string;
      readonly description?: string;
      readonly imageUrl?: string;
    }
  | CardContent
  | { readonly type: "carousel"; readonly cards: readonly CardContent[] }
  | {
      readonly type: "product";
      readonly productId: string;
      readonly title: string;
      readonly price?: Price;
      readonly imageUrl?: string;
      readonly url?: string;
    }
  | {
      readonly type: "order";
      readonly orderId: string;
      readonly status: string;
      readonly items: readonly (OrderContentItem | string)[];
      readonly total?: Price;
      readonly url?: string;
    }
  | {
      readonly type: "choices";
      readonly text: string;
      readonly choices: readonly { readonly label: string; readonly value: string }[];
    }
  | { readonly type: "sticker"; readonly emoji?: string; readonly url?: string }
  | { readonly type: "system"; readonly code: string; readonly text: string }
  | { readonly type: "unsupported"; readonly kind: string };

export interface Author {
  readonly kind: "contact" | "bot" | "agent" | "system";
  readonly id?: string;
  readonly name?: string;
}

export interface Message {
  readonly id: string;
  readonly seq: number;
  readonly sessionId: string;
  readonly direction: "inbound" | "outbound";
  readonly author: Author;
  readonly channel: string;
  readonly content: Content;
  /** Where the file of a platform's message is; absent where there is none to wait for. */
  readonly media?: { readonly state: "pending" | "stored" | "failed"; readonly code?: string };
  readonly at: Iso;
  readonly clientId?: string;
  readonly delivery?: Delivery;
  readonly deliveryCode?: string;
  readonly deliveryDetail?: string;
  readonly deliveryId?: string;
  readonly articleId?: string;
  readonly articleVersion?: number;
  readonly score?: number;
  /** On the live stream only: who calls. */
  readonly call?: CallPop;
}

export interface HandoffReason {
  readonly code: string;
  readonly words: string;
}

export interface SessionTicket {
  readonly id: string;
  readonly number: string;
  readonly status: TicketStatus;
  readonly priority: Priority;
  readonly group: string;
  readonly assignee?: string;
  readonly reason: HandoffReason;
}

export interface Session {
  readonly id: string;
  readonly state: SessionState;
  /** `bot`, `queue`, or an agent's id. */
  readonly owner: string;
  readonly ownerName?: string;
  readonly ownerEpoch: number;
  readonly contact: {
    readonly id: string;
    readonly name?: string;
    readonly level: IdentityLevel;
    readonly locale?: string;
    readonly vip: boolean;
    readonly tags: readonly string[];
  };
  readonly channel: string;
  readonly inboxId: string;
  readonly inboxName: string;
  readonly conversationId: string;
  readonly ticketId?: string;
  readonly ticket?: SessionTicket;
  readonly preview?: string;
  readonly unread: number;
  readonly language?: string;
  readonly openedAt: Iso;
  readonly queuedAt?: Iso;
  /** The first unanswered message since a person is needed. */
  readonly waitingSince?: Iso;
  readonly lastInboundAt: Iso;
  readonly lastMessageAt: Iso;
  readonly closedAt?: Iso;
  readonly closedBy?: string;
  readonly window?: SendWindow;
}

/** How a channel may be written to now; absent where nothing limits it. */
export interface SendWindow {
  readonly open?: boolean;
  readonly closesAt?: Iso;
  readonly messagesLeft?: number;
  readonly route?: string;
  /** What the next message costs by the platform's count; 0 is free. */
  readonly cost?: number;
  readonly alternatives?: readonly { readonly route: string; readonly cost: number; readonly template?: boolean }[];
}

export type Alternative =
  | { readonly kind: "template"; readonly templates: number }
  | {
      readonly kind: "conversation";
      readonly conversationId: string;
      readonly inboxId: string;
      readonly inboxName?: string;
      readonly channel: string;
    };

export interface Template {
  readonly id: string;
  readonly inboxId: string;
  readonly name: string;
  readonly locale: string;
  readonly vendorId: string;
  readonly category?: string;
  readonly params: readonly { readonly key: string; readonly label?: string; readonly maxLength: number }[];
  readonly text: string;
}

export interface Usage {
  readonly from: string;
  readonly days: readonly { readonly day: string; readonly routes: Readonly<Record<string, number>> }[];
  readonly routes: readonly {
    readonly route: string;
    readonly cost: number;
    readonly total: number;
    readonly thisMonth: number;
  }[];
}

export interface SessionCounts {
  readonly bot: number;
  readonly queued: number;
  readonly mine: number;
  readonly agent: number;
  readonly closed: number;
}

export interface Freshness {
  readonly state: "live" | "cached" | "stale" | "unavailable";
  readonly at: Iso;
  readonly source: string;
}

export interface Shipment {
  readonly trackingNumber: string;
  readonly carrier: string;
  readonly status: "created" | "in_transit" | "out_for_delivery" | "delivered" | "exception";
  readonly nodes: readonly { readonly at: Iso; readonly text: string; readonly place?: string }[];
  readonly estimatedAt?: Iso;
}

export interface OrderItem {
  readonly productId: string;
  readonly title: string;
  readonly quantity: number;
  readonly price: Money;
  readonly imageUrl?: string;
  readonly returnable: boolean;
}

export interface OrderFact {
  readonly orderId: string;
  readonly status: string;
  readonly items: readonly OrderItem[];
  readonly total: Money;
  readonly createdAt: Iso;
  readonly paidAt?: Iso;
  readonly shippedAt?: Iso;
  readonly deliveredAt?: Iso;
  readonly promisedShipAt?: Iso;
  readonly trackingNumbers: readonly string[];
  readonly recipient?: { readonly name: string; readonly phone: string; readonly region: string };
  readonly url?: string;
  readonly shipments: readonly Shipment[];
  readonly freshness: Freshness;
}

export interface Suggestion {
  readonly articleId: string;
  readonly question: string;
  readonly answer: string;
  readonly score: number;
}

export interface TicketContext {
  readonly reason: HandoffReason;
  readonly summary: string;
  readonly messages: readonly string[];
  readonly attempts: readonly {
    readonly articleId: string;
    readonly question: string;
    readonly score: number;
    readonly shown: boolean;
    readonly version?: number;
  }[];
  readonly entities: {
    readonly orderIds?: readonly string[];
    readonly trackingNumbers?: readonly string[];
    readonly products?: readonly string[];
    readonly phones?: readonly string[];
  };
  readonly orders: readonly OrderFact[];
  readonly profile: {
    readonly name?: string;
    readonly tier?: string;
    readonly tags?: readonly string[];
    readonly pastTickets?: number;
    readonly memberSince?: string;
  };
  readonly language: string;
  readonly mood: "calm" | "unhappy" | "angry";
  readonly urgency: Priority;
  readonly identityLevel: IdentityLevel;
  readonly suggestions: readonly Suggestion[];
  readonly similar: readonly { readonly ticketId: string; readonly number: string; readonly summary: string }[];
  readonly promises: readonly { readonly text: string; readonly dueAt?: string }[];
}

export interface Note {
  readonly id: string;
  readonly author: { readonly id: string; readonly name: string };
  readonly text: string;
  readonly at: Iso;
}

export interface Activity {
  readonly id: string;
  readonly kind: string;
  readonly by?: string | { readonly id: string; readonly name: string };
  readonly at: Iso;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface TicketItem {
  readonly id: string;
  readonly number: string;
  readonly status: TicketStatus;
  readonly priority: Priority;
  readonly group: string;
  readonly assignee?: string;
  readonly assigneeName?: string;
  readonly contact?: { readonly id: string; readonly name?: string };
  readonly sessionIds: readonly string[];
  readonly orderIds: readonly string[];
  readonly tags?: readonly string[];
  readonly summary?: string;
  readonly version: number;
  readonly createdAt: Iso;
  readonly claimedAt?: Iso;
  readonly firstReplyAt?: Iso;
  readonly resolvedAt?: Iso;
}

export interface Ticket extends TicketItem {
  readonly context: TicketContext;
  readonly notes: readonly Note[];
  readonly activity: readonly Activity[];
}

export interface Contact {
  readonly id: string;
  readonly name?: string;
  readonly email?: string;
  readonly phone?: string;
  readonly masked?: readonly string[];
  readonly locale?: string;
  readonly level: IdentityLevel;
  readonly memberId?: string;
  readonly vip: boolean;
  readonly tags: readonly string[];
  readonly erasedAt?: Iso;
  readonly legalHold?: string;
  readonly profile: {
    readonly tier?: string;
    readonly orderCount?: number;
    readonly lifetimeValue?: Money;
    readonly since?: string;
  };
  readonly identities: readonly {
    readonly id: string;
    readonly channel: string;
    readonly inboxId: string;
    readonly inboxName: string;
    readonly level: IdentityLevel;
    readonly provenBy?: string;
    readonly lastInboundAt?: Iso;
  }[];
  readonly tickets: readonly {
    readonly id: string;
    readonly number: string;
    readonly status: TicketStatus;
    readonly summary: string;
    readonly createdAt: Iso;
    readonly resolvedAt?: Iso;
  }[];
  readonly createdAt: Iso;
}

export interface ContactOrders {
  readonly items: readonly OrderFact[];
  readonly freshness: Freshness;
}

export interface AnswerVariant {
  readonly locale?: string;
  readonly channel?: string;
  /** A customer tag such as `vip`. */
  readonly audience?: string;
  readonly text: string;
  /** In place of the article's own. */
  readonly image?: AnswerImage;
  readonly buttons?: readonly AnswerButton[];
  /** Of a translation: the version of the source it says the same as. */
  readonly sourceVersion?: number;
}

/** The shop's own words: groups of one meaning, and words that mean nothing. */
export interface DictionaryWords {
  readonly synonyms: readonly (readonly string[])[];
  readonly stopWords: readonly string[];
}
export interface Dictionary extends DictionaryWords {
  readonly version: number;
}

/** What other words would change. */
export interface DictionaryCheck {
  readonly tests: readonly {
    readonly question: string;
    readonly articleId: string;
    readonly articleQuestion: string;
    readonly check: "must_hit" | "must_not_hit";
  }[];
  readonly replay: ArticleCheck["replay"];
}

/** A file of the shop's, or a web address. */
export interface AnswerImage {
  readonly fileId?: string;
  readonly url?: string;
  readonly alt?: string;
}

/** A link, another article's answer, a person, or (with none of them) the label as the shopper's next words. */
export interface AnswerButton {
  readonly label: string;
  readonly url?: string;
  readonly articleId?: string;
  readonly person?: true;
}

export interface ArticleFields {
  readonly question: string;
  readonly phrasings: readonly string[];
  readonly keywords: readonly string[];
  readonly answer: string;
  readonly answers: readonly AnswerVariant[];
  readonly image?: AnswerImage;
  readonly buttons?: readonly AnswerButton[];
  /** The card of the order that is spoken of goes before the words. */
  readonly orderCard?: true;
  /** Whose people take over after the answer. */
  readonly handoffGroup?: string;
  /** Said where a variable of the answer has no value. */
  readonly fallback?: string;
  readonly skill?: string;
  readonly category?: string;
  readonly locale?: string;
  readonly validFrom?: Iso;
  readonly validUntil?: Iso;
  readonly keywordWeights?: Readonly<Record<string, number>>;
  readonly mustHave?: readonly string[];
  readonly mustNot?: readonly string[];
  readonly rules?: readonly ArticleRule[];
  readonly counterExamples?: readonly string[];
  readonly priority?: number;
  readonly mustHit?: readonly string[];
  readonly mustNotHit?: readonly string[];
}

export interface ArticleRule {
  readonly kind: "exact" | "contains" | "pattern";
  readonly value: string;
}

export interface Figures {
  readonly hits: number;
  readonly handoffs: number;
  readonly transferRate: number;
  readonly helpful: number;
  readonly unhelpful: number;
  /** Absent on servers that do not count them. */
  readonly falseHits?: number;
}

export interface ArticleFigures extends Figures {
  readonly rollout?: {
    readonly percent: number;
    readonly from: Iso;
    readonly next: Figures & { readonly version: number };
    readonly published: (Figures & { readonly version: number }) | null;
  };
}

/** A question asked again: which article answers it, before and after. */
export interface Replayed {
  readonly question: string;
  readonly count: number;
  readonly from: string | null;
  readonly to: string | null;
  readonly score: number;
  readonly fromQuestion?: string;
  readonly toQuestion?: string;
}

export interface ArticleCheck {
  readonly ok: boolean;
  readonly checks: readonly {
    readonly check: string;
    readonly level: "error" | "warning";
    readonly detail: string;
    readonly question?: string;
    readonly articleId?: string;
    readonly otherQuestion?: string;
    /** The word, language or link it is about. */
    readonly word?: string;
    readonly gap?: number;
  }[];
  readonly replay: {
    readonly total: number;
    readonly changed: readonly Replayed[];
    readonly lost: number;
    readonly gained: number;
  };
}

interface Counted {
  readonly total: number;
  readonly before: number;
  readonly after: number;
}

export interface GapProof {
  readonly cluster: Counted & { readonly questions: readonly Replayed[] };
  readonly lastWeek: Counted;
}

export interface LearnedGap {
  readonly articleId: string;
  readonly question: string;
  readonly acceptedAt: Iso;
  readonly wordings: number;
  readonly askedBefore: number;
  readonly transferRateBefore: number;
  readonly answeredSince: number;
  readonly handedOverSince: number;
  readonly savedMinutes: number;
  readonly twoWeeks?: {
    readonly answered: number;
    readonly handedOver: number;
    readonly savedMinutes: number;
    readonly complete: boolean;
  };
}

export interface Correction {
  readonly id: string;
  readonly sessionId: string;
  readonly messageId: string;
  readonly articleId?: string;
  readonly articleVersion?: number;
  readonly kind: "wrong" | "outdated" | "tone" | "missing";
  readonly note: string;
  readonly question: string;
  readonly answer: string;
  readonly state: "open" | "fixed" | "dismissed";
  readonly by: { readonly id: string; readonly name: string };
  readonly createdAt: Iso;
  readonly closedVersion?: number;
}

export interface Article extends ArticleFields {
  readonly id: string;
  readonly status: "draft" | "published";
  readonly version: number;
  readonly publishedVersion?: number;
  readonly updatedAt?: Iso;
  /** The version that last changed the question or the default answer. */
  readonly sourceVersion?: number;
  /** A translation is behind its source. */
  readonly stale?: boolean;
  readonly ownerId?: string;
  /** Somebody asks to have it looked at before shoppers are told; `changed`: it was saved again since. */
  readonly review?: {
    readonly by: { readonly id: string; readonly name: string };
    readonly at: Iso;
    readonly version: number;
    readonly note?: string;
    readonly changed?: boolean;
  };
  readonly sentBack?: {
    readonly by: { readonly id: string; readonly name: string };
    readonly at: Iso;
    readonly version: number;
    readonly reason: string;
  };
  /** It came from a starter pack; and it has made way for the shop's own. */
  readonly starter?: boolean;
  readonly steppedBack?: boolean;
  /** By the matcher, where the list was searched. */
  readonly rank?: number;
  readonly score?: number;
  readonly hits7d?: number;
  readonly figures?: Figures;
  readonly rollout?: { readonly version: number; readonly percent: number; readonly from: Iso };
}

export interface ArticleVersion {
  readonly version: number;
  readonly at: Iso;
  readonly by?: string | { readonly id: string; readonly name: string };
  readonly published?: boolean;
  /** What was said against it, and why it went out nevertheless. */
  readonly warnings?: readonly string[];
  readonly reason?: string;
  readonly article: ArticleFields & { readonly sourceVersion?: number };
}

/** What shoppers would be told, before they are. */
export interface ArticlePreview {
  readonly decision: "answer" | "suggest" | "none";
  readonly locale: string;
  readonly matches: readonly PreviewMatch[];
  readonly conflicts: readonly { readonly articleId: string; readonly question: string; readonly gap: number }[];
  readonly channels: readonly ChannelPreview[];
  /** The edited article's own test questions. */
  readonly tests?: {
    readonly total: number;
    readonly failed: readonly { readonly question: string; readonly check: "must_hit" | "must_not_hit" }[];
  };
}

export interface PreviewMatch extends Omit<Match, "answer"> {
  readonly version: number;
  /** The edits answered, not what is published. */
  readonly edited: boolean;
}

export interface ChannelPreview {
  readonly channel: string;
  readonly inboxId: string;
  readonly name: string;
  readonly variant?: Omit<AnswerVariant, "text">;
  readonly messages: readonly Content[];
  readonly warnings: readonly { readonly code: string; readonly count?: number; readonly word?: string }[];
  readonly handoff?: string;
}

export interface MatchWhy {
  readonly term: string;
  readonly via: string;
  readonly weight: number;
}

export interface Match {
  readonly articleId: string;
  readonly question: string;
  readonly answer: string;
  readonly score: number;
  readonly version?: number;
  readonly why: readonly MatchWhy[];
}

export interface MatchAnswer {
  readonly decision: "answer" | "suggest" | "none";
  readonly matches: readonly Match[];
}

export interface Task {
  readonly id: string;
  readonly kind: string;
  readonly state: "queued" | "running" | "done" | "failed";
  readonly progress?: { readonly done: number; readonly total: number };
  readonly result?: Readonly<Record<string, unknown>>;
  readonly errors?: readonly {
    readonly line?: number;
    readonly column?: string;
    readonly code: string;
    readonly message: string;
  }[];
}

export interface Gap {
  readonly id: string;
  readonly sample: string;
  readonly questions: readonly string[];
  readonly count: number;
  readonly transferRate: number;
  readonly shoppers?: number;
  readonly minutes?: number;
  readonly trend?: readonly [number, number];
  /** Askings of each of the last fourteen days, today last. */
  readonly days?: readonly number[];
  readonly channels?: readonly string[];
  readonly languages?: readonly string[];
  readonly merged?: boolean;
  readonly assigneeId?: string;
  readonly lastAt: Iso;
}

export type Words = string | { readonly zh?: string; readonly en?: string };

/** The part of JSON Schema that channel configs use. */
export interface JsonSchema {
  readonly type?: string | readonly string[];
  readonly title?: Words;
  readonly "x-title"?: Words;
  readonly help?: Words;
  readonly "x-help"?: Words;
  readonly description?: string;
  readonly secret?: boolean;
  readonly enum?: readonly (string | number)[];
  readonly const?: string | number | boolean;
  readonly default?: unknown;
  readonly format?: string;
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: JsonSchema;
  readonly anyOf?: readonly JsonSchema[];
  readonly oneOf?: readonly JsonSchema[];
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
}

export interface Channel {
  readonly channel: string;
  readonly title: Words;
  readonly configSchema: JsonSchema;
  readonly capabilities?: Readonly<Record<string, unknown>>;
  /** Why it cannot run where this server lives. */
  readonly notHere?: Words;
}

export type InboxStatus = string | { readonly state: string; readonly detail?: string };

export interface Inbox {
  readonly id: string;
  readonly channel: string;
  readonly name: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly webhookUrl: string;
  readonly status: InboxStatus;
}

export interface InboxCheck {
  readonly check: string;
  readonly ok: boolean;
  readonly detail: string;
  /** What the server can put right when asked: `POST …/register`. */
  readonly fix?: "register";
}

export interface User {
  readonly id: string;
  readonly name: string;
  readonly email: string;
  readonly role: Role;
  readonly disabled?: boolean;
  readonly groups?: readonly string[];
  readonly createdAt?: Iso;
  readonly lastLoginAt?: Iso;
}

export interface DeadDelivery {
  readonly id: string;
  readonly messageId?: string;
  readonly sessionId?: string;
  readonly conversationId?: string;
  readonly contact?: { readonly id: string; readonly name?: string };
  readonly inboxId?: string;
  readonly inboxName?: string;
  readonly channel?: string;
  readonly attempts?: number;
  readonly code?: string;
  readonly detail?: string;
  readonly content?: Content;
  readonly at?: Iso;
  readonly createdAt?: Iso;
}

export interface AuditRow {
  readonly seq?: number;
  readonly id?: string;
  readonly at: Iso;
  readonly actor?: string | { readonly id?: string; readonly name?: string };
  readonly by?: string | { readonly id?: string; readonly name?: string };
  readonly action: string;
  readonly target?: string | Readonly<Record<string, unknown>>;
  readonly result?: string;
  readonly requestId?: string;
  readonly data?: Readonly<Record<string, unknown>>;
}

export interface Problem {
  readonly type?: string;
  readonly title?: string;
  readonly status: number;
  readonly code: string;
  readonly detail?: string;
  readonly requestId?: string;
  readonly errors?: readonly { readonly path: string; readonly message: string }[];
  readonly current?: unknown;
}

export type Frame =
  | { readonly type: "ready"; readonly cursor: string }
  | {
      readonly type: "message";
      readonly cursor: string;
      readonly data: Message & { /** What the shopper's word has opened. */ readonly window?: SendWindow };
    }
  | {
      readonly type: "contact";
      readonly cursor: string;
      readonly data: { readonly id: string; readonly from?: string };
    }
  | { readonly type: "session"; readonly cursor: string; readonly data: Session }
  | { readonly type: "ticket"; readonly cursor: string; readonly data: TicketItem }
  | {
      readonly type: "receipt";
      readonly cursor: string;
      readonly data: {
        readonly messageId: string;
        readonly delivery: Delivery;
        readonly code?: string;
        readonly detail?: string;
        /** What the send left of the session's window. */
        readonly sessionId?: string;
        readonly window?: SendWindow;
      };
    }
  | {
      readonly type: "typing";
      readonly cursor: string;
      readonly data: { readonly sessionId: string; readonly author: Author; readonly on: boolean };
    }
  | {
      readonly type: "article";
      readonly cursor: string;
      readonly data: { readonly id: string; readonly status: string; readonly version: number };
    }
  | {
      readonly type: "inbox";
      readonly cursor: string;
      readonly data: { readonly id: string; readonly status: InboxStatus };
    }
  | { readonly type: "task"; readonly cursor: string; readonly data: Task };
