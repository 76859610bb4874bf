import { defineConfig } from "vitest/config";

/** Folders whose tests start no backend and change nothing that other files see. */
const pure = ["core", "features", "portfolio", "prob", "trading"].map((room) => `test/${room}/**/*.test.ts`);

export default defineConfig({
  test: {
    testTimeout: 300_000,
    hookTimeout: 300_000,
    pool: "forks",
    maxWorkers: 2,
    projects: [
      {
        extends: true,
        test: {
          name: "alone",
          include: ["test/**/*.test.ts"],
          exclude: ["test/browser/**", ...pure],
        },
      },
      {
        // One process for many files: what they import is loaded once.
        extends: true,
        test: { name: "pure", include: pure, isolate: false, benchmark: { include: [] } },
      },
    ],
  },
});
