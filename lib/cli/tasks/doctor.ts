/** `vitrade doctor`: what the library runs on. Nothing in it names a person, a folder or a machine. */
import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { statfs } from "node:fs/promises";
import { availableParallelism, freemem, tmpdir, totalmem } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import type { Clock } from "../../core/index.js";
import { backendChoice, compiles, kernelChoice, versions } from "../../core/index.js";
import { startBackend } from "../../nn/index.js";

export interface Finding {
  readonly what: string;
  readonly found: string;
  /** "bad": the library does not run; "note": something that is not needed is missing, or worth knowing. */
  readonly state: "good" | "note" | "bad";
  readonly advice?: string;
}

export interface Examination {
  readonly clock: Clock;
  /** The exchange whose time is asked for; nobody is asked without it. */
  readonly url?: string;
}

/** Oldest Node that the library runs on, and the oldest that is still kept up. */
const LEAST_NODE = [20, 19] as const;
const KEPT_NODE = 22;
const LEAST_PYTHON = [3, 9] as const;
const LEAST_DISK = 2e9;
/** Milliseconds: more than the exchange takes for an answer's way, and less than would move a candle. */
const CLOCK_MS = 1000;

export async function examine(examination: Examination): Promise<Finding[]> {
  const [backend, python, jupyter, disk] = await Promise.all([
    backendOf(),
    pythonOf(),
    jupyterOf(),
    diskOf(),
  ]);
  return [
    nodeOf(process.versions.node),
    machineOf(),
    backend,
    ...packagesOf(),
    python,
    jupyter,
    disk,
    await clockOf(examination),
  ];
}

/** @param version  such as "24.1.0" */
export function nodeOf(version: string): Finding {
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const what = "Node";
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1]))
    return {
      what,
      found: version,
      state: "bad",
      advice: `expected ${LEAST_NODE.join(".")} or later; 24 is a good choice`,
    };
  if (major < KEPT_NODE)
    return {
      what,
      found: version,
      state: "note",
      advice: "it runs, but this Node gets no more security fixes; take 24",
    };
  return { what, found: version, state: "good" };
}

function machineOf(): Finding {
  const gigabytes = (bytes: number) => (bytes / 1e9).toFixed(1);
  const found = `${process.platform} ${process.arch}, ${availableParallelism()} threads, ${gigabytes(freemem())} of ${gigabytes(totalmem())} GB free`;
  const state = totalmem() < 3e9 ? "note" : "good";
  return {
    what: "machine",
    found,
    state,
    ...(state === "note" ? { advice: "chapters need up to 3 GB" } : {}),
  };
}

async function backendOf(): Promise<Finding> {
  const what = "backend";
  try {
    const running = await startBackend();
    const kernels = kernelChoice() === "stock" ? "stock kernels" : "its own kernels";
    const found = `${running} (asked for: ${backendChoice()}), ${compiles() ? "compiled" : "not compiled"}, ${kernels}`;
    return { what, found, state: "good" };
  } catch (error) {
    const advice = "reinstall the packages (npm ci), or unset VITRADE_BACKEND";
    return { what, found: (error as Error).message, state: "bad", advice };
  }
}

function packagesOf(): Finding[] {
  return versions("")
    .slice(1)
    .map(({ component, version }) => ({ what: component, found: version, state: "good" }));
}

const run = promisify(execFile);

/** The first line that a program says of its version; undefined where it does not start. */
async function versionOf(program: string, ...words: readonly string[]): Promise<string | undefined> {
  try {
    const { stdout, stderr } = await run(program, [...words], { timeout: 20_000 });
    return (stdout.trim() || stderr.trim()).split("\n")[0];
  } catch {
    return undefined;
  }
}

async function pythonOf(): Promise<Finding> {
  const what = "Python";
  const said = (await versionOf("python3", "--version")) ?? (await versionOf("python", "--version"));
  const advice = `notebooks need Python ${LEAST_PYTHON.join(".")} or later; commands do not`;
  if (said === undefined) return { what, found: "none", state: "note", advice };
  const version = said.replace(/^Python /, "");
  const [major = 0, minor = 0] = version.split(".").map(Number);
  const isOld = major < LEAST_PYTHON[0] || (major === LEAST_PYTHON[0] && minor < LEAST_PYTHON[1]);
  return { what, found: version, state: isOld ? "note" : "good", ...(isOld ? { advice } : {}) };
}

async function jupyterOf(): Promise<Finding> {
  const what = "Jupyter";
  const own = join(
    process.cwd(),
    ".venv",
    process.platform === "win32" ? "Scripts/jupyter.exe" : "bin/jupyter",
  );
  const named = existsSync(own) ? own : "jupyter";
  const said = await versionOf(named, "lab", "--version");
  if (said !== undefined) return { what, found: `JupyterLab ${said}`, state: "good" };
  return { what, found: "none", state: "note", advice: "npm run setup installs it, in the course's folder" };
}

async function diskOf(): Promise<Finding> {
  const free = async (folder: string) => {
    const { bavail, bsize } = await statfs(folder);
    return Number(bavail) * Number(bsize);
  };
  const [here, temporary] = await Promise.all([free(process.cwd()), free(tmpdir())]);
  const found = `${(here / 1e9).toFixed(1)} GB free here, ${(temporary / 1e9).toFixed(1)} GB for temporary files`;
  if (here >= LEAST_DISK) return { what: "disk", found, state: "good" };
  return { what: "disk", found, state: "note", advice: "setting up takes about 2 GB" };
}

async function clockOf({ clock, url }: Examination): Promise<Finding> {
  const what = "clock";
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (url === undefined) return { what, found: `time zone ${zone}; not compared (--online)`, state: "good" };
  try {
    const before = clock.now();
    const answer = await fetch(`${url}/v5/market/time`, { signal: AbortSignal.timeout(10_000) });
    const { time } = (await answer.json()) as { time?: unknown };
    const took = clock.now() - before;
    if (typeof time !== "number") throw new Error("expected the time of Bybit V5 in the answer, got none");
    const off = before + took / 2 - time;
    const found = `time zone ${zone}; ${Math.round(off)} ms ahead of the exchange, the answer took ${Math.round(took)} ms`;
    if (Math.abs(off) <= CLOCK_MS + took / 2) return { what, found, state: "good" };
    return {
      what,
      found,
      state: "note",
      advice: "set the machine's clock by a time server (NTP) before a live run",
    };
  } catch (error) {
    const found = `time zone ${zone}; the exchange was not reached (${(error as Error).message})`;
    return { what, found, state: "note", advice: "a live run needs it, nothing else does" };
  }
}
