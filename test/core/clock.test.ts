/** Where the library reads the clock: at its outermost doors, from one place. */
import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";

const root = resolve(__dirname, "../../lib");
const sources = readdirSync(root, { recursive: true, encoding: "utf8" }).filter((name) =>
  /^(?!dist|node_modules).*\.ts$/.test(name),
);
const holding = (pattern: RegExp) =>
  sources.filter((name) => pattern.test(readFileSync(join(root, name), "utf8")));

test("the wall's clock is read in one file, and taken from it by the doors alone", () => {
  expect(holding(/\bDate\.now\b|new Date\(\)/)).toEqual(["core/clock.ts"]);
  expect(holding(/\bsystemClock\b/).sort()).toEqual([
    "cli/clock.ts",
    "cli/shell.ts",
    "core/clock.ts",
    "core/index.ts",
    "market/bybit/connect.ts",
    "market/files/folder.ts",
    "sweep/run/trainStudy.ts",
  ]);
});
