import { describe, expect, test } from "vitest";
import { fold, key, normals } from "../../../lib/core/random.js";
import { mean } from "../../../lib/core/stats.js";
import { bostonHousing } from "../../../lib/models/bnn/bostonHousing.js";
import { scoreSplit, splitDesign } from "../../../lib/models/bnn/scoredSplits.js";
import { bayesianLinearRegression, predictLinear } from "../../../lib/models/inference/exact/conjugate.js";
import { maximiseEvidence } from "../../../lib/models/inference/exact/evidence.js";

const root = key("evidence");

test("no other prior or noise has more evidence", () => {
  const x = normals(fold(root, "x"), 300 * 4);
  const e = normals(fold(root, "e"), 300);
  const y = e.map((noise, n) => 0.7 * noise + x[4 * n]! - 0.5 * x[4 * n + 1]!);
  const design = { x, columns: 4, y };
  const best = maximiseEvidence(design);
  for (const [noise, prior] of [
    [1.01, 1],
    [0.99, 1],
    [1, 1.05],
    [1, 0.95],
  ] as const) {
    const other = bayesianLinearRegression(design, best.noiseVar * noise, best.priorVar * prior);
    expect(other.logEvidence).toBeLessThan(best.logEvidence);
  }
  expect(best.noiseVar).toBeCloseTo(0.49, 1);
});

describe("Boston housing, twenty published splits", () => {
  const data = bostonHousing();

  test("506 rows of 13 columns; each split leaves 51 out and the rest in", () => {
    expect([data.x.length / 13, data.names.length, data.splits.length]).toEqual([506, 13, 20]);
    for (const { train, test: held } of data.splits)
      expect([train.length, held.length, new Set([...train, ...held]).size]).toEqual([455, 51, 506]);
  });

  // Facts of the literature: exact regression scores RMSE 4.5951 and NLL 2.9696, log evidence -374.58322 on the first split.
  test("exact regression reaches the published scores to four digits", () => {
    const scores = data.splits.map((_, s) => {
      const { train, test: held, scale } = splitDesign(data, s);
      const fit = maximiseEvidence(train);
      if (s === 0) expect(fit.logEvidence).toBeCloseTo(-374.58322, 4);
      const { mean: m, epistemic, aleatoric } = predictLinear(fit, held.x);
      return scoreSplit({ mean: m, variance: epistemic.map((v) => v + aleatoric) }, held.y, scale);
    });
    expect(mean(scores.map((score) => score.rmse))).toBeCloseTo(4.5951, 4);
    expect(mean(scores.map((score) => score.nll))).toBeCloseTo(2.9696, 4);
  });
});
