/** The β-TC-VAE: a variational autoencoder whose KL is taken apart, so that its three parts can be weighted each on its own. */
import * as tf from "@tensorflow/tfjs";
import { checkCount, checkLength, checkPositive } from "../../core/index.js";
import type { Model } from "../../nn/layers/index.js";
import { reparameterise } from "../../prob/distributions/index.js";
import { stratifiedWeights } from "../../prob/divergences/index.js";
import { LATENTS, type Latents, type Vae } from "./vae.js";

/** Weights of the three parts of the KL: one number for all replicas, or one each. All 1: the ELBO. */
export interface PartWeights {
  readonly information: number | readonly number[];
  readonly totalCorrelation: number | readonly number[];
  readonly dimensionwise: number | readonly number[];
}

/** The parts of the KL of each replica and row, [R,B], nats; their sum is log q(z | x) − log p(z) at the draw. */
export interface KlParts {
  readonly information: tf.Tensor;
  readonly totalCorrelation: tf.Tensor;
  readonly dimensionwise: tf.Tensor;
}

const LOG_2PI = Math.log(2 * Math.PI);

/**
 * The model with −log p(x | z) + α·information + β·total correlation + γ·dimension-wise KL to minimise, at one draw of z a row.
 *
 * In training `kl` is that weighted sum: train it with the engine's β at 1, and read the records' `elbo` as minus the loss.
 * Outside training nothing is changed, so that a validation part is judged by the ELBO. A batch of a few rows knows little of q(z).
 * @param dataSize  N, rows of the whole training set
 * @throws RangeError when a weight or the size makes no sense.
 * @see Chen, Li, Grosse & Duvenaud 2018, equation 4, with the stratified weights of appendix C.2
 */
export function betaTcVae<M extends Vae>(base: M, dataSize: number, weights: PartWeights): M {
  checkCount("dataSize", dataSize, 2);
  for (const [name, value] of Object.entries(weights) as [string, number | readonly number[]][])
    for (const one of typeof value === "number" ? [value] : value) checkPositive(`weights: ${name}`, one);
  const terms: Model["terms"] = (feed, x, y) => {
    const plain = base.terms(feed, x, y);
    if (!feed.training) return plain;
    const codes = base.encode(feed, x);
    const z = reparameterise(codes.mean, codes.logVar, feed.noise[LATENTS]!); // the draw that the base decoded
    const parts = klParts(codes, z, dataSize);
    const replicas = z.shape[0]!;
    const weighted = (part: keyof KlParts) => parts[part].mul(columnOfWeights(part, weights[part], replicas));
    const kl = weighted("information").add(weighted("totalCorrelation")).add(weighted("dimensionwise"));
    return { nll: plain.nll, kl };
  };
  return { ...base, terms };
}

/**
 * The parts of the KL of a batch of B of N rows, by stratified weights; gradients pass through latents and draws.
 *
 * Costs R·B²·K numbers of memory.
 * @param codes  [R,B,K] each
 * @param z      [R,B,K] a draw of each row's latent vector
 */
export function klParts(codes: Latents, z: tf.Tensor, dataSize: number): KlParts {
  return tf.tidy(() => {
    const [, batch] = z.shape as [number, number, number];
    const logWeights = tf.tensor(stratifiedTable(batch, dataSize), [1, batch, batch]);
    const pair = normalLogDensity(z.expandDims(2), codes.mean.expandDims(1), codes.logVar.expandDims(1)); // [R,B,B,K]
    const aggregate = pair.sum(3).add(logWeights).logSumExp(2);
    const marginals = pair.add(logWeights.expandDims(3)).logSumExp(2).sum(2);
    const own = normalLogDensity(z, codes.mean, codes.logVar).sum(2);
    const prior = z.square().add(LOG_2PI).sum(2).mul(-0.5);
    return {
      information: own.sub(aggregate),
      totalCorrelation: aggregate.sub(marginals),
      dimensionwise: marginals.sub(prior),
    };
  });
}

/** log N(x | mean, exp logVar), elementwise, broadcast. */
function normalLogDensity(x: tf.Tensor, mean: tf.Tensor, logVar: tf.Tensor): tf.Tensor {
  return x.sub(mean).square().mul(logVar.neg().exp()).add(logVar).add(LOG_2PI).mul(-0.5);
}

/** Log weights [B,B] of a batch: all rows weigh the same where the batch is the whole set. */
function stratifiedTable(batch: number, dataSize: number): Float32Array {
  checkCount("dataSize", dataSize, batch);
  const weight = stratifiedWeights(batch, dataSize);
  return Float32Array.from({ length: batch * batch }, (_, i) => weight(Math.floor(i / batch), i % batch));
}

/** A weight as [R,1] or a scalar. */
function columnOfWeights(name: string, weight: number | readonly number[], replicas: number): tf.Tensor {
  if (typeof weight === "number") return tf.scalar(weight);
  checkLength(`weights: ${name}`, weight, replicas);
  return tf.tensor2d([...weight], [replicas, 1]);
}
