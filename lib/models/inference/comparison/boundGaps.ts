/** What a Gaussian fit lacks of the exact evidence. */
import { fromFlat } from "../../../core/index.js";
import { klGaussian } from "../../../prob/distributions/index.js";
import { type AdviFit, fitCovariance, type GaussianFit } from "../variational/advi.js";
import type { WeightPosterior } from "./forecastReturns.js";

/** KL(fit ‖ exact) in nats: what the ELBO of the fit lacks of the log evidence when the exact posterior is Gaussian. */
export function boundGap(fit: GaussianFit, exact: WeightPosterior): number {
  const { dimension } = fit;
  const covariance = fromFlat(fitCovariance(fit), dimension, dimension);
  return klGaussian(fit.mean, covariance, Float64Array.from(exact.mean), exact.covariance);
}

/** `boundGap` of each snapshot of a fit, [snapshots]; none below `least`, so that a log axis can show them. */
export function boundGaps(fit: Pick<AdviFit, "snapshots">, exact: WeightPosterior, least = 1e-4): number[] {
  return fit.snapshots.map((snapshot) => Math.max(boundGap(snapshot, exact), least));
}
