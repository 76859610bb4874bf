import { expect, test } from "vitest";
import { core } from "../../../lib/index.js";
import {
  bayesianLinearRegression,
  compareMethods,
  forecastReturns,
  gaussianTarget,
  toyDesign,
} from "../../../lib/models/inference/index.js";

const rho = 0.8;
const precision = core
  .fromRows([
    [1, rho],
    [rho, 1],
  ])
  .div(1 - rho ** 2);

test("mean field keeps 1 − ρ² of a variance, full rank and HMC all of it and the correlation", () => {
  const { meanField, fullRank, hmc } = compareMethods(gaussianTarget([1, -1], precision), {
    key: core.key(1),
    hmc: { draws: 2000 },
  });
  for (const fit of [meanField, fullRank]) expect(Math.abs(fit.mean[0]! - 1)).toBeLessThan(0.1); // a tenth of a posterior sd
  expect(Math.abs(meanField.covariance.get(0, 0) / (1 - rho ** 2) - 1)).toBeLessThan(0.1);
  expect(meanField.covariance.get(0, 1)).toBe(0);
  expect(fullRank.covariance.get(0, 0)).toBeCloseTo(1, 1);
  expect(fullRank.covariance.get(0, 1)).toBeCloseTo(-rho, 1);
  expect(Math.abs(hmc.covariance.get(0, 1) + rho)).toBeLessThan(0.1); // eight thousand dependent draws
  expect(core.standardDeviation(meanField.draws[1]!)).toBeCloseTo(Math.sqrt(1 - rho ** 2), 1);
});

test("a forecast of returns has the scale's mean and variances", () => {
  const forecast = forecastReturns(
    {
      mean: [2, 1],
      covariance: core.fromRows([
        [4, 0],
        [0, 9],
      ]),
    },
    0.25,
    {
      x: Float64Array.of(1, 1, 0, 2),
      scale: Float64Array.of(0.1, 0.2),
      asset: Uint16Array.of(0, 0),
      decidedAt: Float64Array.of(1, 2),
      symbols: ["A"],
    },
  );
  expect(Array.from(forecast.mean, (m) => Number(m.toFixed(12)))).toEqual([0.3, 0.4]);
  expect(forecast.epistemic[0]).toBeCloseTo(13 * 0.01, 12);
  expect(forecast.epistemic[1]).toBeCloseTo(36 * 0.04, 12);
  expect(forecast.aleatoric[1]).toBeCloseTo(0.25 * 0.04, 12);
  expect(forecast.names).toEqual(["A"]);
});

test("inputs of a toy design are as correlated as asked, and its weights are found", () => {
  const design = toyDesign({
    rows: 20_000,
    weights: [1, -0.5],
    correlation: 0.7,
    noiseVar: 0.25,
    key: core.key(3),
  });
  const column = (i: number) => design.y.map((_, n) => design.x[n * 2 + i]!);
  expect(Math.abs(core.correlation(column(0), column(1)) - 0.7)).toBeLessThan(0.02); // 5 standard errors
  const { mean } = bayesianLinearRegression(design, 0.25, 10);
  expect(Math.abs(mean[0]! - 1)).toBeLessThan(0.025);
  expect(() => toyDesign({ rows: 9, weights: [1], correlation: 1, noiseVar: 1, key: core.key(3) })).toThrow(
    "[0, 1)",
  );
});
