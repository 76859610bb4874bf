import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig } from "vitest/config";

const root = import.meta.dirname;
const filesOf = (folder: string): string[] =>
  readdirSync(join(root, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => `${folder}/${name.replaceAll("\\", "/")}`);

/** Folders whose tests start no backend and change nothing that other files see. */
const pure = ["core", "features", "portfolio", "prob", "trading"].map((room) => `test/${room}/**/*.test.ts`);

/** Replaces modules, or starts the engine in a way of its own: the next file in its process would see that. */
const needsOwnProcess = (file: string): boolean =>
  ["test/nn/backend.test.ts", "test/nn/kernels.test.ts"].includes(file) ||
  readFileSync(join(root, file), "utf8").includes("vi.mock(");

/** Folders whose tests share one engine of tensors, which takes a second to load. */
const networks = ["models", "nn", "plot", "vectors"]
  .flatMap((room) => filesOf(`test/${room}`))
  .filter((file) => !needsOwnProcess(file));

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
          exclude: ["test/browser/**", ...pure, ...networks],
        },
      },
      {
        // One process for many files, here and below: what they import is loaded once.
        extends: true,
        test: { name: "pure", include: pure, isolate: false, benchmark: { include: [] } },
      },
      {
        extends: true,
        test: { name: "networks", include: networks, isolate: false, benchmark: { include: [] } },
      },
    ],
  },
});
