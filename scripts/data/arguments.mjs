import path from "node:path";
import { parseArgs } from "node:util";
import { inRoot } from "../setup/paths.mjs";

/** A command line that makes no sense, said in one line. */
export class ArgumentProblem extends Error {}

export const usage = `npm run data -- --symbols BTCUSDT,ETHUSDT --interval 60 --since 2024-01-01 [--until 2025-01-01]

  Downloads candles of Bybit into data/bybit, where MARKET=bybit finds them. Fetches only what is not there yet;
  stopped at any moment, the same command goes on from there.

  --symbols S,…    symbols by Bybit's names
  --interval I     1 3 5 15 30 60 120 240 360 720 (minutes), D or W
  --since T        the first opening time, such as 2024-01-01 or 2024-01-01T12:00 (UTC)
  --until T        opening times before this one; now, if left out
  --category C     linear, spot or inverse (default: the one that the name means)
  --out FOLDER     another folder than data
  --rest-url URL   another server than Bybit's, such as a loopback exchange
  --refetch        asks again for bars that the exchange did not have before
  --json           the report as JSON on standard output; progress goes to standard error in any case
  --help           this text

  Exit codes: 0 done, 1 something failed, 2 wrong arguments, 130 interrupted`;

const options = {
  symbols: { type: "string" },
  interval: { type: "string" },
  since: { type: "string" },
  until: { type: "string" },
  category: { type: "string" },
  out: { type: "string" },
  "rest-url": { type: "string" },
  refetch: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  help: { type: "boolean", short: "h", default: false },
};

/**
 * What the command line asks for.
 * @param {{ now: number, env?: Record<string, string | undefined> }} context  `now` in UTC milliseconds
 * @throws ArgumentProblem that says what was expected and what came
 */
export function parseArguments(args, { now, env = {} }) {
  const given = parsed(args);
  if (given.help) return { help: true };
  const { interval, category } = given;
  for (const name of ["symbols", "interval", "since"]) {
    if (!given[name]) throw new ArgumentProblem(`--${name}: expected a value, got none; see --help`);
  }
  const symbols = symbolsOf(given.symbols);
  const [since, until] = [timeOf("since", given.since), given.until ? timeOf("until", given.until) : now];
  if (since >= until) {
    const end = new Date(until).toISOString();
    throw new ArgumentProblem(`--since: expected a time before ${end}, got ${given.since}`);
  }
  const folder = given.out ? path.resolve(env.INIT_CWD ?? process.cwd(), given.out) : inRoot("data");
  const { refetch, json } = given;
  return {
    symbols,
    interval,
    category,
    since,
    until,
    folder,
    restUrl: urlOf(given["rest-url"]),
    refetch,
    json,
  };
}

function parsed(args) {
  try {
    return parseArgs({ args, options, allowPositionals: false }).values;
  } catch (error) {
    if (!String(error.code).startsWith("ERR_PARSE_ARGS")) throw error;
    throw new ArgumentProblem(`${error.message.split(". ")[0]}; see --help`);
  }
}

function symbolsOf(text) {
  const symbols = text.split(",").map((symbol) => symbol.trim());
  const twice = symbols.find((symbol, i) => symbols.indexOf(symbol) !== i);
  if (twice !== undefined)
    throw new ArgumentProblem(`--symbols: expected each once, got ${twice || "an empty name"} twice`);
  return symbols;
}

/** A time in UTC; the calendar's mistakes, such as 30 February, are refused. */
function timeOf(name, text) {
  const [, day, clock = "T00:00"] = /^(\d{4}-\d\d-\d\d)(T\d\d:\d\d(?::\d\d)?)?Z?$/.exec(text) ?? [];
  const time = Date.parse(`${day}${clock}Z`);
  if (Number.isFinite(time) && new Date(time).toISOString().startsWith(day)) return time;
  throw new ArgumentProblem(`--${name}: expected a time such as 2024-01-01 or 2024-01-01T12:00, got ${text}`);
}

function urlOf(text) {
  if (text === undefined) return undefined;
  if (/^https?:\/\/[^/]/.test(text) && URL.canParse(text)) return text.replace(/\/+$/, "");
  throw new ArgumentProblem(`--rest-url: expected an address such as http://127.0.0.1:8080, got ${text}`);
}
