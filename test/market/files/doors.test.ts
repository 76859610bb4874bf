/** The files of bars that users have, at every door that reads bars: the same bars, the same words, or the same refusal. */
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterEach, beforeAll, expect, test, vi } from "vitest";
import { runProgram } from "../../../lib/cli/program.js";
import { readDataset } from "../../../lib/cli/tasks/sources/datasetFile.js";
import type { Bars } from "../../../lib/core/types.js";
import { readFolder } from "../../../lib/market/files/folder.js";
import { openMarket } from "../../../lib/market/open.js";
import { temporaryFolder } from "../../live/paperFixtures.js";

/** The generator of the cases: beside the checkout, where there is one. */
const generator = generatorAbove(resolve(__dirname, "../../.."));

function generatorAbove(folder: string): string | undefined {
  const here = join(folder, "shared/cases/make_csv.py");
  if (existsSync(here)) return here;
  return dirname(folder) === folder ? undefined : generatorAbove(dirname(folder));
}

if (!generator)
  console.warn("shared/cases/make_csv.py is not there: the files of bars of users are not tried");
const tried = test.skipIf(!generator);

const folder = temporaryFolder();
const cases = join(folder, "csv");
let plain: Bars;

beforeAll(async () => {
  if (!generator) return;
  copyFileSync(generator, join(folder, "make_csv.py"));
  execFileSync("python3", [join(folder, "make_csv.py")]);
  const isoTimes = (line: string) => line.replace(/^\d+/, (time) => new Date(Number(time)).toISOString());
  const text = gunzipSync(readFileSync(join(cases, "plain/BTCUSDT.csv.gz"))).toString();
  writeFileSync(join(cases, "iso/ISOUSDT.csv.gz"), gzipSync(text.split("\n").map(isoTimes).join("\n")));
  [plain] = (await readFolder(join(cases, "plain"), ["BTCUSDT"])) as [Bars];
});

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

/** Bars and what was said, or why there are none. */
interface Told {
  readonly bars?: Bars;
  readonly said: readonly string[];
  readonly refused?: string;
}

async function told(read: (say: (line: string) => void) => Promise<Bars | undefined>): Promise<Told> {
  const said: string[] = [];
  try {
    const bars = await read((line) => said.push(line));
    return { bars: bars!, said };
  } catch (error) {
    return { said, refused: (error as Error).message };
  }
}

type Door = (market: string, symbol: string) => Promise<Told>;

/** `vitrade prepare` in this process: its notes and findings are what it says. */
const prepare: Door = async (market, symbol) => {
  let [err, out] = ["", ""];
  vi.spyOn(process.stderr, "write").mockImplementation((text) => {
    err += text;
    return true;
  });
  vi.spyOn(process.stdout, "write").mockImplementation((text) => {
    out += text;
    return true;
  });
  const dataset = join(folder, `${basename(market)}.dataset`);
  const words = ["prepare", "--market", market, "--symbols", symbol, "--no-flow", "--json", "--out", dataset];
  const code = await runProgram(words);
  vi.restoreAllMocks();
  expect({ code, isSilent: err === "" }).toEqual({ code: err === "" ? 0 : 1, isSilent: err === "" });
  if (err !== "") {
    expect(err.trimEnd().split("\n")).toHaveLength(1);
    expect([out, existsSync(dataset)]).toEqual(["", false]);
    return { said: [], refused: err.trimEnd() };
  }
  const report = JSON.parse(out) as {
    notes: string[];
    cleaning: { symbol: string; found: string; bars: number; example: string }[];
  };
  const found = report.cleaning.map(
    (row) => `${row.symbol}: ${row.found}, ${row.bars} bars, the first ${row.example}`,
  );
  const { bars } = await readDataset(dataset);
  return { bars: bars[0]!, said: [...report.notes, ...found] };
};

const DOORS: Readonly<Record<string, Door>> = {
  "the reader of a folder": (market, symbol) =>
    told(async (say) => (await readFolder(market, [symbol], { say }))[0]),
  "openMarket of a folder": (market, symbol) =>
    told(async (say) => (await openMarket({ folder: market, symbols: [symbol], say })).bars[0]),
  "openMarket of MARKET": (market, symbol) => {
    vi.stubEnv("MARKET", market);
    return told(async (say) => (await openMarket({ prefer: [symbol], say })).bars[0]);
  },
  "openMarket that needs bars": (market, symbol) =>
    told(async (say) => (await openMarket({ folder: market, symbols: [symbol], minBars: 440, say })).bars[0]),
  "vitrade prepare": prepare,
};

interface Case {
  /** Whether the bars are those of the plain file, or how many there are. */
  readonly bars?: "equal" | number;
  /** The one line that says what was recognised in the file. */
  readonly file?: string;
  /** What cleaning finds in the bars, where the door looks. */
  readonly found?: readonly RegExp[];
  /** Why no door takes them. */
  readonly refused?: RegExp;
  /** Why prepare does not take them, though they are bars. */
  readonly untrained?: RegExp;
  /** Why a door that needs 440 bars does not. */
  readonly tooFew?: RegExp;
  readonly symbol?: string;
  readonly folder?: string;
}

const packed = (words: string) => `BTCUSDT.csv.gz: ${words}`;
const equal = (words?: string): Case => ({
  bars: "equal",
  ...(words === undefined ? {} : { file: packed(words) }),
});
const needs = (got: number) =>
  new RegExp(`expected at least 440 bars, got ${got}; add bars to the file or shorten`);
const common = (got: number) => new RegExp(`expected at least one symbol with 440 bars .* has ${got} bars`);
const losing = (feature: string) =>
  new RegExp(
    `^vitrade: BTCUSDT: expected windows in every part, got none .* loses \\d+ windows to log ${feature}`,
  );
const tooShort = (got: number): Case => ({
  refused: new RegExp(
    `BTCUSDT\\.csv\\.gz: expected at least (two|440) bars, got ${got}; add bars to the file`,
  ),
});

const EXPECTED: Readonly<Record<string, Case>> = {
  plain: equal(),
  crlf: equal(),
  sci: equal(),
  "float-ts": equal(),
  "trailing-blank": equal(),
  "tiny1e-8": { bars: 1500 },
  luna: { bars: 1500 },
  plaincsv: { bars: 200, file: "BTCUSDT.csv: not packed", untrained: needs(200), tooFew: common(200) },
  lower: { bars: "equal", file: "btcusdt.csv.gz: read for BTCUSDT" },
  upperhead: equal("header in capitals"),
  extracol: equal("turnover left out"),
  "ccxt-nohead": equal("no header, read as timestamp,open,high,low,close,volume"),
  quotes: equal("numbers in quotes"),
  bom: equal("a byte order mark passed over"),
  semicolon: equal("parted by semicolons"),
  decimalcomma: equal("parted by semicolons; decimal commas"),
  seconds: equal("times in seconds"),
  micros: equal("times in microseconds"),
  dup: equal("1 row repeated, dropped"),
  unordered: equal("1 row out of order, sorted"),
  descending: equal("1499 rows out of order, sorted"),
  iso: { refused: /BTCUSDT\.csv\.gz lines 2 and 3: expected one bar at 2024-12-03T00:00:00\.000Z, got two/ },
  "iso whose times differ": {
    ...{ bars: "equal", folder: "iso", symbol: "ISOUSDT" },
    file: "ISOUSDT.csv.gz: times in ISO 8601, UTC",
  },
  future: {
    refused: /BTCUSDT\.csv\.gz line 2: expected a time from 2009 to .*, got 4102444800000, which is 2100/,
  },
  split10: { bars: 1500, found: [/jump, 1 bars, the first 2025-01-09T08.* → .*\(×0\.0998\)/] },
  denom1000: { bars: 1500, found: [/jump, 1 bars, the first 2025-01-09T08.* → .*\(×998\)/] },
  nan: { bars: 1499, file: packed("1 row without prices left as holes"), found: [/missing, 1 bars/] },
  nantext: { bars: 1499, file: packed("1 row without prices left as holes"), found: [/missing, 1 bars/] },
  negprice: { refused: /BTCUSDT\.csv\.gz line 502: expected a positive open, got -37\.63/ },
  zeroprice: { refused: /BTCUSDT\.csv\.gz line 502: expected a positive open, got 0/ },
  gap: { bars: 1440, found: [/missing, 60 bars, the first 2025-01-01T00/] },
  dst: { bars: 1500, found: [/missing, 1 bars, .* an hour: perhaps a change of clocks/] },
  vol0: { bars: 1500, found: [/no volume, 500 bars/] },
  flat500: { bars: 1500, found: [/flat, 500 bars/, /no volume, 500 bars/] },
  allvol0: { bars: 1500, found: [/no volume, 1500 bars/], untrained: losing("volumeRatio20") },
  "flat-all": {
    bars: 1500,
    found: [/flat, 1499 bars/, /no volume, 1499/],
    untrained: losing("volumeRatio20"),
  },
  "tick1e-8": {
    ...{ bars: 1500, untrained: losing("volatility20") },
    found: [/flat, 1402 bars/, /coarse ticks, .* ticks of 1e-8, 20 % of the price/],
  },
  onebar: tooShort(1),
  headonly: tooShort(0),
  ten: { bars: 10, untrained: needs(10), tooFew: common(10) },
  empty: { refused: /BTCUSDT\.csv\.gz line 1: expected the columns .*, got an empty file/ },
  trunc: { refused: /BTCUSDT\.csv\.gz: the file is truncated .*; copy it here again, whole/ },
  notgz: { refused: /BTCUSDT\.csv\.gz: not a sound gzip file .*; name it \.csv if it is plain text/ },
};

tried("every case is here", () => {
  const own = Object.keys(EXPECTED).filter((name) => EXPECTED[name]!.folder === undefined);
  expect(own.sort()).toEqual(readdirSync(cases).sort());
  expect(own).toHaveLength(42);
});

/** The refusal of a door, where the case has one for it. */
function refusalOf(door: string, { refused, untrained, tooFew }: Case): RegExp | undefined {
  if (door === "vitrade prepare" && untrained) return untrained;
  return (door === "openMarket that needs bars" ? tooFew : undefined) ?? refused;
}

tried.each(Object.keys(EXPECTED).flatMap((name) => Object.keys(DOORS).map((door) => [name, door] as const)))(
  "%s at %s: the same bars and one line of what was recognised, or the same refusal",
  async (name, door) => {
    const expected = EXPECTED[name]!;
    const market = join(cases, expected.folder ?? name);
    const { bars, said, refused } = await DOORS[door]!(market, expected.symbol ?? "BTCUSDT");
    const refusal = refusalOf(door, expected);
    if (refusal) {
      expect(refused).toMatch(refusal);
      return;
    }
    expect(refused).toBeUndefined();
    if (expected.bars === "equal") expectPlain(bars!, name === "sci" ? 1e-11 : 0);
    else expect(bars!.close.filter(Number.isFinite)).toHaveLength(expected.bars!); // in a dataset a hole is NaN
    const looks = door !== "the reader of a folder";
    const wanted = [
      ...(expected.file === undefined ? [] : [expected.file]),
      ...(looks ? (expected.found ?? []) : []),
    ];
    expect(said).toEqual(
      wanted.map((line) => (typeof line === "string" ? line : expect.stringMatching(line))),
    );
  },
);

/** Bars of the plain file: times are equal, and numbers but for what their text leaves out. */
function expectPlain(bars: Bars, most: number): void {
  expect({ stepMs: bars.stepMs, openTime: [...bars.openTime] }).toEqual({
    stepMs: plain.stepMs,
    openTime: [...plain.openTime],
  });
  for (const name of ["open", "high", "low", "close", "volume"] as const) {
    const off = plain[name].map((value, t) => Math.abs(bars[name][t]! / value - 1));
    expect(Math.max(...off)).toBeLessThanOrEqual(most);
  }
}

tried("plain text of 200 bars is trained on where the windows are short enough", async () => {
  const settings = join(folder, "short.yaml");
  writeFileSync(settings, "data: { sequenceLength: 12, predictionHorizon: 2 }\n");
  vi.spyOn(process.stdout, "write").mockImplementation(() => true);
  const out = join(folder, "short.dataset");
  const words = ["prepare", "--market", join(cases, "plaincsv"), "--symbols", "BTCUSDT", "--no-flow"];
  expect(await runProgram([...words, "--config", settings, "--out", out])).toBe(0);
  expect((await readDataset(out)).bars[0]!.openTime).toEqual(plain.openTime.slice(0, 200));
});
