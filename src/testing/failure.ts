import assert from "node:assert/strict";
import type { FakeFailure } from "../../adapters/shared/fake.ts";
import type { DeliveryCode } from "../core/adapter.ts";
import type { AdapterCheck, AdapterSuite } from "./suite.ts";
import { createTalk, type Talk } from "./talk.ts";

const FAILURES: readonly (readonly [FakeFailure, readonly DeliveryCode[], retryable: boolean])[] = [
  ["429", ["delivery.rate_limited"], true],
  ["500", ["delivery.unavailable", "delivery.outcome_unknown"], true],
  ["502", ["delivery.outcome_unknown"], true],
  ["401", ["delivery.unauthorized"], false],
  ["gone", ["delivery.recipient_gone"], false],
  ["timeout", ["delivery.outcome_unknown"], true],
  ["refused", ["delivery.unavailable"], true],
  ["reset", ["delivery.outcome_unknown"], true],
  ["accepted-then-reset", ["delivery.outcome_unknown"], true],
];

export function failureChecks<Config>(suite: AdapterSuite<Config>): AdapterCheck[] {
  const check = (name: string, run: (talk: Talk) => Promise<unknown>): AdapterCheck => ({
    section: "failure",
    name,
    run: async () => void (await run(await createTalk(suite))),
  });
  const text = { type: "text", text: "CANARY" } as const;
  return [
    ...FAILURES.map(([failure, codes, retryable]) =>
      check(`reports ${failure}`, async ({ fake, say }) => {
        fake.fail(failure);
        const receipt = await say(text);
        assert(!receipt.ok);
        assert(codes.includes(receipt.code), `${receipt.code} for ${failure}`);
        assert.equal(receipt.retryable, retryable);
        if (failure === "429") assert((receipt.retryAfterMs ?? 0) > 0);
        assert.equal(
          fake.sent.length,
          failure === "accepted-then-reset" ? 1 : 0,
          "An adapter repeats nothing by itself.",
        );
        assert((await say(text)).ok, "The next message goes out.");
      }),
    ),
    check("sends nothing once cancelled", async ({ fake, say }) => {
      const receipt = await say(text, { signal: AbortSignal.abort() });
      assert(!receipt.ok);
      assert.equal(receipt.code, "delivery.cancelled");
      assert.equal(receipt.retryable, true);
      assert.equal(fake.sent.length, 0);
    }),
    check("stops waiting when cancelled", async ({ fake, say }) => {
      fake.fail("timeout");
      const cancel = new AbortController();
      setTimeout(() => cancel.abort(), 5);
      const receipt = await say(text, { signal: cancel.signal });
      assert(!receipt.ok);
      assert.equal(receipt.code, "delivery.cancelled");
      assert.equal(receipt.retryable, false);
    }),
  ];
}
