/** The evidence lower bound from draws and from mini-batches, and the likelihood that a squared error stands for. */
import { checkCount, checkLength, checkPositive, mean, standardDeviation, sum } from "../../core/index.js";
import type { Estimate } from "../distributions/gaussian.js";

/** One number, the ELBO in nats, estimated in its two forms from the same draws. */
export interface ElboEstimates {
  /** E_q[log p(x, z)] − E_q[log q(z)]: without noise where q is the posterior. */
  readonly fromJoint: Estimate;
  /** E_q[log p(x | z)] − KL(q ‖ p(z)): noisy everywhere, though its KL is exact. */
  readonly fromDivergence: Estimate;
}

/**
 * The ELBO at S draws z of q, in both forms, with their Monte-Carlo standard errors.
 *
 * The draws must be independent and from q; nothing here draws or checks that. Densities must be normalised.
 * @param options.draws [S], each whatever the three densities take: a number, or a vector
 * @param options.kl    KL(q ‖ prior) in closed form, nats
 * @throws RangeError when there are fewer than two draws.
 * @see Kingma & Welling 2014, equations 2 and 3
 */
export function monteCarloElbo<Z>(options: {
  readonly draws: readonly Z[];
  readonly logLikelihood: (z: Z) => number;
  readonly logPrior: (z: Z) => number;
  readonly logQ: (z: Z) => number;
  readonly kl: number;
}): ElboEstimates {
  const { draws, logLikelihood, logPrior, logQ, kl } = options;
  checkCount("draws", draws.length, 2);
  const likelihood = draws.map(logLikelihood);
  const estimate = (values: readonly number[]): Estimate => ({
    value: mean(values),
    standardError: standardDeviation(values) / Math.sqrt(values.length),
  });
  return {
    fromJoint: estimate(draws.map((z, s) => likelihood[s]! + logPrior(z) - logQ(z))),
    fromDivergence: estimate(likelihood.map((value) => value - kl)),
  };
}

/**
 * The ELBO seen through M of N rows when the parameters are *global*: (N/M) Σ log p(y_m | θ) − KL, in nats.
 *
 * Averaged over batches it is the full ELBO. The KL is not scaled: it belongs to the whole data set, once. With a latent
 * variable a row (a VAE) the KL is a sum over rows too, and then both terms are averaged and no factor N/M remains.
 * @param options.logLikelihood [M] of the rows in the batch
 * @throws RangeError when the batch is empty or larger than the data set.
 * @see Hoffman, Blei, Wang & Paisley 2013, section 2.3; Graves 2011
 */
export function minibatchElbo(options: {
  readonly logLikelihood: ArrayLike<number>;
  readonly kl: number;
  readonly dataSize: number;
}): number {
  const { logLikelihood, kl, dataSize } = options;
  checkCount("batch", logLikelihood.length);
  checkCount("dataSize", dataSize, logLikelihood.length);
  return (dataSize / logLikelihood.length) * sum(logLikelihood) - kl;
}

/**
 * The log density log N(x | reconstruction, noiseVar I) of one row [D] in nats, normalised: what "−reconstruction loss" leaves out is in here.
 * @throws RangeError when lengths differ or the variance is not positive.
 */
export function gaussianLogLikelihood(
  x: ArrayLike<number>,
  reconstruction: ArrayLike<number>,
  noiseVar: number,
): number {
  checkLength("reconstruction", reconstruction, x.length);
  checkPositive("noiseVar", noiseVar);
  let squares = 0;
  for (let i = 0; i < x.length; i++) {
    const distance = x[i]! - reconstruction[i]!;
    squares += distance * (distance / noiseVar); // the square alone may be no float64
  }
  return -0.5 * (x.length * (Math.log(2 * Math.PI) + Math.log(noiseVar)) + squares);
}

/**
 * The noise variance implied by minimising squaredWeight·SSE + klWeight·KL: klWeight / (2·squaredWeight).
 *
 * Such a loss is klWeight times a negative ELBO (β = 1) with that variance, less a constant: "β" has set the noise.
 * @throws RangeError when a weight is not positive.
 */
export function impliedNoiseVar(squaredWeight: number, klWeight: number): number {
  checkPositive("squaredWeight", squaredWeight);
  checkPositive("klWeight", klWeight);
  return klWeight / (2 * squaredWeight);
}
