/** Predictions for a β sweep of a linear autoencoder, from the covariance of the data before any training. */
import { checkCount, checkPositive } from "../../../core/index.js";
import { principalComponents, waterFilling } from "./pca.js";

/** One β of a sweep to come. */
export type SweepPrediction = {
  readonly beta: number;
  /** Directions whose eigenvalue is above β · noiseVar, at most K. */
  readonly activeUnits: number;
  /** Σ KL, nats a row. */
  readonly rate: number;
  /** Squared error of a row, summed over its columns. */
  readonly distortion: number;
  /** −E log p(x | z) + β · KL of a row, nats. */
  readonly loss: number;
};

/**
 * Reverse water-filling of data at each β: exact for linear maps and a fixed noise, a first guess for others.
 * @param x  [N,D] row-major
 * @throws RangeError when a value is not finite, the rows are not whole, or a β or the noise is not positive.
 * @see Cover & Thomas 2006, theorem 10.3.3; Lucas, Tucker, Grosse & Norouzi 2019
 */
export function predictSweep(
  x: Float64Array,
  columns: number,
  options: { readonly latents: number; readonly noiseVar: number; readonly betas: readonly number[] },
): SweepPrediction[] {
  const { latents, noiseVar, betas } = options;
  checkCount("latents", latents);
  const { eigenvalues } = principalComponents(x, columns);
  return betas.map((beta) => {
    const { activeUnits, rate, distortion, loss } = waterFilling(eigenvalues, latents, noiseVar, beta);
    return { beta, activeUnits, rate, distortion, loss };
  });
}

/** From below which β, down to which, exactly so many dimensions are active. */
export interface BetaRange {
  /** Included. */
  readonly from: number;
  /** Excluded: at this β the last of the dimensions falls silent; ∞ for none at all. */
  readonly to: number;
}

/**
 * The βs that leave exactly `units` active: [λ_{units+1}, λ_units) / noiseVar.
 *
 * Empty (from = to) where two eigenvalues are equal. With fewer latents than columns the top of the spectrum is what counts.
 * @param eigenvalues  [D] of the covariance, largest first
 * @throws RangeError when there are not so many eigenvalues or the noise is not positive.
 */
export function betasFor(eigenvalues: Float64Array, units: number, noiseVar: number): BetaRange {
  checkPositive("noiseVar", noiseVar);
  checkCount("units", units, 0);
  if (units > eigenvalues.length)
    throw new RangeError(`units: expected at most the ${eigenvalues.length} eigenvalues, got ${units}`);
  return {
    from: Math.max(0, eigenvalues[units] ?? 0) / noiseVar,
    to: units === 0 ? Number.POSITIVE_INFINITY : eigenvalues[units - 1]! / noiseVar,
  };
}
