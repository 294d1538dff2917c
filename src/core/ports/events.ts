/** The domain log. */
import type { DomainEvent, EventType } from "../event.ts";

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
