/** A model of one Bayesian layer whose loss is written out by whoever asks for it. */
import { checkCount } from "../../core/index.js";
import type { tf } from "../../nn/index.js";
import { filled, type Model } from "../../nn/layers/index.js";

/** Tensors that a loss is given: `parameters.mu` and `parameters.rho` [1,I,1], `noise.epsilon` [1,B,1]; a row x is [I], y is [1]. */
export type LayerFeed = Parameters<Model["terms"]>[0];

/** The two terms of −ELBO: `nll` [1,B] of each row, `kl` a number or one a row: a row's share of the KL. */
export type LayerTerms = (
  feed: LayerFeed,
  x: tf.Tensor,
  y: tf.Tensor,
) => { readonly nll: tf.Tensor; readonly kl: tf.Tensor };

/**
 * The model that `nn.train` fits: one output of `inputs` weights with means μ, from 0, and ρ with σ = softplus(ρ), from −2.
 *
 * It declares parameters and noise; layer and loss are those of `terms`, whose KL is spread over the rows of a batch.
 * @throws RangeError when `inputs` is not a positive integer.
 */
export function singleLayer(inputs: number, terms: LayerTerms): Model {
  checkCount("inputs", inputs);
  const shape = [inputs, 1];
  return {
    ...{ inputShape: [inputs], targetShape: [1], buffers: [] },
    parameters: [
      { name: "mu", shape, initial: filled(0) },
      { name: "rho", shape, initial: filled(-2) },
    ],
    noise: [{ name: "epsilon", kind: "normal", shape: ["batch", 1], role: "draw" }],
    terms(feed, x, y) {
      const { nll, kl } = terms(feed, x, y);
      return { nll, kl: nll.zerosLike().add(kl) };
    },
  };
}
