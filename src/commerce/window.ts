/** One thing that happened, for the figures of the last minutes. */
export interface Sample {
  readonly at: number;
  readonly ms: number;
  readonly ok: boolean;
}

export interface SampleWindow<T extends { readonly at: number }> {
  add(sample: T): void;
  /** Those of the last `spanMs`, oldest first. */
  recent(): readonly T[];
}

/** Remembers the last minutes, and at most `most` samples of them. */
export function createSampleWindow<T extends { readonly at: number }>(options: {
  readonly now: () => number;
  readonly spanMs: number;
  readonly most: number;
}): SampleWindow<T> {
  const ring: T[] = [];
  let next = 0;
  return {
    add(sample) {
      ring[next] = sample;
      next = (next + 1) % options.most;
    },
    recent() {
      const since = options.now() - options.spanMs;
      return [...ring.slice(next), ...ring.slice(0, next)].filter((sample) => sample.at > since);
    },
  };
}

/** The smallest value that `share` of all values do not exceed; 0 of none. */
export function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(sorted.length * share) - 1)] ?? 0;
}
