/** A sampler's answer beside the exact one, weight by weight. */
import { mean, standardDeviation } from "../../../core/index.js";
import { mcmcDiagnostics } from "../../../prob/diagnostics/index.js";
import type { WeightPosterior } from "../comparison/forecastReturns.js";
import { type HmcFit, parameterChains, parameterDraws } from "./hmc.js";

/** One weight: exact and sampled moments, the Monte-Carlo error of the mean, and the diagnostics of its chains. */
export type ChainRow = {
  readonly weight: string;
  readonly "exact mean": number;
  readonly "HMC mean": number;
  readonly "± error": number;
  readonly "exact sd": number;
  readonly "HMC sd": number;
  readonly R̂: number;
  readonly ESS: number;
};

/** A row a weight, w1 to wP. @throws RangeError as `mcmcDiagnostics`. */
export function chainRows(chains: HmcFit, exact: WeightPosterior): ChainRow[] {
  return Array.from({ length: chains.dimension }, (_, i) => {
    const { mcseMean, rhat, essBulk } = mcmcDiagnostics(parameterChains(chains, i));
    const draws = parameterDraws(chains, i);
    return {
      ...{ weight: `w${i + 1}`, "exact mean": exact.mean[i]!, "HMC mean": mean(draws), "± error": mcseMean },
      ...{ "exact sd": Math.sqrt(exact.covariance.get(i, i)), "HMC sd": standardDeviation(draws) },
      ...{ R̂: rhat, ESS: Math.round(essBulk) },
    };
  });
}
