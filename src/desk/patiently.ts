import { UnavailableError } from "../core/errors.ts";

/** As long as a lease may be counted on. */
const PATIENCE_MS = 25_000;
const PAUSE_MS = 500;

/** Does a write again while the database is out: what was decided or sent just now is worth more than a lease that runs out. */
export async function patiently<T>(work: () => Promise<T>): Promise<T> {
  const begun = performance.now();
  for (;;) {
    try {
      return await work();
    } catch (error) {
      const isOutage = error instanceof UnavailableError && error.code === "store.unavailable";
      if (!isOutage || performance.now() - begun > PATIENCE_MS) throw error;
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
  }
}
