import { expect, test } from "vitest";
import { fold, key, normals } from "../../../../lib/core/random.js";
import { correlation, mean } from "../../../../lib/core/stats.js";
import type { Panel } from "../../../../lib/core/types.js";
import { characteristics } from "../../../../lib/features/characteristics.js";
import { returnMatrix } from "../../../../lib/features/returnMatrix.js";
import {
  descaled,
  fitMarketScale,
  marketScale,
} from "../../../../lib/features/windows/inputs/marketScale.js";
import { simulate } from "../../../../lib/market/simulate/simulate.js";

const HOUR = 3_600_000;
const root = key("market scale");
const options = { stepMs: HOUR };
const panelOf = (rows: number, size: (t: number) => number): Panel => ({
  time: Float64Array.from({ length: rows }, (_, t) => Date.UTC(2024, 0, 1) + (t + 1) * HOUR),
  names: ["A", "B", "C"],
  values: normals(root, rows * 3).map((e, i) => 0.01 * size(Math.floor(i / 3)) * e),
});

test("a market of constant volatility has a constant scale, and a planted hour of the day is found", () => {
  const calm = panelOf(8000, (t) => (t % 24 === 14 ? 2 : 1));
  const scale = marketScale(fitMarketScale(calm, 6000, options), calm).subarray(6000);
  const at = (loud: boolean) => scale.filter((_, t) => ((t + 6000) % 24 === 14) === loud);
  expect(mean(at(true)) / mean(at(false))).toBeCloseTo(2, 0);
  const quiet = at(false);
  expect(Math.sqrt(mean(quiet.map((v) => (v / mean(quiet) - 1) ** 2)))).toBeLessThan(0.2);
});

test("on the simulated market it follows the true volatility, and what is descaled is of even size", () => {
  const { bars, truth } = simulate({ symbols: ["BTCUSDT", "ETHUSDT", "SOLUSDT"], bars: 6000, key: root });
  const returns = returnMatrix(bars, "log");
  const model = fitMarketScale(returns, 4000, options);
  const scale = marketScale(model, returns);
  const truly = truth.marketVolatility.subarray(1);
  expect(correlation(scale.subarray(4000).map(Math.log), truly.subarray(4000).map(Math.log))).toBeGreaterThan(
    0.55,
  );
  const even = descaled(model, returns, scale).values.map((v) => v * v);
  expect(mean(even.subarray(300))).toBeGreaterThan(0.7);
  expect(mean(even.subarray(300))).toBeLessThan(1.5);
});

test("changing tomorrow's returns leaves today's scale, and the fit on earlier rows, as they were", () => {
  const returns = panelOf(3000, (t) => 1 + 0.5 * Math.sin(t / 50));
  const poked = { ...returns, values: returns.values.map((v, i) => (i >= 2500 * 3 ? 9 * v : v)) };
  const [before, after] = [returns, poked].map((r) => marketScale(fitMarketScale(r, 2000, options), r));
  expect(after!.subarray(0, 2501)).toEqual(before!.subarray(0, 2501));
  expect(after![2501]).not.toBe(before![2501]);
});

test("a bar with a hole is skipped and the scale goes on", () => {
  const returns = panelOf(2000, () => 1);
  returns.values[3 * 1500] = Number.NaN;
  const scale = marketScale(fitMarketScale(returns, 1400, options), returns);
  expect(scale.every(Number.isFinite)).toBe(true);
  expect(() => fitMarketScale(returns, 500, options)).toThrow(/1000/);
});

// VF-03
test("characteristics of an asset are those of its window, and tomorrow's bar does not change them", () => {
  const { bars } = simulate({ symbols: ["BTCUSDT", "WIFUSDT"], bars: 60, key: fold(root, "c") });
  const { size, momentum, lowVolatility } = characteristics(bars, 24);
  const t = 40;
  expect(momentum.values[2 * t]!).toBeCloseTo(Math.log(bars[0]!.close[t]! / bars[0]!.close[t - 24]!), 12);
  expect(size.values[2 * t + 1]!).toBeGreaterThan(size.values[2 * t]!); // the smaller coin
  expect(lowVolatility.values[2 * t + 1]!).toBeLessThan(lowVolatility.values[2 * t]!); // the wilder one
  expect(Number.isNaN(momentum.values[2 * 23]!)).toBe(true);
  const poked = bars.map((b) => ({
    ...b,
    close: b.close.map((p, i) => (i > t ? 7 * p : p)),
    volume: b.volume.map((v, i) => (i > t ? 0.1 * v : v)),
  }));
  const again = characteristics(poked, 24);
  expect(again.momentum.values.subarray(0, 2 * t + 2)).toEqual(momentum.values.subarray(0, 2 * t + 2));
  expect(again.size.values.subarray(0, 2 * t + 2)).toEqual(size.values.subarray(0, 2 * t + 2));
});
