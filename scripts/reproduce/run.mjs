import { spawn } from "node:child_process";
import { mkdirSync } from "node:fs";
import path from "node:path";
import { createInterface } from "node:readline";
import { inMemory, inRoot } from "../setup/paths.mjs";
import { readStamp } from "../setup/stamp.mjs";

const running = new Set();

/** Ends every execution under way; its kernel ends with it. */
export function stopRuns() {
  for (const child of running) child.kill("SIGTERM");
}

/** The environment in which Jupyter finds our kernel and extension before any other of the same name. */
export function jupyterEnv({ prefix }) {
  const data = path.join(prefix, "share/jupyter");
  return {
    JUPYTER_PATH: [data, process.env.JUPYTER_PATH].filter(Boolean).join(path.delimiter),
    JUPYTER_PREFER_ENV_PATH: "1",
  };
}

function kernelEnv({ backend, quick, market, threads }, jupyter) {
  return {
    ...process.env,
    ...jupyterEnv(jupyter),
    JUPYTER_RUNTIME_DIR: inMemory("runtime"),
    VITRADE_BACKEND: backend,
    VITRADE_THREADS: process.env.VITRADE_THREADS || String(threads),
    MARKET: market,
    VITRADE_CHECKS: "enforce",
    ...(quick ? { VITRADE_BUDGET: "quick" } : {}),
  };
}

/** Where the executed notebooks of a market lie: never where the committed ones do. */
function resultFolder({ market, quick }) {
  return inMemory("executed", `${path.basename(market)}${quick ? "-quick" : ""}`);
}

/**
 * @typedef {object} Run
 * @property {string} file       the notebook
 * @property {string} result     where the executed notebook lies, or what ran of it
 * @property {number} cells
 * @property {number} seconds
 * @property {number} peakBytes
 * @property {{kind: string, message: string, cell: number | null, source: string[], kept?: number} | null} failure
 *   `kept`: so many cells ran before and lie in `result`
 */

/**
 * Executes one notebook in a Python process of its own.
 * @param {(event: object) => void} onEvent  hears "start" and "cell"
 * @returns {Promise<Run>}
 */
export function runNotebook(file, options, onEvent) {
  const jupyter = readStamp("jupyter");
  const result = path.join(resultFolder(options), path.basename(file));
  for (const folder of [resultFolder(options), inMemory("runtime")]) mkdirSync(folder, { recursive: true });
  const args = [inRoot("scripts/execute.py"), file, result, "--timeout", String(options.cellTimeout)];
  const child = spawn(jupyter.python, args, {
    cwd: path.dirname(file),
    env: kernelEnv(options, jupyter),
    stdio: ["ignore", "ignore", "pipe", "pipe"],
  });
  running.add(child);
  return follow(child, { file, result, cells: 0, seconds: 0, peakBytes: 0, failure: null }, options, onEvent);
}

/** Listens to one execution until it ends; one that falls silent for longer than a cell may take is ended. */
function follow(child, run, { cellTimeout }, onEvent) {
  let said = "";
  let finished = false;
  let watchdog;
  const fail = (message) => {
    run.failure ??= { kind: "setup", message, cell: null, source: [] };
  };
  const watch = () => {
    clearTimeout(watchdog);
    watchdog = setTimeout(
      () => {
        fail(`nothing was heard from it for ${cellTimeout + 150} s`);
        child.kill("SIGKILL");
      },
      (cellTimeout + 150) * 1000,
    );
  };
  watch();
  createInterface({ input: child.stdio[3] }).on("line", (line) => {
    watch();
    const { event, ...facts } = JSON.parse(line);
    if (event === "failed") run.failure = facts;
    else if (event === "done") finished = Object.assign(run, facts) === run;
    else onEvent({ event, ...facts });
    if (event === "start") run.cells = facts.cells;
  });
  child.stderr.on("data", (chunk) => {
    said += chunk;
  });
  child.on("error", (error) => fail(error.message));
  return new Promise((resolve) => {
    child.on("close", () => {
      clearTimeout(watchdog);
      running.delete(child);
      if (!finished) fail(said.trim().split("\n").at(-1) || "it ended without a word");
      resolve(run);
    });
  });
}
