/** A clock that stands until it is told to move. */
export interface TestClock {
  now(): number;
  /** Moves on and returns the new time. */
  advance(ms: number): number;
}

/** 2026-06-15 09:00 in Shanghai. */
export const START = Date.UTC(2026, 5, 15, 1);

export function createClock(start: number = START): TestClock {
  let time = start;
  return {
    now: () => time,
    advance(ms) {
      time += ms;
      return time;
    },
  };
}
