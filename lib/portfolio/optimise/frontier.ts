/** The efficient frontier. */
import { type MeanVarianceInput, meanVariance } from "./meanVariance.js";

/**
 * The portfolios [N][A] of greatest wᵀμ − ½ λ wᵀΣw, one for each risk aversion λ.
 * @throws RangeError as `meanVariance`.
 * @see Markowitz 1952
 */
export function frontier(
  moments: Omit<MeanVarianceInput, "riskAversion">,
  riskAversions: readonly number[],
): Float64Array[] {
  return riskAversions.map((riskAversion) => meanVariance({ ...moments, riskAversion }));
}
