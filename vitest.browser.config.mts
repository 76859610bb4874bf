import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/browser/**/*.test.ts"],
    globalSetup: ["test/browser/support/announce.ts"],
    testTimeout: 360_000,
    hookTimeout: 360_000,
    pool: "forks",
    maxWorkers: 1,
  },
});
