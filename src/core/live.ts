/** Who is woken: the desk of a shop, or the page of one conversation. */
export interface Topic {
  readonly shopId: string;
  /** Absent: all of the shop's events, for the desk. */
  readonly conversationId?: string;
}

/** A frame that is never stored: someone is writing. */
export interface Ephemeral {
  readonly type: "typing";
  readonly sessionId?: string;
  readonly author: { readonly kind: "contact" | "bot" | "agent"; readonly name?: string };
  readonly on: boolean;
}

/**
 * Wakes the streams of browsers. A wake is a hint and may be lost: rows are the truth, and every stream reads them by cursor.
 */
export interface Hub {
  /** New rows exist for these conversations and for the shop's desk. */
  wake(shopId: string, conversationIds?: readonly string[]): void;
  /** Shows a frame to whoever is looking now. */
  show(topic: Topic, frame: Ephemeral): void;
  /** Returns how to stop. */
  subscribe(topic: Topic, listener: HubListener): () => void;
  close(): Promise<void>;
}

export interface HubListener {
  wake(): void;
  show(frame: Ephemeral): void;
}
