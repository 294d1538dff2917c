import { describe, test } from "vitest";
import type { AdapterSuite } from "../../src/testing/suite.ts";
import { testAdapter as declare } from "../../src/testing/test-adapter.ts";

export type { AdapterSuite, Fixture } from "../../src/testing/suite.ts";

/**
 * Runs the adapter conformance kit as vitest tests.
 * @example testAdapter({ channel: telegram, config, otherSecret, createFake: createFakeTelegram, fixtures: readFixtures("telegram") });
 */
export function testAdapter<Config>(suite: AdapterSuite<Config>): void {
  declare(suite, { describe, test });
}
