import { expect, test } from "vitest";
import {
  cholesky,
  columnOf,
  columnVector,
  logDeterminant,
  Matrix,
  solveCholesky,
} from "../../../../lib/core/linalg.js";
import { fold, key, normals } from "../../../../lib/core/random.js";
import { covariance, mean, variance } from "../../../../lib/core/stats.js";
import { trainLinearAutoencoder } from "../../../../lib/models/factor/linear/linearAutoencoder.js";
import {
  type PrincipalComponents,
  principalComponents,
  principalScores,
  probabilisticPca,
  waterFilling,
} from "../../../../lib/models/factor/linear/pca.js";
import { klGaussian } from "../../../../lib/prob/distributions/gaussian.js";
import { gaussianLogLikelihood } from "../../../../lib/prob/divergences/elbo.js";

const root = key("pca");
const rows = 300;
const columns = 6;

/** Correlated rows off the origin, [rows · columns]: three strong directions and noise. */
function correlatedRows(): Float64Array {
  const codes = normals(fold(root, "codes"), rows * 3);
  const loadings = normals(fold(root, "loadings"), columns * 3);
  const noise = normals(fold(root, "noise"), rows * columns);
  return noise.map((e, i) => {
    const [n, d] = [Math.floor(i / columns), i % columns];
    let value = d - 2 + 0.5 * e;
    for (let k = 0; k < 3; k++) value += (3 - k) * loadings[d * 3 + k]! * codes[n * 3 + k]!;
    return value;
  });
}

const x = correlatedRows();
const pca = principalComponents(x, columns);
const rowsOf = (data: Float64Array) =>
  Array.from({ length: data.length / columns }, (_, n) => data.subarray(n * columns, (n + 1) * columns));
const scores = (k: number) =>
  Float64Array.from(rowsOf(x), (row) =>
    row.reduce((total, value, d) => total + (value - pca.centre[d]!) * pca.axes.get(d, k), 0),
  );

/** W = U (Λ − s²)^½: the loadings at the maximum of the likelihood. */
function loadingsOf({ eigenvalues, axes }: PrincipalComponents, latents: number, noiseVar: number): Matrix {
  const w = new Matrix(columns, latents);
  for (let d = 0; d < columns; d++)
    for (let k = 0; k < latents; k++) w.set(d, k, axes.get(d, k) * Math.sqrt(eigenvalues[k]! - noiseVar));
  return w;
}

test("BV-09: the axes are orthogonal, of length one, and order the variance", () => {
  const products = pca.axes.transpose().mmul(pca.axes);
  expect(Matrix.sub(products, Matrix.eye(columns)).abs().max()).toBeLessThan(1e-12);
  expect(Array.from(pca.eigenvalues)).toEqual(Array.from(pca.eigenvalues).sort((a, b) => b - a));
  expect(pca.rows).toBe(rows);
});

test("BV-09: the factors are linear in the data, uncorrelated, and carry all of its variance", () => {
  for (let k = 0; k < columns; k++) {
    expect(variance(scores(k), 0)).toBeCloseTo(pca.eigenvalues[k]!, 9);
    for (let j = 0; j < k; j++) expect(covariance(scores(k), scores(j), 0)).toBeCloseTo(0, 10);
  }
  const total = Array.from({ length: columns }, (_, d) =>
    variance(
      rowsOf(x).map((row) => row[d]!),
      0,
    ),
  );
  expect(pca.eigenvalues.reduce((a, b) => a + b, 0)).toBeCloseTo(
    total.reduce((a, b) => a + b, 0),
    9,
  );
});

test("the first axis of points on a line is that line", () => {
  const line = Float64Array.from([0, 1, 3, 5, 6, 9].flatMap((t) => [3 * t + 1, 4 * t - 7]));
  const { axes, eigenvalues, centre } = principalComponents(line, 2);
  expect(Math.abs(axes.get(0, 0) * 0.6 + axes.get(1, 0) * 0.8)).toBeCloseTo(1, 12);
  expect(eigenvalues[0]).toBeCloseTo(25 * variance([0, 1, 3, 5, 6, 9], 0), 10);
  expect(eigenvalues[1]).toBeCloseTo(0, 10);
  expect(Array.from(centre)).toEqual([13, 9]);
});

test.each([1, 2, 4])(
  "with %d latents the likelihood is that of the model's own covariance, and a maximum",
  (latents) => {
    const best = probabilisticPca(pca.eigenvalues, latents);
    const likelihood = (scale: number, noiseVar: number) => {
      const w = loadingsOf(pca, latents, best.noiseVar).mul(scale);
      const lower = cholesky(w.mmul(w.transpose()).add(Matrix.eye(columns, columns, noiseVar)));
      const rest = Matrix.rowVector(Array.from(pca.centre));
      const centred = new Matrix(rowsOf(x).map((row) => Array.from(row))).subRowVector(rest).transpose();
      const squares = solveCholesky(lower, centred).mul(centred).sum() / rows;
      return -0.5 * (columns * Math.log(2 * Math.PI) + logDeterminant(lower) + squares);
    };
    expect(likelihood(1, best.noiseVar)).toBeCloseTo(best.logLikelihood, 9);
    for (const change of [0.97, 1.03]) {
      expect(likelihood(change, best.noiseVar)).toBeLessThan(best.logLikelihood);
      expect(likelihood(1, change * best.noiseVar)).toBeLessThan(best.logLikelihood);
    }
  },
);

test("the bound of a linear VAE with the exact posterior of each row is that likelihood", () => {
  const latents = 2;
  const { noiseVar, logLikelihood, posteriorVar } = probabilisticPca(pca.eigenvalues, latents);
  const w = loadingsOf(pca, latents, noiseVar);
  const spread = Matrix.diag(Array.from(posteriorVar));
  const widening = w.mmul(spread).mmul(w.transpose()).trace() / (2 * noiseVar);
  const bounds = rowsOf(x).map((row) => {
    const centred = columnVector(row.map((value, d) => value - pca.centre[d]!));
    const code = spread.mmul(w.transpose()).mmul(centred).div(noiseVar);
    const reconstruction = columnOf(w.mmul(code), 0);
    const kl = klGaussian(columnOf(code, 0), spread, new Float64Array(latents), Matrix.eye(latents));
    return gaussianLogLikelihood(columnOf(centred, 0), reconstruction, noiseVar) - widening - kl;
  });
  expect(mean(bounds)).toBeCloseTo(logLikelihood, 9);
});

/**
 * The smallest of (λ(1 − wa)² + w²v)/2s² + β·½(a²λ + v − log v − 1) over the encoder a, the decoder w and log v, by a compass
 * search that knows no derivative.
 */
function smallestLoss(eigenvalue: number, noiseVar: number, beta: number) {
  const kl = ([a, , logV]: readonly number[]) => 0.5 * (a! * a! * eigenvalue + Math.exp(logV!) - logV! - 1);
  const loss = (at: readonly number[]) => {
    const [a, w, logV] = at as [number, number, number];
    const squares = eigenvalue * (1 - w * a) ** 2 + w * w * Math.exp(logV);
    return squares / (2 * noiseVar) + beta * kl(at);
  };
  let [best, value] = [[0.4, 0.4, -0.3], Number.POSITIVE_INFINITY];
  for (let step = 0.5; step > 1e-6; ) {
    const around = best.flatMap((_, i) =>
      [-step, step].map((by) => best.map((v, j) => (i === j ? v + by : v))),
    );
    const next = around.reduce((a, b) => (loss(b) < loss(a) ? b : a), best);
    if (next === best) step /= 2;
    [best, value] = [next, loss(next)];
  }
  return { loss: value, kl: kl(best) };
}

test.each([
  [5, 0.5, 1],
  [5, 0.5, 4],
  [1.2, 0.3, 2],
  [0.7, 0.2, 0.5],
  [0.4, 0.5, 1],
  [2, 0.5, 16],
])(
  "water-filling of λ %d, noise %d, β %d is the minimum that a search finds",
  (eigenvalue, noiseVar, beta) => {
    const found = smallestLoss(eigenvalue, noiseVar, beta);
    const filled = waterFilling(Float64Array.of(eigenvalue), 1, noiseVar, beta);
    const constant = 0.5 * Math.log(2 * Math.PI * noiseVar);
    expect(found.loss + constant).toBeCloseTo(filled.loss, 5);
    expect(Math.abs(found.kl - filled.rate)).toBeLessThan(2e-3);
    expect(filled.activeUnits).toBe(eigenvalue > beta * noiseVar ? 1 : 0);
    expect(Math.abs(trainLinearAutoencoder(eigenvalue, noiseVar, beta) - filled.rate)).toBeLessThan(2e-3);
  },
);

test("several directions fill one by one, and the loss adds up", () => {
  const spectrum = Float64Array.of(6, 3, 1, 0.4, 0.2);
  const one = (value: number) => waterFilling(Float64Array.of(value), 1, 0.25, 2);
  const all = waterFilling(spectrum, 5, 0.25, 2);
  const parts = Array.from(spectrum, one);
  expect(all.loss).toBeCloseTo(
    parts.reduce((total, part) => total + part.loss, 0),
    12,
  );
  expect(all.activeUnits).toBe(3);
  expect(Array.from(all.klPerLatent)).toEqual(parts.map((part) => part.rate));
  const few = waterFilling(spectrum, 2, 0.25, 2);
  expect(few.activeUnits).toBe(2);
  expect(few.distortion).toBeCloseTo(0.5 + 0.5 + 1 + 0.4 + 0.2, 12);
});

test("at β = 1 and the noise of maximum likelihood the loss is minus the likelihood", () => {
  const { noiseVar, logLikelihood } = probabilisticPca(pca.eigenvalues, 3);
  expect(waterFilling(pca.eigenvalues, 3, noiseVar, 1).loss).toBeCloseTo(-logLikelihood, 10);
});

test("a larger β spends fewer nats and leaves more distortion", () => {
  const filled = [0.5, 1, 2, 4, 8].map((beta) => waterFilling(pca.eigenvalues, columns, 0.2, beta));
  filled.slice(1).forEach((next, i) => {
    expect(next.rate).toBeLessThan(filled[i]!.rate);
    expect(next.distortion).toBeGreaterThan(filled[i]!.distortion);
    expect(next.activeUnits).toBeLessThanOrEqual(filled[i]!.activeUnits);
  });
});

test("what cannot be is refused with what came", () => {
  expect(() => principalComponents(new Float64Array(5), 2)).toThrow(
    "rows: expected an integer of at least 1, got 2.5",
  );
  expect(() => principalComponents(Float64Array.of(1, Number.NaN), 2)).toThrow(
    "x[1]: expected a finite number",
  );
  expect(() => probabilisticPca(Float64Array.of(2, 1), 2)).toThrow(
    "latents: expected fewer than the 2 columns, got 2",
  );
  expect(() => waterFilling(Float64Array.of(1), 1, 0.5, 0)).toThrow(
    "beta: expected a positive number, got 0",
  );
});

test("scores on the axes are uncorrelated and have the eigenvalues as variances", () => {
  const x = normals(key("scores"), 600).map((value, i) => value * ((i % 3) + 1) + 5);
  const components = principalComponents(x, 3);
  const scores = principalScores(components, x, 2);
  const [a, b] = [0, 1].map((k) => scores.filter((_, i) => i % 2 === k));
  expect(variance(a!, 0)).toBeCloseTo(components.eigenvalues[0]!, 9);
  expect(variance(b!, 0)).toBeCloseTo(components.eigenvalues[1]!, 9);
  expect(covariance(a!, b!, 0)).toBeCloseTo(0, 9);
  expect(() => principalScores(components, x, 4)).toThrow(RangeError);
});

test("the covariance has divisor N, and the axes are its eigenvectors", () => {
  const own = Array.from({ length: columns }, (_, d) => x.filter((_, i) => i % columns === d));
  expect(pca.covariance.get(1, 4)).toBeCloseTo((covariance(own[1]!, own[4]!) * (rows - 1)) / rows, 12);
  const first = pca.axes.getColumnVector(0);
  const moved = pca.covariance.mmul(first).sub(first.mul(pca.eigenvalues[0]!));
  expect(Math.max(...moved.to1DArray().map(Math.abs))).toBeLessThan(1e-10);
});
