import { expect, test } from "vitest";
import { core, models } from "../../../lib/index.js";

const { comparePairs, pairPosterior, posteriorRows, priorByEvidence, sdRatios } = models.inference;

test("the precision of a pair is the inverse of its covariance, and a correlation of one is refused", () => {
  const { covariance, precision } = pairPosterior(0.7);
  const product = covariance.mmul(precision).to2DArray();
  expect(product[0]![0]).toBeCloseTo(1, 12);
  expect(product[0]![1]).toBeCloseTo(0, 12);
  expect(covariance.get(0, 1)).toBe(-0.7);
  expect(() => pairPosterior(1)).toThrow("(−1, 1)");
});

test("mean field keeps the variance 1 − ρ² of each weight, full rank and the sampler keep all of it", () => {
  const [pair] = comparePairs([0.8], core.key(1));
  const { exact, "mean field": meanField, "full rank": fullRank } = pair!.posteriors;
  expect(meanField!.covariance.get(0, 0)).toBeCloseTo(1 - 0.64, 1);
  expect(fullRank!.covariance.get(0, 0)).toBeCloseTo(1, 1);
  expect(core.correlation(pair!.draws.of[0]!, pair!.draws.of[1]!)).toBeCloseTo(-0.8, 1);
  expect(sdRatios(meanField!, exact!)[0]).toBeCloseTo(0.6, 1);
});

test("rows name mean, sd and correlation of the chosen weights", () => {
  const covariance = core.fromRows([
    [4, -1],
    [-1, 1],
  ]);
  const rows = posteriorRows({ known: { mean: [3, 5], covariance } }, { first: 0, second: 1 });
  expect(rows).toEqual([
    {
      ...{ method: "known", "mean of first": 3, "sd of first": 2 },
      ...{ "mean of second": 5, "sd of second": 1, correlation: -0.5 },
    },
  ]);
  expect(posteriorRows({ known: { mean: [3, 5], covariance } }, { second: 1 })[0]).not.toHaveProperty(
    "correlation",
  );
  expect(() => posteriorRows({ known: { mean: [3, 5], covariance } }, { third: 2 })).toThrow("third");
});

test("the ratio of widths of a posterior to itself is one, and a scale comes out as such", () => {
  const covariance = core.Matrix.diag([1, 9]);
  const wide = core.Matrix.diag([4, 9]);
  expect(sdRatios({ mean: [0, 0], covariance: wide }, { mean: [0, 0], covariance })).toEqual([2, 1]);
});

test("the chosen prior has the greatest evidence, and evidences are counted from the first", () => {
  const design = models.inference.toyDesign({
    ...{ rows: 60, weights: [1, -1], correlation: 0, noiseVar: 0.25 },
    key: core.key(4),
  });
  const variances = [1e-4, 1, 1e6];
  const { posterior, priorVar, rows } = priorByEvidence(design, 0.25, variances);
  const evidences = variances.map(
    (v) => models.inference.bayesianLinearRegression(design, 0.25, v).logEvidence,
  );
  expect(priorVar).toBe(1);
  expect(posterior.logEvidence).toBe(Math.max(...evidences));
  expect(rows.map(({ chosen }) => chosen)).toEqual(["", "✓", ""]);
  expect(rows[2]!.evidence).toBeCloseTo(evidences[2]! - evidences[0]!, 9);
  expect(() => priorByEvidence(design, 0.25, [])).toThrow("at least one");
});
