/** Priors of network weights as tensors: the divergence of independent normal weights from each, differentiable, in nats. */
import * as tf from "@tensorflow/tfjs";
import { checkPositive, checkShape, logGammaRatio } from "../../core/index.js";
import type { Mixture } from "./mixture.js";
import type { InverseGamma } from "./priors.js";

const LOG_2PI = Math.log(2 * Math.PI);

/**
 * KL(N(mean, sd²) ‖ N(0, priorSd²)) of each weight.
 * @param mean  […]
 * @param sd    […] positive
 * @returns     […]
 * @throws RangeError when the shapes differ or `priorSd` is not positive.
 */
export function klNormalTensor(mean: tf.Tensor, sd: tf.Tensor, priorSd: number): tf.Tensor {
  checkShape("sd", sd.shape, mean.shape);
  checkPositive("priorSd", priorSd);
  return tf.tidy(() => {
    const ratio = sd.div(priorSd);
    return ratio.square().add(mean.div(priorSd).square()).sub(1).mul(0.5).sub(ratio.log());
  });
}

/** log Σ_k weight_k N(w | mean_k, sd_k²) of each weight; any number of components. */
export function mixtureLogDensityTensor(w: tf.Tensor, { weight, mean, sd }: Mixture): tf.Tensor {
  return tf.tidy(() => {
    const parts = Array.from({ length: weight.length }, (_, k) => {
      const constant = Math.log(weight[k]!) - Math.log(sd[k]!) - 0.5 * LOG_2PI;
      return w.sub(mean[k]!).div(sd[k]!).square().mul(-0.5).add(constant);
    });
    return tf.logSumExp(tf.stack(parts, -1), -1);
  });
}

/**
 * log q(w) − log p(w) at one draw w = mean + sd · noise of each weight: unbiased for KL(N(mean, sd²) ‖ mixture), which has no closed form.
 *
 * A narrow component plays the spike of a spike-and-slab prior. An exact spike would not do: no normal q puts mass on a point, so that the
 * divergence is that from the slab plus −log of its share, and the spike pulls at nothing; in the other direction it is infinite.
 * @param mean   […]
 * @param sd     […] positive
 * @param noise  […] standard normal
 * @returns      […]
 * @throws RangeError when the shapes differ.
 * @see Blundell et al. 2015, equations 2 and 7
 */
export function klToMixtureDraw(mean: tf.Tensor, sd: tf.Tensor, noise: tf.Tensor, prior: Mixture): tf.Tensor {
  checkShape("sd", sd.shape, mean.shape);
  checkShape("noise", noise.shape, mean.shape);
  return tf.tidy(() => {
    const own = noise.square().add(LOG_2PI).mul(-0.5).sub(sd.log());
    return own.sub(mixtureLogDensityTensor(mean.add(sd.mul(noise)), prior));
  });
}

/**
 * KL(q(w) q(σ²) ‖ p(w | σ²) p(σ²)) of groups of weights that share a scale, with the best q(σ²) put in: w ~ N(0, σ²),
 * σ² ~ InverseGamma.
 *
 * That q(σ²) is InverseGamma(shape + n/2, rate + ½ Σ E w²), so that nothing more is trained: what is left is −entropy(q(w)) less the log of
 * the Student-t marginal at Σ E w² instead of Σ w². With a group for each input it is automatic relevance determination.
 * @param mean  [R,G,n]
 * @param sd    [R,G,n]
 * @returns     [R,G]
 * @throws RangeError when the shapes differ or a parameter of the prior is not positive.
 * @see Bishop 2006, section 10.3; MacKay 1994 for the relevance
 */
export function klToHierarchicalTensor(mean: tf.Tensor, sd: tf.Tensor, prior: InverseGamma): tf.Tensor {
  checkShape("mean", mean.shape, [-1, -1, -1]);
  checkShape("sd", sd.shape, mean.shape);
  const { shape, rate } = prior;
  checkPositive("shape", shape);
  checkPositive("rate", rate);
  const size = mean.shape[2]!;
  const after = shape + size / 2;
  const constant = -logGammaRatio(shape, size / 2) - shape * Math.log(rate) - 0.5 * size;
  return tf.tidy(() => {
    const squares = mean.square().add(sd.square()).sum(2);
    return squares.mul(0.5).add(rate).log().mul(after).sub(sd.log().sum(2)).add(constant);
  });
}

/**
 * Mean of q(σ²) of each group, what `klToHierarchicalTensor` has put in: small where an input has been found irrelevant.
 * @param squares  [G] Σ E w² of the group's n weights
 */
export function expectedScales(squares: ArrayLike<number>, size: number, prior: InverseGamma): Float64Array {
  const after = prior.shape + size / 2;
  return Float64Array.from(squares, (s) => (prior.rate + 0.5 * s) / Math.max(after - 1, 1e-12));
}

/**
 * KL(Bernoulli(σ(logit)) ‖ Bernoulli(included)) of each gate, […] nats.
 * @throws RangeError when `included` is not in (0, 1).
 */
export function klBernoulliTensor(logit: tf.Tensor, included: number): tf.Tensor {
  if (!(included > 0 && included < 1))
    throw new RangeError(`included: expected a number in (0, 1), got ${included}`);
  return tf.tidy(() => {
    const open = logit.sigmoid();
    const logOpen = logit.neg().softplus().neg();
    const logShut = logit.softplus().neg();
    return open
      .mul(logOpen.sub(Math.log(included)))
      .add(tf.sub(1, open).mul(logShut.sub(Math.log(1 - included))));
  });
}

/**
 * Draws of gates that are exactly 0 or 1, whose gradient is that of their relaxation σ((logit + logit u) / temperature).
 * @param logit    […]
 * @param uniform  […] in (0, 1)
 * @throws RangeError when the shapes differ or the temperature is not positive.
 * @see Maddison, Mnih & Teh 2017; Jang, Gu & Poole 2017 (straight-through)
 */
export function hardGates(logit: tf.Tensor, uniform: tf.Tensor, temperature = 0.5): tf.Tensor {
  checkShape("uniform", uniform.shape, logit.shape);
  checkPositive("temperature", temperature);
  const gates = tf.customGrad((argument, save) => {
    const at = argument as tf.Tensor;
    (save as tf.GradSaveFunc)([at]);
    const gradFunc = (dy: tf.Tensor | tf.Tensor[], [saved]: tf.Tensor[]) => {
      const soft = saved!.div(temperature).sigmoid();
      return (dy as tf.Tensor).mul(soft.mul(tf.sub(1, soft)).div(temperature));
    };
    return { value: at.greater(0).cast("float32"), gradFunc };
  });
  return gates(logit.add(uniform.log().sub(tf.sub(1, uniform).log())));
}
