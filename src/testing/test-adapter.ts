import * as nodeTest from "node:test";
import { adapterChecks, assertSkips } from "./checks.ts";
import type { AdapterSuite } from "./suite.ts";

/** The two words of a test runner that are needed; vitest's, Jest's and `node:test`'s fit. */
export interface TestRunner {
  describe(name: string, body: () => void): unknown;
  readonly test: {
    (name: string, run: () => Promise<void>): unknown;
    skip(name: string, run: () => void): unknown;
  };
}

/**
 * Declares the adapter conformance kit as tests, by default those of `node --test`.
 * @example
 * ```ts
 * import { readFixtures, testAdapter } from "xiaoer/testing";
 * testAdapter({ channel: pigeon, config, otherSecret, createFake: createFakePigeon, fixtures: readFixtures("./fixtures") });
 * ```
 */
export function testAdapter<Config>(suite: AdapterSuite<Config>, { describe, test }: TestRunner = nodeTest): void {
  const checks = adapterChecks(suite);
  assertSkips(suite, checks);
  for (const section of new Set(checks.map((check) => check.section))) {
    describe(`${suite.channel.channel} conforms: ${section}`, () => {
      for (const check of checks.filter((each) => each.section === section)) {
        const reason = suite.skip?.[check.name];
        if (reason === undefined) test(check.name, () => check.run());
        else test.skip(`${check.name} (${reason})`, () => undefined);
      }
    });
  }
}
