/** What waits to be sent. */
import type { Delivery, Verdict } from "../delivery.ts";
import type { Page, PageQuery } from "./page.ts";

/** What goes with the end of an attempt, in the same write. */
export interface Settled {
  /** The others of its batch, each with its own end. */
  readonly others?: readonly { readonly delivery: Delivery; readonly verdict: Verdict }[];
  /** What a successful send took of the inbox's and the conversation's allowance. */
  readonly spent?: {
    readonly route: string;
    readonly counted: number;
    /** `yyMMdd` of the shop's day. */
    readonly day: string;
    /** It counts against the conversation's window. */
    readonly inWindow: boolean;
  };
  /** The platform said that the conversation's window is closed; the attempt began then. */
  readonly shutAt?: number;
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
  /**
   * Puts deliveries of a conversation together under the lease of the first: from here on they are attempted as one, also by another
   * process. None when the first has been lost or the others have changed meanwhile; then nothing happened.
   */
  joinDeliveries(first: Delivery, others: readonly Delivery[], now: number): Promise<readonly Delivery[]>;
  /** Records an attempt's end and takes the conversation's next delivery, if any is due. */
  settleDelivery(delivery: Delivery, verdict: Verdict, now: number, settled?: Settled): Promise<Delivery | undefined>;
  /** What waits in a conversation, in its order, leased or not. */
  pendingDeliveries(conversationId: string, limit: number): Promise<readonly Delivery[]>;
  /** Takes all that waits in a conversation and is leased to nobody, due or not: it has found a way out that it did not look for. */
  takeWaiting(conversationId: string, now: number, limit: number): Promise<readonly Delivery[]>;
  /** A dead delivery back into the outbox, by an agent's wish. */
  resendDelivery(shopId: string, id: string, now: number): Promise<boolean>;
  deadDeliveries(shopId: string, page: PageQuery): Promise<Page<Delivery & { readonly settledAt?: number }>>;
  outboxStats(now: number): Promise<{ readonly pending: number; readonly oldestDueAt?: number; readonly dead: number }>;
}
