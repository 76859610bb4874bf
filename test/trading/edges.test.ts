/** Statistics of returns at the edges of float64, far tails and ties. */
import { expect, test } from "vitest";
import { fromRows } from "../../lib/core/linalg.js";
import { fold, key, normals } from "../../lib/core/random.js";
import { estimationShrinkage } from "../../lib/trading/decisions/size.js";
import { factorHedge } from "../../lib/trading/factors/factorHedge.js";
import { gainLoss } from "../../lib/trading/performance/metrics.js";
import { downsideDeviation, sharpeEstimate, sortinoRatio } from "../../lib/trading/performance/returns.js";
import { scenarioRisk } from "../../lib/trading/performance/scenarioRisk.js";
import { bootstrapSharpe } from "../../lib/trading/significance/bootstrap.js";
import { backtestOverfitting } from "../../lib/trading/significance/overfitting.js";
import {
  bootstrapSharpeDifference,
  expectedMaxSharpe,
  sharpeDifferenceTest,
} from "../../lib/trading/significance/sharpeInference.js";
import {
  christoffersenTest,
  conditionalCoverageTest,
  kupiecTest,
} from "../../lib/trading/significance/varTests.js";

const root = key("trading edges");
const x = normals(fold(root, "x"), 300).map((v) => 0.1 + v);
const y = normals(fold(root, "y"), 300);
const times = (values: ArrayLike<number>, unit: number) => Float64Array.from(values, (v) => v * unit);
const near = (found: number, wanted: number, relative = 1e-12) =>
  expect(Math.abs(found / wanted - 1), `${found} for ${wanted}`).toBeLessThan(relative);

test("without a loss the profit factor is infinite, and the payoff has nothing to be over", () => {
  expect(gainLoss([1, 2, 0])).toEqual({
    winRate: 1,
    profitFactor: Number.POSITIVE_INFINITY,
    payoff: Number.NaN,
  });
  expect(gainLoss([-1, -2])).toEqual({ winRate: 0, profitFactor: 0, payoff: Number.NaN });
  expect(gainLoss([0, 0])).toEqual({ winRate: Number.NaN, profitFactor: Number.NaN, payoff: Number.NaN });
  expect(gainLoss([3, -1, -1, 1])).toEqual({ winRate: 0.5, profitFactor: 2, payoff: 2 });
});

test.each([
  // closed statistic and upper incomplete gamma function of mpmath 1.4; scipy.stats.chi2.sf agrees
  [1000, 120, 0.05, 75.4019612296275, 3.84008382594311e-18],
  [500, 50, 0.01, 144.479347475512, 2.79119313942056e-33],
])("%d bars with %d exceedances of %d have the far p-value of their statistic", (...all) => {
  const [observations, exceedances, probability, statistic, p] = all;
  const found = kupiecTest({ observations, exceedances, probability });
  near(found.statistic, statistic);
  near(found.pValue, p, 1e-10);
});

test("clusters of exceedances have p-values far below the last digit of one", () => {
  const hits = Array.from({ length: 500 }, (_, t) => (t % 50 < 45 ? 0 : 1));
  // likelihood ratios and upper incomplete gamma functions of mpmath 1.4
  near(christoffersenTest(hits).pValue, 1.5837962522805408e-41, 1e-10);
  near(conditionalCoverageTest(hits, 0.05).pValue, 8.353687402456734e-45, 1e-10);
});

test("the best of 1e20 and of 1e300 trials is expected where extreme values put it, not at infinity", () => {
  // quantiles by mpmath's complementary error function at 60 digits
  near(expectedMaxSharpe({ variance: 1, count: 1e20 }), 9.323612882361871, 1e-9);
  near(expectedMaxSharpe({ variance: 1, count: 1e300 }), 37.062659907809916, 1e-9);
});

test.each([2 ** -660, 2 ** -30])("ratios are the same where returns have the unit %d", (unit) => {
  const [small, other] = [times(x, 2 ** -7), times(y, 2 ** -7)]; // no return is a ruin
  const options = { key: root, replicates: 20, meanBlock: 5 };
  const estimate = { barsPerYear: 365, horizon: 5 };
  for (const name of ["perBar", "standardError", "eta", "annualCorrected"] as const)
    near(sharpeEstimate(times(small, unit), estimate)[name], sharpeEstimate(small, estimate)[name]);
  near(sortinoRatio(times(small, unit), 365), sortinoRatio(small, 365));
  near(downsideDeviation(times(small, unit)) / unit, downsideDeviation(small));
  expect(bootstrapSharpe(times(small, unit), options)).toEqual(bootstrapSharpe(small, options));
  const differences = [times(small, unit), small].map((of) => bootstrapSharpeDifference(of, other, options));
  near(differences[0]!.variance, differences[1]!.variance);
  const trials = [small, other, times(normals(fold(root, "z"), 300), 2 ** -7)];
  const scaled = trials.map((of) => times(of, unit));
  expect(backtestOverfitting(scaled, 6).logits).toEqual(backtestOverfitting(trials, 6).logits);
});

test("two long series that hardly differ can be told apart as well as two short ones", () => {
  const long = normals(fold(root, "long"), 100_000);
  const other = long.map((v, t) => v + 1e-5 * y[t % 300]!);
  expect(sharpeDifferenceTest(long, other).variance).toBeLessThan(1e-14);
  expect(() => sharpeDifferenceTest(long, long.slice())).toThrow("expected series that differ");
});

test("the shrinkage of a mean depends on the ratio of mean and error alone", () => {
  near(estimationShrinkage(3e-170, 0), 1);
  near(estimationShrinkage(2e-150, 4e-300), 0.5);
  near(estimationShrinkage(1e200, 1e300), 1);
});

test("a hedge is the same in whatever unit the variances are", () => {
  const slopes = fromRows([[1], [1], [2]]);
  const hedge = (unit: number) => factorHedge([1, 0, 0], { slopes, ownVariance: times([1, 3, 2], unit) }, 0);
  const plain = hedge(1);
  hedge(1e-14).forEach((h, a) => {
    near(h, plain[a]!);
  });
});

test("scenarios that tie for the last place among the worst share it, so that their order changes no part", () => {
  const scenarios = [
    [-3, 0],
    [-1, 0],
    [0, -1],
    [1, 1],
  ];
  const partsOf = (order: readonly number[]) =>
    Array.from(
      scenarioRisk([1, 1], Float64Array.from(order.flatMap((s) => scenarios[s]!)), 0.5).shortfallParts,
    );
  // by hand: two of the worst, the loss of 3 and half of each loss of 1
  for (const order of [
    [0, 1, 2, 3],
    [0, 2, 1, 3],
    [2, 3, 1, 0],
  ])
    expect(partsOf(order)).toEqual([1.75, 0.25]);
});

test("returns and three times the same have no different Sharpe ratios, though rounding makes them so", () => {
  const options = { key: root, replicates: 99, meanBlock: 5 };
  for (const factor of [3, 0.7, 1e-9])
    expect(bootstrapSharpeDifference(x, times(x, factor), options).pValue).toBe(1);
});
