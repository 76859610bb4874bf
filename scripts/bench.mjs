/**
 * `npm run bench [-- NAME…]`: runs the benchmarks in bench/, all or those named; networks run once on each backend. At its end a table
 * of the goals whose peers were at hand says which are missed.
 */
import { spawnSync } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { inRoot, root } from "./setup/paths.mjs";

const folder = inRoot("bench");
const names = process.argv.slice(2);
const files = (existsSync(folder) ? readdirSync(folder, { recursive: true }) : [])
  .filter((name) => /\.bench\.[cm]?[jt]s$/.test(name))
  .map((name) => join("bench", name))
  .filter((name) => names.length === 0 || names.some((part) => name.includes(part)));

/** Starts TensorFlow.js on the backend that VITRADE_BACKEND names. */
const choosesBackend = (name) => readFileSync(inRoot(name), "utf8").includes("startBackend()");

/** Those that can run here, or the one that is asked for. */
function backends() {
  const asked = process.env.VITRADE_BACKEND;
  if (asked !== undefined && asked !== "auto") return [asked];
  const check = spawnSync(process.execPath, [inRoot("scripts/native-check.cjs")]);
  if (check.status === 0) return ["wasm", "native"];
  console.log("bench: the native backend does not load here, wasm runs alone");
  return ["wasm"];
}

const scratch = mkdtempSync(join(tmpdir(), "vitrade-bench-"));
const goalsFile = join(scratch, "goals.jsonl");

function run(chosen, settings = {}) {
  if (chosen.length === 0) return 0;
  const command = [inRoot("node_modules/vitest/vitest.mjs"), "bench", "--run", ...chosen];
  const env = { ...process.env, VITRADE_BENCH_GOALS: goalsFile, ...settings };
  return spawnSync(process.execPath, command, { cwd: root, stdio: "inherit", env }).status ?? 1;
}

/** A line a goal: the largest ratio that is aimed at, and the one that was measured. */
function printGoals(file) {
  if (!existsSync(file)) return;
  const goals = readFileSync(file, "utf8")
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));
  console.log("\nbench: time over that of the peer, median over rounds of one interleaved run");
  console.table(
    goals.map(({ title, own, peer, most, backend, ratio }) => ({
      ...{ work: title, own, peer, backend },
      ...{ ratio: Number(ratio.toPrecision(3)), goal: most, outcome: ratio <= most ? "met" : "MISSED" },
    })),
  );
}

const ofNetworks = files.filter(choosesBackend);
if (files.length === 0) console.log(`bench: no benchmark in bench/ ${names.join(" ")}`);
const failures = [
  run(files.filter((name) => !ofNetworks.includes(name))),
  ...(ofNetworks.length > 0
    ? backends().map((backend) => run(ofNetworks, { VITRADE_BACKEND: backend }))
    : []),
];
process.exitCode = Math.max(...failures);
printGoals(goalsFile);
rmSync(scratch, { recursive: true });
