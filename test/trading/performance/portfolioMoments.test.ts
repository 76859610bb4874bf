import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/linalg.js";
import { multiKelly } from "../../../lib/trading/decisions/size.js";
import {
  diversificationRatio,
  expectedReturn,
  expectedSharpe,
  expectedVolatility,
  meanVarianceUtility,
  riskContributions,
} from "../../../lib/trading/performance/portfolioMoments.js";

const covariance = fromRows([
  [0.04, 0.006, 0],
  [0.006, 0.09, 0.02],
  [0, 0.02, 0.16],
]);
const moments = { mean: [0.05, 0.06, 0.09], covariance };
const weights = [0.5, 0.3, 0.2];

test("VP-60, VP-61: return and volatility of a portfolio are wᵀμ and √(wᵀΣw)", () => {
  expect(expectedReturn(weights, moments.mean)).toBeCloseTo(0.061, 12);
  const variance = 0.25 * 0.04 + 0.09 * 0.09 + 0.04 * 0.16 + 2 * (0.15 * 0.006 + 0.06 * 0.02);
  expect(expectedVolatility(weights, covariance)).toBeCloseTo(Math.sqrt(variance), 12);
  expect(expectedSharpe(weights, moments, 4)).toBeCloseTo((2 * 0.061) / Math.sqrt(variance), 12);
});

test("VP-62: diversification is 1 for one asset, √A for A alike and uncorrelated, and 1 for perfectly correlated ones", () => {
  expect(diversificationRatio([0, 1, 0], covariance)).toBeCloseTo(1, 12);
  const alike = fromRows([0, 1, 2, 3].map((i) => [0, 1, 2, 3].map((j) => (i === j ? 0.04 : 0))));
  expect(diversificationRatio([0.25, 0.25, 0.25, 0.25], alike)).toBeCloseTo(2, 12);
  const together = fromRows([
    [0.04, 0.06],
    [0.06, 0.09],
  ]);
  expect(diversificationRatio([0.4, 0.6], together)).toBeCloseTo(1, 12);
  expect(diversificationRatio([1, 2, 3], covariance)).toBeCloseTo(
    diversificationRatio([2, 4, 6], covariance),
    12,
  );
});

test("VP-63: as objectives they have the optima that theory names", () => {
  const kelly = multiKelly(moments.mean, covariance).sizes;
  const base = { utility: meanVarianceUtility(kelly, moments, 1), sharpe: expectedSharpe(kelly, moments, 1) };
  expect(base.utility).toBeCloseTo(multiKelly(moments.mean, covariance).growth, 12);
  for (let a = 0; a < 3; a++) {
    for (const step of [-0.01, 0.01]) {
      const moved = kelly.map((w, i) => (i === a ? w + step : w));
      expect(meanVarianceUtility(moved, moments, 1)).toBeLessThan(base.utility);
      expect(expectedSharpe(moved, moments, 1)).toBeLessThan(base.sharpe);
    }
  }
});

test("risk shares add to one, and a hedge takes risk away", () => {
  const shares = riskContributions(weights, covariance);
  expect(shares.reduce((s, x) => s + x, 0)).toBeCloseTo(1, 12);
  expect(riskContributions([1, -0.05, 0], covariance)[1]).toBeLessThan(0);
});

test("bad input is refused by name", () => {
  expect(() => expectedReturn([1], [1, 2])).toThrow("mean: expected 1 values, got 2");
  expect(() => expectedVolatility([1, 2], covariance)).toThrow("weights: expected 3 values, got 2");
  expect(() => riskContributions([0, 0, 0], covariance)).toThrow("variance of the portfolio");
});
