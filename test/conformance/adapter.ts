import { describe, test } from "vitest";
import { configChecks, inboundChecks, signatureChecks } from "./adapter-inbound.ts";
import { failureChecks, outboundChecks } from "./adapter-outbound.ts";
import type { AdapterCheck, AdapterSuite } from "./adapter-suite.ts";

export type { AdapterSuite, Fixture } from "./adapter-suite.ts";

/** All that is asked of a channel's adapter, by section; without a fake platform only what needs none. */
export function adapterChecks<Config>(suite: AdapterSuite<Config>): readonly AdapterCheck[] {
  if (suite.createFake === undefined) return configChecks(suite);
  return [
    ...configChecks(suite),
    ...signatureChecks(suite),
    ...inboundChecks(suite),
    ...outboundChecks(suite),
    ...failureChecks(suite),
  ];
}

/**
 * Runs the adapter conformance suite as vitest tests.
 * @example testAdapter({ channel: telegram, config, otherSecret, createFake: createFakeTelegram, fixtures: readFixtures("telegram") });
 */
export function testAdapter<Config>(suite: AdapterSuite<Config>): void {
  const checks = adapterChecks(suite);
  const unused = Object.keys(suite.skip ?? {}).filter((name) => !checks.some((check) => check.name === name));
  if (unused.length > 0) throw new Error(`No such check: ${unused.join(", ")}.`);
  for (const section of new Set(checks.map((check) => check.section))) {
    describe(`${suite.channel.channel} conforms: ${section}`, () => {
      for (const check of checks.filter((each) => each.section === section)) {
        const reason = suite.skip?.[check.name];
        if (reason === undefined) test(check.name, () => check.run());
        else test.skip(`${check.name} (${reason})`);
      }
    });
  }
}
