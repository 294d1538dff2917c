/** The gate itself: a run with a failing test must say so with its exit code, whatever a library does at the end of a process. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const root = fileURLToPath(new URL("../..", import.meta.url));

it.each([
  ["a failing test", "test/fixtures/failing.test.config.ts", [], 1],
  ["passing ones", "vitest.config.ts", ["test/core/text.test.ts"], 0],
] as const)("ends a run of %s with its code", (_, config, files, code) => {
  const vitest = join(root, "node_modules/vitest/vitest.mjs");
  const { status, stdout } = spawnSync(process.execPath, [vitest, "run", "-c", config, ...files], {
    cwd: root,
    encoding: "utf8",
    env: { ...process.env, VITEST: undefined, VITEST_WORKER_ID: undefined, VITEST_POOL_ID: undefined },
  });
  expect(status, stdout).toBe(code);
});
