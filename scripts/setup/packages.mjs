import { existsSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import path from "node:path";
import { checkDisk } from "./disk.mjs";
import { explainNpm } from "./explain.mjs";
import { alive } from "./lock.mjs";
import { inMemory, inRoot } from "./paths.mjs";
import { run, runShown } from "./run.mjs";
import { Problem, say } from "./say.mjs";
import { hashOf, readStamp, removeStamp, writeStamp } from "./stamp.mjs";

/** Holds npm's pid while `npm ci` runs; found at the start, it tells of a setup that was interrupted. */
const marker = inMemory("npm-ci.started");
const installed = inRoot("node_modules/.package-lock.json");
const machine = `node ${process.versions.node.split(".")[0]} ${process.platform} ${process.arch}`;

/** Files without which nothing later works: a check that node_modules is really there. */
const needed = ["tslab/package.json", "typescript/bin/tsc", "vitrade/package.json", "vitest/vitest.mjs"];

function looksComplete() {
  return existsSync(installed) && needed.every((name) => existsSync(inRoot("node_modules", name)));
}

/** Whether node_modules holds what package-lock.json asks for, optional packages aside. */
function agreesWithLock() {
  const read = (file) => JSON.parse(readFileSync(file, "utf8")).packages;
  const present = read(installed);
  return Object.entries(read(inRoot("package-lock.json"))).every(
    ([name, entry]) =>
      name === "" || entry.optional || entry.devOptional || present[name]?.version === entry.version,
  );
}

/** npm by the path it gave us when it runs us, else by name. */
function npmCommand() {
  const own = process.env.npm_execpath ?? "";
  return path.basename(own).startsWith("npm-cli") ? [process.execPath, own] : ["npm"];
}

/** A setup that was killed may have left its npm at work: two in one folder would undo each other. */
async function awaitOrphan() {
  const pid = Number(readFileSync(marker, "utf8"));
  const recent = () => Date.now() - statSync(marker).mtimeMs < 5 * 60_000;
  if (pid > 0 && alive(pid) && recent())
    say(`its npm (process ${pid}) is still at work: waiting for it to end`);
  while (pid > 0 && alive(pid) && recent()) await new Promise((resolve) => setTimeout(resolve, 200));
}

async function install() {
  checkDisk(2.5e9);
  removeStamp("packages");
  const [command, ...before] = npmCommand();
  const quiet = ["--no-audit", "--no-fund", "--loglevel=error", "--no-progress"];
  const patience = ["--fetch-retries=2", "--fetch-retry-mintimeout=1000", "--fetch-retry-maxtimeout=10000"];
  const args = [...before, "ci", "--include=dev", "--include=optional", ...quiet, ...patience];
  const { ok, output } = await runShown("installing npm packages (about a minute)", "npm", command, args, {
    onStart: (pid) => writeFileSync(marker, String(pid ?? 0)),
  });
  if (!ok) throw new Problem(explainNpm(output));
  rmSync(marker);
}

/** The backend the course will run on: native when TensorFlow's library loads here, else WebAssembly. */
async function findBackend() {
  const probe = `const util = require("node:util");
    util.isNullOrUndefined ??= (value) => value == null;
    util.isArray ??= Array.isArray;
    require("tfjs-node-native");`;
  const { ok } = await run(process.execPath, ["-e", probe], { cwd: inRoot("lib") });
  return ok ? "native" : "wasm";
}

/**
 * Makes node_modules what package-lock.json says, if it is not.
 * @returns {Promise<string>} the backend: "native" or "wasm"
 */
export async function installPackages() {
  const hash = hashOf(
    readFileSync(inRoot("package-lock.json")),
    readFileSync(inRoot("lib/package.json")),
    machine,
  );
  const stamp = readStamp("packages");
  const interrupted = existsSync(marker);
  const complete = !interrupted && looksComplete();
  if (complete && stamp.hash === hash) return stamp.backend;
  const adopt = complete && (stamp.machine ?? machine) === machine && agreesWithLock();
  if (!adopt) {
    if (interrupted) {
      say("an earlier setup did not finish: repairing node_modules");
      await awaitOrphan();
    }
    await install();
  }
  const backend = await findBackend();
  writeStamp("packages", { hash, machine, backend });
  say(
    backend === "native"
      ? "backend: native (TensorFlow's library loads here)"
      : "backend: wasm (TensorFlow's native library is not available here; nothing is missing, training is slower)",
  );
  return backend;
}
