/** The prior variance of a linear regression chosen among a few by the evidence. */
import { bayesianLinearRegression, type LinearPosterior } from "../exact/conjugate.js";
import type { Design } from "../exact/regression.js";

/** A prior and its evidence, a row of a table. */
export type PriorRow = {
  readonly "prior sd of a weight": number;
  /** Log evidence less that of the first prior, nats. */
  readonly evidence: number;
  /** A tick at the prior of greatest evidence. */
  readonly chosen: string;
};

/** The priors that were compared, and the posterior under the best. */
export interface PriorChoice {
  readonly posterior: LinearPosterior;
  readonly priorVar: number;
  readonly rows: readonly PriorRow[];
}

/**
 * The exact posterior under the prior variance of greatest evidence, with a row a prior.
 * @param priorVars  [N]
 * @throws RangeError when there is no prior variance, or as `bayesianLinearRegression`.
 */
export function priorByEvidence(design: Design, noiseVar: number, priorVars: readonly number[]): PriorChoice {
  const fits = priorVars.map((priorVar) => ({
    priorVar,
    posterior: bayesianLinearRegression(design, noiseVar, priorVar),
  }));
  const first = fits[0];
  if (!first) throw new RangeError("priorVars: expected at least one, got none");
  const best = fits.reduce((most, one) =>
    one.posterior.logEvidence > most.posterior.logEvidence ? one : most,
  );
  const rows = fits.map((one) => ({
    "prior sd of a weight": Math.sqrt(one.priorVar),
    evidence: one.posterior.logEvidence - first.posterior.logEvidence,
    chosen: one === best ? "✓" : "",
  }));
  return { ...best, rows };
}
