import fc from "fast-check";
import { expect, test } from "vitest";
import { fromRows, Matrix, quadraticForm } from "../../lib/core/linalg.js";
import { key, normals } from "../../lib/core/random.js";
import { checkWithin, largestReturn } from "../../lib/portfolio/constraints/limits.js";
import {
  meanVariance,
  minimumVariance,
  targetReturn,
  variationalPortfolio,
} from "../../lib/portfolio/optimise/meanVariance.js";
import { maximumDiversification, maximumSharpe } from "../../lib/portfolio/optimise/ratio.js";
import { rebalancedPortfolio } from "../../lib/portfolio/optimise/rebalance.js";
import { riskBudgets, riskParity } from "../../lib/portfolio/optimise/riskParity.js";
import { robustMeanVariance, worstCase } from "../../lib/portfolio/optimise/robust.js";
import { maximumWorstCase, minimumShortfall } from "../../lib/portfolio/optimise/scenarios.js";
import { sampleDirichlet } from "../../lib/portfolio/sample/dirichlet.js";
import {
  diversificationRatio,
  expectedReturn,
  expectedSharpe,
  riskContributions,
} from "../../lib/trading/performance/portfolioMoments.js";
import { expectedShortfall } from "../../lib/trading/performance/tailRisk.js";

const SIZE = 6;

/** Returns [40, 6] of one factor and noise, and their moments. */
function market(seed: number) {
  const z = normals(key(seed), 40 * (SIZE + 1));
  const returns = new Matrix(40, SIZE);
  for (let t = 0; t < 40; t++) {
    for (let a = 0; a < SIZE; a++) {
      const own = (0.01 + 0.004 * a) * z[40 + t * SIZE + a]!;
      returns.set(t, a, 0.001 + 0.0005 * a + 0.015 * z[t]! + own);
    }
  }
  const covariance = returns
    .transpose()
    .mmul(returns)
    .div(40)
    .add(Matrix.eye(SIZE, SIZE, 1e-5));
  const expected = Float64Array.from(
    { length: SIZE },
    (_, a) => returns.getColumn(a).reduce((x, y) => x + y, 0) / 40,
  );
  const uncertainty = Float64Array.from({ length: SIZE }, (_, a) => Math.sqrt(covariance.get(a, a) / 40));
  return { returns, covariance, expected, uncertainty };
}

const rivals = (name: string) => {
  const weights = sampleDirichlet(key(name), 300, new Float64Array(SIZE).fill(0.5));
  return Array.from({ length: 300 }, (_, n) => weights.subarray(n * SIZE, (n + 1) * SIZE));
};

const seeds = fc.integer({ min: 0, max: 1e6 });

test("the target is met, at less risk than by any other portfolio that meets it", () => {
  fc.assert(
    fc.property(seeds, fc.double({ min: 0, max: 1, noNaN: true }), (seed, share) => {
      const input = market(seed);
      const [low, high] = [Math.min(...input.expected), largestReturn(input.expected)];
      const target = low + share * (high - low);
      const w = targetReturn(input, target);
      checkWithin(w);
      expect(expectedReturn(w, input.expected)).toBeGreaterThan(target - 1e-10);
      for (const other of rivals("target")) {
        if (expectedReturn(other, input.expected) < target) continue;
        expect(quadraticForm(input.covariance, w)).toBeLessThan(
          quadraticForm(input.covariance, other) + 1e-12,
        );
      }
    }),
    { numRuns: 40 },
  );
  const input = market(1);
  const most = largestReturn(input.expected, { cap: 0.3 });
  expect(() => targetReturn({ ...input, limits: { cap: 0.3 } }, most + 1e-6)).toThrow(
    `target: expected at most ${most}`,
  );
});

test("limits hold in every optimiser that takes them", () => {
  const input = market(2);
  const limits = { cap: 0.3, sectors: [{ name: "first", assets: [0, 1, 2], most: 0.35 }] };
  const previous = new Float64Array(SIZE).fill(1 / SIZE);
  const all = [
    minimumVariance(input.covariance, limits),
    meanVariance({ ...input, riskAversion: 2, limits }),
    targetReturn({ ...input, limits }, 0.001),
    variationalPortfolio({ ...input, riskAversion: 2, penalty: 0.1, limits }),
    maximumSharpe({ ...input, limits }),
    maximumDiversification(input.covariance, limits),
    robustMeanVariance({ ...input, riskAversion: 2, radius: 0.5, limits }),
    rebalancedPortfolio({ ...input, riskAversion: 2, previous, cost: 0.001, limits }),
  ];
  for (const w of all) checkWithin(w, limits, 1e-9);
});

// VI-38: without inflation and without a penalty it is the standard problem, whatever the uncertainty
test("κ = 0 without inflation is the standard problem", () => {
  const input = { ...market(3), riskAversion: 4 };
  expect(variationalPortfolio({ ...input, inflate: false })).toEqual(meanVariance(input));
  expect(variationalPortfolio(input)).not.toEqual(meanVariance(input));
  expect(variationalPortfolio({ ...input, inflate: false, penalty: 1 })).not.toEqual(meanVariance(input));
});

test("no portfolio has a greater Sharpe ratio or diversification ratio than the greatest", () => {
  fc.assert(
    fc.property(seeds, (seed) => {
      const input = market(seed);
      fc.pre(Math.max(...input.expected) > 0);
      const moments = { mean: input.expected, covariance: input.covariance };
      const best = expectedSharpe(maximumSharpe(input), moments, 1);
      const widest = diversificationRatio(maximumDiversification(input.covariance), input.covariance);
      for (const w of rivals("ratio")) {
        expect(expectedSharpe(w, moments, 1)).toBeLessThan(best + 1e-12);
        expect(diversificationRatio(w, input.covariance)).toBeLessThan(widest + 1e-12);
      }
    }),
    { numRuns: 40 },
  );
});

test("of two uncorrelated assets the greatest Sharpe ratio holds μ/σ² of each", () => {
  const covariance = fromRows([
    [0.04, 0],
    [0, 0.01],
  ]);
  const w = maximumSharpe({ expected: [0.08, 0.01], covariance });
  expect(w[0]).toBeCloseTo(2 / 3, 12);
  const less = maximumSharpe({ expected: [0.08, 0.01], covariance, riskFree: 0.005 });
  expect(less[0]).toBeCloseTo(1.875 / 2.375, 12);
  expect(() => maximumSharpe({ expected: [-0.1, 0], covariance })).toThrow(/earns more than cash/);
});

// VP-37
test("shares of risk are the budgets to 1e-12, whatever the scale", () => {
  fc.assert(
    fc.property(seeds, fc.integer({ min: -8, max: 4 }), (seed, power) => {
      const covariance = Matrix.mul(market(seed).covariance, 10 ** power);
      const raw = sampleDirichlet(key(seed), 1, new Float64Array(SIZE).fill(1)).map((b) => b + 0.01);
      const total = raw.reduce((a, b) => a + b, 0);
      const budgets = raw.map((b) => b / total);
      riskContributions(riskBudgets(covariance, budgets), covariance).forEach((share, a) => {
        expect(Math.abs(share - budgets[a]!)).toBeLessThan(1e-12);
      });
      for (const share of riskContributions(riskParity(covariance), covariance))
        expect(share).toBeCloseTo(1 / SIZE, 12);
    }),
    { numRuns: 60 },
  );
});

test("equal risk of uncorrelated assets is weight by inverse deviation; a free hedge is refused", () => {
  const w = riskParity(Matrix.diag([0.01, 0.04, 0.16]));
  for (const [a, part] of [4, 2, 1].entries()) expect(w[a]).toBeCloseTo(part / 7, 12);
  const hedged = fromRows([
    [1, -1],
    [-1, 1],
  ]);
  expect(() => riskParity(hedged)).toThrow(/without risk/);
  expect(() => riskBudgets(Matrix.eye(2, 2), [0.5, 0.6])).toThrow("budgets: expected a sum of 1, got 1.1");
});

test("the robust portfolio is the best under its own worst means, and the standard one at radius 0", () => {
  const input = { ...market(5), riskAversion: 3 };
  expect(robustMeanVariance({ ...input, radius: 0 })).toEqual(meanVariance(input));
  fc.assert(
    fc.property(seeds, fc.double({ min: 0.1, max: 3, noNaN: true }), (seed, radius) => {
      const one = { ...market(seed), riskAversion: 3, radius };
      const worst = (w: Float64Array) =>
        expectedReturn(w, one.expected) -
        radius * Math.hypot(...w.map((value, a) => value * one.uncertainty[a]!)) -
        1.5 * quadraticForm(one.covariance, w);
      const best = worst(robustMeanVariance(one));
      for (const w of rivals("robust")) expect(worst(w)).toBeLessThan(best + 1e-12);
    }),
    { numRuns: 30 },
  );
});

test("nothing is traded when trading costs more than it brings, all when it is free", () => {
  const input = { ...market(6), riskAversion: 3 };
  const previous = Float64Array.of(0.1, 0.2, 0.3, 0.1, 0.2, 0.1);
  const held = rebalancedPortfolio({ ...input, previous, cost: 1 });
  held.forEach((w, a) => {
    expect(w).toBeCloseTo(previous[a]!, 12);
  });
  const free = rebalancedPortfolio({ ...input, previous, cost: 0 });
  meanVariance(input).forEach((w, a) => {
    expect(free[a]).toBeCloseTo(w, 9);
  });
});

test("turnover stays within its limit, and a limit that cannot be reached is named", () => {
  const input = { ...market(7), riskAversion: 3, previous: Float64Array.of(0.9, 0.1, 0, 0, 0, 0), cost: 0 };
  const turnover = (w: Float64Array) =>
    w.reduce((total, value, a) => total + Math.abs(value - input.previous[a]!), 0);
  const w = rebalancedPortfolio({ ...input, maxTurnover: 0.4 });
  expect(turnover(w)).toBeLessThan(0.4 + 1e-9);
  expect(turnover(rebalancedPortfolio(input))).toBeGreaterThan(0.4);
  const capped = { ...input, limits: { cap: 0.5 }, maxTurnover: 0.4 };
  expect(() => rebalancedPortfolio(capped)).toThrow(/the least that reaches the limits, got 0.4/);
});

// VP-48
test("no portfolio has a smaller expected shortfall over the scenarios than the least", async () => {
  const { returns } = market(8);
  const shortfall = (w: Float64Array) =>
    expectedShortfall(returns.mmul(Matrix.columnVector(Array.from(w))).getColumn(0), 0.1);
  const { weights, value } = await minimumShortfall(returns, { tail: 0.1, limits: { cap: 0.5 } });
  checkWithin(weights, { cap: 0.5 });
  expect(shortfall(weights)).toBeCloseTo(value, 9);
  for (const w of rivals("shortfall"))
    if (Math.max(...w) <= 0.5) expect(shortfall(w)).toBeGreaterThan(value - 1e-9);
  await expect(minimumShortfall(returns, { tail: 0 })).rejects.toThrow(
    "tail: expected a share in (0, 1), got 0",
  );
});

// VP-54
test("no portfolio has a better worst case than the best, which is the limit of a small tail", async () => {
  const { returns } = market(9);
  const { weights, value } = await maximumWorstCase(returns);
  checkWithin(weights);
  const { worst } = worstCase(fromRows(rivals("worst")), returns);
  expect(Math.max(...worst)).toBeLessThan(value + 1e-9);
  const tail = await minimumShortfall(returns, { tail: 1 / 40 });
  expect(tail.value).toBeCloseTo(-value, 9);
});

test("short positions are held only where they are allowed, down to the cap", () => {
  const input = market(10);
  expect(Math.min(...minimumVariance(input.covariance))).toBeGreaterThanOrEqual(0);
  const short = meanVariance({ ...input, riskAversion: 0.5, limits: { longOnly: false, cap: 0.4 } });
  expect(Math.min(...short)).toBe(-0.4);
  const unbound = maximumSharpe({ ...input, limits: { longOnly: false } });
  const moments = { mean: input.expected, covariance: input.covariance };
  expect(expectedSharpe(unbound, moments, 1)).toBeGreaterThan(
    expectedSharpe(maximumSharpe(input), moments, 1),
  );
});
