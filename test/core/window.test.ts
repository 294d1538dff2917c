import fc from "fast-check";
import { expect, test } from "vitest";
import { builtInChannels } from "../../adapters/index.ts";
import type { Route } from "../../src/core/adapter.ts";
import { hasWindow, routesOf, type WindowFacts, windowOf } from "../../src/core/window.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const T = Date.UTC(2026, 5, 15);

const LINE: readonly Route[] = [
  { name: "reply", cost: 0, windowMs: 50_000, messages: 1 },
  { name: "push", cost: 1 },
];
const WECHAT: readonly Route[] = [
  { name: "message", cost: 0, windowMs: 48 * HOUR, messages: 5, after: "message" },
  { name: "welcome", cost: 0, windowMs: MINUTE, messages: 2, after: "joined" },
  { name: "template", cost: 0, template: { maxLength: 20 } },
];
const META: readonly Route[] = [
  { name: "message", cost: 0, windowMs: 24 * HOUR },
  { name: "human_agent", cost: 0, windowMs: 168 * HOUR, authors: ["agent"] },
];
const show = (
  routes: readonly Route[] | undefined,
  facts: WindowFacts,
  now: number,
  author: "bot" | "agent" = "bot",
) => {
  const { open, route, closesAt, messagesLeft, alternatives } = windowOf({
    capabilities: routes === undefined ? {} : { routes },
    facts,
    author,
    now,
  });
  return [open, route?.name, closesAt, messagesLeft, alternatives.map(({ name }) => name).join()];
};

test.each([
  ["nothing limits a plain channel", undefined, {}, T, [true, "message", undefined, undefined, ""]],
  ["LINE answers by the free token", LINE, { heardAt: T }, T + 1, [true, "reply", undefined, undefined, "push"]],
  ["LINE pushes after it is used", LINE, { heardAt: T, saidSince: 1 }, T + 1, [true, "push", undefined, undefined, ""]],
  ["LINE pushes after its minute", LINE, { heardAt: T }, T + MINUTE, [true, "push", undefined, undefined, ""]],
  [
    "WeChat counts what was said",
    WECHAT,
    { heardAt: T, saidSince: 3 },
    T,
    [true, "message", T + 48 * HOUR, 2, "template"],
  ],
  ["WeChat shuts after five", WECHAT, { heardAt: T, saidSince: 5 }, T, [false, undefined, T, 0, "template"]],
  [
    "WeChat shuts after 48 hours",
    WECHAT,
    { heardAt: T },
    T + 48 * HOUR,
    [false, undefined, T + 48 * HOUR, 0, "template"],
  ],
  [
    "WeChat's word stands above the count",
    WECHAT,
    { heardAt: T, shutAt: T + 5 },
    T + 6,
    [false, undefined, T + 6, 0, "template"],
  ],
  [
    "who came in without a word gets two in a minute",
    WECHAT,
    { joinedAt: T, saidSinceJoined: 1 },
    T + 1,
    [true, "welcome", T + MINUTE, 1, "template"],
  ],
  ["and nothing after it", WECHAT, { joinedAt: T }, T + MINUTE, [false, undefined, T + MINUTE, 0, "template"]],
  [
    "both windows last as long as the longer",
    WECHAT,
    { heardAt: T, saidSince: 4, joinedAt: T + 1, saidSinceJoined: 0 },
    T + 2,
    [true, "message", T + 48 * HOUR, 2, "welcome,template"],
  ],
  [
    "a conversation nothing is known of is the platform's to judge",
    WECHAT,
    {},
    T,
    [true, "message", undefined, undefined, "welcome,template"],
  ],
] as const)("%s", (_, routes, facts, now, shown) => {
  expect(show(routes, facts, now)).toEqual(shown);
});

test("an agent may write where a bot may not", () => {
  const facts = { heardAt: T };
  expect(show(META, facts, T + 25 * HOUR, "bot")).toEqual([false, undefined, T + 24 * HOUR, 0, ""]);
  expect(show(META, facts, T + 25 * HOUR, "agent")).toEqual([true, "human_agent", T + 168 * HOUR, undefined, ""]);
  expect(show(META, facts, T + 1, "agent")).toEqual([true, "message", T + 168 * HOUR, undefined, "human_agent"]);
});

const route = fc.record(
  {
    name: fc.constantFrom("a", "b", "c"),
    cost: fc.integer({ min: 0, max: 3 }),
    windowMs: fc.integer({ min: 1, max: 1000 }),
    messages: fc.integer({ min: 1, max: 6 }),
    after: fc.constantFrom("message" as const, "joined" as const),
    authors: fc.constant(["agent" as const]),
    template: fc.constant({ maxLength: 20 }),
  },
  { requiredKeys: ["name", "cost"] },
);
const facts = fc.record(
  {
    heardAt: fc.integer({ min: 0, max: 1000 }),
    saidSince: fc.integer({ min: 0, max: 7 }),
    joinedAt: fc.integer({ min: 0, max: 1000 }),
    saidSinceJoined: fc.integer({ min: 0, max: 7 }),
    shutAt: fc.integer({ min: 0, max: 1000 }),
  },
  { requiredKeys: [] },
);
// `fc` has no notion of our exact optional fields: what it leaves out is absent, as here.
const world = fc.record({
  routes: fc.array(route, { minLength: 1, maxLength: 4 }) as fc.Arbitrary<Route[]>,
  facts: facts as fc.Arbitrary<WindowFacts>,
  now: fc.integer({ min: 0, max: 2500 }),
});

test("the route is the cheapest that is open, and never one that only carries templates", () => {
  fc.assert(
    fc.property(world, ({ routes, facts, now }) => {
      const window = windowOf({ capabilities: { routes }, facts, author: "bot", now });
      expect(window.open).toBe(window.route !== undefined);
      expect(window.route?.template).toBeUndefined();
      expect(window.route?.authors?.includes("bot")).not.toBe(false);
      const free = window.alternatives.filter(({ template }) => template === undefined);
      for (const other of free) expect(other.cost).toBeGreaterThanOrEqual(window.route?.cost ?? 0);
      if (!window.open) expect(free).toEqual([]);
    }),
  );
});

test("what is open ends when it says, and one message less is left after each", () => {
  fc.assert(
    fc.property(world, ({ routes, facts, now }) => {
      const at = (time: number, more = 0) =>
        windowOf({
          capabilities: { routes },
          facts: {
            ...facts,
            saidSince: (facts.saidSince ?? 0) + more,
            saidSinceJoined: (facts.saidSinceJoined ?? 0) + more,
          },
          author: "bot",
          now: time,
        });
      const window = at(now);
      if (!window.open) {
        expect(window.messagesLeft).toBe(0);
        return;
      }
      if (window.closesAt !== undefined) {
        expect(window.closesAt).toBeGreaterThan(now);
        expect(at(window.closesAt).open).toBe(false);
      }
      if (window.messagesLeft !== undefined) {
        expect(window.messagesLeft).toBeGreaterThan(0);
        expect(at(now, window.messagesLeft).open).toBe(false);
      }
    }),
  );
});

test.each(builtInChannels.map((channel) => [channel.channel, channel.capabilities] as const))(
  "%s says the same of its window in both ways",
  (_, capabilities) => {
    const { routes, replyWindowMs, replyWindowMessages } = capabilities;
    if (routes === undefined) return expect(hasWindow(capabilities)).toBe(replyWindowMs !== undefined);
    const names = routes.map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    const ordinary = routesOf(capabilities).filter(
      ({ template, authors, after }) => template === undefined && authors === undefined && after !== "joined",
    );
    const lasting = ordinary.at(-1);
    expect([lasting?.windowMs, lasting?.messages]).toEqual([replyWindowMs, replyWindowMessages]);
  },
);
