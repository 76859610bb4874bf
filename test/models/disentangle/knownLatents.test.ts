import { expect, test } from "vitest";
import { fromRows, Matrix } from "../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../lib/core/random.js";
import { correlation, covariance, variance } from "../../../lib/core/stats.js";
import {
  correlatedLatents,
  linearWeights,
  mixedColumns,
} from "../../../lib/models/disentangle/knownLatents.js";
import { latentColumns } from "../../../lib/models/disentangle/labelledLatents.js";
import { vae } from "../../../lib/models/vae/vae.js";
import { decomposeKl, gaussianTotalCorrelation } from "../../../lib/prob/divergences/decompose.js";

const root = key("known codes");
const options = { correlation: 0.8, posteriorVar: 0.05 };

test("BV-06: the aggregate of correlated codes has variances of 1, and the total correlation of its Gaussian", () => {
  const codes = correlatedLatents(root, 1500, options);
  const [a, b] = latentColumns(codes.mean, 2) as [Float64Array, Float64Array];
  for (const column of [a, b]) expect(variance(column) + 0.05).toBeCloseTo(1, 1);
  expect(correlation(a, b)).toBeCloseTo(0.8, 1);
  expect(covariance(a, b)).toBeCloseTo(0.95 * 0.8, 1);
  const expected = gaussianTotalCorrelation(
    fromRows([
      [1, 0.76],
      [0.76, 1],
    ]),
  );
  expect(Math.abs(decomposeKl(codes, { key: root }).totalCorrelation - expected)).toBeLessThan(0.06);
});

test("mixed columns are sums of the columns, and an orthogonal mixing keeps independence", () => {
  const columns = [0, 1].map((k) => normals(fold(root, k), 4000));
  const [sum, difference] = mixedColumns(columns, [
    [1, 1],
    [1, -1],
  ]) as [Float64Array, Float64Array];
  expect(sum[7]).toBeCloseTo(columns[0]![7]! + columns[1]![7]!, 12);
  expect(difference[7]).toBeCloseTo(columns[0]![7]! - columns[1]![7]!, 12);
  expect(Math.abs(correlation(sum, difference))).toBeLessThan(0.05);
});

test("nonsense is refused and named", () => {
  expect(() => correlatedLatents(root, 10, { ...options, posteriorVar: 1 })).toThrow(/posteriorVar/);
  expect(() => correlatedLatents(root, 10, { ...options, correlation: 1.1 })).toThrow(/correlation/);
  const columns = [new Float64Array(3), new Float64Array(2)];
  expect(() => mixedColumns(columns, [[1, 1]])).toThrow(/columns\[1\]/);
  expect(() => mixedColumns(columns.slice(0, 1), [[1, 1]])).toThrow(/mixing\[0\]/);
  const noise = { variance: 0.1 };
  const linear = vae({ inputShape: [3], latents: 2, encoder: { kind: "linear" }, noise });
  const basis = new Matrix(3, 2).fill(0.5);
  expect(() => linearWeights(linear, { basis: new Matrix(3, 1), posteriorVar: 0.1 })).toThrow(
    /basis: columns/,
  );
  expect(() => linearWeights(linear, { basis: new Matrix(4, 2), posteriorVar: 0.1 })).toThrow(
    /codes\/weight/,
  );
  const curved = vae({ inputShape: [3], latents: 2, encoder: { kind: "mlp", hidden: [4] }, noise });
  expect(() => linearWeights(curved, { basis, posteriorVar: 0.1 })).toThrow(/expected a linear encoder/);
});
