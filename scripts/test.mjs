/**
 * `npm test`: lint, types, the comments that the library's reference is made of, then the tests, those of the training engine
 * again on the native backend where it is there; `npm test -- test/core` runs the named tests only. The last line counts the
 * tests: `N passed, N failed`.
 */
import { spawn, spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { relative } from "node:path";
import { watchMemory } from "./memory.mjs";
import { inMemory, inRoot, memory, root } from "./setup/paths.mjs";

const args = process.argv.slice(2);
const record = inMemory("test.json");
const { MARKET: _market, VITRADE_BUDGET: _budget, ...inherited } = process.env;
const env = {
  ...inherited,
  VITRADE_BACKEND: process.env.VITRADE_BACKEND || "wasm",
  VITRADE_THREADS: process.env.VITRADE_THREADS || "1", // files of tests run beside each other already
};

/** TypeDoc, and its settings for the reference. */
const typedoc = inRoot("node_modules/typedoc/bin/typedoc");
const reference = inRoot("scripts/docs/typedoc.json");

/** Tests whose numbers come from tensors: they must hold on either backend. */
const engine = ["test/nn", "test/models/vae.test.ts", "test/models/marketVae.test.ts"];

/** Runs one of the project's tools by its path; whether it was content. */
function check(name, command, extra = {}) {
  console.log(`test: ${name}`);
  return new Promise((resolve) => {
    const child = spawn(process.execPath, command, {
      cwd: root,
      env: { ...env, ...extra },
      stdio: ["ignore", "inherit", "inherit"],
    });
    child.on("error", () => resolve(false));
    child.on("close", (code) => resolve(code === 0));
  });
}

async function checkSources() {
  const biome = inRoot("node_modules/@biomejs/biome/bin/biome");
  const lint = await check("lint", [biome, "check", "--error-on-warnings", "."]);
  const types = await check("types", [inRoot("node_modules/typescript/bin/tsc"), "-p", "tsconfig.json"]);
  // a stale @param is a warning of TypeDoc, whose settings make a warning an error
  const quiet = ["--emit", "none", "--logLevel", "Warn"];
  const docs = await check("comments of the reference", [typedoc, "--options", reference, ...quiet]);
  return lint && types && docs;
}

/** A line for each failed test, and for each file that broke off before its tests. */
function namesOfFailed(files) {
  return files.flatMap((file) => {
    const name = relative(root, file.name);
    const tests = file.assertionResults.filter(({ status }) => status === "failed");
    if (file.status === "failed" && tests.length === 0) return [`${name}: ${firstLine(file.message)}`];
    return tests.map((test) => `${name}: ${test.fullName}: ${firstLine(test.failureMessages?.[0])}`);
  });
}

const firstLine = (text) => (text ?? "").split("\n")[0];

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
      names: namesOfFailed(result.testResults),
    };
  } catch {
    return { passed: 0, failed: 1, skipped: 0, names: ["the run of the tests broke off"] };
  }
}

async function runTests(title, names, extra = {}) {
  mkdirSync(memory, { recursive: true });
  rmSync(record, { force: true });
  const reporters = ["--reporter=default", "--reporter=json", `--outputFile.json=${record}`];
  const ok = await check(
    title,
    [inRoot("node_modules/vitest/vitest.mjs"), "run", ...reporters, ...names],
    extra,
  );
  const found = counts();
  return { ...found, failed: ok ? found.failed : Math.max(1, found.failed) };
}

/** The engine once more on the native backend, or nothing where it does not load. */
async function runNative() {
  const { status } = spawnSync(process.execPath, [inRoot("scripts/native-check.cjs")], { stdio: "ignore" });
  if (status === 0)
    return runTests("the engine on the native backend", engine, { VITRADE_BACKEND: "native" });
  console.log(
    "test: the engine ran on wasm alone, the native backend is not there (npm run setup:native builds it)",
  );
  return { passed: 0, failed: 0, skipped: 0, names: [] };
}

const started = performance.now();
const endWatch = watchMemory();
const named = args.some((arg) => !arg.startsWith("-"));
const sound = named || (await checkSources());
const parts = [await runTests(`tests, backend ${env.VITRADE_BACKEND}`, args)];
if (!named && env.VITRADE_BACKEND === "wasm") parts.push(await runNative());
const [passed, failed, skipped] = ["passed", "failed", "skipped"].map((what) =>
  parts.reduce((total, part) => total + part[what], 0),
);
const seconds = Math.round((performance.now() - started) / 1000);
console.log(`test: ${seconds} s, at most ${Math.round(endWatch() / 1e6)} MB at once`);
for (const { names } of parts) for (const name of names) console.log(`failed: ${name}`);
if (!sound) console.log("test: lint, types or comments of the reference failed, see above");
console.log(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ""}`);
process.exitCode = sound && failed === 0 ? 0 : 1;
