import type { OrderFact } from "./commerce.ts";
import type { IdentityLevel } from "./contact.ts";

export type TicketStatus = "open" | "claimed" | "resolved";
export type Priority = "low" | "normal" | "high" | "urgent";
export type Mood = "calm" | "unhappy" | "angry";

/** Why a session was given to people; `desk.md` §2. */
export type HandoffCode =
  | "ask_human"
  | "miss2"
  | "unhappy"
  | "risk_word"
  | "vip_rule"
  | "ineligible_action"
  | "bot_error"
  | "agent_takeover"
  | "policy";

/** An agent's work item. */
export interface Ticket {
  readonly id: string;
  readonly shopId: string;
  /** `T-yyMMdd-nnnn`, counted per shop and day. */
  readonly number: string;
  readonly contactId: string;
  readonly status: TicketStatus;
  readonly priority: Priority;
  readonly group: string;
  readonly assignee?: string;
  readonly sessionIds: readonly string[];
  readonly orderIds: readonly string[];
  readonly tags: readonly string[];
  /** Taken at handoff and never changed. */
  readonly context: TicketContext;
  readonly version: number;
  readonly createdAt: number;
  readonly claimedAt?: number;
  readonly firstReplyAt?: number;
  readonly resolvedAt?: number;
}

/** The handoff packet: all the agent would otherwise have to ask again. */
export interface TicketContext {
  readonly reason: { readonly code: HandoffCode; readonly words: string };
  readonly summary: string;
  /** Ids of the last messages, oldest first; ids, not copies. */
  readonly messages: readonly string[];
  readonly attempts: readonly Attempt[];
  readonly entities: Entities;
  readonly orders: readonly OrderFact[];
  readonly profile: Profile;
  readonly language: string;
  readonly mood: Mood;
  readonly urgency: Priority;
  readonly identityLevel: IdentityLevel;
  readonly suggestions: readonly Suggestion[];
  readonly similar: readonly { readonly ticketId: string; readonly number: string; readonly summary: string }[];
  readonly promises: readonly { readonly text: string; readonly dueAt?: string }[];
}

/** An article the bot tried or thought of. */
export interface Attempt {
  readonly articleId: string;
  readonly question: string;
  readonly score: number;
  readonly shown: boolean;
  readonly version?: number;
}

export interface Entities {
  readonly orderIds: readonly string[];
  readonly trackingNumbers: readonly string[];
  readonly products: readonly string[];
  /** Masked: `138****6721`. */
  readonly phones: readonly string[];
}

export interface Profile {
  readonly name?: string;
  readonly tier?: string;
  readonly tags: readonly string[];
  readonly pastTickets: number;
  readonly memberSince?: string;
}

export interface Suggestion {
  readonly articleId: string;
  readonly question: string;
  readonly answer: string;
  readonly score: number;
}
