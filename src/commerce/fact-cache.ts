import type { Facts } from "../core/commerce.ts";

export interface FactCache {
  /** What was said less than the time to live ago. */
  fresh(key: string): Facts<unknown> | undefined;
  /** What was last said, however long ago the memory reaches. */
  last(key: string): Facts<unknown> | undefined;
  set(key: string, facts: Facts<unknown>): void;
}

/**
 * Keeps what a shop system last said, in the memory of this process. Bounded twice: by count, and by age, since order data is
 * personal and nobody needs yesterday's.
 */
export function createFactCache(options: {
  readonly now: () => number;
  readonly ttlMs: number;
  readonly keepMs: number;
  readonly most: number;
}): FactCache {
  const { now, ttlMs, keepMs, most } = options;
  // Insertion order is age: an entry is deleted before it is set again, so the oldest are always in front.
  const entries = new Map<string, { readonly facts: Facts<unknown>; readonly storedAt: number }>();

  function dropOld(): void {
    for (const [key, { storedAt }] of entries) {
      if (entries.size <= most && now() - storedAt < keepMs) return;
      entries.delete(key);
    }
  }
  function within(key: string, ageMs: number): Facts<unknown> | undefined {
    const entry = entries.get(key);
    return entry !== undefined && now() - entry.storedAt < ageMs ? entry.facts : undefined;
  }
  return {
    fresh: (key) => within(key, ttlMs),
    last: (key) => within(key, keepMs),
    set(key, facts) {
      entries.delete(key);
      entries.set(key, { facts, storedAt: now() });
      dropOld();
    },
  };
}
