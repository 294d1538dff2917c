/** How long to wait before try `attempt` (from 0), in milliseconds: doubling to 30 s, spread so that a shop's visitors do not come back at once. */
export function backoffMs(attempt: number): number {
  return Math.min(30_000, 500 * 2 ** attempt) * (0.5 + Math.random() / 2);
}

/** A wait that can be cut short. */
export interface Nap {
  sleep(ms: number): Promise<void>;
  wake(): void;
}

export function createNap(): Nap {
  let wake = () => {};
  return {
    sleep: (ms) =>
      new Promise((resolve) => {
        const timer = setTimeout(resolve, ms);
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    wake: () => wake(),
  };
}
