import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 40_000,
    hookTimeout: 60_000,
    // On a machine shared with others a browser may lose its turn for seconds: what fails once is shown as retried, what fails twice fails.
    retry: process.env.CI === "true" ? 1 : 0,
    // Many tests wait for a server or a browser of their own: two at a time even on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
