import { failureChecks } from "./failure.ts";
import { hostileChecks } from "./hostile.ts";
import { inboundChecks } from "./inbound.ts";
import { outboundChecks } from "./outbound.ts";
import { configChecks, signatureChecks } from "./signature.ts";
import type { AdapterCheck, AdapterSuite } from "./suite.ts";

/** All that is asked of a channel's adapter, by section; without a fake platform only what needs none. */
export function adapterChecks<Config>(suite: AdapterSuite<Config>): readonly AdapterCheck[] {
  if (suite.createFake === undefined) return configChecks(suite);
  return [
    ...configChecks(suite),
    ...signatureChecks(suite),
    ...inboundChecks(suite),
    ...hostileChecks(suite),
    ...outboundChecks(suite),
    ...failureChecks(suite),
  ];
}

/** The names in `skip` must be those of checks, so that none is left behind when a check is renamed. */
export function assertSkips<Config>(suite: AdapterSuite<Config>, checks: readonly AdapterCheck[]): void {
  const unused = Object.keys(suite.skip ?? {}).filter((name) => !checks.some((check) => check.name === name));
  if (unused.length > 0) throw new Error(`No such check: ${unused.join(", ")}.`);
}
