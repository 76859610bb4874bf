/** The target of an inference algorithm: a log density and its gradient. */
import * as tf from "@tensorflow/tfjs";
import { checkCount, checkLength, cholesky, logDeterminant, type Matrix } from "../../../core/index.js";

/** A log density on R^P, up to a constant unless it is a full joint log p(data, θ). */
export interface Target {
  /** P */
  readonly dimension: number;
  /** Returns log p(θ) and writes ∂ log p / ∂θ into `gradient`; both arrays are [P]. */
  evaluate(theta: Float64Array, gradient: Float64Array): number;
}

/** A joint density log p(θ) + Σ_n log p(y_n | θ), whose sum can be estimated from some of the rows. */
export interface DataTarget extends Target {
  /** N */
  readonly dataSize: number;
  /**
   * The target seen through M rows: log p(θ) + (N/M) Σ log p(y_m | θ), unbiased over uniformly drawn rows.
   * @see Hoffman, Blei, Wang & Paisley 2013, section 2.3
   */
  onBatch(rows: ArrayLike<number>): Target;
}

/**
 * The log density log p(θ) at θ [P], without keeping the gradient.
 * @throws RangeError when θ is of another length.
 */
export function logDensity(target: Target, theta: Float64Array): number {
  checkLength("theta", theta, target.dimension);
  return target.evaluate(theta, new Float64Array(target.dimension));
}

/**
 * A target whose gradient TensorFlow.js derives, in float32: for densities that nobody wants to differentiate by hand.
 *
 * Start the backend first. Each evaluation synchronises with it: over fifty rows of data a hand-written gradient is some fifty
 * times faster, over five thousand no faster.
 * @param density maps a tensor [P] to a scalar tensor
 * @throws RangeError when the dimension is not a positive integer.
 */
export function tensorTarget(dimension: number, density: (theta: tf.Tensor1D) => tf.Scalar): Target {
  checkCount("dimension", dimension);
  const both = tf.valueAndGrad((theta: tf.Tensor) => density(theta as tf.Tensor1D));
  return {
    dimension,
    evaluate(theta, gradient) {
      const [value, slope] = tf.tidy(() => {
        const { value, grad } = both(tf.tensor1d(Float32Array.from(theta)));
        return [value.dataSync()[0], grad.dataSync()] as const;
      });
      gradient.set(slope);
      return value ?? Number.NaN;
    },
  };
}

/**
 * The target log N(θ | mean, precision⁻¹), normalised, with mean [P] and precision [P,P]: a posterior whose every property is known.
 * @throws RangeError when shapes disagree or the precision is not positive definite.
 */
export function gaussianTarget(mean: ArrayLike<number>, precision: Matrix): Target {
  const size = mean.length;
  checkLength("precision", precision.to1DArray(), size * size);
  const rows = precision.to2DArray();
  const constant = 0.5 * (logDeterminant(cholesky(precision, "precision")) - size * Math.log(2 * Math.PI));
  return {
    dimension: size,
    evaluate(theta, gradient) {
      let quadratic = 0;
      for (let i = 0; i < size; i++) {
        let pull = 0;
        for (let j = 0; j < size; j++) pull += rows[i]![j]! * (theta[j]! - mean[j]!);
        gradient[i] = -pull;
        quadratic += pull * (theta[i]! - mean[i]!);
      }
      return constant - 0.5 * quadratic;
    },
  };
}
