/** What is odd about a series is said: jumps that stay, stretches that stand still, ticks, lost hours; and nothing is said of sound bars. */
import { expect, test } from "vitest";
import { key } from "../../../lib/core/random.js";
import type { Bars } from "../../../lib/core/types.js";
import { alignBars, alignmentLines } from "../../../lib/market/bars.js";
import { clean } from "../../../lib/market/clean.js";
import { findings } from "../../../lib/market/files/findings.js";
import { openMarket } from "../../../lib/market/open.js";
import { simulate } from "../../../lib/market/simulate/simulate.js";
import { temporaryFolder } from "../../live/paperFixtures.js";
import { csv, HOUR, type Row, rescaled, save, walk } from "../cases.js";

const rows = walk();
const column = (from: readonly Row[], c: number) => Float64Array.from(from, (row) => row[c]!);

function barsOf(from: readonly Row[], symbol = "BTCUSDT"): Bars {
  const [openTime, open, high, low, close, volume] = [0, 1, 2, 3, 4, 5].map((c) => column(from, c)) as [
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  return { symbol, stepMs: HOUR, openTime, open, high, low, close, volume };
}

const still = (from: number, to: number): Row[] =>
  rows.map((row, i) => {
    const price = rows[from - 1]![4];
    return i >= from && i < to ? [row[0], price, price, price, price, 0] : row;
  });

test("sound bars have no findings: a walk, small prices, and every simulated asset", () => {
  expect(findings(barsOf(rows))).toEqual([]);
  expect(findings(barsOf(walk(1500, rows[0]![0], 1e-8 / 40_000)))).toEqual([]);
  for (const seed of [1, 2, 2024]) {
    const { bars } = simulate({ symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"], bars: 6000, key: key(seed) });
    for (const own of bars) expect(findings(own), own.symbol).toEqual([]);
  }
});

test.each([
  [0.1, 900],
  [1000, 900],
  [2, 60],
])("a price level that is %d times another from bar %d on is a jump, with both sides", (factor, at) => {
  const { report } = clean(barsOf(rescaled(rows, at, factor)));
  const [before, after] = [rows[at - 1]![4], rows[at]![4] * factor];
  expect(report.filter(({ found }) => found === "jump")).toEqual([
    {
      ...{ symbol: "BTCUSDT", found: "jump", bars: 1 },
      example: `${new Date(rows[at]![0]).toISOString()} close ${before} → ${after} (×${(after / before).toPrecision(3)})`,
    },
  ]);
});

test("a jump over a hole is one too; a print that comes back is none; a fall bar by bar is none", () => {
  const holed = rescaled(rows, 900, 0.1).filter((_, i) => i < 880 || i >= 900);
  expect(clean(barsOf(holed)).report.filter(({ found }) => found === "jump")).toHaveLength(1);
  const spike = rows.map(
    (row, i): Row => (i === 700 ? [row[0], row[1] * 3, row[2] * 3, row[3] * 3, row[4] * 3, row[5]] : row),
  );
  expect(findings(barsOf(spike))).toEqual([]);
  const falling = rows.map(([time, ...prices], i) => {
    const by = Math.exp(-0.045 * Math.max(0, i - 1000));
    return [time, ...prices.map((price, c) => (c < 4 ? price * by : price))] as Row;
  });
  expect(findings(barsOf(falling))).toEqual([]);
});

test("stretches without a move or volume are counted with the first bar", () => {
  const found = findings(barsOf(still(400, 900)));
  expect(found).toMatchObject([
    { found: "flat", bars: 500 },
    { found: "no volume", bars: 500 },
  ]);
  expect(found[0]!.example).toBe(`${new Date(rows[400]![0]).toISOString()} 500 bars at ${rows[399]![4]}`);
  const quiet = rows.map(
    (row, i): Row => [row[0], row[1], row[2], row[3], row[4], i >= 400 && i < 900 ? 0 : row[5]],
  );
  expect(findings(barsOf(quiet))).toMatchObject([{ found: "no volume", bars: 500 }]);
});

test("prices whose usual move is one tick of a hundredth and more are told with the tick", () => {
  const ticks = rows.map(([time, ...prices]) => {
    const [open, high, low, close] = prices.map((price) => Math.max(1, Math.round(price / 8000)) * 1e-8) as [
      number,
      number,
      number,
      number,
      number,
    ];
    return [time, open, Math.max(high, open, close), Math.min(low, open, close), close, prices[4]] as Row;
  });
  expect(findings(barsOf(ticks)).map(({ found }) => found)).toContain("coarse ticks");
});

test("an hour that is not there once is named as a likely change of clocks; many such holes are holes", () => {
  const holes = (from: readonly Row[]) => clean(barsOf(from)).report.filter(({ bars }) => bars > 0);
  const later = (row: Row): Row => [row[0] + HOUR, row[1], row[2], row[3], row[4], row[5]];
  const first = new Date(rows[700]![0]).toISOString();
  expect(holes(rows.map((row, i) => (i >= 700 ? later(row) : row)))).toMatchObject([
    { found: "missing", bars: 1, example: `${first} an hour: perhaps a change of clocks, times must be UTC` },
  ]);
  expect(holes(rows.filter((_, i) => i % 100 !== 99))).toMatchObject([
    { found: "missing", bars: 14, example: new Date(rows[99]![0]).toISOString() },
  ]);
});

test("openMarket says what was recognised, what is odd and what aligning left out", async () => {
  const folder = save(temporaryFolder(), "two", csv(rescaled(rows, 900, 0.1), { time: (t) => t / 1000 }));
  save(folder, ".", csv(rows.slice(600)), "ETHUSDT.csv.gz");
  const said: string[] = [];
  const { bars } = await openMarket({
    folder,
    symbols: ["BTCUSDT", "ETHUSDT"],
    now: Date.UTC(2026, 0, 1),
    say: (line) => said.push(line),
  });
  expect(bars[0]!.openTime).toHaveLength(900);
  expect(said).toEqual([
    "BTCUSDT.csv.gz: times in seconds",
    expect.stringMatching(/^BTCUSDT: jump, 1 bars, the first 2025-01-09T12:00:00.000Z close /),
    "BTCUSDT: 600 of 1500 bars left out, as not every symbol has them: 600 before another symbol begins",
  ]);
});

test("the union keeps every bar of every symbol, and what one lacks is a hole", () => {
  const [btc, eth] = [barsOf(rows), barsOf(rows.slice(600, 1400), "ETHUSDT")];
  const { bars, report } = alignBars([btc, eth], "union");
  expect(bars[0]).toEqual(btc);
  expect(bars[1]!.openTime).toEqual(btc.openTime);
  expect(bars[1]!.close.subarray(600, 1400)).toEqual(eth.close);
  expect(bars[1]!.close.filter(Number.isNaN)).toHaveLength(700);
  expect(alignmentLines(report)).toEqual([]);
  expect(alignmentLines(alignBars([btc, eth]).report)).toEqual([
    "BTCUSDT: 700 of 1500 bars left out, as not every symbol has them: 600 before another symbol begins, 100 after another ends",
  ]);
});
