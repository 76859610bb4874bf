/** Likelihoods of portfolios' weights, long-only and summing to one, whose asset may well be held at nothing. */
import gammaln from "@stdlib/math-base-special-gammaln";
import * as tf from "@tensorflow/tfjs";
import { checkCount, checkLength, checkPositive } from "../../core/index.js";

/**
 * Probability of a portfolio in `lots` equal lots given the decoder's weights ŵ, which sum to one.
 *
 * Both are probabilities of the same lots, in nats, so that their bounds can be compared: a continuous density would be infinite at a
 * weight of zero, and a sum of squares alone is a probability of nothing.
 */
export type PortfolioLikelihood =
  /** Dirichlet(concentration · ŵ) seen through lots: the Dirichlet-multinomial. Large: precise. */
  | { readonly kind: "simplex"; readonly lots: number; readonly concentration: "learned" | number }
  /** N(ŵ, variance · I) on the plane of weights that sum to one; a sum of squares stands for a variance of ½. It also fills where no portfolio is. */
  | { readonly kind: "squared error"; readonly lots: number; readonly variance: "learned" | number };

/** The name of the learned parameter: log of the concentration, or of the variance. */
export const SPREAD = "likelihood/log spread";
const [LEAST_LOG, MOST_LOG] = [-16, 11.5];

/** @throws RangeError when a number of the likelihood makes no sense. */
export function checkLikelihood(likelihood: PortfolioLikelihood): void {
  checkCount("likelihood: lots", likelihood.lots, 2);
  const spread = spreadOf(likelihood);
  if (spread !== "learned") checkPositive("likelihood: concentration or variance", spread);
}

export function spreadOf(likelihood: PortfolioLikelihood): "learned" | number {
  return likelihood.kind === "simplex" ? likelihood.concentration : likelihood.variance;
}

/** The concentration or variance of what is learned, within what float32 can count. @param logSpread of either */
export function spreadFrom(logSpread: number): number {
  return Math.exp(Math.min(MOST_LOG, Math.max(LEAST_LOG, logSpread)));
}

/**
 * −log p(lots | ŵ), nats.
 * @param target     [R or 1, B, A + 1] lots of each asset, then log of the multinomial coefficient of the row
 * @param logMean    [R,B,A] log ŵ
 * @param logSpread  [R,1,1] or scalar
 * @returns          [R,B]
 */
export function portfolioNll(
  likelihood: PortfolioLikelihood,
  target: tf.Tensor,
  { logMean, logSpread }: { readonly logMean: tf.Tensor; readonly logSpread: tf.Tensor },
): tf.Tensor {
  const assets = target.shape[2]! - 1;
  const [counts, coefficient] = tf.split(target, [assets, 1], 2) as [tf.Tensor, tf.Tensor];
  const { lots } = likelihood;
  const held = logSpread.clipByValue(LEAST_LOG, MOST_LOG);
  if (likelihood.kind === "squared error") {
    const squares = counts.div(lots).sub(logMean.exp()).square().sum(2, true).mul(held.neg().exp());
    const constant = (assets - 1) * Math.log(2 * Math.PI * lots * lots) - Math.log(assets);
    return held
      .mul(assets - 1)
      .add(squares)
      .add(constant)
      .mul(0.5)
      .squeeze([2]);
  }
  const alpha = logMean.add(held).exp();
  const some = counts.minimum(1); // lnΓ(x + α) − lnΓ(α) = ln α + lnΓ(x + α) − lnΓ(1 + α) keeps a vanishing α in its logarithm
  const each = some.mul(logMean.add(held)).add(logGammaRatio(alpha.add(1), counts.sub(1).relu()));
  const all = logGammaRatio(held.exp().add(1), tf.scalar(lots - 1)).add(held);
  return all.sub(each.sum(2, true)).sub(coefficient).squeeze([2]);
}

/** lnΓ(a + x) − lnΓ(a) for a of at least 1, by Stirling's series at a + 3: no difference of large numbers. */
function logGammaRatio(a: tf.Tensor, x: tf.Tensor): tf.Tensor {
  const [low, end] = [a.add(3), a.add(x)];
  const high = end.add(3);
  const series = (y: tf.Tensor) => {
    const inverse = tf.scalar(1).div(y);
    return inverse.mul(tf.scalar(1 / 12).sub(inverse.square().mul(1 / 360)));
  };
  const main = low.sub(0.5).mul(x.div(low).log1p()).add(high.log().sub(1).mul(x));
  const steps = end
    .div(a)
    .mul(end.add(1).div(a.add(1)))
    .mul(end.add(2).div(a.add(2)));
  return main.add(series(high)).sub(series(low)).sub(steps.log());
}

/** log p(lots | ŵ) in float64. @param counts [A] @param logMean [A] @param spread concentration or variance */
export function portfolioLogLikelihood(
  likelihood: PortfolioLikelihood,
  counts: ArrayLike<number>,
  { logMean, spread }: { readonly logMean: ArrayLike<number>; readonly spread: number },
): number {
  const assets = counts.length;
  const { lots } = likelihood;
  checkLength("logMean", logMean, assets);
  if (likelihood.kind === "squared error") {
    let squares = 0;
    for (let a = 0; a < assets; a++) squares += (counts[a]! / lots - Math.exp(logMean[a]!)) ** 2;
    const constant = (assets - 1) * Math.log(2 * Math.PI * spread * lots * lots) - Math.log(assets);
    return -0.5 * (squares / spread + constant);
  }
  let log = logCoefficient(counts) + gammaln(spread) - gammaln(lots + spread);
  for (let a = 0; a < assets; a++) {
    if (counts[a]! === 0) continue;
    const alpha = spread * Math.exp(logMean[a]!);
    log += Math.log(spread) + logMean[a]! + gammaln(counts[a]! + alpha) - gammaln(1 + alpha);
  }
  return log;
}

/** log of the number of ways to deal the lots out: n! / Π xᵢ!. */
export function logCoefficient(counts: ArrayLike<number>): number {
  let [log, total] = [0, 0];
  for (let a = 0; a < counts.length; a++) {
    log -= gammaln(counts[a]! + 1);
    total += counts[a]!;
  }
  return log + gammaln(total + 1);
}
