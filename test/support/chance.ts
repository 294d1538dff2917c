/** Chance that can be played again: the same seed gives the same numbers. */
export interface Chance {
  /** A whole number from 0 to less than the limit. */
  upTo(limit: number): number;
}

/** Mulberry32. */
export function createChance(seed: number): Chance {
  let state = seed | 0;
  return {
    upTo(limit) {
      state = (state + 0x6d2b79f5) | 0;
      let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
      mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
      return Math.floor((((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32) * limit);
    },
  };
}
