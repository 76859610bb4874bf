/** The backtest of a signal of one asset. */
import { expect, test } from "vitest";
import { backtestSignal } from "../../../lib/trading/backtest/backtestSignal.js";
import { NO_COSTS } from "../../../lib/trading/backtest/costs.js";

const close = Float64Array.from([10, 11, 12, 6]);
const open = Float64Array.from([10, 10, 11, 12]);
const bars = {
  ...{ symbol: "A", stepMs: 1000, openTime: Float64Array.from([0, 1000, 2000, 3000]), open, close },
  ...{ high: close.map((c, t) => Math.max(c, open[t]!)), low: close.map((c, t) => Math.min(c, open[t]!)) },
  volume: new Float64Array(4).fill(1),
};
const account = { costs: NO_COSTS, capital: 1, rebalance: "when changed" } as const;

test("what is said at a close is held from the next open on", () => {
  const { equity } = backtestSignal(([own]) => own!.map((_, t) => (t === 1 ? 1 : 0)), bars, account);
  expect([...equity]).toEqual([1, 1, 12 / 11, 12 / 11]); // bought at 11, sold at 12
});

test("a signal that writes into its input leaves the bars as they were, and one of another length is refused", () => {
  backtestSignal(([own]) => own!.fill(0), bars, account);
  expect([...bars.close]).toEqual([10, 11, 12, 6]);
  expect(() => backtestSignal(() => new Float64Array(3), bars, account)).toThrow(/signal/);
});
