import { describe, expect, test } from "vitest";
import { canMove, openingFor, type SessionState } from "../../src/core/session.ts";

const HOUR_MS = 3_600_000;
const NOW = 100 * HOUR_MS;
const closed = (hoursAgo: number) => ({ state: "closed" as const, closedAt: NOW - hoursAgo * HOUR_MS });

describe("the session open rule", () => {
  test.each([
    ["the first message ever", undefined, false, { kind: "new", reason: "first" }],
    ["the first message, said to be the same matter", undefined, true, { kind: "new", reason: "first" }],
    ["while the bot talks", { state: "bot" }, false, { kind: "join" }],
    ["while in the queue", { state: "queued" }, false, { kind: "join" }],
    ["while an agent talks", { state: "agent" }, true, { kind: "join" }],
    ["an hour after closing, another matter", closed(1), false, { kind: "new", reason: "after_silence" }],
    ["an hour after closing, the same matter", closed(1), true, { kind: "reopen" }],
    [
      "just within a day, the same matter",
      { state: "closed", closedAt: NOW - 24 * HOUR_MS + 1 },
      true,
      { kind: "reopen" },
    ],
    ["a day after closing, the same matter", closed(24), true, { kind: "new", reason: "after_silence" }],
    ["closed nobody knows when", { state: "closed" }, true, { kind: "new", reason: "after_silence" }],
    ["closed by a clock that was ahead", closed(-1), true, { kind: "reopen" }],
  ] as const)("%s", (_name, last, sameMatter, opening) => {
    expect(openingFor({ last, sameMatter, now: NOW })).toEqual(opening);
  });
});

describe("the edges of a session", () => {
  const states: readonly SessionState[] = ["bot", "queued", "agent", "closed"];
  const allowed: Readonly<Record<SessionState, string>> = {
    bot: "queued agent closed",
    queued: "bot agent closed",
    agent: "bot queued agent closed",
    closed: "bot queued",
  };
  test.each(states)("from %s are those of the table and no others", (from) => {
    expect(states.filter((to) => canMove(from, to)).join(" ")).toBe(allowed[from]);
  });
});
