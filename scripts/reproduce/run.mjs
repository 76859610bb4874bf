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

function kernelEnv({ backend, quick, market, threads, drawer, compiler }, jupyter) {
  return {
    ...process.env,
    ...jupyterEnv(jupyter),
    JUPYTER_RUNTIME_DIR: inMemory("runtime"),
    VITRADE_BACKEND: backend,
    VITRADE_THREADS: process.env.VITRADE_THREADS || String(threads),
    MARKET: market,
    VITRADE_CHECKS: "enforce",
    VITRADE_DRAWER: drawer?.socket ?? "",
    ...(compiler ? { TSLAB_CONVERTER: compiler.client, VITRADE_COMPILER: compiler.socket } : {}),
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
 * Executes notebooks in Python processes, each of which takes one after another; a failure ends its process.
 * @returns {{run: (file: string, onEvent: (event: object) => void) => Promise<Run>, close: () => void}}
 *   `run` executes one notebook, and `onEvent` hears "start" and "cell"; `close` ends the processes that wait
 */
export function openExecutors(options) {
  const idle = [];
  return {
    async run(file, onEvent) {
      const waiting = idle.pop();
      const child =
        waiting?.exitCode === null && waiting.signalCode === null ? waiting : startExecutor(options);
      const run = await execute(child, file, options, onEvent);
      if (!run.failure) idle.push(child);
      return run;
    },
    close() {
      for (const child of idle) child.stdin.end();
    },
  };
}

function startExecutor(options) {
  for (const folder of [resultFolder(options), inMemory("runtime")]) mkdirSync(folder, { recursive: true });
  const jupyter = readStamp("jupyter");
  const child = spawn(jupyter.python, [inRoot("scripts/execute.py")], {
    env: kernelEnv(options, jupyter),
    stdio: ["pipe", "ignore", "pipe", "pipe"],
  });
  running.add(child);
  child.stdin.on("error", () => {}); // it has ended, which is heard elsewhere
  child.on("close", () => running.delete(child));
  child.events = createInterface({ input: child.stdio[3] });
  return child;
}

/** One notebook in the process, until it is done or the process ends; one that falls silent for longer than a cell may take is ended. */
function execute(child, file, options, onEvent) {
  const { cellTimeout } = options;
  const result = path.join(resultFolder(options), path.basename(file));
  const run = { file, result, cells: 0, seconds: 0, peakBytes: 0, failure: null };
  const job = { notebook: file, result, folder: path.dirname(file), timeout: cellTimeout };
  return new Promise((resolve) => {
    let said = "";
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
    const hear = (line) => {
      watch();
      const { event, ...facts } = JSON.parse(line);
      if (event === "failed") run.failure = facts;
      else if (event === "done") end(Object.assign(run, facts));
      else onEvent({ event, ...facts });
      if (event === "start") run.cells = facts.cells;
    };
    const note = (chunk) => {
      said += chunk;
    };
    const broken = (error) => fail(error.message);
    const closed = () => {
      fail(said.trim().split("\n").at(-1) || "it ended without a word");
      end();
    };
    const end = () => {
      clearTimeout(watchdog);
      child.events.off("line", hear);
      child.stderr.off("data", note);
      child.off("error", broken).off("close", closed);
      resolve(run);
    };
    child.events.on("line", hear);
    child.stderr.on("data", note);
    child.on("error", broken).on("close", closed);
    watch();
    child.stdin.write(`${JSON.stringify(job)}\n`);
  });
}
