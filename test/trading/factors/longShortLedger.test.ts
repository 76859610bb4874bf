/** The backtest of a long–short signal: sides, sizes, and what is earned. */
import { expect, test } from "vitest";
import { type core, trading } from "../../../lib/index.js";

const HOUR = 3_600_000;
const openTime = Float64Array.from({ length: 8 }, (_, t) => t * HOUR);
const flat = (symbol: string, growth: number): core.Bars => {
  const open = openTime.map((_, t) => 100 * (1 + growth) ** t);
  const close = open.map((v) => v * (1 + growth));
  const high = close.map((v, t) => Math.max(v, open[t]!));
  const low = close.map((v, t) => Math.min(v, open[t]!));
  return { symbol, stepMs: HOUR, openTime, open, high, low, close, volume: openTime.map(() => 1) };
};
const bars = [flat("A", 0.01), flat("B", 0), flat("C", -0.01), flat("D", 0)];
const time = Float64Array.of(2 * HOUR, 4 * HOUR);
const signal = { time, names: ["A", "B", "C", "D"], values: Float64Array.of(9, 2, 1, 3, 9, 2, 1, 3) };

test("half the equity is long the highest and half short the lowest; both sides earn", () => {
  const { weights, equity } = trading.factors.longShortLedger(signal, bars, {
    costs: trading.NO_COSTS,
    quantile: 0.25,
  });
  const row = Array.from(weights.values.subarray(4, 8));
  expect(Math.abs(row[0]!)).toBeCloseTo(0.5, 1);
  expect(row[2]!).toBeLessThan(0);
  expect(row[1]).toBe(0);
  expect(equity.at(-1)!).toBeGreaterThan(equity[0]!);
});

test("the opposite signal loses, and costs take from either", () => {
  const against = { ...signal, values: signal.values.map((v) => -v) };
  const last = (of: core.Panel, costs: trading.Costs) =>
    trading.factors.longShortLedger(of, bars, { costs }).equity.at(-1)!;
  expect(last(against, trading.NO_COSTS)).toBeLessThan(1);
  expect(last(signal, trading.BYBIT_COSTS)).toBeLessThan(last(signal, trading.NO_COSTS));
});
