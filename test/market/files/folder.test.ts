import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import { listSymbols, readFolder } from "../../../lib/market/files/folder.js";
import { describeMarket, openMarket } from "../../../lib/market/open.js";

const header = "timestamp,open,high,low,close,volume";
const first = "1704067200000,100,110,90,105,3.5";
const second = "1704070800000,105,106,104.5,105.5,1e2";
const third = "1704078000000,105.5,107,105,106,0";
let folder = "";

const put = (symbol: string, content: string | Buffer) =>
  writeFile(
    join(folder, `${symbol}.csv.gz`),
    typeof content === "string" ? gzipSync(content, { level: 0 }) : content,
  );
const putLines = (symbol: string, ...lines: string[]) => put(symbol, `${lines.join("\n")}\n`);

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "market-"));
  await putLines("AAAUSDT", header, first, second, third);
  await putLines("BBBUSDT", header, second, third.replace("8000000", "4400000"), third);
  await writeFile(join(folder, "README.md"), "not a market");
});

afterAll(() => rm(folder, { recursive: true }));

test("the numbers of a file arrive as they are written", async () => {
  const [bars] = await readFolder(folder, ["AAAUSDT"]);
  expect(bars).toEqual({
    symbol: "AAAUSDT",
    stepMs: 3_600_000,
    openTime: Float64Array.of(1704067200000, 1704070800000, 1704078000000),
    open: Float64Array.of(100, 105, 105.5),
    high: Float64Array.of(110, 106, 107),
    low: Float64Array.of(90, 104.5, 105),
    close: Float64Array.of(105, 105.5, 106),
    volume: Float64Array.of(3.5, 100, 0),
  });
});

test("a market of a folder is aligned, named by the folder and has no truth", async () => {
  const market = await openMarket({ folder, symbols: ["AAAUSDT", "BBBUSDT"] });
  expect(market).toMatchObject({ source: basename(folder), simulated: false, stepMs: 3_600_000 });
  expect(market.truth).toBeUndefined();
  expect(describeMarket(market)[1]).toEqual({
    source: basename(folder),
    symbol: "BBBUSDT",
    interval: "1h",
    first: "2024-01-01T01:00Z",
    last: "2024-01-01T03:00Z",
    rows: 2,
    gaps: 1,
  });
  const latest = await openMarket({ folder, symbols: ["AAAUSDT"], bars: 2 });
  expect(Array.from(latest.bars[0]!.close)).toEqual([105.5, 106]);
});

test.each([
  [
    "another header",
    ["time,open,high,low,close,volume", first],
    "FAULT.csv.gz line 1: expected the columns timestamp",
  ],
  ["no line at all", [], "FAULT.csv.gz line 1: expected the columns timestamp"],
  ["a single bar", [header, first], "FAULT.csv.gz: expected at least two bars, got 1"],
  ["a missing field", [header, first, "1704070800000,105,106,104,105"], "line 3: expected 6 fields, got 5"],
  [
    "an empty field",
    [header, first, "1704070800000,105,106,104,,9"],
    'line 3: expected a finite number for close, got ""',
  ],
  [
    "NaN",
    [header, first, "1704070800000,105,NaN,104,105,9"],
    'line 3: expected a finite number for high, got "NaN"',
  ],
  ["an overflow", [header, first, "1704070800000,105,1e999,104,105,9"], 'for high, got "1e999"'],
  ["a space", [header, first, "1704070800000, 105,106,104,105,9"], 'for open, got " 105"'],
  ["an empty line inside", [header, first, "", second], "line 3: expected 6 fields, got 1"],
  [
    "a time twice with other prices",
    [header, first, first.replace("105", "104"), second],
    "FAULT.csv.gz lines 2 and 3: expected one bar at 2024-01-01T00:00:00.000Z, got two that differ, close 105 and 104",
  ],
  [
    "a time off the step",
    [header, first, second, second.replace("0800000", "6199999")],
    "line 4: expected a multiple of the step",
  ],
  [
    "a high too low",
    [header, first, "1704070800000,105,104,103,105,9"],
    "line 3: expected a high of at least 105, got 104",
  ],
  [
    "a low too high",
    [header, first, "1704070800000,105,107,106,105,9"],
    "line 3: expected a low of at most 105, got 106",
  ],
  [
    "a negative volume",
    [header, first, "1704070800000,105,107,103,105,-9"],
    "line 3: expected a volume of at least 0, got -9",
  ],
  [
    "a price of zero",
    [header, first, "1704070800000,105,107,0,105,9"],
    "line 3: expected a positive low, got 0",
  ],
])("%s is refused with its line", async (_, lines, message) => {
  await putLines("FAULT", ...lines);
  await expect(readFolder(folder, ["FAULT"])).rejects.toThrow(message);
});

test("a truncated file is named and never half-read", async () => {
  const whole = gzipSync(`${[header, first, second, third].join("\n")}\n`);
  await put("CUT", whole.subarray(0, whole.length - 12));
  await expect(readFolder(folder, ["CUT"])).rejects.toThrow("CUT.csv.gz: the file is truncated");
  await put("PLAIN", Buffer.from(header));
  await expect(readFolder(folder, ["PLAIN"])).rejects.toThrow("PLAIN.csv.gz: not a sound gzip file");
  for (const name of ["CUT", "PLAIN"]) await rm(join(folder, `${name}.csv.gz`));
});

test("a symbol that is not there names those that are", async () => {
  await rm(join(folder, "FAULT.csv.gz"), { force: true });
  expect(await listSymbols(folder)).toContain("AAAUSDT");
  await expect(openMarket({ folder, symbols: ["AAAUSDT", "XYZ"] })).rejects.toThrow(
    /^XYZ: not in the folder market-.*which holds AAAUSDT, BBBUSDT/,
  );
});

test("a folder that is not there says so", async () => {
  await expect(openMarket({ folder: join(folder, "nowhere") })).rejects.toThrow("there is no such folder");
});

test("of the preferred symbols those that are there are taken, and others in the place of those that are not", async () => {
  const symbolsFor = async (query: object) => (await openMarket({ folder, ...query })).symbols;
  expect(await symbolsFor({ prefer: ["BBBUSDT", "XYZ"] })).toEqual(["BBBUSDT", "AAAUSDT"]);
  expect(await symbolsFor({ prefer: ["BBBUSDT"] })).toEqual(["BBBUSDT"]);
  expect(await symbolsFor({})).toEqual(["AAAUSDT", "BBBUSDT"]);
});

test("too few symbols or common bars are refused with what is needed and what is there", async () => {
  const ask = (query: object) => openMarket({ folder, ...query });
  await expect(ask({ atLeast: 3, minBars: 100 })).rejects.toThrow(
    /^expected at least 3 symbols with 100 bars at times common to all, but market-\S+ has AAAUSDT, BBBUSDT$/,
  );
  await expect(ask({ atLeast: 2, minBars: 3 })).rejects.toThrow(
    /^expected at least 2 symbols with 3 bars .* has 2 bars common to its symbols \(AAAUSDT 3, BBBUSDT 3\)$/,
  );
  expect((await ask({ atLeast: 2, minBars: 2 })).bars[0]!.close).toHaveLength(2);
});
