import { createStore } from "../store.ts";
import type { CallPop } from "./api.ts";

/** Calls on the screen, the latest first. */
export const calls = createStore<readonly CallPop[]>([]);

/** What is caught up on after a gap rang for somebody else. */
const FRESH_MS = 120_000;
const MOST = 3;

/** Legs of one call are one call. */
export const keyOf = (call: CallPop) => call.callId ?? call.sessionId;

export const dismissCall = (call: CallPop): void =>
  calls.set((list) => list.filter((one) => keyOf(one) !== keyOf(call)));

/** A ringing call pops up, an answered one stays, an ended one goes. */
export function noteCall(call: CallPop, at: string, now: number): void {
  dismissCall(call);
  if (call.state !== "ended" && now - Date.parse(at) < FRESH_MS) calls.set((list) => [call, ...list].slice(0, MOST));
}
