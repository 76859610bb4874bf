import { expect, test } from "vitest";
import type { Bars } from "../../../lib/core/index.js";
import { fromRows } from "../../../lib/core/index.js";
import { returnParts, selectBest, trueSharpe, walkForward } from "../../../lib/portfolio/index.js";
import { NO_COSTS } from "../../../lib/trading/index.js";

const HOUR = 3_600_000;

function barsOf(symbol: string, closes: readonly number[], times = closes.map((_, t) => t)): Bars {
  const close = Float64Array.from(closes);
  const open = Float64Array.from(closes, (value, t) => (t === 0 ? value : closes[t - 1]!));
  return {
    ...{ symbol, stepMs: HOUR, openTime: Float64Array.from(times, (t) => t * HOUR), open, close },
    ...{ high: open.map((o, t) => Math.max(o, close[t]!)), low: open.map((o, t) => Math.min(o, close[t]!)) },
    volume: new Float64Array(closes.length).fill(1),
  };
}

test("returns are split by time, and a row after a gap is left out", () => {
  const bars = [
    barsOf("BTCUSDT", [100, 110, 121, 60, 66, 33], [0, 1, 2, 5, 6, 7]),
    barsOf("XUSD", [1, 1, 2, 2, 1, 1], [0, 1, 2, 5, 6, 7]),
  ];
  const parts = returnParts({ bars }, { train: 0.5 });
  expect(parts.names).toEqual(["BTC", "X"]);
  const expected = [
    [0.1, 0],
    [0.1, 1],
  ];
  parts.train.to2DArray().forEach((row, t) => {
    row.forEach((value, a) => {
      expect(value).toBeCloseTo(expected[t]![a]!, 12);
    });
  });
  expect(parts.test.rows).toBe(2);
  expect(parts.test.get(1, 0)).toBeCloseTo(-0.5, 12);
  expect(parts.firstTest).toBe(3);
});

test("the volatility of weights is that of their training returns, percent a year", () => {
  const closes = [100, 101, 99, 102, 100, 103, 101, 104, 102];
  const parts = returnParts({ bars: [barsOf("A", closes), barsOf("B", closes)] }, { train: 0.5 });
  const own = Array.from(parts.train.getColumn(0));
  const centre = own.reduce((a, b) => a + b) / own.length;
  const variance = own.reduce((total, r) => total + (r - centre) ** 2, 0) / (own.length - 1);
  expect(parts.volatility([0.3, 0.7])).toBeCloseTo(100 * Math.sqrt(variance * parts.barsPerYear), 8);
});

test("a training share outside (0, 1) is refused", () => {
  expect(() => returnParts({ bars: [barsOf("A", [1, 2, 3])] }, { train: 1 })).toThrow(
    /train: expected a share/,
  );
});

test("the best of a set is the one of largest mean, or of least volatility, in the window", () => {
  const window = fromRows(
    [
      [0.02, 0.001],
      [-0.01, 0.001],
      [0.03, 0.002],
    ].map((row) => Float64Array.from(row)),
  );
  const set = { assets: 2, weights: Float64Array.of(1, 0, 0, 1, 0.5, 0.5) };
  expect(Array.from(selectBest(set, window, "return"))).toEqual([1, 0]);
  expect(Array.from(selectBest(set, window, "volatility"))).toEqual([0, 1]);
  expect(Array.from(selectBest(set, window, "sharpe"))).toEqual([0, 1]);
});

test("a decision receives the returns up to its close and no later one", () => {
  const closes = Array.from({ length: 12 }, (_, t) => 100 + t * t);
  const windows: number[] = [];
  const ledger = walkForward([barsOf("A", closes)], {
    ...{ lookBack: 3, every: 4, costs: NO_COSTS },
    decide: (window) => {
      windows.push(window.get(window.rows - 1, 0));
      return [1];
    },
  });
  const returnAt = (t: number) => closes[t]! / closes[t - 1]! - 1;
  expect(windows).toEqual([returnAt(3), returnAt(7)]);
  expect(ledger.time[0]).toBe(4 * HOUR);
});

test("the true Sharpe ratio is that of the simulation's moments, whatever the path did", () => {
  const bars = 50;
  const truth = {
    mean: new Float64Array(2 * bars).fill(0.001),
    volatility: new Float64Array(2 * bars).fill(0.02),
    correlation: Float64Array.of(1, 0, 0, 1),
  };
  const openTime = Float64Array.from({ length: bars }, (_, t) => t * HOUR);
  const ledger = {
    stepMs: HOUR,
    weights: {
      time: openTime.subarray(10).map((t) => t + HOUR),
      values: new Float64Array(2 * (bars - 10)).fill(0.5),
    },
  };
  // two independent assets at a half each: mean 0.001 + 0.02²/2, deviation 0.02 / √2
  const expected = ((0.001 + 0.0002) / (0.02 / Math.SQRT2)) * Math.sqrt(365 * 24);
  expect(trueSharpe(ledger, openTime, truth) / expected).toBeCloseTo(1, 3);
});
