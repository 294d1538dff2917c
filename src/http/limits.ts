/** Token buckets in this process's memory: what keeps one caller from using up the place. */
import { LimitError } from "../core/errors.ts";

export interface Limiter {
  /** @throws {LimitError} `limit.exceeded` with the wait until the next is allowed */
  take(key: string, now: number): void;
}

/** Keys seen longer ago than a full refill are forgotten when the table grows past this. */
const MANY = 50_000;

export function createLimiter({ capacity, perMs }: { readonly capacity: number; readonly perMs: number }): Limiter {
  const buckets = new Map<string, { level: number; at: number }>();
  const rate = capacity / perMs;
  return {
    take(key, now) {
      if (buckets.size > MANY)
        for (const [other, bucket] of buckets) if (now - bucket.at > perMs) buckets.delete(other);
      const bucket = buckets.get(key) ?? { level: capacity, at: now };
      bucket.level = Math.min(capacity, bucket.level + Math.max(0, now - bucket.at) * rate);
      bucket.at = now;
      buckets.set(key, bucket);
      if (bucket.level < 1)
        throw new LimitError("limit.exceeded", "Too many requests; slow down.", (1 - bucket.level) / rate);
      bucket.level -= 1;
    },
  };
}
