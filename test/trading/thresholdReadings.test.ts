import { expect, test } from "vitest";
import { core, plot, trading } from "../../lib/index.js";
import { simulatedMarket } from "../support/simulatedMarket.js";

const rows = 50;
const draws = 20;
const of = (value: (s: number, n: number) => number) =>
  Float64Array.from({ length: draws * rows }, (_, i) => value(Math.floor(i / rows), i % rows));
const forecast = core.forecastOf(
  { draws, mean: of((s) => (s < 19 ? 1e-4 : -1e-4)), variance: of(() => 1e-4) },
  {
    asset: new Uint16Array(rows),
    decidedAt: Float64Array.from({ length: rows }, (_, n) => 3_600_000 * n),
    names: ["A"],
  },
);

test("draws that agree on a sign trade by the means at every threshold, and never by the return, whose noise is a hundred times as large", () => {
  const readings = trading.thresholdReadings(forecast, [0.55, 0.7]);
  expect(readings.map(({ threshold, reads }) => `${reads} ${threshold}`)).toEqual([
    ...["means 0.55", "return 0.55", "means 0.7", "return 0.7"],
  ]);
  const table = trading.readingRows(readings, new Float64Array(rows).fill(0.01));
  expect(table.map(({ long }) => long)).toEqual([1, 0, 1, 0]);
  expect(table[0]!.claimed).toBeCloseTo(0.95, 12);
  expect(table[0]!.right).toBe(1);
  expect(table[3]!.right).toBeNaN();
});

test("the slider has a place a threshold and starts where it is told", () => {
  const readings = trading.thresholdReadings(forecast, [0.55, 0.7]);
  const { layout } = plot.signalSlider({ title: "A", asset: 0, readings, start: 0.7 });
  const [slider] = layout.sliders as { active: number; steps: { label: string }[] }[];
  expect(slider!.steps.map(({ label }) => label)).toEqual(["0.55", "0.7"]);
  expect(slider!.active).toBe(1);
  expect(() => plot.signalSlider({ title: "A", asset: 0, readings, start: 0.6 })).toThrow("0.6");
});

test("a rule less itself is zero with an interval of no width, and without true means the expected difference is unknown", () => {
  const market = simulatedMarket({ symbols: ["BTCUSDT"], bars: 900 });
  const time = market.bars[0]!.openTime.map((open) => open + market.stepMs).slice(0, 800);
  const held = (weight: (t: number) => number) => ({
    ...{ time, names: ["BTCUSDT"] },
    values: Float64Array.from(time, (_, t) => weight(t)),
  });
  const ledger = (weight: (t: number) => number) =>
    trading.backtest(held(weight), market, { costs: trading.BYBIT_COSTS });
  const hold = { rule: "hold", ledger: ledger(() => 0.5) };
  const swing = { rule: "swing", ledger: ledger((t) => (t % 9 < 4 ? 0.5 : -0.5)) };
  const options = { key: core.key(1), replicates: 100, meanBlock: 24 };
  const [same, other] = trading.differenceRows(hold, [hold, swing], market, options);
  expect(same).toEqual({ "less rule": "hold", Sharpe: 0, "± Sharpe": 0, expected: 0, "± expected": 0 });
  expect(other!.Sharpe).toBeGreaterThan(0); // swing pays costs every few hours
  expect(other!.expected).toBeGreaterThan(0);
  const unknown = trading.differenceRows(hold, [swing], { bars: market.bars }, options)[0]!;
  expect(unknown.Sharpe).toBe(other!.Sharpe);
  expect(unknown.expected).toBeNaN();
});
