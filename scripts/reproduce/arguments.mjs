import { existsSync } from "node:fs";
import path from "node:path";

/** A command line or environment that makes no sense, said in one line. */
export class ArgumentProblem extends Error {}

export const usage = `npm run reproduce [-- NN…] [--quick] [--update] [--tolerance=X]

  NN…            chapters by number or name, e.g. 01 03; all of them when none is given
  --quick        small numbers: shows that every cell runs; compares and writes nothing
  --update       writes the executed notebooks over the committed ones
  --tolerance=X  relative difference at which two numbers count as equal (1e-6; on the native backend 1e-3)

  MARKET=bybit or MARKET=FOLDER runs on other bars: claims are reported, nothing is compared or written
  VITRADE_BACKEND=wasm (the default here), native or auto
  VITRADE_CELL_TIMEOUT=180 seconds a cell may take`;

function cellTimeout(env) {
  const seconds = Number(env.VITRADE_CELL_TIMEOUT || 180);
  if (Number.isSafeInteger(seconds) && seconds > 0) return seconds;
  throw new ArgumentProblem(
    `VITRADE_CELL_TIMEOUT: expected a whole number of seconds, got ${env.VITRADE_CELL_TIMEOUT}`,
  );
}

/** The market as the kernel, which works in another folder, will understand it. */
function market(env) {
  const asked = env.MARKET || "simulated";
  if (asked === "simulated" || asked === "bybit") return asked;
  const folder = path.resolve(env.INIT_CWD ?? process.cwd(), asked);
  if (existsSync(folder)) return folder;
  throw new ArgumentProblem(
    `MARKET: expected simulated, bybit or a folder, but there is no folder ${folder}`,
  );
}

function tolerance(given, backend) {
  if (given === undefined) return backend === "wasm" ? 1e-6 : 1e-3;
  const value = Number(given);
  if (given !== "" && value >= 0) return value;
  throw new ArgumentProblem(`--tolerance: expected a number such as 1e-6, got ${given || "nothing"}`);
}

/**
 * What the command line and the environment ask for.
 * @throws ArgumentProblem when they ask for something unknown or contradictory
 */
export function parseArguments(args, env) {
  const names = args.filter((arg) => !arg.startsWith("-"));
  const flags = new Map(
    args.filter((arg) => arg.startsWith("-")).map((arg) => [arg.split("=")[0], arg.split("=")[1]]),
  );
  const known = ["--quick", "--update", "--tolerance", "--help", "-h"];
  const unknown = [...flags.keys()].find((flag) => !known.includes(flag));
  if (unknown) throw new ArgumentProblem(`unknown option ${unknown}\n\n${usage}`);
  const backend = env.VITRADE_BACKEND || "wasm";
  const options = {
    names,
    backend,
    help: flags.has("--help") || flags.has("-h"),
    quick: flags.has("--quick") || env.VITRADE_BUDGET === "quick",
    update: flags.has("--update"),
    market: market(env),
    tolerance: tolerance(flags.has("--tolerance") ? (flags.get("--tolerance") ?? "") : undefined, backend),
    cellTimeout: cellTimeout(env),
  };
  if (options.update && (options.quick || options.market !== "simulated")) {
    throw new ArgumentProblem(
      "--update writes the full run on the simulated market: leave out --quick and MARKET",
    );
  }
  return { ...options, compares: !options.quick && options.market === "simulated" };
}
