import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { DeliveryCode, Receipt } from "../../src/core/adapter.ts";
import { backoffMs, DELIVERY_TTL_MS, isSpent, judge } from "../../src/core/delivery.ts";

const NOW = 1_000_000;
const delivery = { attempts: 1, repeats: 0, expiresAt: NOW + DELIVERY_TTL_MS };
const refused = (code: DeliveryCode, retryable: boolean, retryAfterMs?: number): Receipt => ({
  ok: false,
  code,
  retryable,
  detail: "why",
  ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
});
const verdict = (input: Partial<Parameters<typeof judge>[0]> & { readonly receipt: Receipt }) =>
  judge({ delivery, idempotentSend: false, now: NOW, random: 0.5, ...input });

describe("backoffMs", () => {
  test.each([
    [1, 1, 1000],
    [2, 1, 2000],
    [3, 0.5, 2000],
    [10, 1, 512_000],
    [11, 1, 600_000],
    [1000, 1, 600_000],
    [1, 0, 100],
  ])("after attempt %i with %d is %i ms", (attempts, random, expected) => {
    expect(backoffMs(attempts, random)).toBe(expected);
  });

  test("stays between a tenth of a second and ten minutes", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 10_000 }),
        fc.double({ min: 0, max: 0.999_999, noNaN: true }),
        (attempts, random) => {
          const wait = backoffMs(attempts, random);
          expect(wait).toBeGreaterThanOrEqual(100);
          expect(wait).toBeLessThanOrEqual(600_000);
          expect(Number.isInteger(wait)).toBe(true);
        },
      ),
    );
  });
});

describe("judge", () => {
  test("takes the platform's word that it was accepted", () => {
    expect(verdict({ receipt: { ok: true, channelMessageId: "m1" } })).toEqual({
      state: "sent",
      channelMessageId: "m1",
    });
  });

  test.each([
    "delivery.window_closed",
    "delivery.recipient_gone",
    "delivery.bad_request",
    "delivery.unauthorized",
  ] as const)("gives up at once on %s that does not heal", (code) => {
    expect(verdict({ receipt: refused(code, false) })).toEqual({ state: "dead", code, detail: "why" });
  });

  test("tries again later where that may help, with growing pauses", () => {
    const receipt = refused("delivery.unavailable", true);
    expect(verdict({ receipt })).toEqual({
      state: "pending",
      nextAt: NOW + 500,
      mayRepeat: false,
      code: "delivery.unavailable",
      detail: "why",
    });
    expect(verdict({ receipt, delivery: { ...delivery, attempts: 4 } })).toMatchObject({ nextAt: NOW + 4000 });
  });

  test("waits as long as the platform says, however short or long", () => {
    for (const wait of [0, 1, 3_600_000])
      expect(verdict({ receipt: refused("delivery.rate_limited", true, wait) })).toMatchObject({ nextAt: NOW + wait });
  });

  test("does not try again after the message has expired", () => {
    const late = { ...delivery, expiresAt: NOW + 500 };
    const receipt = refused("delivery.unavailable", true);
    expect(verdict({ receipt, delivery: late })).toMatchObject({ state: "dead" });
    expect(verdict({ receipt, delivery: { ...late, expiresAt: NOW + 501 } })).toMatchObject({ state: "pending" });
    expect(verdict({ receipt: refused("delivery.rate_limited", true, DELIVERY_TTL_MS) })).toMatchObject({
      state: "dead",
    });
  });

  describe("when nobody knows whether it arrived", () => {
    const receipt = refused("delivery.outcome_unknown", false);

    test.each([
      { idempotentSend: false, repeats: 0, state: "pending", mayRepeat: true },
      { idempotentSend: false, repeats: 1, state: "pending", mayRepeat: true },
      { idempotentSend: false, repeats: 2, state: "dead" },
      { idempotentSend: true, repeats: 0, state: "pending", mayRepeat: false },
      { idempotentSend: true, repeats: 99, state: "pending", mayRepeat: false },
    ])("repeats twice at most, unless the platform drops repeats: %j", ({ idempotentSend, repeats, ...expected }) => {
      expect(verdict({ receipt, idempotentSend, delivery: { ...delivery, repeats } })).toMatchObject(expected);
    });

    test("a later, certain refusal is judged by itself", () => {
      const repeated = { ...delivery, repeats: 2 };
      expect(verdict({ receipt: refused("delivery.rate_limited", true), delivery: repeated })).toMatchObject({
        state: "pending",
        mayRepeat: false,
      });
    });
  });
});

describe("isSpent", () => {
  test.each([
    [2, false, false],
    [3, false, true],
    [3, true, false],
  ])("after %i repeats of unknown outcome, with a key of its own %s, is %s", (repeats, idempotentSend, expected) => {
    expect(isSpent({ repeats }, idempotentSend)).toBe(expected);
  });
});
