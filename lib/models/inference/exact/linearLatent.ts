/** Factor analysis with known loadings, x = Wz + e: a latent model a data point whose every posterior is known. */
import * as tf from "@tensorflow/tfjs";
import {
  checkPositive,
  cholesky,
  columnVector,
  fold,
  fromRows,
  type Key,
  logDeterminant,
  Matrix,
  normals,
  solveCholesky,
} from "../../../core/index.js";
import { gaussianLogLikelihoodTensor } from "../../../prob/distributions/index.js";
import type { LocalModel } from "../variational/stochasticVi.js";
import { meanFieldOptimum } from "./conjugate.js";

/** A linear Gaussian latent-variable model, whose posterior is known exactly. */
export interface LinearLatentModel extends LocalModel {
  /** D */
  readonly columns: number;
  /** `rows` draws of x, [rows · D] row-major. */
  simulate(rows: number, key: Key): Float32Array;
  /** log p(x) averaged over rows of [N,D], nats. */
  logEvidence(x: ArrayLike<number>): number;
  /** What the best factorised q of any point falls short of log p(x), nats: the same for every x. */
  readonly meanFieldGap: number;
  /** [K] variances of the best factorised q. */
  readonly meanFieldVariance: Float64Array;
  /** Posterior mean of z for one x, [K]. */
  posteriorMean(x: ArrayLike<number>): Float64Array;
}

/**
 * The model with z ~ N(0, I) [K] and e ~ N(0, noiseVar I) [D].
 * @param loadings W, D rows of K
 * @throws RangeError when the loadings are ragged or the noise is not positive.
 */
export function linearLatentModel(
  loadings: readonly (readonly number[])[],
  noiseVar: number,
): LinearLatentModel {
  checkPositive("noiseVar", noiseVar);
  const w = fromRows(loadings);
  const [columns, latents] = [w.rows, w.columns];
  const transposed = w.transpose();
  const marginal = cholesky(
    w.mmul(transposed).add(Matrix.eye(columns, columns, noiseVar)),
    "marginal covariance",
  );
  const precision = transposed.mmul(w).div(noiseVar).add(Matrix.eye(latents));
  const posterior = cholesky(precision, "posterior precision");
  const optimum = meanFieldOptimum(precision);
  return {
    latents,
    columns,
    meanFieldGap: optimum.kl,
    meanFieldVariance: optimum.variance,
    logLikelihood: (x, z) =>
      gaussianLogLikelihoodTensor(
        x,
        tf.matMul(z, tf.tensor2d(transposed.to2DArray())),
        noiseVar,
      ) as tf.Tensor1D,
    posteriorMean: (x) =>
      Float64Array.from(
        solveCholesky(posterior, transposed.mmul(columnVector(x)).div(noiseVar)).getColumn(0),
      ),
    simulate(rows, key) {
      const z = normals(fold(key, "z"), rows * latents);
      const e = normals(fold(key, "e"), rows * columns);
      return Float32Array.from(e, (noise, i) => {
        const [row, d] = [Math.floor(i / columns), i % columns];
        let value = noise * Math.sqrt(noiseVar);
        for (let k = 0; k < latents; k++) value += w.get(d, k) * z[row * latents + k]!;
        return value;
      });
    },
    logEvidence(x) {
      const data = new Matrix(columns, x.length / columns);
      for (let i = 0; i < x.length; i++) data.set(i % columns, Math.floor(i / columns), x[i]!);
      const squares = solveCholesky(marginal, data).mul(data).sum() / data.columns;
      return -0.5 * (columns * Math.log(2 * Math.PI) + logDeterminant(marginal) + squares);
    },
  };
}
