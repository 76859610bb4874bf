/** Concentration: the number of assets, or of risks, that a portfolio really holds. */

import type { Matrix } from "../../core/index.js";
import { checkFinite } from "../../core/index.js";
import { riskContributions } from "../../trading/performance/index.js";

/**
 * The Herfindahl–Hirschman index Σ w² of weights [A]: 1 for one asset, 1/A for A equal ones.
 * @throws RangeError when a weight is not finite.
 */
export function herfindahl(weights: ArrayLike<number>): number {
  checkFinite("weights", weights);
  let total = 0;
  for (let a = 0; a < weights.length; a++) total += weights[a]! ** 2;
  return total;
}

/** The effective number 1 / Σ w² of positions [A]: so many equal ones are as concentrated. */
export function effectiveNumber(weights: ArrayLike<number>): number {
  return 1 / herfindahl(weights);
}

/**
 * The effective number of bets of weights [A], exp of the entropy of the shares of risk: so many equal shares are as concentrated.
 *
 * Shares of risk that are negative, those of hedges, count as zero.
 * @throws RangeError as `trading.riskContributions`.
 */
export function effectiveBets(weights: ArrayLike<number>, covariance: Matrix): number {
  const shares = riskContributions(weights, covariance);
  return Math.exp(-shares.reduce((total, share) => total + (share > 0 ? share * Math.log(share) : 0), 0));
}
