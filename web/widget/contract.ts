import type { Content } from "../../src/core/content.ts";

export type { Action, Card, Content, ContentOf, Money } from "../../src/core/content.ts";

/** The visitor API as the widget reads it. The truth is `/openapi.json`. */
export interface Message {
  readonly id: string;
  readonly seq: number;
  readonly sessionId: string;
  readonly direction: "inbound" | "outbound";
  readonly author: Author;
  readonly content: Content;
  /** ISO 8601. */
  readonly at: string;
  readonly delivery?: Delivery;
  /** Ours: ties a streamed message to the bubble that is still being sent. */
  readonly clientId?: string;
}

export interface Author {
  readonly kind: "contact" | "bot" | "agent" | "system";
  readonly id?: string;
  readonly name?: string;
}

export type Delivery = "pending" | "sent" | "delivered" | "read" | "uncertain" | "failed" | "dropped";

export interface Settings {
  readonly title?: string;
  readonly color?: string;
  readonly greeting?: string;
  readonly locale?: string;
  readonly position?: "left" | "right";
  /** Whether a person is on duty. */
  readonly online?: boolean;
}

export interface SessionInfo {
  readonly sessionId: string;
  readonly state: "bot" | "queued" | "agent" | "closed";
  readonly agentName?: string;
  /** How many are served before this shopper. */
  readonly queuePosition?: number;
  readonly etaSeconds?: number;
}

export interface SessionAnswer {
  readonly token: string;
  readonly contactId: string;
  readonly conversationId: string;
  readonly settings?: Settings;
  readonly messages: readonly Message[];
  readonly cursor: string;
  readonly session?: SessionInfo | null;
}

export interface Page {
  readonly url: string;
  readonly title: string;
  readonly productId?: string;
  readonly orderId?: string;
}

export interface SessionRequest {
  readonly inboxId: string;
  readonly visitorToken?: string;
  readonly identity?: { readonly token: string };
  readonly locale: string;
  readonly page: Page;
}

export interface MessagePage {
  readonly items: readonly Message[];
  readonly cursor: string;
}

export interface Upload {
  readonly fileId: string;
  readonly url: string;
  readonly mime: string;
  readonly size: number;
}

export type Frame = { readonly cursor?: string | null } & (
  | { readonly type: "message"; readonly data: Message }
  | { readonly type: "typing"; readonly data: { readonly author: Author; readonly on: boolean } }
  | { readonly type: "session"; readonly data: SessionInfo }
  | { readonly type: "receipt"; readonly data: { readonly messageId: string; readonly delivery: Delivery } }
);
