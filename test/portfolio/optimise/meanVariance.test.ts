import fc from "fast-check";
import { expect, test } from "vitest";
import { fromRows, Matrix } from "../../../lib/core/linalg.js";
import { key, normals } from "../../../lib/core/random.js";
import {
  meanVariance,
  minimumVariance,
  variationalPortfolio,
} from "../../../lib/portfolio/optimise/meanVariance.js";

/** A covariance of `size` assets with some correlation. */
function market(seed: number, size: number) {
  const z = normals(key(seed), size * size + 2 * size);
  const factor = new Matrix(size, size);
  for (let i = 0; i < size; i++) for (let j = 0; j < size; j++) factor.set(i, j, 0.02 * z[i * size + j]!);
  const covariance = factor.mmul(factor.transpose()).add(Matrix.eye(size, size, 1e-4));
  const expected = Float64Array.from({ length: size }, (_, a) => 0.002 * z[size * size + a]!);
  const uncertainty = Float64Array.from(
    { length: size },
    (_, a) => 0.01 * Math.abs(z[size * size + size + a]!),
  );
  return { covariance, expected, uncertainty };
}

const cases = fc.record({ seed: fc.integer({ min: 0, max: 1e6 }), size: fc.integer({ min: 2, max: 12 }) });

// VI-39, VI-40: the Karush–Kuhn–Tucker conditions are sufficient, and know nothing of the solver
test("weights are allowed, and no held asset gains less at the margin than any other", () => {
  fc.assert(
    fc.property(cases, fc.double({ min: 0.5, max: 50, noNaN: true }), ({ seed, size }, riskAversion) => {
      const { covariance, expected } = market(seed, size);
      const w = meanVariance({ expected, covariance, riskAversion });
      expect(w.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
      expect(Math.min(...w)).toBeGreaterThanOrEqual(0);
      const marginal = expected.map(
        (m, i) => m - riskAversion * covariance.getRow(i).reduce((s, c, j) => s + c * w[j]!, 0),
      );
      const best = Math.max(...marginal);
      const scale = riskAversion * covariance.get(0, 0) + 1e-3;
      w.forEach((x, i) => {
        if (x > 1e-6) expect((best - marginal[i]!) / scale).toBeLessThan(1e-6);
      });
    }),
    { numRuns: 200 },
  );
});

// VI-37, VI-38
test("without doubt it is the standard problem; a penalty alone lowers the returns by κu", () => {
  const { covariance, expected, uncertainty } = market(1, 6);
  const plain = meanVariance({ expected, covariance, riskAversion: 5 });
  const none = new Float64Array(6);
  expect(
    variationalPortfolio({ expected, covariance, riskAversion: 5, uncertainty: none, penalty: 3 }),
  ).toEqual(plain);
  const inflated = covariance.clone();
  for (let a = 0; a < 6; a++) inflated.set(a, a, inflated.get(a, a) + uncertainty[a]! ** 2);
  const lowered = expected.map((m, a) => m - 0.2 * uncertainty[a]!);
  const both = variationalPortfolio({ expected, covariance, riskAversion: 5, uncertainty, penalty: 0.2 });
  expect(both).toEqual(meanVariance({ expected: lowered, covariance: inflated, riskAversion: 5 }));
});

// VI-41
test("an asset's weight never grows with the doubt about it", () => {
  fc.assert(
    fc.property(cases, fc.nat({ max: 11 }), fc.boolean(), ({ seed, size }, which, penalised) => {
      const { covariance, expected, uncertainty } = market(seed, size);
      const a = which % size;
      const weightAt = (u: number) => {
        const doubts = uncertainty.map((own, i) => (i === a ? u : own));
        const input = { expected, covariance, riskAversion: 5, uncertainty: doubts };
        return variationalPortfolio(penalised ? { ...input, penalty: 0.1 } : input)[a]!;
      };
      const weights = [0, 0.005, 0.02, 0.1].map(weightAt);
      weights.slice(1).forEach((w, i) => {
        expect(w).toBeLessThanOrEqual(weights[i]! + 1e-7);
      });
    }),
    { numRuns: 100 },
  );
});

test("two uncorrelated assets share by inverse variance; a singular covariance still has an answer", () => {
  const w = minimumVariance(
    fromRows([
      [0.04, 0],
      [0, 0.01],
    ]),
  );
  expect(w[0]).toBeCloseTo(0.2, 9);
  const twin = minimumVariance(
    fromRows([
      [0.04, 0.04, 0],
      [0.04, 0.04, 0],
      [0, 0, 0.04],
    ]),
  );
  expect(twin[0]! + twin[1]!).toBeCloseTo(0.5, 6);
});

test("bad input is named", () => {
  const { covariance, expected, uncertainty } = market(2, 3);
  expect(() => meanVariance({ expected, covariance, riskAversion: 0 })).toThrow(/riskAversion/);
  expect(() => meanVariance({ expected: [0, 0], covariance, riskAversion: 1 })).toThrow(
    /expected: expected 3 values, got 2/,
  );
  const input = { expected, covariance, riskAversion: 1, uncertainty: uncertainty.map(() => -1) };
  expect(() => variationalPortfolio(input)).toThrow(/0 or more, got -1/);
  const odd = fromRows([
    [1, 2],
    [2, 1],
  ]);
  expect(() => minimumVariance(odd)).toThrow(/positive semidefinite/);
});
