const DAY_MS = 24 * 3_600_000;

/** Days after the day of signing on which goods may be returned without a reason: day 7, 23:59:59 shop time, is the last second. */
export const RETURN_DAYS = 7;

export interface ReturnWindow {
  readonly isOpen: boolean;
  /** Days since the day of signing, counted by the shop's calendar. */
  readonly day: number;
  /** The last day, as midnight UTC of that date: format it in UTC. */
  readonly lastDay: number;
}

/** Counts calendar days where the shop is, so that neither the hour of signing nor a clock change moves the end. */
export function returnWindow(input: {
  readonly deliveredAt: string;
  readonly timeZone: string;
  readonly now: number;
}): ReturnWindow {
  const signed = calendarDay(Date.parse(input.deliveredAt), input.timeZone);
  const day = (calendarDay(input.now, input.timeZone) - signed) / DAY_MS;
  return { isOpen: day <= RETURN_DAYS, day, lastDay: signed + RETURN_DAYS * DAY_MS };
}

/** The date at a place, as midnight UTC of that date. */
function calendarDay(at: number, timeZone: string): number {
  // Swedish writes dates as ISO 8601 does.
  return Date.parse(new Intl.DateTimeFormat("sv-SE", { timeZone, dateStyle: "short" }).format(at));
}
