const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** The demo shop lives in Shanghai, which has no daylight saving time. */
const SHANGHAI_OFFSET = 8 * HOUR;

/** How often the moving times of the demo data step forward: fine enough to look alive, coarse enough to be built rarely. */
export const DEMO_STEP_MS = 10 * MINUTE;

/** Times of the demo data, all relative to now, as ISO 8601 UTC. */
export interface DemoClock {
  /** A time of day in Shanghai, `days` from today: `on(-1, "14:20")` is yesterday afternoon. */
  on(days: number, time: string): string;
  /** A moment earlier today; less than three hours, so that it stays after yesterday evening even past midnight. */
  ago(minutes: number): string;
}

export function createDemoClock(now: number): DemoClock {
  const step = Math.floor(now / DEMO_STEP_MS) * DEMO_STEP_MS;
  const midnight = Math.floor((now + SHANGHAI_OFFSET) / DAY) * DAY - SHANGHAI_OFFSET;
  return {
    on(days, time) {
      const [hours = 0, minutes = 0] = time.split(":").map(Number);
      return new Date(midnight + days * DAY + hours * HOUR + minutes * MINUTE).toISOString();
    },
    ago: (minutes) => new Date(step - minutes * MINUTE).toISOString(),
  };
}
