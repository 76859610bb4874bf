/** How few assets, or how few risks, a portfolio really holds. */

import type { Matrix } from "../../core/index.js";
import { checkFinite } from "../../core/index.js";
import { riskContributions } from "../../trading/performance/index.js";

/** Σ w², the Herfindahl–Hirschman index: 1 for one asset, 1/A for A equal ones. @throws RangeError when a weight is not finite. */
export function herfindahl(weights: ArrayLike<number>): number {
  checkFinite("weights", weights);
  let total = 0;
  for (let a = 0; a < weights.length; a++) total += weights[a]! ** 2;
  return total;
}

/** 1 / Σ w²: the number of equal positions as concentrated as these. */
export function effectiveNumber(weights: ArrayLike<number>): number {
  return 1 / herfindahl(weights);
}

/**
 * exp of the entropy of the shares of risk: the number of equal ones as concentrated as these.
 *
 * Shares of risk that are negative, those of hedges, count as zero.
 * @throws RangeError as `riskShares`.
 */
export function effectiveBets(weights: ArrayLike<number>, covariance: Matrix): number {
  const shares = riskContributions(weights, covariance);
  return Math.exp(-shares.reduce((total, share) => total + (share > 0 ? share * Math.log(share) : 0), 0));
}
