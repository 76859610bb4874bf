/**
 * `npm test`: lint, types, then the tests; `npm test -- test/core` runs the named tests only. The last line counts
 * the tests: `N passed, N failed`.
 */
import { spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { watchMemory } from "./memory.mjs";
import { inMemory, inRoot, memory, root } from "./setup/paths.mjs";

const args = process.argv.slice(2);
const record = inMemory("test.json");
const { MARKET: _market, VITRADE_BUDGET: _budget, ...inherited } = process.env;
const env = { ...inherited, VITRADE_BACKEND: process.env.VITRADE_BACKEND || "wasm" };

/** Runs one of the project's tools by its path; whether it was content. */
function check(name, ...command) {
  console.log(`test: ${name}`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: root,
      env,
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", () => resolve(false));
    child.on("close", (code) => resolve(code === 0));
  });
}

async function checkSources() {
  const lint = await check(
    "lint",
    inRoot("node_modules/@biomejs/biome/bin/biome"),
    "check",
    "--error-on-warnings",
    ".",
  );
  const types = await check("types", inRoot("node_modules/typescript/bin/tsc"), "-p", "tsconfig.json");
  return lint && types;
}

/** The counts that vitest left behind; a run that broke off counts as one failure. */
function counts() {
  try {
    const result = JSON.parse(readFileSync(record, "utf8"));
    const broken = result.testResults.filter(
      (file) => file.status === "failed" && file.assertionResults.length === 0,
    );
    return {
      passed: result.numPassedTests,
      failed: result.numFailedTests + broken.length,
      skipped: result.numPendingTests + result.numTodoTests,
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0 };
  }
}

async function runTests() {
  mkdirSync(memory, { recursive: true });
  rmSync(record, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${record}`];
  const ok = await check("tests", inRoot("node_modules/vitest/vitest.mjs"), "run", ...reporters, ...args);
  const found = counts();
  return { ...found, failed: ok ? found.failed : Math.max(1, found.failed) };
}

const started = performance.now();
const endWatch = watchMemory();
const named = args.some((arg) => !arg.startsWith("-"));
const sound = named || (await checkSources());
const { passed, failed, skipped } = await runTests();
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`test: ${seconds} s, at most ${Math.round(endWatch() / 1e6)} MB at once`);
if (!sound) console.log("test: lint or types failed, see above");
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = sound && failed === 0 ? 0 : 1;
