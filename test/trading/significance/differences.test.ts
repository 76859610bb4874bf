import { expect, test } from "vitest";
import { core, market, plot, trading } from "../../../lib/index.js";

const root = core.key("differences");

test("two series are compared by their difference: shared luck leaves the interval short", () => {
  const luck = core.normals(core.fold(root, "luck"), 2000).map((v) => 10 * v);
  const noise = core.normals(core.fold(root, "noise"), 2000);
  const better = luck.map((v, t) => v + 0.2 + 0.1 * noise[t]!);
  const { estimate, lower, upper } = trading.significance.meanDifference(better, luck, { key: root });
  expect(Math.abs(estimate - 0.2)).toBeLessThan((4 * 0.1) / Math.sqrt(2000));
  expect(lower).toBeGreaterThan(0.19);
  expect(upper).toBeLessThan(0.21);
  expect(() => trading.significance.meanDifference(better, [1], { key: root })).toThrow(/b/);
});

test("an interval is written with its ends, each to two digits", () => {
  expect(plot.interval({ estimate: 0.1234, lower: -0.01, upper: 0.256 })).toBe("0.12 (−0.010 to 0.26)");
});

test("the annual Sharpe ratio of a ledger is that of its summary, inside its interval", async () => {
  const source = await market.open({ symbols: ["BTCUSDT", "ETHUSDT"], bars: 1000, folder: "simulated" });
  const time = source.bars[0]!.openTime.slice(0, -1).map((t) => t + source.stepMs);
  const weights = trading.factors.constantPanel([0.5, 0.5], { time, names: source.symbols });
  const ledger = trading.backtest(weights, source, { costs: trading.BYBIT_COSTS, rebalance: { band: 0.02 } });
  const { sharpe, lower, upper, totalReturn } = trading.significance.annualSharpe(ledger, { key: root });
  const summary = trading.summarise(ledger);
  expect(sharpe).toBeCloseTo(summary.sharpe, 6);
  expect(totalReturn).toBeCloseTo(summary.totalReturn, 10);
  expect(lower).toBeLessThan(sharpe);
  expect(upper).toBeGreaterThan(sharpe);
});
