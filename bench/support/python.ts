/** A peer in Python: where the machine has the libraries, its own clock is read, not the start of the interpreter. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { Contestant, Timed } from "./interleaved.js";

/** The program defines `work()`, which does the work once and returns how many units of it were done. */
export interface PythonPeer {
  /** Modules it needs, such as "pandas". */
  readonly needs: readonly string[];
  readonly program: string;
}

const missing = new Map<string, boolean>();

/** A contestant by the name given, or nothing where Python or a module is missing: then it says so once. */
export function pythonContestant(name: string, { needs, program }: PythonPeer): Record<string, Contestant> {
  if (isMissing(needs)) return {};
  let interpreter: Interpreter | undefined;
  const turn = () => {
    interpreter ??= started(program);
    return interpreter.turn();
  };
  return { [name]: Object.assign(turn, { end: () => interpreter?.end() }) };
}

function isMissing(needs: readonly string[]): boolean {
  const modules = needs.join(", ");
  const known = missing.get(modules);
  if (known !== undefined) return known;
  const found = spawnSync(python(), ["-c", ["import sys", ...needs.map((n) => `import ${n}`)].join("\n")]);
  missing.set(modules, found.status !== 0);
  if (found.status !== 0)
    console.log(`peers left out: ${python()} has no ${modules} (VITRADE_PYTHON names another)`);
  return found.status !== 0;
}

const python = (): string => process.env.VITRADE_PYTHON ?? "python3";

/** After a turn it sleeps: threads of a numerical library that spin for a while must not slow the next contestant. */
const LOOP = `
import sys as _sys, time as _time
work()
for _ in _sys.stdin:
    _start = _time.perf_counter()
    _units = work()
    _spent = (_time.perf_counter() - _start) * 1e9
    _time.sleep(0.05)
    print(_units, _spent, flush=True)
`;

interface Interpreter {
  turn(): Promise<Timed>;
  end(): void;
}

/** One process for all rounds. */
function started(program: string): Interpreter {
  const child = spawn(python(), ["-c", program + LOOP], { stdio: ["pipe", "pipe", "inherit"] });
  child.unref();
  const lines = createInterface({ input: child.stdout! })[Symbol.asyncIterator]();
  return {
    async turn() {
      child.stdin!.write("go\n");
      const { value, done } = await lines.next();
      if (done) throw new Error(`the Python peer ended with code ${await codeOf(child)}`);
      const [units, nanoseconds] = (value as string).trim().split(/\s+/).map(Number);
      return { units: units!, nanoseconds: nanoseconds! };
    },
    end() {
      child.stdin!.end();
    },
  };
}

function codeOf(child: ChildProcess): Promise<number | null> {
  if (child.exitCode !== null) return Promise.resolve(child.exitCode);
  return new Promise((resolve) => child.once("exit", resolve));
}
