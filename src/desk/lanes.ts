/** Runs work of one key one after another, and of different keys side by side. */
export interface Lanes {
  run<T>(key: string, work: () => Promise<T>): Promise<T>;
  /** Is there work of this key now? */
  busy(key: string): boolean;
  /** Keys at work now. */
  readonly size: number;
}

/**
 * @param patienceMs longest wait for the one before; absent: until it ends. On Workers the request that runs it may be gone without
 * an end, and no answer may wait for it for ever; which of two answers counts is decided by the rows in any case.
 */
export function createLanes({ patienceMs }: { readonly patienceMs?: number } = {}): Lanes {
  const tails = new Map<string, Promise<unknown>>();
  const patiently = (before: Promise<unknown>) =>
    patienceMs === undefined
      ? before
      : Promise.race([before, new Promise((resolve) => setTimeout(resolve, patienceMs))]);
  return {
    run(key, work) {
      const before = tails.get(key);
      const result = before === undefined ? work() : patiently(before).then(work, work);
      const tail = result.catch(() => undefined);
      tails.set(key, tail);
      tail.then(() => {
        if (tails.get(key) === tail) tails.delete(key);
      });
      return result;
    },
    busy: (key) => tails.has(key),
    get size() {
      return tails.size;
    },
  };
}
