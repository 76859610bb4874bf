/** A peer in Python: where the machine has the libraries, its own clock is read, not the start of the interpreter. */
import { spawnSync } from "node:child_process";
import type { Contestant } from "./interleaved.js";

/** The program defines `work()`, which does the work once and returns how many units of it were done. */
export interface PythonPeer {
  /** Modules it needs, such as "pandas". */
  readonly needs: readonly string[];
  readonly program: string;
}

/** A contestant by the name given, or nothing where Python or a module is missing: then it says so once. */
export function pythonContestant(name: string, { needs, program }: PythonPeer): Record<string, Contestant> {
  const python = process.env.VITRADE_PYTHON ?? "python3";
  const found = spawnSync(python, ["-c", ["import sys", ...needs.map((n) => `import ${n}`)].join("\n")]);
  if (found.status !== 0) {
    console.log(`${name}: left out, ${python} has no ${needs.join(", ")} (VITRADE_PYTHON names another)`);
    return {};
  }
  return { [name]: () => timed(python, program) };
}

const TIMING = `
import time
work()
start = time.perf_counter()
units = work()
print(units, (time.perf_counter() - start) * 1e9)
`;

function timed(python: string, program: string): { units: number; nanoseconds: number } {
  const run = spawnSync(python, ["-c", program + TIMING], { encoding: "utf8" });
  if (run.status !== 0) throw new Error(`the Python peer failed: ${run.stderr}`);
  const [units, nanoseconds] = run.stdout.trim().split(/\s+/).map(Number);
  return { units: units!, nanoseconds: nanoseconds! };
}
