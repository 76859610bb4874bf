import { expect, test } from "vitest";
import { fromRows } from "../../../lib/core/linalg.js";
import { forecastPortfolios } from "../../../lib/portfolio/optimise/forecastPortfolios.js";

const covariance = fromRows([
  [4e-4, 0],
  [0, 4e-4],
]);
/** Two times; at the second one asset alone has a forecast, and rows stand in no order. */
const forecast = {
  mean: Float64Array.of(0.01, 0.01, 0.01),
  aleatoric: Float64Array.of(4e-4, 4e-4, 4e-4),
  latent: Float64Array.of(1e-4, 0, 0),
  epistemic: Float64Array.of(3e-4, 0, 0),
  asset: Uint16Array.of(1, 0, 0),
  decidedAt: Float64Array.of(10, 10, 20),
};
const weights = (uncertainty: "none" | "mean" | "predictive") =>
  forecastPortfolios(forecast, { covariance, riskAversion: 50, uncertainty });

test("times without a forecast of every asset are left out, and rows come in order of assets", () => {
  const { asset, decidedAt } = weights("none");
  expect([Array.from(asset), Array.from(decidedAt)]).toEqual([
    [0, 1],
    [10, 10],
  ]);
});

test("equal means are weighted inversely to the variances that were asked for", () => {
  // variances 4 and 4, then 4 and 4 + 4, then 4 + 4 and 4 + 8, in units of 1e-4
  expect(weights("none").weight[0]).toBeCloseTo(1 / 2, 6);
  expect(weights("mean").weight[0]).toBeCloseTo(2 / 3, 6);
  expect(weights("predictive").weight[0]).toBeCloseTo(3 / 5, 6);
});

test("no time with all assets is an error that says how many were expected", () => {
  const one = { ...forecast, asset: Uint16Array.of(0, 0, 0), decidedAt: Float64Array.of(1, 2, 3) };
  expect(() => forecastPortfolios(one, { covariance, riskAversion: 1, uncertainty: "none" })).toThrow(
    "expected a time with all 2 assets",
  );
});
