import type { Author, Content, Message, SessionInfo, Settings } from "./contract.ts";
import type { Locale } from "./strings/index.ts";

/** A message of the shopper that the server has not confirmed. */
export interface Pending {
  readonly clientId: string;
  readonly content: Content;
  /** Epoch milliseconds, this device's clock. */
  readonly at: number;
  readonly state: "queued" | "sending" | "failed";
  readonly file?: File;
  /** 0 to 1 while a file goes up. */
  readonly progress?: number;
  readonly previewUrl?: string;
}

export type Connection = "idle" | "connecting" | "online" | "reconnecting" | "refused";

export interface State {
  readonly open: boolean;
  readonly settings: Settings;
  readonly color: string | undefined;
  readonly position: "left" | "right";
  readonly locale: Locale;
  readonly dark: boolean;
  readonly connection: Connection;
  readonly messages: readonly Message[];
  readonly outbox: readonly Pending[];
  readonly session: SessionInfo | undefined;
  readonly typing: Author | undefined;
  readonly unread: number;
  /** The closed session the shopper may rate. */
  readonly rating: { readonly sessionId: string; readonly state: "asked" | "sending" | "thanked" } | undefined;
  /** Words for the composer, put there by the page; a new object each time. */
  readonly prefill: { readonly text: string };
  /** What went wrong last, shown above the composer. */
  readonly notice: "fileTooLarge" | "fileType" | "failed" | undefined;
}

export interface Store {
  get(): State;
  set(patch: Partial<State>): void;
  subscribe(listener: () => void): () => void;
}

export function createStore(initial: State): Store {
  let state = initial;
  const listeners = new Set<() => void>();
  return {
    get: () => state,
    set(patch) {
      state = { ...state, ...patch };
      for (const listener of listeners) listener();
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
