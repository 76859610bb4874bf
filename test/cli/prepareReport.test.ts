/** `vitrade prepare` on bars as users have them: what it found is in its report, and what cannot be trained on is refused. */
import { join } from "node:path";
import { expect, test } from "vitest";
import { prepareLines } from "../../lib/cli/prepare.js";
import { type PrepareOptions, prepare } from "../../lib/cli/tasks/sources/prepare.js";
import { barsNeeded } from "../../lib/cli/tasks/sources/windows.js";
import { temporaryFolder } from "../live/paperFixtures.js";
import { csv, type Row, rescaled, START, save, walk } from "../market/cases.js";

const folder = temporaryFolder();
const rows = walk();
const settings = {
  ...{ sequenceLength: 60, predictionHorizon: 5, stride: 5, threshold: 0.7 },
  fractions: { train: 0.6, validation: 0.2, test: 0.2 },
};
let count = 0;

function prepared(files: Readonly<Record<string, string>>, own: Partial<PrepareOptions> = {}) {
  const market = join(folder, String(count++));
  for (const [symbol, text] of Object.entries(files)) save(market, ".", text, `${symbol}.csv.gz`);
  const source = {
    market,
    symbols: Object.keys(files),
    interval: "60",
    category: "linear",
    seed: 1,
    now: Date.UTC(2026, 0, 1),
  };
  return prepare({ source, settings, withoutFlow: true, out: join(market, "a.dataset"), ...own });
}

const quiet = (from: number, to: number) =>
  rows.map(([t, o, h, l, c, v], i): Row => [t, o, h, l, c, i >= from && i < to ? 0 : v]);

test("windows that a feature takes away are counted with symbol, feature and bars", async () => {
  const whole = await prepared({ BTCUSDT: csv(rows) });
  const holed = await prepared({ BTCUSDT: csv(quiet(400, 900)) });
  const windows = (report: typeof whole) =>
    report.parts.reduce((sum, part) => sum + part.windows, report.leftOut);
  expect(whole.lost).toEqual([]);
  expect(holed.lost).toMatchObject([{ symbol: "BTCUSDT", reason: "log volumeRatio20" }]);
  expect(holed.lost[0]!.windows).toBe(windows(whole) - windows(holed));
  expect(holed.lost[0]!.bars).toBeGreaterThanOrEqual(500);
  expect(prepareLines(holed).join("\n")).toMatch(/windows lost\nsymbol +reason +windows +bars\nBTCUSDT/);
  const gap = await prepared({ BTCUSDT: csv(rows.filter((_, i) => i < 700 || i >= 760)) });
  expect(gap.lost).toMatchObject([
    { reason: "missing bars", windows: windows(whole) - windows(gap), bars: 60 },
  ]);
});

test("bars without any volume or move are refused with symbol and feature", async () => {
  await expect(prepared({ BTCUSDT: csv(quiet(0, 1500)) })).rejects.toThrow(
    /BTCUSDT: expected windows in every part, got none at all;.*BTCUSDT loses \d+ windows to log volumeRatio20/,
  );
  const flat = rows.map(
    ([t], i): Row => (i === 0 ? rows[0]! : [t, rows[0]![4], rows[0]![4], rows[0]![4], rows[0]![4], 1]),
  );
  await expect(prepared({ BTCUSDT: csv(flat) })).rejects.toThrow(
    /BTCUSDT loses \d+ windows to log volatility20, which has no value at \d+ bars/,
  );
});

test("the bars that are said to be needed suffice, and one less does not", async () => {
  for (const own of [settings, { ...settings, stride: 1 }, { ...settings, sequenceLength: 24, stride: 7 }]) {
    const needed = barsNeeded(own);
    const report = await prepared({ BTCUSDT: csv(walk(needed)) }, { settings: own });
    for (const { windows } of report.parts) expect(windows).toBeGreaterThan(0);
    await expect(prepared({ BTCUSDT: csv(walk(needed - 1)) }, { settings: own })).rejects.toThrow(
      `BTCUSDT.csv.gz: expected at least ${needed.toLocaleString("en")} bars, got ${needed - 1}`,
    );
  }
});

test("400 weekly bars leave no empty part unsaid", async () => {
  const weeks = walk(400, Date.UTC(2018, 0, 1), 1, 7 * 86_400_000);
  await expect(prepared({ BTCUSDT: csv(weeks) })).rejects.toThrow(
    `expected at least ${barsNeeded(settings)} bars`,
  );
  const holed = walk(barsNeeded(settings) + 40).filter((_, i) => i % 100 !== 99);
  await expect(prepared({ BTCUSDT: csv(holed) })).rejects.toThrow(
    /BTCUSDT: expected windows in every part, got none.* need at least \d+ bars without holes, there are \d+; BTCUSDT loses \d+ windows to \d+ missing bars/,
  );
});

test("what aligning drops is said, and the union keeps it", async () => {
  const files = { BTCUSDT: csv(rows), ETHUSDT: csv(rows.slice(600)) };
  const common = await prepared(files);
  expect(common.notes).toEqual([
    "BTCUSDT: 600 of 1500 bars left out, as not every symbol has them: 600 before another symbol begins",
  ]);
  expect(prepareLines(common).join("\n")).toContain(common.notes[0]);
  const union = await prepared(files, { align: "union" });
  expect(union.notes).toEqual([]);
  expect(union.bars).toMatchObject([
    { symbol: "BTCUSDT", rows: 1500, missing: 0 },
    { symbol: "ETHUSDT", rows: 900, missing: 600 },
  ]);
});

test("another unit of time and a level that jumps are said", async () => {
  const text = csv(rescaled(rows, 900, 1000), { time: (t) => t / 1000 });
  const report = await prepared({ BTCUSDT: text });
  expect(report.notes).toEqual(["BTCUSDT.csv.gz: times in seconds"]);
  expect(report.bars[0]!.first).toBe(new Date(START).toISOString().replace(":00.000Z", "Z"));
  expect(report.cleaning).toMatchObject([
    { found: "jump", bars: 1, example: expect.stringMatching(/close .* → .* \(×\d+/) },
  ]);
});
