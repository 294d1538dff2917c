/** The message path, as the desk asks it of the store. */
import type { Address, DeliveryStatus, OutboundTemplate, Sender } from "../adapter.ts";
import type { Contact, Conversation, Identity, IdentityLevel } from "../contact.ts";
import type { Content } from "../content.ts";
import type { Delivery } from "../delivery.ts";
import type { FlowMark } from "../flow.ts";
import type { Author, Message } from "../message.ts";
import type { ClosedBy, Flow, Opening, Session, SessionState } from "../session.ts";
import type { Priority, TicketContext, TicketStatus } from "../ticket.ts";

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
  /** What it opens of the send window. @default by its content: words or none */
  readonly opens?: "message" | "joined";
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

export interface OutboundPart {
  readonly id: string;
  readonly content: Content;
  readonly template?: OutboundTemplate;
  /** It can only be said in answer to the contact's next message. */
  readonly awaitsContact?: boolean;
}

export interface OutboundDraft {
  readonly id: string;
  readonly conversation: Pick<Conversation, "id" | "inboxId" | "channel" | "address">;
  readonly author: Author;
  readonly content: Content;
  /** The content as the channel will show it; empty where the stored message is what the contact reads. */
  readonly parts: readonly OutboundPart[];
  readonly clientId?: string;
  readonly articleId?: string;
  readonly articleVersion?: number;
  readonly score?: number;
}

export interface NewTicket {
  readonly id: string;
  /** `yyMMdd` of the shop's day, for the number. */
  readonly day: string;
  /** Taken before, to be told with the change. @default the next one */
  readonly number?: string;
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
  /** What happened in a declared flow; of the message this decides. */
  readonly marks?: readonly FlowMark[];
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
    change: {
      readonly content?: Content;
      /** Names the content's file at the platform. */
      readonly mediaRef?: string;
      readonly recalledAt?: number;
      readonly now: number;
    },
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
