import type { Content } from "./content.ts";
import type { MediaState } from "./media.ts";

export type Direction = "inbound" | "outbound";
export type AuthorKind = "contact" | "bot" | "agent" | "system";

export interface Author {
  readonly kind: AuthorKind;
  /** The agent's user id; absent for the bot and the system. */
  readonly id?: string;
  readonly name?: string;
}

/** One thing said, on any channel, by anyone. Never changed once stored, except for its delivery and an edit or recall by the platform. */
export interface Message {
  readonly id: string;
  /** Grows by arrival; unique per deployment. Order within a conversation is by `at`, then `seq`. */
  readonly seq: number;
  readonly shopId: string;
  readonly inboxId: string;
  readonly channel: string;
  readonly conversationId: string;
  readonly sessionId: string;
  readonly contactId: string;
  readonly direction: Direction;
  readonly author: Author;
  readonly content: Content;
  /** Where its file is, when the platform only named one. */
  readonly media?: MediaState;
  /** When it was said: the platform's time for inbound, ours for outbound. Epoch milliseconds. */
  readonly at: number;
  readonly clientId?: string;
  /** Worst delivery among its parts; absent for inbound. */
  readonly delivery?: MessageDelivery;
  readonly articleId?: string;
  readonly articleVersion?: number;
  readonly score?: number;
}

/** `dropped`: a bot answer that was still waiting when a person took over. */
export type MessageDelivery = "pending" | "sent" | "delivered" | "read" | "uncertain" | "failed" | "dropped";
