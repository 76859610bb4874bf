/** Sources of the variance of a portfolio, when assets move by few factors and each by itself. */

import type { Matrix } from "../../core/index.js";
import { checkFinite, checkLength, checkPositive } from "../../core/index.js";

/** r = B f + e: loadings [A,F], covariance of the factors [F,F], variances of the assets' own parts [A]. */
export interface FactorRisk {
  readonly loadings: Matrix;
  readonly factorCovariance: Matrix;
  readonly ownVariance: ArrayLike<number>;
}

/** Shares of the variance; each of the three lists of shares that make up the whole adds to one. */
export interface RiskDecomposition {
  readonly variance: number;
  readonly systematicShare: number;
  readonly ownShare: number;
  /** [F] of each factor: with the next, they add to one. */
  readonly factorShares: Float64Array;
  /** [A] of each asset's own part. */
  readonly ownShares: Float64Array;
  /** [A] of each asset, by factors and by itself; they add to one. */
  readonly assetShares: Float64Array;
}

/**
 * Euler's decomposition of wᵀ(B F Bᵀ + D)w for weights w [A].
 *
 * It is of a linear model: a nonlinear decoder's Jacobian makes one, with an error to be reported beside it.
 * @throws RangeError when sizes differ, a number is not finite, or the portfolio has no variance.
 */
export function factorRisk(weights: ArrayLike<number>, model: FactorRisk): RiskDecomposition {
  const { loadings, factorCovariance, ownVariance } = model;
  const [size, factors] = [loadings.rows, loadings.columns];
  checkLength("weights", weights, size);
  checkLength("ownVariance", ownVariance, size);
  checkLength("factorCovariance: rows", { length: factorCovariance.rows }, factors);
  for (const [name, values] of Object.entries({ weights, ownVariance })) checkFinite(name, values);
  const w = Float64Array.from(weights);
  const exposure = Float64Array.from({ length: factors }, (_, k) => inner(w, loadings.getColumn(k)));
  const moved = Float64Array.from({ length: factors }, (_, k) => inner(exposure, factorCovariance.getRow(k)));
  const own = w.map((weight, a) => weight * weight * ownVariance[a]!);
  const [systematic, alone] = [inner(exposure, moved), own.reduce((a, b) => a + b, 0)];
  const variance = systematic + alone;
  checkPositive("variance of the portfolio", variance);
  return {
    variance,
    systematicShare: systematic / variance,
    ownShare: alone / variance,
    factorShares: exposure.map((value, k) => (value * moved[k]!) / variance),
    ownShares: own.map((value) => value / variance),
    assetShares: w.map((weight, a) => (weight * inner(moved, loadings.getRow(a)) + own[a]!) / variance),
  };
}

function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}
