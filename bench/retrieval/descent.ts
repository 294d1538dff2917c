/** Stochastic gradient descent (Adam), seeded, averaged over its last fifth: the same data give the same weights. */
export interface Descent {
  readonly size: number;
  readonly steps: number;
  readonly rate: number;
  readonly decay: number;
  /** Adds the gradient of one step at the weights. */
  readonly gradient: (weights: Float64Array, random: () => number, out: Float64Array) => void;
  readonly start?: Float64Array;
}

export function descend({ size, steps, rate, decay, gradient, start }: Descent): Float64Array {
  const weights = start?.slice() ?? new Float64Array(size);
  const first = new Float64Array(size);
  const second = new Float64Array(size);
  const slope = new Float64Array(size);
  const sum = new Float64Array(size);
  const random = mulberry(1);
  let summed = 0;
  for (let step = 1; step <= steps; step++) {
    slope.fill(0);
    gradient(weights, random, slope);
    const pace = rate * (1 - step / steps) + rate / 30;
    for (let k = 0; k < size; k++) {
      const w = weights[k] ?? 0;
      const g = (slope[k] ?? 0) + decay * w;
      const m = 0.9 * (first[k] ?? 0) + 0.1 * g;
      const v = 0.999 * (second[k] ?? 0) + 0.001 * g * g;
      first[k] = m;
      second[k] = v;
      weights[k] = w - (pace * (m / (1 - 0.9 ** step))) / (Math.sqrt(v / (1 - 0.999 ** step)) + 1e-8);
    }
    if (step < steps * 0.8) continue;
    for (let k = 0; k < size; k++) sum[k] = (sum[k] ?? 0) + (weights[k] ?? 0);
    summed++;
  }
  return sum.map((value) => value / summed);
}

function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
