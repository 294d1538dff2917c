/** The domain log's kinds: what live push, integrations and insights read. */
export type EventType = "message" | "receipt" | "session" | "ticket" | "article" | "inbox" | "task" | "contact";

/** One row of the domain log; `id` is the cursor of every stream. */
export interface DomainEvent {
  readonly id: number;
  readonly shopId: string;
  readonly type: EventType;
  readonly conversationId?: string;
  readonly sessionId?: string;
  readonly ticketId?: string;
  readonly messageId?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly at: number;
}
