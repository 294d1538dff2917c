import type { SendWindow } from "../api/types.ts";

/** From here on the seconds are shown, in amber. */
export const LAST_MS = 10 * 60_000;

/** What is left of it in time; undefined: no end. */
export function timeLeft({ closesAt }: SendWindow, now: number): number | undefined {
  return closesAt === undefined ? undefined : Date.parse(closesAt) - now;
}

export function isClosed(window: SendWindow | undefined, now: number): boolean {
  if (window === undefined) return false;
  const left = timeLeft(window, now);
  return window.open === false || window.messagesLeft === 0 || (left !== undefined && left <= 0);
}
