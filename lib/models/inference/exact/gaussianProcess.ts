/** Exact Gaussian-process regression: full uncertainty at a cost that grows with the cube of the data. */
import {
  checkLength,
  checkPositive,
  cholesky,
  columnVector,
  logDeterminant,
  Matrix,
  solveCholesky,
  solveLower,
} from "../../../core/index.js";
import type { Design } from "./regression.js";

/** Covariance of the function at two inputs, each [F]. */
export type Kernel = (a: Float64Array, b: Float64Array) => number;

/** A Gaussian process given data. */
export interface GaussianProcess {
  readonly logEvidence: number;
  /** Mean and variance of the function at new inputs [N,F]; add the noise for an observation. */
  predict(x: Float64Array): { readonly mean: Float64Array; readonly variance: Float64Array };
}

/**
 * The squared-exponential kernel amplitude² exp(−|a−b|² / 2 length²).
 * @throws RangeError when a number is not positive.
 */
export function squaredExponential(length: number, amplitude: number): Kernel {
  checkPositive("length", length);
  checkPositive("amplitude", amplitude);
  return (a, b) => {
    let square = 0;
    for (let i = 0; i < a.length; i++) square += (a[i]! - b[i]!) ** 2;
    return amplitude ** 2 * Math.exp((-0.5 * square) / length ** 2);
  };
}

/**
 * The kernel variance · a·b of inputs [D]: with it the process is Bayesian linear regression.
 * @throws RangeError when the variance is not positive.
 */
export function linearKernel(variance: number): Kernel {
  checkPositive("variance", variance);
  return (a, b) => variance * a.reduce((total, value, i) => total + value * b[i]!, 0);
}

/**
 * Conditions a zero-mean process on the rows of `design`.
 * @throws RangeError when shapes disagree or the noise is not positive.
 * @see Rasmussen & Williams 2006, algorithm 2.1
 */
export function gaussianProcess(design: Design, kernel: Kernel, noiseVar: number): GaussianProcess {
  checkPositive("noiseVar", noiseVar);
  const { y, columns } = design;
  checkLength("x", design.x, y.length * columns);
  const rows = rowsOf(design.x, columns);
  const gram = new Matrix(y.length, y.length);
  for (let i = 0; i < y.length; i++) {
    for (let j = 0; j <= i; j++) {
      const value = kernel(rows[i]!, rows[j]!) + (i === j ? noiseVar : 0);
      gram.set(i, j, value);
      gram.set(j, i, value);
    }
  }
  const lower = cholesky(gram, "kernel matrix");
  const weights = solveCholesky(lower, columnVector(y)).getColumn(0);
  const fit = weights.reduce((total, w, n) => total + w * y[n]!, 0);
  return {
    logEvidence: -0.5 * (fit + logDeterminant(lower) + y.length * Math.log(2 * Math.PI)),
    predict(x) {
      const cross = rowsOf(x, columns).map((at) => rows.map((row) => kernel(row, at)));
      const whitened = cross.map((k) => solveLower(lower, columnVector(k)).norm() ** 2);
      return {
        mean: Float64Array.from(cross, (k) => k.reduce((total, value, n) => total + value * weights[n]!, 0)),
        variance: Float64Array.from(rowsOf(x, columns), (at, n) =>
          Math.max(0, kernel(at, at) - whitened[n]!),
        ),
      };
    },
  };
}

function rowsOf(x: Float64Array, columns: number): Float64Array[] {
  return Array.from({ length: x.length / columns }, (_, n) => x.subarray(n * columns, (n + 1) * columns));
}
