import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals, permutation } from "../../../lib/core/random.js";
import type { Bars } from "../../../lib/core/types.js";
import { backtest } from "../../../lib/trading/backtest/backtest.js";
import type { BacktestOptions, Rebalance } from "../../../lib/trading/backtest/backtestInput.js";
import { type Costs, constantFunding, NO_COSTS } from "../../../lib/trading/backtest/costs.js";
import { checkLedger, ledgerReturns } from "../../../lib/trading/backtest/ledger.js";
import { sourceClassSignal } from "../../../lib/trading/decisions/signal.js";
import { candles, HOUR, randomCandles, START, weightsOn } from "../support/candles.js";
import { slowBacktest } from "../support/slowBacktest.js";

const root = key("backtest");
const free: BacktestOptions = { costs: NO_COSTS };
const bybit: Costs = { makerBps: 2, takerBps: 5.5, makerShare: 0.25, halfSpreadBps: 1, latencyBars: 0 };

test("a weight decided at a close is executed at the next open, and earns from there on", () => {
  const bars = [candles("BTC", { open: [100, 110, 120, 90], close: [105, 121, 132, 99] })];
  const ledger = backtest(
    weightsOn(bars, (t) => (t === 0 ? 1 : t === 1 ? -0.5 : 0)),
    bars,
    free,
  );
  const one = 121 / 110;
  const two = one * (120 / 121);
  const three = one + (two - one); // equity at the second open, when it turns short
  expect(Array.from(ledger.equity)).toEqual([
    1,
    expect.closeTo(one, 12),
    expect.closeTo(three * (1 - 0.5 * (132 / 120 - 1)), 12),
    expect.closeTo(three * (1 - 0.5 * (90 / 120 - 1)), 12),
  ]);
  expect(Array.from(ledger.positions)).toEqual([0, expect.closeTo(1 / 110, 12), expect.any(Number), 0]);
  expect(Array.from(ledger.turnover)).toEqual([
    0,
    1,
    expect.closeTo(1.5, 12),
    expect.closeTo((0.5 * (90 / 120)) / (1.5 - 0.5 * (90 / 120)), 12),
  ]);
  expect(ledger.time[0]).toBe(START + HOUR);
});

test("fees and half the spread are charged on what is traded, a maker pays neither the taker's fee nor the spread", () => {
  const bars = [candles("BTC", { open: [100, 100, 100], close: [100, 100, 100] })];
  const ledger = backtest(
    weightsOn(bars, (t) => (t === 0 ? 0.5 : 0)),
    bars,
    { costs: bybit, capital: 1000 },
  );
  const fee = (0.25 * 2 + 0.75 * 5.5) / 1e4;
  expect(ledger.fees[1]).toBeCloseTo(500 * fee, 10);
  expect(ledger.spread[1]).toBeCloseTo((500 * 0.75) / 1e4, 10);
  expect(ledger.equity[2]).toBeCloseTo(1000 - 2 * 500 * (fee + 0.75e-4), 9);
  expect(Array.from(ledger.trades.profit)).toEqual([expect.closeTo(-2 * 500 * (fee + 0.75e-4), 9)]);
});

test("funding falls due at 00, 08 and 16 UTC on what is held before the trade of that open: long pays, short gets", () => {
  const flat = new Array(18).fill(100);
  const bars = [candles("BTC", { open: flat, close: flat })]; // from 00:00
  const costs = { ...NO_COSTS, funding: { BTC: constantFunding(0.0001, START, START + 18 * HOUR) } };
  const paid = (side: number) =>
    backtest(
      weightsOn(bars, (t) => (t < 7 ? side : 0)),
      bars,
      { costs },
    ).funding;
  const expected = flat.map((_, t) => (t === 7 ? 1e-4 : 0)); // at the close of 07:00–08:00, before the exit at 08:00
  expect(Array.from(paid(1))).toEqual(expected.map((f) => expect.closeTo(f, 15)));
  expect(Array.from(paid(-1))).toEqual(expected.map((f) => expect.closeTo(-f, 15)));
  const entersAtEight = backtest(
    weightsOn(bars, (t) => (t >= 7 ? 1 : 0)),
    bars,
    { costs },
  ).funding;
  expect(entersAtEight.findIndex((f) => f !== 0)).toBe(15);
});

test("funding that falls due in a gap is paid by who held through it, once, when it is over", () => {
  const bars = [candles("BTC", { open: [100, 100, 100], close: [100, 100, 100], hours: [0, 1, 20] })];
  const costs = { ...NO_COSTS, funding: { BTC: constantFunding(0.001, START, START + 30 * HOUR) } };
  const { funding } = backtest(
    weightsOn(bars, () => 1),
    bars,
    { costs },
  );
  expect(Array.from(funding)).toEqual([0, 0, expect.closeTo(0.002, 12)]);
});

interface Scenario {
  seed: number;
  assets: number;
  scale: number;
  volatility: number;
  /** Share of bars without a price. */
  holes: number;
  gap: boolean;
  latencyBars: number;
  rebalance: Rebalance;
  limited: boolean;
  maintenanceMargin: number;
  expensive: boolean;
}

const scenario: fc.Arbitrary<Scenario> = fc.record({
  seed: fc.integer({ min: 0, max: 1e6 }),
  assets: fc.integer({ min: 1, max: 4 }),
  scale: fc.constantFrom(0.3, 1, 4),
  volatility: fc.constantFrom(0.01, 0.08),
  holes: fc.constantFrom(0, 0.2),
  gap: fc.boolean(),
  latencyBars: fc.integer({ min: 0, max: 3 }),
  rebalance: fc.constantFrom<Rebalance>("every bar", "when changed", { band: 0.2 }),
  limited: fc.boolean(),
  maintenanceMargin: fc.constantFrom(0, 0.05),
  expensive: fc.boolean(),
});

function setUp(s: Scenario) {
  const k = fold(root, s.seed);
  const count = 60;
  const hours = Array.from({ length: count }, (_, t) => (s.gap && t > 25 ? t + 30 : t));
  const symbols = ["BTC", "ETH", "SOL", "XRP"].slice(0, s.assets);
  const shape = { bars: count, volatility: s.volatility, holes: s.holes, hours };
  const bars = symbols.map((symbol) => randomCandles(k, symbol, shape));
  const z = normals(fold(k, "weights"), count * s.assets);
  const weights = weightsOn(bars, (t, a) =>
    Number.isNaN(bars[a]!.close[t]!) && a % 2
      ? Number.NaN
      : (s.scale * Math.round(2 * z[(t - (t % 3)) * s.assets + a]!)) / 2,
  );
  const funding = Object.fromEntries(
    symbols
      .slice(0, 2)
      .map((symbol, i) => [symbol, constantFunding(0.01 * (i - 0.5), START, START + 100 * HOUR)]),
  );
  const costs = {
    ...(s.expensive ? { ...bybit, takerBps: 200 } : bybit),
    latencyBars: s.latencyBars,
    funding,
  };
  const { maintenanceMargin, rebalance } = s;
  const limit = s.limited ? { leverageLimit: 2 } : {};
  return { bars, weights, options: { costs, maintenanceMargin, rebalance, capital: 10_000, ...limit } };
}

test("VI-103: cash + positions · price = equity and Δequity = profit − cost − funding, whatever is traded", () => {
  fc.assert(
    fc.property(scenario, (s) => {
      const { bars, weights, options } = setUp(s);
      const ledger = backtest(weights, bars, options);
      checkLedger(ledger, 1e-10);
      const parts = ledger.fees.map((fee, t) => fee + ledger.spread[t]! + ledger.impact[t]!);
      parts.forEach((cost, t) => {
        expect(cost).toBeCloseTo(ledger.cost[t]!, 7);
      });
      const total =
        ledger.trades.profit.reduce((sum, p) => sum + p, 0) + (ledger.liquidation?.shortfall ?? 0);
      expect(total / 1e4).toBeCloseTo((ledger.equity.at(-1)! - 1e4) / 1e4, 8);
      expect(ledger.equity.every((e) => e >= 0)).toBe(true);
    }),
    { numRuns: 300, seed: 1 },
  );
});

test("VI-103: a slow reference agrees bar by bar: long, short, several assets, funding, latency, holes, gaps, liquidation", () => {
  let [liquidations, scaled, missed] = [0, 0, 0];
  fc.assert(
    fc.property(scenario, (s) => {
      const { bars, weights, options } = setUp(s);
      const ledger = backtest(weights, bars, options);
      liquidations += ledger.liquidation ? 1 : 0;
      scaled += ledger.scaledRows;
      missed += ledger.missedOrders;
      slowBacktest(weights, bars, options).forEach((row, t) => {
        const where = `bar ${t}`;
        expect(Math.abs(ledger.equity[t]! - row.equity), where).toBeLessThan(1e-9 * (row.equity + 1e4));
        expect(Math.abs(ledger.cash[t]! - row.cash), where).toBeLessThan(1e-8 * (Math.abs(row.cash) + 1e4));
        expect(Math.abs(ledger.cost[t]! - row.cost), where).toBeLessThan(1e-8 * (row.cost + 1e4));
        expect(Math.abs(ledger.funding[t]! - row.funding), where).toBeLessThan(1e-8 * 1e4);
        bars.forEach((b, a) => {
          const units = ledger.positions[t * bars.length + a]!;
          expect(Math.abs(units - row.units[b.symbol]!), where).toBeLessThan(1e-8 * (Math.abs(units) + 100));
        });
        expect(row.liquidated).toBe(ledger.liquidation !== undefined && ledger.liquidation.bar <= t);
      });
    }),
    { numRuns: 300, seed: 2 },
  );
  expect(liquidations).toBeGreaterThan(20); // the scenarios reach what they claim to reach
  expect(scaled).toBeGreaterThan(100);
  expect(missed).toBeGreaterThan(100);
});

test("a ledger that was tampered with is found out, with its bar and time", () => {
  const { bars, weights, options } = setUp(fc.sample(scenario, { seed: 3, numRuns: 1 })[0]!);
  const ledger = backtest(weights, bars, options);
  const cost = ledger.cost.slice();
  cost[7]! += 0.01;
  expect(() => checkLedger({ ...ledger, cost })).toThrow(
    "ledger, bar 7, 2025-01-01T08:00:00.000Z: expected equity before",
  );
  const cash = ledger.cash.slice();
  cash[7]! -= 0.01;
  expect(() => checkLedger({ ...ledger, cash })).toThrow("expected cash + positions to be the equity");
});

const head = (bars: Bars, count: number): Bars => ({
  ...bars,
  ...Object.fromEntries(
    (["openTime", "open", "high", "low", "close", "volume"] as const).map((c) => [
      c,
      bars[c].slice(0, count),
    ]),
  ),
});

test("changing tomorrow's bar and tomorrow's weight leaves the books of today as they were", () => {
  const s = {
    ...fc.sample(scenario, { seed: 4, numRuns: 1 })[0]!,
    assets: 2,
    volatility: 0.01,
    scale: 0.3,
    holes: 0,
  };
  const { bars, weights, options } = setUp(s);
  const impact = { coefficient: 1, window: 12 };
  const all = backtest(weights, bars, { ...options, costs: { ...options.costs, impact } });
  expect(all.impact.some((cost) => cost > 0)).toBe(true);
  for (const count of [2, 13, 30, 59]) {
    const past = bars.map((b) => head(b, count));
    const known = {
      ...weights,
      time: weights.time.slice(0, count),
      values: weights.values.slice(0, count * 2),
    };
    known.values.fill(9, (count - 1) * 2); // decided at the last close: executed tomorrow
    const part = backtest(known, past, { ...options, costs: { ...options.costs, impact } });
    expect(Array.from(part.equity)).toEqual(Array.from(all.equity.slice(0, count)));
    expect(Array.from(part.positions)).toEqual(Array.from(all.positions.slice(0, count * 2)));
    expect(Array.from(part.cost)).toEqual(Array.from(all.cost.slice(0, count)));
  }
});

test("symmetry: at no cost short is the mirror of long, and the order of assets does not matter", () => {
  const bars = ["A", "B", "C"].map((symbol) => randomCandles(root, symbol, { bars: 50 }));
  const of = (sign: number) =>
    backtest(
      weightsOn(bars, (_, a) => sign * 0.2 * (a + 1)),
      bars,
      { ...free, capital: 1 },
    );
  const [long, short] = [ledgerReturns(of(1)), ledgerReturns(of(-1))];
  long.forEach((r, t) => {
    expect(r + short[t]!).toBeCloseTo(0, 3); // to second order: equity moves between open and close
  });
  const order = permutation(root, 3);
  const shuffled = Array.from(order, (a) => bars[a]!);
  const again = backtest(
    weightsOn(shuffled, (_, i) => 0.2 * (order[i]! + 1)),
    shuffled,
    free,
  );
  again.equity.forEach((e, t) => {
    expect(e).toBeCloseTo(of(1).equity[t]!, 12);
  });
});

test("units drift between rebalances, a band trades less than every bar, and flat is flat at once", () => {
  const bars = [randomCandles(root, "BTC", { bars: 400, volatility: 0.03 })];
  const weights = weightsOn(bars, (t) => (t < 390 ? 0.5 : 0));
  const run = (rebalance: Rebalance) => backtest(weights, bars, { ...free, rebalance });
  expect(run("when changed").orders).toBe(2);
  expect(run("every bar").orders).toBe(391);
  const band = run({ band: 0.05 });
  expect(band.orders).toBeGreaterThan(2);
  expect(band.orders).toBeLessThan(100);
  expect(band.weights.values.slice(1, 390).every((w) => Math.abs(w - 0.5) < 0.05 + 1e-9)).toBe(true);
  for (const ledger of [run("when changed"), band]) expect(ledger.positions[391]).toBe(0);
});

test("a price that is missing keeps the position at its last price, and the order lapses", () => {
  const bars = [candles("BTC", { open: [100, 100, Number.NaN, 100], close: [100, 120, Number.NaN, 130] })];
  const ledger = backtest(
    weightsOn(bars, (t) => [1, 0, Number.NaN, 0][t]!),
    bars,
    free,
  );
  expect(Array.from(ledger.positions)).toEqual([0, 0.01, 0.01, 0.01]); // the 0 of row 1 found no open; row 2 says nothing
  expect(Array.from(ledger.equity)).toEqual([1, 1.2, 1.2, 1.3]);
  expect(ledger.missedOrders).toBe(1);
});

test("where NaN is said to keep what is held, it is no order, and the weight drifts", () => {
  const bars = [candles("BTC", { open: [100, 100, 110, 120], close: [100, 110, 120, 130] })];
  const weights = weightsOn(bars, (t) => [0.5, Number.NaN, Number.NaN, 0][t]!);
  const ledger = backtest(weights, bars, { ...free, nanWeights: "keep" });
  expect(ledger.orders).toBe(1);
  expect(Array.from(ledger.positions)).toEqual([0, 0.005, 0.005, 0.005]);
  expect(() => backtest(weights, bars, free)).toThrow("expected a finite number (0 for flat), got NaN");
  weights.values[1] = Number.POSITIVE_INFINITY;
  expect(() => backtest(weights, bars, { ...free, nanWeights: "keep" })).toThrow("got Infinity");
});

test("BN-49, BN-73: orders are executed in proportion to the confidence of their signals", () => {
  const draws = (up: readonly number[]) => ({
    up,
    neutral: up.map(() => 0),
    down: up.map((p) => 1 - p),
  });
  const signals = [draws([0.9, 0.9]), draws([0.99, 0.45])].map((d) =>
    sourceClassSignal(d, { threshold: 0.6, scaled: true }),
  );
  const bars = ["A", "B"].map((symbol) => candles(symbol, { open: [100, 100], close: [100, 100] }));
  const { positions } = backtest(
    weightsOn(bars, (_, a) => 0.5 * signals[a]!.size),
    bars,
    free,
  );
  expect(positions[2]).toBeCloseTo(0.005, 12);
  expect(positions[3]! / positions[2]!).toBeCloseTo(signals[1]!.confidence / signals[0]!.confidence, 12);
  expect(positions[3]! / positions[2]!).toBeLessThan(0.9);
});

test("a leveraged long is liquidated at the maintenance margin, keeps what is left, and stays flat", () => {
  const bars = [candles("BTC", { open: [100, 100, 96, 80, 80], close: [100, 96, 80, 80, 200] })];
  const options = { ...free, maintenanceMargin: 0.05, leverageLimit: 5 };
  const ledger = backtest(
    weightsOn(bars, () => 8),
    bars,
    { ...options, rebalance: "when changed" },
  );
  expect(ledger.scaledRows).toBe(2); // rows 0 and 1: the account is gone after that
  expect(ledger.liquidation).toEqual({ bar: 2, time: START + 3 * HOUR, shortfall: 0 });
  expect(ledger.equity[1]).toBeCloseTo(0.8, 12); // 5 × 4 % down
  for (const t of [2, 3, 4]) expect(ledger.equity[t]).toBeCloseTo(0, 12);
  expect(Array.from(ledger.positions.slice(2))).toEqual([0, 0, 0]);
  expect(Array.from(ledger.trades.closedAt)).toEqual([START + 3 * HOUR]);
});

test("a short that loses more than everything ends at zero, and what is beyond is recorded", () => {
  const bars = [candles("BTC", { open: [100, 100, 350], close: [100, 100, 400] })];
  const ledger = backtest(
    weightsOn(bars, () => -1),
    bars,
    { costs: { ...NO_COSTS, takerBps: 10 } },
  );
  expect(ledger.equity[2]).toBe(0);
  expect(ledger.liquidation!.time).toBe(START + 2 * HOUR); // found at the open
  expect(ledger.liquidation!.shortfall).toBeCloseTo(1.5 + 0.001 + 0.0035, 9);
  expect(ledgerReturns(ledger)[2]).toBe(-1);
  checkLedger(ledger);
});

test("impact is coefficient · volatility · √(share of the bars' notional), from bars before the order only", () => {
  const close = [100, 110, 100, 110, 100, 110];
  const bars = [candles("BTC", { open: close, close })];
  const costs = { ...NO_COSTS, impact: { coefficient: 0.8, window: 4 } };
  const { impact } = backtest(
    weightsOn(bars, (t) => (t === 4 ? 1 : 0)),
    bars,
    { costs, capital: 5000 },
  );
  const traded = (1000 * (110 + 100 + 110 + 100)) / 4;
  const expected = 5000 * 0.8 * Math.log(1.1) * Math.sqrt(5000 / traded);
  expect(impact[5]).toBeCloseTo(expected, 8);
  const four = backtest(
    weightsOn(bars, (t) => (t === 4 ? 1 : 0)),
    bars,
    { costs, capital: 20_000 },
  ).impact[5]!;
  expect(four / impact[5]!).toBeCloseTo(8, 8); // cost grows with the power 3/2
});

test("bad input is refused with asset and time", () => {
  const bars = ["BTC", "ETH"].map((symbol) => randomCandles(root, symbol, { bars: 5 }));
  const good = weightsOn(bars, () => 0.1);
  const poked = (column: "open" | "openTime", value: number) => {
    const eth = { ...bars[1]!, [column]: bars[1]![column].slice() };
    eth[column][2] = value;
    return [bars[0]!, eth];
  };
  const withWeight = (value: number) => ({
    ...good,
    values: good.values.map((w, i) => (i === 5 ? value : w)),
  });
  expect(() => backtest(withWeight(Number.NaN), bars, free)).toThrow(
    "weight of ETH decided 2025-01-01T03:00:00.000Z: expected a finite number (0 for flat), got NaN",
  );
  expect(() => backtest(good, poked("open", -3), free)).toThrow(
    "ETH, 2025-01-01T02:00:00.000Z: expected positive prices or NaN, got open -3",
  );
  expect(() => backtest(good, poked("openTime", START), free)).toThrow(
    "ETH, bar 2: expected 2025-01-01T02:00:00.000Z as BTC, got 2025-01-01T00:00:00.000Z",
  );
  const unsorted = bars.map((b) => ({ ...b, openTime: b.openTime.slice().reverse() }));
  expect(() =>
    backtest(
      weightsOn(unsorted, () => 0),
      unsorted,
      free,
    ),
  ).toThrow("BTC, bar 1: expected a time after 2025-01-01T04:00:00.000Z, got 2025-01-01T03:00:00.000Z");
  const late = { ...good, time: good.time.map((t) => t + 1) };
  expect(() => backtest(late, bars, free)).toThrow(
    "weights, row 0: expected the close 2025-01-01T01:00:00.000Z",
  );
  expect(() => backtest(good, [bars[0]!], free)).toThrow("weights: expected columns BTC, got BTC, ETH");
  expect(() => backtest({ ...good, values: good.values.slice(1) }, bars, free)).toThrow(
    "expected 10 values, got 9",
  );
  expect(() => backtest(good, bars, { ...free, capital: 0 })).toThrow(
    "capital: expected a positive number, got 0",
  );
  expect(() => backtest(good, bars, { ...free, leverageLimit: 20, maintenanceMargin: 0.05 })).toThrow(
    "leverageLimit",
  );
  const impact = { coefficient: 1, window: 5 };
  expect(() => backtest(good, bars, { costs: { ...NO_COSTS, impact } })).toThrow(
    "capital: expected one with an impact",
  );
  const silent = bars.map((b) => ({ ...b, volume: b.volume.map(() => 0) }));
  expect(() => backtest(good, silent, { costs: { ...NO_COSTS, impact }, capital: 1 })).toThrow(
    /BTC, 2025-01-01T0\d:00:00.000Z: expected traded volume/,
  );
  const funding = { DOGE: constantFunding(0, START, START) };
  expect(() => backtest(good, bars, { costs: { ...NO_COSTS, funding } })).toThrow(
    "funding: expected one of BTC, ETH, got DOGE",
  );
});
