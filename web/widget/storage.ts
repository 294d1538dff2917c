import type { Content, Settings } from "./contract.ts";

/** What one browser keeps of one inbox. */
export interface Kept {
  readonly token?: string;
  /** The member this token was proved for: another member never inherits it. */
  readonly member?: string;
  /** The newest message the shopper has seen. */
  readonly readSeq?: number;
  /** The last session that was rated or whose rating was declined. */
  readonly ratedSession?: string;
  /** So that the launcher has its colour before anything is asked of the server. */
  readonly settings?: Settings;
}

export interface Unsent {
  readonly clientId: string;
  readonly content: Content;
  readonly at: number;
}

export interface Storage {
  read(): Kept;
  write(patch: Partial<Kept>): void;
  /** Forgets the person; the shop's own settings and what is still to be sent stay. */
  forget(): void;
  dropAllUnsent(): void;
  unsent(): readonly Unsent[];
  keepUnsent(item: Unsent): void;
  dropUnsent(clientId: string): void;
  /** Another tab signed in or out. */
  onForeignChange(listener: (kept: Kept) => void): void;
}

/** `localStorage` where the browser allows it (private windows, blocked cookies), memory otherwise. */
export function createStorage(key: string): Storage {
  const memory = new Map<string, string>();
  const outbox = `${key}:outbox`;

  function load<T>(name: string, fallback: T): T {
    try {
      return JSON.parse(memory.get(name) ?? localStorage.getItem(name) ?? "") as T;
    } catch {
      // Nothing kept yet, nothing we wrote, or nothing we may read: all mean starting afresh.
      return fallback;
    }
  }

  function save(name: string, value: unknown): void {
    const text = JSON.stringify(value);
    try {
      localStorage.setItem(name, text);
    } catch {
      memory.set(name, text);
    }
  }

  // Read again before every change: tabs of one browser share these entries.
  const read = () => load<Kept>(key, {});
  const unsent = () => load<Unsent[]>(outbox, []);

  return {
    read,
    unsent,
    write: (patch) => save(key, { ...read(), ...patch }),
    forget() {
      const { settings } = read();
      save(key, { settings });
    },
    dropAllUnsent: () => save(outbox, []),
    keepUnsent: (item) => save(outbox, [...unsent().filter((kept) => kept.clientId !== item.clientId), item]),
    dropUnsent: (clientId) =>
      save(
        outbox,
        unsent().filter((kept) => kept.clientId !== clientId),
      ),
    onForeignChange(listener) {
      addEventListener("storage", (event) => event.key === key && listener(read()));
    },
  };
}
