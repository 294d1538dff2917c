/** What waits to be sent. */
import type { Delivery, Verdict } from "../delivery.ts";
import type { Page, PageQuery } from "./page.ts";

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
