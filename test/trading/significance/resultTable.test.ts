/** Results of accounts with their intervals. */
import { expect, test } from "vitest";
import { key, normals } from "../../../lib/core/index.js";
import { backtest, NO_COSTS } from "../../../lib/trading/backtest/index.js";
import { resultTable } from "../../../lib/trading/significance/resultTable.js";

const count = 400;
const close = Float64Array.from(normals(key("results"), count), (_, t) => 100 * 1.001 ** (t + 1));
const open = Float64Array.from(close, (_, t) => 100 * 1.001 ** t);
const bars = [
  {
    ...{
      symbol: "A",
      stepMs: 3_600_000,
      openTime: Float64Array.from({ length: count }, (_, t) => t * 3_600_000),
    },
    ...{ open, close, high: close, low: open, volume: new Float64Array(count).fill(1) },
  },
];
const weights = (w: number) => ({
  ...{ time: bars[0]!.openTime.map((t) => t + 3_600_000), names: ["A"] },
  values: new Float64Array(count).fill(w),
});
const options = { key: key("resampled"), replicates: 200, meanBlock: 24, level: 0.9 };

test("a price that rises by a thousandth a bar compounds, and leaves nothing to chance but the first bar", () => {
  const costs = { ...NO_COSTS, takerBps: 10 };
  const ledger = backtest(weights(1), bars, { costs, capital: 1000, rebalance: "when changed" });
  const flat = backtest(weights(0), bars, { costs, capital: 1000, rebalance: "when changed" });
  const [held, none] = resultTable({ held: ledger, none: flat }, options);
  expect(held!.result).toBeCloseTo(100 * (ledger.equity.at(-1)! / 1000 - 1), 9);
  expect(held!.result).toBeCloseTo(100 * (1.001 ** (count - 1) * (1 - 0.001) - 1), 0);
  expect(held!.lower).toBeLessThanOrEqual(held!.result);
  expect(held!.upper).toBeGreaterThanOrEqual(held!.result);
  expect(held!.upper - held!.lower).toBeLessThan(2);
  expect(held!.turnover).toBeCloseTo(1, 2);
  expect(held!.costs).toBeCloseTo(0.1, 3); // ten basis points, once
  expect(none).toEqual({ account: "none", result: 0, lower: 0, upper: 0, turnover: 0, costs: 0 });
});
