import { availableParallelism } from "node:os";
import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    globalSetup: ["test/support/global-setup.ts"],
    testTimeout: 40_000,
    hookTimeout: 60_000,
    // Many tests wait for a server or a browser of their own: two at a time even on two cores.
    maxWorkers: Math.max(2, availableParallelism() - 1),
  },
});
