import fc from "fast-check";
import { expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { standardDeviation } from "../../../lib/core/stats.js";
import {
  annualGrowth,
  calmarRatio,
  equityCurve,
  maximumDrawdown,
  totalReturn,
} from "../../../lib/trading/performance/drawdown.js";
import {
  gainLoss,
  performance,
  uncertaintyAdjustedSharpe,
} from "../../../lib/trading/performance/metrics.js";
import {
  downsideDeviation,
  kurtosis,
  loEta,
  sharpeEstimate,
  sharpeRatio,
  skewness,
  sortinoRatio,
} from "../../../lib/trading/performance/returns.js";
import {
  expectedShortfall,
  gaussianTailRisk,
  interpolatedTailRisk,
  tailCount,
  valueAtRisk,
} from "../../../lib/trading/performance/tailRisk.js";

const root = key("metrics");
const hourly = 8760;
const gaussian = (name: string | number, count: number, mean = 0, sd = 0.01) =>
  normals(fold(root, name), count).map((e) => mean + sd * e);
const series = fc.array(fc.double({ min: -0.5, max: 0.5, noNaN: true }), { minLength: 2, maxLength: 60 });

test("VI-78: the Sharpe ratio is mean over sample deviation, annualised by the bars of a year", () => {
  expect(sharpeRatio([0.01, 0.03], 4)).toBeCloseTo((0.02 / (0.02 / Math.SQRT2)) * 2, 12);
  const r = gaussian("scale", 50, 0.001);
  expect(sharpeRatio(r, 365)).toBeCloseTo(sharpeRatio(r, 4 * 365) / 2, 12);
  expect(
    sharpeRatio(
      r.map((x) => 3 * x),
      hourly,
    ),
  ).toBeCloseTo(sharpeRatio(r, hourly), 10);
});

test("VI-78: the standard error is the spread of the ratio over many samples, fat and skewed tails included", () => {
  const skewed = (n: number) => {
    const [a, b] = [gaussian(`a${n}`, 300, 0, 1), gaussian(`b${n}`, 300, 0, 1)];
    return a.map((e, t) => 0.3 - (0.5 * (e * e - 1)) / Math.SQRT2 + Math.sqrt(0.75) * b[t]!);
  };
  const estimates = Array.from({ length: 800 }, (_, n) =>
    sharpeEstimate(skewed(n), { barsPerYear: 1, horizon: 1 }),
  );
  const spread = standardDeviation(estimates.map(({ perBar }) => perBar));
  const claimed = estimates.reduce((total, e) => total + e.standardErrorPerBar, 0) / estimates.length;
  const normal = estimates.reduce((total, e) => total + e.normalStandardError, 0) / estimates.length;
  expect(claimed / spread).toBeGreaterThan(0.93);
  expect(claimed / spread).toBeLessThan(1.07);
  expect(normal / spread).toBeLessThan(0.95);
});

test("Lo's factor is √q without correlation and √(q (1 − ρ) / (1 + ρ)) at a long horizon of an AR(1)", () => {
  expect(loEta(gaussian("white", 40_000), 24)).toBeCloseTo(Math.sqrt(24), 0);
  const rho = 0.3;
  let last = 0;
  const ar = gaussian("ar", 40_000).map((e) => {
    last = rho * last + e;
    return last;
  });
  expect(loEta(ar, 200) / Math.sqrt((200 * (1 - rho)) / (1 + rho))).toBeCloseTo(1, 0);
  expect(loEta(ar, 24)).toBeLessThan(0.8 * Math.sqrt(24));
  expect(loEta(ar, 1)).toBe(1);
});

test("constant returns have no Sharpe ratio, and returns without a loss no Sortino ratio", () => {
  expect(sharpeRatio(new Float64Array(1000).fill(0.1), hourly)).toBeNaN();
  expect(skewness([0.1, 0.1, 0.1])).toBeNaN();
  expect(sharpeRatio([0, 0, 0], hourly)).toBeNaN();
  expect(sortinoRatio([0.01, 0.02], hourly)).toBeNaN();
});

test("VI-79: the downside deviation is over all bars, gains counted as zero", () => {
  expect(downsideDeviation([-0.03, 0.04, 0.1, -0.04])).toBeCloseTo(0.025, 12);
  expect(sortinoRatio([-0.02, 0.04, 0, 0], 1)).toBeCloseTo(0.5, 12);
});

test("a normal sample has skewness 0 and kurtosis 3, and two points ±1 have 0 and 1", () => {
  expect(skewness([-1, 1])).toBeCloseTo(0, 12);
  expect(kurtosis([-1, 1])).toBeCloseTo(1, 12);
  expect(kurtosis(gaussian("kurtosis", 100_000))).toBeCloseTo(3, 1);
});

test("VI-80: the drawdown says when the peak was, when the trough, and when it was made good", () => {
  const fall = maximumDrawdown([0.1, -0.5, 0.2, 1, 0.1]);
  expect(fall.depth).toBeCloseTo(0.5, 12);
  expect(fall).toMatchObject({ start: 1, trough: 2, end: 4 });
  expect(maximumDrawdown([0.1, -0.5, 0.2])).toMatchObject({ start: 1, trough: 2, end: null });
  expect(maximumDrawdown([-0.1, 0.01])).toMatchObject({ start: 0, trough: 1, end: null });
  expect(maximumDrawdown([0.1, 0.1])).toEqual({ depth: 0, start: 0, trough: 0, end: 0 });
});

test("the maximum drawdown is the deepest of all pairs of times", () => {
  fc.assert(
    fc.property(series, (returns) => {
      const equity = equityCurve(returns);
      let deepest = 0;
      for (let i = 0; i < equity.length; i++)
        for (let j = i; j < equity.length; j++) deepest = Math.max(deepest, 1 - equity[j]! / equity[i]!);
      const { depth, start, trough } = maximumDrawdown(returns);
      expect(depth).toBeCloseTo(deepest, 12);
      expect(1 - equity[trough]! / equity[start]!).toBeCloseTo(depth, 12);
    }),
  );
});

test("ruin is final: equity stays at zero, growth is −1 and the drawdown is whole", () => {
  const ruined = [0.1, -1.3, 0.5, 4];
  expect(Array.from(equityCurve(ruined))).toEqual([1, 1.1, 0, 0, 0]);
  expect(totalReturn(ruined)).toBe(-1);
  expect(annualGrowth(ruined, hourly)).toBe(-1);
  expect(maximumDrawdown(ruined)).toEqual({ depth: 1, start: 1, trough: 2, end: null });
});

test("annual growth of a year is the total return, of half a year its square", () => {
  expect(annualGrowth([0.1, 0.1], 2)).toBeCloseTo(0.21, 12);
  expect(annualGrowth([0.1], 2)).toBeCloseTo(0.21, 12);
});

test("a Calmar ratio of less than a month is withheld, and so is one without a loss", () => {
  const month = new Float64Array(730).fill(0.001).map((r, t) => (t === 0 ? -0.1 : r));
  expect(calmarRatio(month, hourly)).toBeGreaterThan(0);
  expect(calmarRatio(month.subarray(0, 729), hourly)).toBeNull();
  expect(calmarRatio(month.subarray(0, 729), hourly, 0)).toBeGreaterThan(0);
  expect(calmarRatio([0.1, 0.1], 2)).toBeNull();
});

test("the order of a tail is an integer where the product is one but for rounding", () => {
  expect((1 - 0.95) * 600).toBeGreaterThan(30);
  expect(tailCount(1 - 0.95, 600)).toBe(30);
  expect(tailCount(0.05, 601)).toBe(31);
  const losses = Float64Array.from({ length: 600 }, (_, t) => -(600 - t) / 1000);
  expect(valueAtRisk(losses, 1 - 0.95)).toBe(0.571);
});

test("the shortfall counts the boundary bar by its share, and is the mean loss of an exact tail", () => {
  expect(expectedShortfall([-0.04, -0.02, 0.01, 0.02], 0.5)).toBeCloseTo(0.03, 12);
  expect(expectedShortfall([-0.04, -0.02, 0.01, 0.02], 0.375)).toBeCloseTo((0.04 + 0.5 * 0.02) / 1.5, 12);
  expect(valueAtRisk([-0.04, -0.02, 0.01, 0.02], 0.375)).toBe(0.02);
  expect(expectedShortfall([-0.04, 0.02], 0.01)).toBeCloseTo(0.04, 12);
});

test("a shortfall is never below its value at risk, and both move one for one with the returns", () => {
  fc.assert(
    fc.property(series, fc.double({ min: 0.01, max: 0.99, noNaN: true }), (returns, tail) => {
      const shifted = returns.map((r) => r - 0.25);
      expect(expectedShortfall(returns, tail)).toBeGreaterThanOrEqual(valueAtRisk(returns, tail) - 1e-12);
      expect(expectedShortfall(shifted, tail)).toBeCloseTo(expectedShortfall(returns, tail) + 0.25, 10);
      const linear = interpolatedTailRisk(returns, tail);
      expect(linear.expectedShortfall).toBeGreaterThanOrEqual(linear.valueAtRisk - 1e-12);
    }),
  );
});

test("on normal returns the empirical tail agrees with the Gaussian one", () => {
  const r = gaussian("tail", 100_000);
  const closed = gaussianTailRisk(r, 0.05);
  expect(valueAtRisk(r, 0.05) / closed.valueAtRisk).toBeCloseTo(1, 1);
  expect(expectedShortfall(r, 0.05) / closed.expectedShortfall).toBeCloseTo(1, 1);
});

test("gains and losses of zero count on neither side", () => {
  expect(gainLoss([0.02, 0, -0.01, 0.04, 0])).toMatchObject({ winRate: 2 / 3, profitFactor: 6, payoff: 3 });
});

test("BN-86: equal uncertainties leave the sized ratio alone, and a larger one only lowers the inflated", () => {
  const r = gaussian("adjusted", 400, 0.002);
  const flat = uncertaintyAdjustedSharpe(r, new Float64Array(400).fill(0.003), hourly);
  expect(flat.sized).toBeCloseTo(sharpeRatio(r, hourly), 10);
  expect(flat.inflated).toBeLessThan(sharpeRatio(r, hourly));
  expect(uncertaintyAdjustedSharpe(r, new Float64Array(400).fill(0.03), hourly).inflated).toBeLessThan(
    flat.inflated,
  );
  const knowing = uncertaintyAdjustedSharpe(
    r,
    r.map((x) => (x < 0 ? 0.01 : 0.0001)),
    hourly,
  );
  expect(knowing.sized).toBeGreaterThan(flat.sized);
  expect(flat.probabilistic).toBeGreaterThan(0.5);
  expect(knowing.probabilistic).toBe(flat.probabilistic);
});

test("the record holds what the single statistics say", () => {
  const r = gaussian("record", 2000, 0.0005);
  const all = performance(r, { barsPerYear: hourly, horizon: 24 });
  expect(all.bars).toBe(2000);
  expect(all.sharpe.annual).toBe(sharpeRatio(r, hourly));
  expect(all.calmar).toBeCloseTo(all.annualGrowth / all.drawdown.depth, 12);
  expect(all.valueAtRisk95).toBe(valueAtRisk(r, 0.05));
  expect(all.annualVolatility).toBeCloseTo(standardDeviation(r) * Math.sqrt(hourly), 12);
});

test("bad input is refused by name, with what was expected and what came", () => {
  expect(() => sharpeRatio([0.1], hourly)).toThrow("returns: expected at least 2 bars, got 1");
  expect(() => sharpeRatio([0.1, Number.NaN], hourly)).toThrow(
    "returns[1]: expected a finite number, got NaN",
  );
  expect(() => sharpeRatio([0.1, 0.2], 0)).toThrow("barsPerYear: expected a positive number, got 0");
  expect(() => annualGrowth([0.1], Number.NaN)).toThrow("barsPerYear: expected a positive number, got NaN");
  expect(() => loEta([0.1, 0.2], 2)).toThrow("horizon: expected fewer than the 2 bars, got 2");
  expect(() => maximumDrawdown([])).toThrow("returns: expected at least 1 bars, got 0");
  expect(() => valueAtRisk([0.1], 0)).toThrow("tail: expected a probability in (0, 1), got 0");
  expect(() => uncertaintyAdjustedSharpe([0.1, 0.2], [0.1, -1], 1)).toThrow(
    "uncertainty[1]: expected zero or more, got -1",
  );
  expect(() => uncertaintyAdjustedSharpe([0.1, 0.2], [0, 0], 1)).toThrow(
    "mean uncertainty: expected a positive",
  );
});
