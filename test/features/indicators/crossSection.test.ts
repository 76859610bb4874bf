import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { correlation, covariance, mean, standardDeviation } from "../../../lib/core/stats.js";
import type { Bars, Panel } from "../../../lib/core/types.js";
import { compress, fitCompression } from "../../../lib/features/compression.js";
import {
  correlationNames,
  crossSection,
  crossSectionStream,
  portfolioVolatility,
} from "../../../lib/features/indicators/crossSection.js";
import { column, makePanel } from "../../../lib/features/panel.js";
import { logReturns } from "../../../lib/features/returns.js";
import { MINUTE, randomBars } from "../support/randomBars.js";

const SYMBOLS = ["BTC", "ETH", "SOL"];
const options = { window: 10 };
const market = SYMBOLS.map((symbol, a) => ({ ...randomBars(fold(key("market"), a), 200), symbol }));
const returns = market.map((bars) => logReturns(bars));
const panel = crossSection(market, options);
const at = (p: Panel, t: number, name: string): number =>
  p.values[t * p.names.length + p.names.indexOf(name)]!;
const trailing = (a: number, t: number): Float64Array => returns[a]!.slice(t - 9, t + 1);

// VP-51
test("dispersion is the deviation of returns across symbols, at this bar alone", () => {
  expect(panel.time[0]).toBe(MINUTE);
  expect(at(panel, 0, "dispersion")).toBeNaN();
  for (let t = 1; t < 200; t++) {
    const row = returns.map((r) => r[t]!);
    expect(at(panel, t, "dispersion")).toBeCloseTo(standardDeviation(row), 14);
    expect(at(panel, t, "marketReturn")).toBeCloseTo(mean(row), 14);
  }
});

// VP-43, VP-45, VP-49, VP-50
test("windows are those of the slices: volatility index, trend, portfolio volatility, correlations", () => {
  const weights = [0.5, 0.7, -0.2];
  const own = crossSection(market, { ...options, weights });
  expect(at(own, 9, "marketVolatility")).toBeNaN();
  for (let t = 10; t < 200; t++) {
    const variances = [0, 1, 2].map((a) => standardDeviation(trailing(a, t)) ** 2);
    expect(at(own, t, "marketVolatility")).toBeCloseTo(Math.sqrt(525_600 * mean(variances)), 12);
    const held = trailing(0, t).map((_, i) => weights.reduce((sum, w, a) => sum + w * trailing(a, t)[i]!, 0));
    expect(at(own, t, "portfolioVolatility")).toBeCloseTo(Math.sqrt(525_600) * standardDeviation(held), 12);
    expect(at(own, t, "correlation BTC SOL")).toBeCloseTo(correlation(trailing(0, t), trailing(2, t)), 12);
    expect(at(own, t, "correlation ETH SOL")).toBeCloseTo(correlation(trailing(1, t), trailing(2, t)), 12);
    const trend = mean([0, 1, 2].map((a) => mean(trailing(a, t))));
    expect(at(own, t, "marketTrend")).toBe(Math.sign(trend));
  }
});

test("a market of one symbol three times has no dispersion, correlations of 1 and its symbol's volatility", () => {
  const clones = crossSection(
    SYMBOLS.map((symbol) => ({ ...market[0]!, symbol })),
    options,
  );
  for (let t = 10; t < 200; t++) {
    expect(at(clones, t, "dispersion")).toBeCloseTo(0, 15);
    expect(at(clones, t, "correlation BTC ETH")).toBeCloseTo(1, 12);
    const own = Math.sqrt(525_600) * standardDeviation(trailing(0, t));
    expect(at(clones, t, "marketVolatility")).toBeCloseTo(own, 12);
    expect(at(clones, t, "portfolioVolatility")).toBeCloseTo(own, 12);
  }
});

test("bar by bar equals batch bit for bit, whatever live closes were tried, and starts again after a hole", () => {
  fc.assert(
    fc.property(fc.integer(), fc.integer({ min: 1, max: 79 }), fc.boolean(), (seed, hole, absent) => {
      const bars = SYMBOLS.map((symbol, a) => ({ ...randomBars(fold(key("live"), seed, a), 80), symbol }));
      if (!absent) bars[1]!.close[hole] = Number.NaN;
      const kept = absent ? bars.map((b) => without(b, hole)) : bars;
      const batch = crossSection(kept, options);
      const live = crossSectionStream(SYMBOLS, MINUTE, options);
      const width = batch.names.length;
      kept[0]!.openTime.forEach((time, t) => {
        const closes = kept.map((b) => b.close[t]!);
        live.preview(
          time,
          closes.map((c, a) => c * (1 + 0.1 * a)),
        );
        live.preview(time + 9 * MINUTE, closes);
        const expected = batch.values.slice(t * width, (t + 1) * width);
        expect(live.preview(time, closes)).toEqual(expected);
        expect(live.push(time, closes)).toEqual(expected);
      });
      const rest = absent ? hole : hole + 1;
      const alone = crossSection(
        kept.map((b) => tail(b, rest)),
        options,
      ).values;
      expect(batch.values.slice(rest * width)).toEqual(alone);
    }),
    { numRuns: 25 },
  );
});

test("changing tomorrow moves nothing known today, and changing today moves every column at some time", () => {
  const moved = new Set<string>();
  for (let t = 20; t < 199; t += 6) {
    const changed = market.map((bars, a) => ({
      ...bars,
      close: bars.close.map((c, i) => (i < t ? c : c * (1 + 0.1 * (a + 1) * (t % 4 < 2 ? 1 : -1)))),
    }));
    const after = crossSection(changed, options);
    const known = t * panel.names.length;
    expect(after.values.slice(0, known)).toEqual(panel.values.slice(0, known));
    for (const name of panel.names) if (at(after, t, name) !== at(panel, t, name)) moved.add(name);
  }
  expect(panel.names.filter((name) => !moved.has(name))).toEqual([]);
});

test("a close that stands still has no correlation, and leaves the rest defined", () => {
  const still = market.map((bars, a) => (a === 2 ? { ...bars, close: bars.close.map(() => 7) } : bars));
  const own = crossSection(still, options);
  expect(at(own, 50, "correlation BTC SOL")).toBeNaN();
  expect(at(own, 50, "correlation BTC ETH")).toBe(at(panel, 50, "correlation BTC ETH"));
  expect(at(own, 50, "marketVolatility")).toBeGreaterThan(0);
});

// VP-45
test("portfolio volatility by hand: a perfect hedge has none", () => {
  expect(portfolioVolatility([0.5, 0.5], [4, 0, 0, 0])).toBe(1);
  expect(portfolioVolatility([1, 1], [1, 0.5, 0.5, 1])).toBeCloseTo(Math.sqrt(3), 14);
  expect(portfolioVolatility([1, -1], [1, 1, 1, 1])).toBe(0);
  expect(() => portfolioVolatility([1, 1], [1, 0, 0])).toThrow("covariance: expected 4 values, got 3");
});

test("what cannot be is refused, with symbol and bar", () => {
  expect(() => crossSection([market[0]!], options)).toThrow(
    "number of symbols: expected an integer of at least 2",
  );
  const late = { ...market[1]!, openTime: market[1]!.openTime.map((time, t) => time + (t < 7 ? 0 : MINUTE)) };
  expect(() => crossSection([market[0]!, late], options)).toThrow("ETH, bar 7: expected the times of BTC");
  const negative = { ...market[1]!, close: market[1]!.close.map((c, t) => (t === 3 ? -c : c)) };
  expect(() => crossSection([market[0]!, negative], options)).toThrow(
    "ETH: expected a positive close or NaN",
  );
  expect(() => crossSection(market, { ...options, weights: [1] })).toThrow(
    "weights: expected 3 values, got 1",
  );
  expect(() => crossSection(market, { ...options, window: 1 })).toThrow(
    "window: expected an integer of at least 2",
  );
  const live = crossSectionStream(SYMBOLS, MINUTE, options);
  expect(() => live.push(0, [1, 2])).toThrow("closes: expected 3 values, got 2");
});

// VP-43
test("compression learns from the training part only, and of one common cause one component is left", () => {
  const names = correlationNames(SYMBOLS);
  expect(names).toEqual(["correlation BTC ETH", "correlation BTC SOL", "correlation ETH SOL"]);
  const fitted = fitCompression(panel, { names, until: 120 * MINUTE, components: 2 });
  const poked = { ...panel, values: panel.values.map((v, i) => (i < 119 * panel.names.length ? v : 3 * v)) };
  expect(fitCompression(poked, { names, until: 120 * MINUTE, components: 2 })).toEqual(fitted);
  expect(fitCompression(poked, { names, until: 121 * MINUTE, components: 2 })).not.toEqual(fitted);

  const common = normals(key("common"), 50);
  const time = common.map((_, t) => t);
  const scaled = (by: number) => common.map((z) => 5 + by * z);
  const line = makePanel(time, { a: scaled(1), b: scaled(-2), c: scaled(2) });
  const one = fitCompression(line, { names: ["a", "b", "c"], until: 50, components: 2 });
  expect(one.explained[0]).toBeCloseTo(1, 12);
  expect(one.axes.getColumn(0).map(Math.abs)[0]).toBeCloseTo(1 / 3, 12);
  const found = column(compress(line, one), "component1");
  const sign = Math.sign(found[0]! / (common[0]! - mean(common)));
  const wanted = common.map((z) => sign * 3 * (z - mean(common)));
  expect(found.every((value, t) => Math.abs(value - wanted[t]!) < 1e-10)).toBe(true);
});

test("as many components as columns keep every distance, and holes stay holes", () => {
  const names = correlationNames(SYMBOLS);
  const fitted = fitCompression(panel, { names, until: 150 * MINUTE, components: 3 });
  expect(fitted.explained.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
  const parts = compress(panel, fitted);
  expect(parts.values.slice(0, 3).every(Number.isNaN)).toBe(true);
  const apart = (p: Panel, of: readonly string[]) =>
    Math.hypot(...of.map((n) => at(p, 50, n) - at(p, 180, n)));
  expect(apart(parts, parts.names)).toBeCloseTo(apart(panel, names), 12);
  const variances = parts.names.map((name) => {
    const training = column(parts, name).slice(10, 149);
    return covariance(training, training, 0);
  });
  expect(variances[0]!).toBeGreaterThan(variances[1]!);
  expect(() => fitCompression(panel, { names, until: 0, components: 1 })).toThrow(
    "training rows that are whole",
  );
  expect(() => fitCompression(panel, { names, until: 1e9, components: 4 })).toThrow(
    "at most the 3 columns, got 4",
  );
});

function without<B extends Bars>(bars: B, hole: number): B {
  const keep = (x: Float64Array) => x.filter((_, t) => t !== hole);
  return { ...bars, openTime: keep(bars.openTime), close: keep(bars.close) };
}

function tail<B extends Bars>(bars: B, from: number): B {
  return { ...bars, openTime: bars.openTime.slice(from), close: bars.close.slice(from) };
}
