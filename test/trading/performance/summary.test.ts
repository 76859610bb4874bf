import { expect, test } from "vitest";
import { key, normals } from "../../../lib/core/random.js";
import { mean, standardDeviation, sum } from "../../../lib/core/stats.js";
import { backtest } from "../../../lib/trading/backtest/backtest.js";
import {
  BYBIT_FEES,
  type Costs,
  constantFunding,
  NO_COSTS,
  roundTripBps,
} from "../../../lib/trading/backtest/costs.js";
import { type BacktestLedger, ledgerReturns } from "../../../lib/trading/backtest/ledger.js";
import { performance } from "../../../lib/trading/performance/metrics.js";
import { sharpeRatio, sortinoRatio } from "../../../lib/trading/performance/returns.js";
import { summarise, summaryRows } from "../../../lib/trading/performance/summary.js";
import { candles, HOUR, randomCandles, START, weightsOn } from "../support/candles.js";

const root = key("summary");
const hourly = 24 * 365;
const bars = ["BTC", "ETH"].map((symbol) => randomCandles(root, symbol, { bars: 1000 }));
const z = normals(root, 2000);
const costs: Costs = {
  ...BYBIT_FEES.linearPerpetual,
  halfSpreadBps: 1,
  latencyBars: 0,
  funding: { BTC: constantFunding(1e-4, START, START + 1000 * HOUR) },
  impact: { coefficient: 1, window: 24 },
};
const ledger = backtest(
  weightsOn(bars, (t, a) => (t % 10 < 7 ? 0.3 * z[2 * (t - (t % 10)) + a]! : 0)),
  bars,
  { costs, capital: 1000, rebalance: "when changed" },
);
const summary = summarise(ledger);
const returns = ledgerReturns(ledger);

/** The ledger as it stood after `count` bars. */
function firstBars(whole: BacktestLedger, count: number): BacktestLedger {
  const columns = ["time", "equity", "turnover", "profit", "fees", "spread", "impact", "funding"] as const;
  return { ...whole, ...Object.fromEntries(columns.map((name) => [name, whole[name].slice(0, count)])) };
}

test("VP-60, VP-61: annual return and volatility are those of a bar times the bars of a year and its root", () => {
  expect(summary.annualReturn).toBeCloseTo(mean(returns) * hourly, 10);
  expect(summary.annualVolatility).toBeCloseTo(standardDeviation(returns) * Math.sqrt(hourly), 12);
});

test("VI-78, VI-79, VI-80: the ratios are those of the single functions, with Mertens' error and Lo's correction over a day", () => {
  expect(summary.sharpe).toBe(sharpeRatio(returns, hourly));
  expect(summary.sortino).toBe(sortinoRatio(returns, hourly));
  const all = performance(returns, { barsPerYear: hourly, horizon: 24 });
  expect(summary.sharpeError).toBe(all.sharpe.standardError);
  expect(summary.sharpeCorrected).toBe(all.sharpe.annualCorrected);
  expect(summary.maxDrawdown).toBe(all.drawdown.depth);
});

test("the drawdown's dates are closes at which the equity stood at its peak and its bottom", () => {
  const at = (time: number) => ledger.equity[ledger.time.indexOf(time)]!;
  expect(1 - at(summary.drawdownBottom) / at(summary.drawdownFrom)).toBeCloseTo(summary.maxDrawdown, 12);
  if (summary.drawdownTo !== null)
    expect(at(summary.drawdownTo)).toBeGreaterThanOrEqual(at(summary.drawdownFrom));
  const falls = [candles("BTC", { open: [100, 100, 90, 110], close: [100, 90, 110, 110] })];
  const short = summarise(
    backtest(
      weightsOn(falls, () => 1),
      falls,
      { costs: NO_COSTS },
    ),
  );
  expect(short).toMatchObject({
    maxDrawdown: expect.closeTo(0.1, 12),
    drawdownFrom: START + HOUR,
    drawdownBottom: START + 2 * HOUR,
    drawdownTo: START + 3 * HOUR,
  });
});

test("growth and Calmar ratio of less than a month are withheld", () => {
  expect(summary.annualGrowth).not.toBeNull();
  const early = summarise(firstBars(ledger, 729));
  expect(early).toMatchObject({ annualGrowth: null, calmar: null });
  expect(early.totalReturn).toBeCloseTo(ledger.equity[728]! / 1000 - 1, 12);
  expect(summarise(firstBars(ledger, 730)).annualGrowth).not.toBeNull();
});

test("what was earned before costs, less every cost, is what is left", () => {
  const { gross, fees, spread, impact, funding, totalReturn, shortfall } = summary;
  expect(totalReturn).toBeCloseTo(ledger.equity.at(-1)! / 1000 - 1, 12);
  expect(shortfall).toBe(0);
  expect(gross - fees - spread - impact - funding).toBeCloseTo(ledger.equity.at(-1)! / 1000 - 1, 12);
  for (const part of [fees, spread, impact, Math.abs(funding)]) expect(part).toBeGreaterThan(0);
  expect(fees / spread).toBeCloseTo(5.5, 10);
});

test("VI-81: a win is a trade that gained after its costs, and exposure counts the bars with a position", () => {
  const { profit } = ledger.trades;
  expect(sum(profit)).toBeCloseTo(ledger.equity.at(-1)! - 1000, 8);
  expect(summary.trades).toBe(profit.length);
  expect(summary.winRatePerTrade).toBeCloseTo(profit.filter((p) => p > 0).length / profit.length, 12);
  expect(summary.exposure).toBeCloseTo(0.7, 2);
  const flat = summarise(
    backtest(
      weightsOn(bars, () => 0),
      bars,
      { costs: NO_COSTS },
    ),
  );
  expect(flat).toMatchObject({ trades: 0, exposure: 0, sharpe: Number.NaN, winRatePerTrade: Number.NaN });
});

test("the rows have every statistic once, with its unit, and times as text", () => {
  const rows = summaryRows(summary);
  expect(rows.map((row) => row.statistic).sort()).toEqual(Object.keys(summary).sort());
  expect(rows.find((row) => row.statistic === "drawdownFrom")!.value).toMatch(/^2025-.*Z$/);
});

test("a round trip at Bybit's published fees costs 11 basis points and the spread", () => {
  expect(roundTripBps({ ...costs, halfSpreadBps: 0.5 })).toBeCloseTo(12, 12);
  expect(roundTripBps({ ...costs, makerShare: 1 })).toBeCloseTo(4, 12);
});

test("costs that cannot be are refused by name", () => {
  expect(() => roundTripBps({ ...costs, halfSpreadBps: -1 })).toThrow(
    "halfSpreadBps: expected zero or more, got -1",
  );
  expect(() => roundTripBps({ ...costs, makerShare: 2 })).toThrow(
    "makerShare: expected a number in [0, 1], got 2",
  );
  expect(() => roundTripBps({ ...costs, latencyBars: 0.5 })).toThrow("latencyBars");
  const time = Float64Array.of(START, START - HOUR);
  expect(() => roundTripBps({ ...costs, funding: { BTC: { time, rate: new Float64Array(2) } } })).toThrow(
    "funding of BTC: expected ascending times, got 2024-12-31T23:00:00.000Z as entry 1",
  );
});
