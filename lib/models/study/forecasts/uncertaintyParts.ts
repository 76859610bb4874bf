/** The parts of a forecast's uncertainty, averaged over its rows. */
import { type ForecastMoments, mean } from "../../../core/index.js";

/** Standard deviations of the parts, in basis points. */
export type UncertaintyParts = {
  readonly aleatoric: number;
  readonly latent: number;
  readonly epistemic: number;
};

/** Root of the mean variance of each part, in basis points of the target. */
export function uncertaintyParts({ aleatoric, latent, epistemic }: ForecastMoments): UncertaintyParts {
  const sd = (variance: Float64Array) => 1e4 * Math.sqrt(mean(variance));
  return { aleatoric: sd(aleatoric), latent: sd(latent), epistemic: sd(epistemic) };
}
