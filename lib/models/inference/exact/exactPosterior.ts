/** A posterior of few parameters by brute force: a Gauss–Hermite grid, the known answer where no formula exists. */
import { checkCount, cholesky, logDeterminant, logSumExp, Matrix } from "../../../core/index.js";
import { gaussHermite } from "../../../prob/distributions/index.js";
import type { Target } from "./target.js";

/** Moments of a posterior, to quadrature accuracy. */
export interface ExactPosterior {
  readonly logEvidence: number;
  /** [P] */
  readonly mean: Float64Array;
  /** [P,P] */
  readonly covariance: Matrix;
  /** E[f(θ)] under the posterior. */
  expect(f: (theta: Float64Array) => number): number;
}

/**
 * The posterior of a full joint density by integration over a grid of `points`^P nodes laid out by a Gaussian guess of it, [P] and [P,P].
 *
 * Exact for a Gaussian; for a smooth log-concave posterior 40 points a side give about eight digits. The cost grows as points^P.
 * @throws RangeError when the grid would exceed five million nodes.
 */
export function quadraturePosterior(
  target: Target,
  guess: { readonly mean: ArrayLike<number>; readonly covariance: Matrix },
  points = 40,
): ExactPosterior {
  const size = target.dimension;
  checkCount("points", points);
  const nodes = points ** size;
  if (nodes > 5e6)
    throw new RangeError(`a grid of ${points}^${size} nodes is too large: lower the points or the dimension`);
  const { theta, logVolume } = layGrid(guess, size, points);
  const scratch = new Float64Array(size);
  const logWeight = logVolume.map((volume, node) => volume + target.evaluate(theta[node]!, scratch));
  const logEvidence = logSumExp(logWeight);
  const share = logWeight.map((value) => Math.exp(value - logEvidence));
  const expect = (f: (theta: Float64Array) => number) =>
    share.reduce((total, w, node) => total + w * f(theta[node]!), 0);
  const mean = Float64Array.from(scratch, (_, p) => expect((t) => t[p]!));
  const covariance = Matrix.zeros(size, size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++)
      covariance.set(
        i,
        j,
        expect((t) => (t[i]! - mean[i]!) * (t[j]! - mean[j]!)),
      );
  }
  return { logEvidence, mean, covariance, expect };
}

/** The nodes of the grid, and the log of the volume each stands for. */
function layGrid(
  guess: { readonly mean: ArrayLike<number>; readonly covariance: Matrix },
  size: number,
  points: number,
) {
  const rule = gaussHermite(points);
  const lower = cholesky(guess.covariance, "guess");
  const constant = 0.5 * (logDeterminant(lower) + size * Math.log(2 * Math.PI));
  const logVolume = new Float64Array(points ** size);
  const theta = Array.from(logVolume, (_, node) => {
    const z = new Float64Array(size);
    logVolume[node] = constant;
    for (let p = 0, rest = node; p < size; p++, rest = Math.floor(rest / points)) {
      z[p] = rule.nodes[rest % points]!;
      logVolume[node]! += Math.log(rule.weights[rest % points]!) + 0.5 * z[p]! ** 2;
    }
    return z.map(
      (_, i) =>
        guess.mean[i]! + z.reduce((sum, value, k) => (k <= i ? sum + lower.get(i, k) * value : sum), 0),
    );
  });
  return { theta, logVolume };
}
