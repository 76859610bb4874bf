/** The fully connected layer whose weights are distributions instead of numbers, for R replicas. */
import type * as tf from "@tensorflow/tfjs";
import { checkCount, checkPositive, checkShape } from "../../core/index.js";
import { inverseSoftplus, klNormalTensor } from "../../prob/distributions/index.js";
import type { Feed, Layer, NoiseSpec } from "./layer.js";
import { filled, type ParameterSpec, scaledNormal, zeros } from "./parameters.js";
import { stackedAffine, stackedMatMul, stackedMatMulOfData } from "./stackedMatMul.js";
import { priorPart, type WeightPrior } from "./weightPrior.js";

/** Options of a Bayesian dense layer. */
export interface BayesDenseOptions {
  readonly inputs: number;
  readonly outputs: number;
  readonly prior: WeightPrior;
  /** Standard deviation of the normal prior of the biases. */
  readonly biasPriorSd: number;
  /**
   * "local" draws the pre-activations, one for each row and output: less noise in the gradient. "weights" draws the weights, one set for
   * all rows: a draw is then a function.
   */
  readonly sampling: "local" | "weights";
  /** First standard deviation of every weight (default a quarter of the spread √(2 / inputs) of their means). */
  readonly initialSd?: number;
  /** First means of the weights (default N(0, 2 / inputs)). */
  readonly initial?: ParameterSpec["initial"];
  /** The input is data, so that no gradient of it is computed. */
  readonly ofData?: boolean;
}

/** A layer whose parameters have a posterior. */
export interface BayesLayer extends Layer {
  /** KL(q ‖ prior) of its weights and biases, [R] nats: in closed form unless the prior is a mixture. */
  kl(feed: Feed): tf.Tensor;
}

/** softplus(−3), the first standard deviation of Bayes by Backprop as it is often written. */
export const SOURCE_INITIAL_SD = Math.log1p(Math.exp(-3));

/**
 * x · W + b with W ~ N(μ, softplus(ρ)²), b likewise: [R or 1, B, inputs] to [R, B, outputs].
 *
 * Fed without its noise it uses the means, and is deterministic. Both ways of sampling have the same parameters.
 * @throws RangeError when an option makes no sense or x is not of rank 3.
 * @see Blundell et al. 2015; Kingma, Salimans & Welling 2015 for the local way
 */
export function bayesDense(name: string, options: BayesDenseOptions): BayesLayer {
  const { inputs, outputs, biasPriorSd, sampling, ofData = false } = options;
  checkCount(`${name}: inputs`, inputs);
  checkCount(`${name}: outputs`, outputs);
  checkPositive(`${name}: biasPriorSd`, biasPriorSd);
  const spread = options.initialSd ?? 0.25 * Math.sqrt(2 / inputs);
  const rho = filled(inverseSoftplus(spread));
  const normal = (of: string, shape: NoiseSpec["shape"]): NoiseSpec => ({
    ...{ name: `${name}/${of}`, kind: "normal", shape, role: "draw" },
  });
  const drawn =
    sampling === "weights"
      ? [normal("weight noise", [inputs, outputs]), normal("bias noise", [1, outputs])]
      : [normal("noise", ["batch", outputs])];
  const prior = priorPart(
    name,
    options.prior,
    [inputs, outputs],
    sampling === "weights" ? drawn[0] : undefined,
  );
  const initial = options.initial ?? scaledNormal(inputs, Math.SQRT2);
  return {
    parameters: [
      { name: `${name}/weight mean`, shape: [inputs, outputs], initial },
      { name: `${name}/weight rho`, shape: [inputs, outputs], initial: rho },
      { name: `${name}/bias mean`, shape: [1, outputs], initial: zeros },
      { name: `${name}/bias rho`, shape: [1, outputs], initial: rho },
      ...prior.parameters,
    ],
    buffers: [],
    noise: [...drawn, ...prior.noise],
    apply(feed, x) {
      checkShape(`${name}: x`, x.shape, [-1, -1, inputs]);
      const distributions = distributionsOf(name, feed);
      const gates = prior.gates?.(feed);
      const weight = gates
        ? { mean: distributions.weight.mean.mul(gates), sd: distributions.weight.sd.mul(gates) }
        : distributions.weight;
      const fed = drawn.map((spec) => feed.noise[spec.name]);
      const sample = sampling === "weights" ? throughWeights : throughActivations;
      return sample(x, { weight, bias: distributions.bias }, fed, ofData);
    },
    kl(feed) {
      const { weight, bias } = distributionsOf(name, feed);
      return prior.kl(feed, weight).add(klNormalTensor(bias.mean, bias.sd, biasPriorSd).sum([1, 2]));
    },
  };
}

/** Mean and standard deviation of the weights [R,I,O] and biases [R,1,O]. */
interface Distributions {
  readonly weight: { readonly mean: tf.Tensor; readonly sd: tf.Tensor };
  readonly bias: { readonly mean: tf.Tensor; readonly sd: tf.Tensor };
}

function distributionsOf(name: string, { parameters }: Feed): Distributions {
  const distribution = (of: string) => ({
    mean: parameters[`${name}/${of} mean`]!,
    sd: parameters[`${name}/${of} rho`]!.softplus(),
  });
  return { weight: distribution("weight"), bias: distribution("bias") };
}

type Sampler = (
  x: tf.Tensor,
  distributions: Distributions,
  noise: readonly (tf.Tensor | undefined)[],
  ofData: boolean,
) => tf.Tensor;

const throughWeights: Sampler = (x, { weight, bias }, [ofWeight, ofBias], ofData) => {
  if (!ofWeight || !ofBias) return stackedAffine(x, weight.mean, bias.mean, ofData);
  const w = weight.mean.add(weight.sd.mul(ofWeight));
  return stackedAffine(x, w, bias.mean.add(bias.sd.mul(ofBias)), ofData);
};

/** The pre-activation of row b and output o is N(Σ x μ, Σ x² σ²), independent over rows. */
const throughActivations: Sampler = (x, { weight, bias }, [noise], ofData) => {
  const mean = stackedAffine(x, weight.mean, bias.mean, ofData);
  if (!noise) return mean;
  const product = ofData ? stackedMatMulOfData : stackedMatMul;
  const variance = product(x.square(), weight.sd.square()).add(bias.sd.square());
  return mean.add(variance.add(1e-16).sqrt().mul(noise)); // the small number keeps the slope at 0 finite
};
