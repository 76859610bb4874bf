/** Where an account ends: at the worst price of a bar, at a known price and cost, and for good. */
import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals, uniforms } from "../../../lib/core/random.js";
import type { Bars } from "../../../lib/core/types.js";
import { openPaperBroker } from "../../../lib/live/broker/paperBroker.js";
import { backtest } from "../../../lib/trading/backtest/backtest.js";
import type { BacktestOptions } from "../../../lib/trading/backtest/backtestInput.js";
import { type Costs, constantFunding, NO_COSTS } from "../../../lib/trading/backtest/costs.js";
import { checkLedger, ledgerReturns } from "../../../lib/trading/backtest/ledger.js";
import { summarise } from "../../../lib/trading/performance/summary.js";
import { candles, HOUR, START, weightsOn } from "../support/candles.js";

const free: BacktestOptions = { costs: NO_COSTS };
const flat = (count: number) => new Array<number>(count).fill(100);

/** Bars that stand at 100, but for the lows or highs given by bar. */
function standing(symbol: string, count: number, wicks: { low?: number[]; high?: number[] } = {}): Bars {
  return candles(symbol, { open: flat(count), close: flat(count), ...wicks });
}

const held = (bars: readonly Bars[], weights: readonly number[], options = free) =>
  backtest(
    weightsOn(bars, (_, a) => weights[a]!),
    bars,
    options,
  );

test("a wick to a tenth liquidates ten times leverage, at the wick, though open and close saw nothing", () => {
  const bars = [standing("BTC", 4, { low: [100, 100, 10, 100] })];
  const ledger = held(bars, [10]);
  expect(ledger.liquidation).toEqual({ bar: 2, time: START + 3 * HOUR, shortfall: expect.closeTo(8, 12) });
  expect(Array.from(ledger.equity)).toEqual([1, 1, 0, 0]);
  expect(ledger.profit[2]).toBeCloseTo(-9, 12);
  expect(ledgerReturns(ledger)[2]).toBe(-1);
  checkLedger(ledger);
});

test("a short is judged by the high, and a long is not", () => {
  const bars = [standing("BTC", 4, { high: [100, 100, 160, 100] })];
  expect(held(bars, [-2]).liquidation).toMatchObject({ bar: 2, shortfall: expect.closeTo(0.2, 12) });
  expect(held(bars, [-1.5]).liquidation).toBeUndefined(); // 1 − 1.5 · 0.6 = 0.1
  expect(held(bars, [2]).liquidation).toBeUndefined();
});

test("one margin stands for all assets: each at its own worst at once, a long at its low and a short at its high", () => {
  const [fall, rise] = [{ low: [100, 100, 70, 100] }, { high: [100, 100, 130, 100] }];
  const both = [standing("BTC", 4, fall), standing("ETH", 4, rise)];
  const apart = [standing("BTC", 4, fall), standing("ETH", 4, { high: [100, 100, 100, 130] })];
  expect(held(both, [2, -2]).liquidation).toMatchObject({ bar: 2, shortfall: expect.closeTo(0.2, 12) });
  expect(held(apart, [2, -2]).liquidation).toBeUndefined(); // 1 − 2 · 0.3 = 0.4, once and once again
  expect(held(both, [2, 2]).liquidation).toBeUndefined();
});

test("what the margin leaves after taker's fee and half the spread goes to the exchange, with the fees", () => {
  const costs: Costs = { ...NO_COSTS, takerBps: 10, halfSpreadBps: 5 };
  const bars = [standing("BTC", 4, { low: [100, 100, 83, 100] })];
  const options: BacktestOptions = {
    costs,
    maintenanceMargin: 0.05,
    capital: 1000,
    rebalance: "when changed",
  };
  const ledger = held(bars, [5], options);
  expect(ledger.equity[1]).toBeCloseTo(1000 - 7.5, 9); // 5000 traded at 15 basis points
  // at 83 it holds 4150 and has 992.5 − 850 = 142.5, which is no more than 0.05 · 4150
  expect(ledger.liquidation).toEqual({ bar: 2, time: START + 3 * HOUR, shortfall: 0 });
  expect(ledger.spread[2]).toBeCloseTo(4150 * 5e-4, 9);
  expect(ledger.fees[2]).toBeCloseTo(142.5 - 4150 * 5e-4, 9);
  expect(ledger.equity[2]).toBe(0);
  expect(ledger.trades.profit[0]).toBeCloseTo(-1000, 9);
  checkLedger(ledger);
  expect(held(bars, [5], { ...options, maintenanceMargin: 0.03 }).liquidation).toBeUndefined(); // 124.5
});

test("the fill of a liquidation tells the worst price and all that it cost, on paper as in the ledger", () => {
  const costs: Costs = { ...NO_COSTS, takerBps: 10, halfSpreadBps: 5 };
  const one = (value: number) => Float64Array.of(value);
  const broker = openPaperBroker({ symbols: ["BTC"], costs, maintenanceMargin: 0.05, capital: 1000 });
  broker.onOpen(0, one(100));
  broker.onClose(HOUR, { high: one(100), low: one(100), close: one(100) });
  broker.submit({ decidedAt: HOUR, targets: one(5) });
  broker.onOpen(HOUR, one(100));
  const { fills } = broker.onClose(2 * HOUR, { high: one(100), low: one(83), close: one(100) });
  expect(fills).toEqual([
    {
      ...{ id: `${2 * HOUR}-BTC-liquidation`, symbol: "BTC", side: "sell", price: 83, cause: "liquidation" },
      ...{ units: expect.closeTo(50, 9), spread: expect.closeTo(4150 * 5e-4, 9) },
      ...{ fee: expect.closeTo(142.5 - 4150 * 5e-4, 9), decidedAt: 2 * HOUR, filledAt: 2 * HOUR },
    },
  ]);
  expect(broker.equity()).toBe(0);
  expect(Array.from(broker.shares())).toEqual([0]);
});

test("a wick of a bar before the position, or of tomorrow, changes nothing today", () => {
  const low = [1, 100, 100, 100, 100];
  const bars = [standing("BTC", 5, { low })];
  const weights = weightsOn(bars, () => 5);
  expect(backtest(weights, bars, free).liquidation).toBeUndefined();
  const tomorrow = backtest(weights, [standing("BTC", 5, { low: [1, 100, 100, 10, 100] })], free);
  expect(tomorrow.liquidation!.bar).toBe(3);
  for (const column of ["equity", "cash", "profit", "turnover"] as const)
    expect(tomorrow[column].slice(0, 3)).toEqual(backtest(weights, bars, free)[column].slice(0, 3));
});

test("a bar without prices is judged by the last known one", () => {
  const gap = [100, 100, Number.NaN, 100];
  const bars = [candles("BTC", { open: gap, close: gap, low: [100, 100, Number.NaN, 100] })];
  const weights = weightsOn(bars, () => 5);
  expect(backtest(weights, bars, { ...free, nanWeights: "keep" }).liquidation).toBeUndefined();
});

test("orders that cost more than there is end the account at that open, and nothing is held over the bar", () => {
  const bars = [standing("BTC", 4)];
  const ledger = held(bars, [1000], { costs: { ...NO_COSTS, takerBps: 20 } });
  expect(ledger.liquidation).toMatchObject({ bar: 1, time: START + HOUR, shortfall: expect.closeTo(3, 9) });
  expect(Array.from(ledger.positions)).toEqual([0, 0, 0, 0]);
  expect(Array.from(ledger.weights.values)).toEqual([0, 0, 0, 0]);
  checkLedger(ledger);
});

test("a weight beyond what the maintenance margin allows is liquidated as soon as it is held", () => {
  const ledger = held([standing("BTC", 4)], [25], { ...free, maintenanceMargin: 0.04 });
  expect(ledger.liquidation).toEqual({ bar: 1, time: START + HOUR, shortfall: 0 });
  expect(
    held([standing("BTC", 4)], [24.9], { ...free, maintenanceMargin: 0.04 }).liquidation,
  ).toBeUndefined();
});

test("weights that no account can keep, and wicks that are no prices, are refused with asset and time", () => {
  const bars = [standing("BTC", 4)];
  expect(() => held(bars, [1e7])).toThrow(
    "weight of BTC decided 2025-01-01T01:00:00.000Z: expected at most 1000000 in size, got 10000000",
  );
  expect(() => held([standing("BTC", 4, { low: [100, 0, 100, 100] })], [1])).toThrow(
    "BTC, 2025-01-01T01:00:00.000Z: expected positive prices or NaN, got low 0",
  );
  const broker = openPaperBroker({ symbols: ["BTC"], costs: NO_COSTS });
  expect(() => broker.submit({ decidedAt: HOUR, targets: Float64Array.of(-1e7) })).toThrow(
    "target of BTC: expected at most 1000000 in size, got -10000000",
  );
  const bounds = [1e-308, 1e-308, 1e300, 1e300];
  expect(() => held([candles("BTC", { open: bounds, close: bounds })], [1e6])).toThrow(
    /2025-01-01T0\d:00:00.000Z: expected weights and prices that leave a finite equity, got (Infinity|NaN)/,
  );
});

const wild = fc.record({
  seed: fc.integer({ min: 0, max: 1e9 }),
  assets: fc.integer({ min: 1, max: 3 }),
  scale: fc.constantFrom(0.5, 3, 30, 1e4, 1e6),
  volatility: fc.constantFrom(0.01, 0.2, 2),
  takerBps: fc.constantFrom(0, 6, 500),
  maintenanceMargin: fc.constantFrom(0, 0.02, 0.5),
  funding: fc.constantFrom(0, 0.01, 3),
});

test("whatever the weights, prices and leverage, ruin is final, nothing is NaN, the books balance and no statistic is better", () => {
  let ruined = 0;
  fc.assert(
    fc.property(wild, ({ seed, assets, scale, volatility, takerBps, maintenanceMargin, funding }) => {
      const k = fold(key("wild"), seed);
      const symbols = ["BTC", "ETH", "SOL"].slice(0, assets);
      const bars = symbols.map((symbol) => wildCandles(fold(k, symbol), symbol, volatility));
      const z = normals(fold(k, "weights"), 30 * assets);
      const weights = weightsOn(bars, (t, a) => Math.max(-1e6, Math.min(1e6, scale * z[t * assets + a]!)));
      const costs = {
        ...{ ...NO_COSTS, takerBps, halfSpreadBps: 1 },
        funding: { BTC: constantFunding(funding, START, START + 30 * HOUR) },
      };
      const ledger = backtest(weights, bars, { costs, maintenanceMargin });
      checkLedger(ledger);
      for (const column of ["equity", "cash", "profit", "cost", "funding", "turnover"] as const)
        expect(ledger[column].every(Number.isFinite), column).toBe(true);
      expect(ledger.weights.values.every(Number.isFinite)).toBe(true);
      expect(ledger.equity.every((e) => e >= 0)).toBe(true);
      const end = ledger.liquidation?.bar ?? 30;
      expect(ledger.equity.subarray(end).every((e) => e === 0)).toBe(true);
      expect(ledger.equity.subarray(0, end).every((e) => e > 0)).toBe(true);
      const summary = summarise(ledger);
      expect(summary.ruinedAt).toBe(ledger.liquidation ? ledger.time[end] : null);
      if (!ledger.liquidation) return;
      ruined++;
      expect(summary).toMatchObject({
        ...{ totalReturn: -1, annualReturn: -1, annualGrowth: -1, calmar: -1 },
        ...{ sharpe: -Infinity, sharpeCorrected: -Infinity, sortino: -Infinity, maxDrawdown: 1 },
      });
    }),
    { numRuns: 400, seed: 1 },
  );
  expect(ruined).toBeGreaterThan(100);
  expect(ruined).toBeLessThan(390);
});

/** Thirty candles whose wicks reach as far as a bar moves. */
function wildCandles(k: ReturnType<typeof key>, symbol: string, volatility: number): Bars {
  const [z, u] = [normals(k, 60), uniforms(fold(k, "reach"), 60)];
  let price = 100;
  const open = Array.from({ length: 30 }, (_, t) => {
    price *= Math.exp(Math.max(-20, Math.min(20, volatility * z[t]!)));
    return price;
  });
  const close = open.map((o, t) => o * Math.exp(volatility * z[30 + t]!));
  const high = open.map((o, t) => Math.max(o, close[t]!) * Math.exp(volatility * u[t]!));
  const low = open.map((o, t) => Math.min(o, close[t]!) * Math.exp(-volatility * u[30 + t]!));
  return candles(symbol, { open, close, high, low });
}
