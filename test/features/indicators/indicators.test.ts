import { expect, test } from "vitest";
import { fold, key } from "../../../lib/core/random.js";
import { mean, standardDeviation } from "../../../lib/core/stats.js";
import type { FeatureSpec } from "../../../lib/features/engine/featureSpec.js";
import { features } from "../../../lib/features/engine/featureStream.js";
import { logReturn, simpleReturn } from "../../../lib/features/indicators/horizonReturns.js";
import * as indicators from "../../../lib/features/indicators/indicators.js";
import { slidingDrawdown, slidingTailRisk } from "../../../lib/features/indicators/losses.js";
import { meanReturn, momentum, trend } from "../../../lib/features/indicators/momentum.js";
import {
  garmanKlass,
  historicalVolatility,
  parkinson,
  rogersSatchell,
} from "../../../lib/features/indicators/volatility.js";
import { column } from "../../../lib/features/panel.js";
import { logReturns, rollingMean, rollingStandardDeviation } from "../../../lib/features/returns.js";
import { maximumDrawdown } from "../../../lib/trading/performance/drawdown.js";
import { expectedShortfall, valueAtRisk } from "../../../lib/trading/performance/tailRisk.js";
import { barsOfCloses, MINUTE, randomBars } from "../support/randomBars.js";

const { atr, bollinger, breakout, ema, macd, obv, pricePosition, rsi, sma, trueRange, zScore } = indicators;
const NAN = Number.NaN;
const bars = randomBars(key("indicators"), 400);

/** The columns of a feature over hourly bars with these closes. */
function over(closes: readonly number[], spec: FeatureSpec): number[][] {
  const panel = features(barsOfCloses(closes), [spec]);
  return spec.names.map((name) => Array.from(column(panel, name)));
}

function columnOf(spec: FeatureSpec, name = spec.names[0]!): Float64Array {
  return column(features(bars, [spec]), name);
}

// VI-54, VI-55
test("moving averages by hand: the exponential one starts at the simple one", () => {
  expect(over([1, 2, 6, 4], sma(3))[0]).toEqual([NAN, NAN, 3, 4]);
  expect(over([1, 2, 6, 5], ema(3))[0]).toEqual([NAN, NAN, 3, 4]); // 3 + ½ (5 − 3)
  expect(over([4, 5], sma(1))[0]).toEqual([4, 5]);
});

// VI-51
test("the strength index by hand: Wilder's means of gains and losses", () => {
  // Gains 2, 0, 1 and losses 0, 1, 0: means 1 and ½, then (1 + 1) / 2 and ¼.
  const [found] = over([10, 12, 11, 12], rsi(2));
  expect(found!.slice(0, 2)).toEqual([NAN, NAN]);
  expect(found![2]).toBeCloseTo(100 / 1.5, 12);
  expect(found![3]).toBeCloseTo(100 / 1.25, 12);
});

// VI-52
test("convergence/divergence by hand: both means are seeded by windows that end on one bar", () => {
  // Fast mean of 2 from bars 2, 3: 3; slow mean of 3: 8/3. Then weights ⅔ and ½; the signal is the mean of both lines.
  const [line, signal, histogram] = over([2, 2, 4, 8], macd(2, 3, 2));
  const lines = [3 - 8 / 3, 3 + (2 / 3) * 5 - (8 / 3 + (8 - 8 / 3) / 2)];
  expect(line!.slice(0, 3)).toEqual([NAN, NAN, NAN]);
  expect(line![3]).toBeCloseTo(lines[1]!, 12);
  expect(signal![3]).toBeCloseTo((lines[0]! + lines[1]!) / 2, 12);
  expect(histogram![3]).toBeCloseTo((lines[1]! - lines[0]!) / 2, 12);
});

// VI-53
test("Bollinger bands by hand: the population deviation of 1, 3 is 1", () => {
  const [position, width] = over([1, 3], bollinger(2, 2));
  expect(position).toEqual([NAN, 0.75]); // bands 0 and 4
  expect(width).toEqual([NAN, 2]); // 4 over the mean of 2
});

// VI-56
test("the true range reaches to the close before, and Wilder's mean follows it", () => {
  const flat = barsOfCloses([10, 20, 18]);
  const gapped = { ...flat, high: Float64Array.of(11, 21, 19), low: Float64Array.of(9, 19, 17) };
  const panel = features(gapped, [trueRange(), atr(1), atr(2)]);
  expect(Array.from(column(panel, "trueRange"))).toEqual([NAN, 11, 3]);
  expect(Array.from(column(panel, "atr1"))).toEqual([NAN, 11, 3]);
  expect(Array.from(column(panel, "atr2"))).toEqual([NAN, NAN, 7]);
});

test("on-balance volume counts up, down, and not at all", () => {
  expect(over([5, 6, 6, 5, 4], obv())[0]).toEqual([1, 2, 2, 1, 0]);
});

test("positions among the last closes by hand", () => {
  expect(over([1, 3, 2], pricePosition(3))[0]).toEqual([NAN, NAN, 0.5]);
  expect(over([1, 3, 5], breakout(2))[0]).toEqual([NAN, NAN, 2]);
  expect(over([1, 3, 2], zScore(3))[0]).toEqual([NAN, NAN, 0]);
  expect(over([1, 2, 3], zScore(3))[0]).toEqual([NAN, NAN, 1]);
});

// BN-13
test("returns over a horizon in minutes are those over so many bars", () => {
  for (const minutes of [1, 5, 15, 60, 240]) {
    const [log, simple] = [columnOf(logReturn(minutes, MINUTE)), columnOf(simpleReturn(minutes, MINUTE))];
    for (const t of [0, minutes - 1, minutes, 399]) {
      const ratio = t < minutes ? NAN : bars.close[t]! / bars.close[t - minutes]!;
      expect(log[t]).toBe(Math.log(ratio));
      expect(simple[t]).toBe(ratio - 1);
    }
  }
  expect(logReturn(1440, 60 * MINUTE).warmUp).toBe(24);
  expect(() => logReturn(5, 60 * MINUTE)).toThrow("horizon: expected a multiple of 60 minutes, got 5");
  expect(() => simpleReturn(90, 60 * MINUTE)).toThrow("horizon: expected a multiple of 60 minutes, got 90");
  expect(() => logReturn(0, MINUTE)).toThrow("got 0");
});

// VP-41, VP-42, VI-57, VP-44
test.each([5, 20, 60])("mean, volatility and momentum of %d bars are those of the slice", (window) => {
  const returns = logReturns(bars).slice(1);
  const [average, deviation] = [rollingMean(returns, window), rollingStandardDeviation(returns, window)];
  const own = [meanReturn, historicalVolatility, momentum].map((of) => columnOf(of(window)));
  for (let t = window; t < 400; t++) {
    expect(own[0]![t]).toBeCloseTo(average[t - 1]!, 14);
    expect(own[1]![t]).toBeCloseTo(deviation[t - 1]!, 14);
    expect(own[2]![t]).toBeCloseTo(average[t - 1]! / deviation[t - 1]!, 10);
  }
});

test("steady growth has no volatility, and its momentum is undefined or beyond all measure", () => {
  const [score] = over([1, 2, 4, 8], momentum(2));
  expect(Number.isNaN(score![3]!) || score![3]! > 1e10).toBe(true);
});

// VI-57
test("range-based volatilities by hand", () => {
  const one = {
    ...barsOfCloses([110]),
    open: Float64Array.of(100),
    high: Float64Array.of(120),
    low: Float64Array.of(90),
  };
  const panel = features(one, [parkinson(1), garmanKlass(1), rogersSatchell(1)]);
  const [range, body] = [Math.log(120 / 90), Math.log(1.1)];
  expect(panel.values[0]).toBeCloseTo(range / Math.sqrt(4 * Math.log(2)), 12);
  expect(panel.values[1]).toBeCloseTo(Math.sqrt(0.5 * range ** 2 - (2 * Math.log(2) - 1) * body ** 2), 12);
  const [up, down] = [Math.log(1.2), Math.log(0.9)];
  expect(panel.values[2]).toBeCloseTo(Math.sqrt(up * (up - body) + down * (down - body)), 12);
});

test("range-based volatilities agree with the deviation of a driftless walk of many steps", () => {
  const [count, steps] = [2000, 400];
  const walk = randomBars(fold(key("walk"), 1), count * steps).close.map(Math.log); // 1 % a step
  const column = (of: (path: Float64Array) => number) => {
    return Float64Array.from({ length: count }, (_, t) =>
      Math.exp(of(walk.subarray(t * steps, (t + 1) * steps)) / 10),
    );
  };
  const coarse = {
    ...{
      symbol: "walk",
      stepMs: MINUTE,
      openTime: Float64Array.from({ length: count }, (_, t) => t * MINUTE),
    },
    ...{
      open: column((p) => p[0]!),
      high: column((p) => Math.max(...p)),
      low: column((p) => Math.min(...p)),
    },
    ...{ close: column((p) => p[steps - 1]!), volume: new Float64Array(count) },
  };
  const panel = features(coarse, [parkinson(count), garmanKlass(count), rogersSatchell(count)]);
  const truth = (0.01 * Math.sqrt(steps - 1)) / 10;
  // Four standard errors (at most 0.65 / √2000 of the variance, 0.7 % of its root), and up to 5 % that the range of steps misses.
  for (const found of panel.values.slice(-3)) {
    expect(found / truth).toBeGreaterThan(0.92);
    expect(found / truth).toBeLessThan(1.02);
  }
});

// VP-50
test("the trend is up above the slow mean, down below, and none where nothing moves", () => {
  expect(over([1, 2, 3, 3, 3, 2, 1], trend(1, 3))[0]).toEqual([NAN, NAN, 1, 1, 0, -1, -1]);
});

// VP-46
test("the drawdown of a window is that of its returns as a backtest measures it", () => {
  const own = columnOf(slidingDrawdown(60));
  const returns = columnOf(simpleReturn(1, MINUTE));
  for (let t = 60; t < 400; t++)
    expect(own[t]).toBeCloseTo(maximumDrawdown(returns.slice(t - 59, t + 1)).depth, 12);
  expect(over([10, 8, 12, 9, 10], slidingDrawdown(2))[0]).toEqual([NAN, NAN, 1 - 8 / 10, 0.25, 0.25]);
});

// VP-47, VP-48
test.each([
  [60, 0.05],
  [50, 0.05],
  [20, 0.01],
  [30, 0.5],
  [1, 0.5],
])("tail losses of %d bars at %d are those of the slice as a backtest measures them", (window, tail) => {
  const spec = slidingTailRisk(window, tail);
  const [value, shortfall] = spec.names.map((name) => columnOf(spec, name));
  const returns = columnOf(simpleReturn(1, MINUTE));
  for (let t = window; t < 400; t++) {
    const slice = returns.slice(t - window + 1, t + 1);
    expect(value![t]).toBe(valueAtRisk(slice, tail));
    expect(shortfall![t]).toBeCloseTo(expectedShortfall(slice, tail), 14);
  }
});

test("a z-score is that of the slice, and lies in the bands as the Bollinger position says", () => {
  const [score, position] = [columnOf(zScore(20)), columnOf(bollinger(20, 2))];
  for (let t = 19; t < 400; t++) {
    const slice = bars.close.slice(t - 19, t + 1);
    expect(score[t]).toBeCloseTo((bars.close[t]! - mean(slice)) / standardDeviation(slice), 10);
    expect(position[t]).toBeCloseTo(0.5 + (score[t]! * Math.sqrt(20 / 19)) / 4, 10);
  }
});

test("periods that cannot be are refused", () => {
  expect(() => sma(0)).toThrow("period: expected an integer of at least 1, got 0");
  expect(() => rsi(1.5)).toThrow("period: expected an integer of at least 1, got 1.5");
  expect(() => macd(26, 12, 9)).toThrow("slow: expected an integer of at least 27, got 12");
  expect(() => trend(20, 20)).toThrow("slow: expected an integer of at least 21, got 20");
  expect(() => historicalVolatility(1)).toThrow("window: expected an integer of at least 2, got 1");
  expect(() => bollinger(20, 0)).toThrow("width: expected a positive number, got 0");
  expect(() => slidingTailRisk(20, 1)).toThrow("tail: expected a probability in (0, 1), got 1");
});
