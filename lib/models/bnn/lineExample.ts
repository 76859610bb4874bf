/** Bayesian linear regression with correlated inputs: the one network whose exact posterior is known. */
import { fold, type Key, normals } from "../../core/index.js";
import { bayesianLinearRegression, meanFieldOptimum } from "../inference/exact/conjugate.js";

/** A linear regression whose exact posterior is known. */
export interface LineExample {
  /** N, and the known variance of the noise. */
  readonly rows: number;
  readonly noiseVar: number;
  /** [N,3] two inputs with a correlation of 0.67, and a constant 1. */
  readonly x: Float32Array;
  /** [N,2] the two inputs alone, for a network that has a bias of its own. */
  readonly inputs: Float32Array;
  /** [N] 0.8 times the first less 0.5 times the second, and noise. */
  readonly y: Float32Array;
  /** [3] of the exact posterior under N(0, 1) for each weight. */
  readonly mean: Float64Array;
  readonly sd: Float64Array;
  /** [3] standard deviations of the best independent normals: 1 / √Λᵢᵢ of the posterior's precision Λ. */
  readonly independentSd: Float64Array;
}

/** The example with 60 rows. @see Bishop 2006, sections 3.3 and 10.1.2 */
export function lineExample(key: Key): LineExample {
  const [rows, noiseVar] = [60, 0.25];
  const e = normals(fold(key, "inputs"), 2 * rows);
  const noise = normals(fold(key, "noise"), rows);
  const first = (n: number) => e[2 * n]!;
  const second = (n: number) => e[2 * n + 1]! + 0.9 * first(n);
  const x = Float64Array.from({ length: 3 * rows }, (_, i) => {
    const n = Math.floor(i / 3);
    return [first(n), second(n), 1][i % 3]!;
  });
  const y = noise.map((v, n) => 0.8 * first(n) - 0.5 * second(n) + Math.sqrt(noiseVar) * v);
  const exact = bayesianLinearRegression({ x, columns: 3, y }, noiseVar, 1);
  return {
    inputs: Float32Array.from({ length: 2 * rows }, (_, i) =>
      (i % 2 === 0 ? first : second)(Math.floor(i / 2)),
    ),
    ...{ rows, noiseVar, x: Float32Array.from(x), y: Float32Array.from(y), mean: exact.mean },
    sd: Float64Array.from({ length: 3 }, (_, i) => Math.sqrt(exact.covariance.get(i, i))),
    independentSd: Float64Array.from(meanFieldOptimum(exact.precision).variance, Math.sqrt),
  };
}
