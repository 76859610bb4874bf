/** A variational autoencoder of market windows whose latent vector also predicts return, volatility, regime. */
import * as tf from "@tensorflow/tfjs";
import { checkCount } from "../../core/index.js";
import type { Feed, Layer } from "../../nn/layers/index.js";
import { dense, elementwise, scaledNormal, sequence } from "../../nn/layers/index.js";
import type { Predictor } from "../../nn/training/index.js";
import { klToStandardNormalTensor } from "../../prob/distributions/index.js";
import { gaussianNll, LATENTS, type Vae, type VaeConfig, vae } from "../vae/vae.js";

/** The classes of the regime head, in the order of its probabilities. */
export const REGIMES = ["bear", "sideways", "bull"] as const;

/** Configuration of a market VAE. */
export interface MarketVaeConfig extends VaeConfig {
  /** [T,F] */
  readonly inputShape: readonly [number, number];
  /** Width of the layer between the latent vector and the heads; default 32. */
  readonly headWidth?: number;
  /**
   * Times that the log-likelihood of the targets counts; default 1, the model as it is.
   *
   * A window has hundreds of numbers and three targets, so that the targets hardly shape the latent vector at 1. Above 1 the bound is tempered
   * and no longer that of the model; `evaluateModel` of a model with weight 1 gives the untempered one.
   */
  readonly targetWeight?: number;
}

/** Output of the heads for each latent vector: [R,B] each, of scaled targets, and the logits of the regimes [R,B,3]. */
export interface Heads {
  readonly returnMean: tf.Tensor;
  readonly returnLogVar: tf.Tensor;
  readonly volatilityMean: tf.Tensor;
  readonly volatilityLogVar: tf.Tensor;
  readonly regimeLogits: tf.Tensor;
}

/** −log-likelihoods of the parts of a row, nats: [R,B] each. */
export interface Parts {
  readonly reconstruction: tf.Tensor;
  readonly return: tf.Tensor;
  readonly volatility: tf.Tensor;
  readonly regime: tf.Tensor;
}

/** A variational autoencoder of windows with heads for return, volatility and regime. */
export interface MarketVae extends Vae, Predictor {
  readonly config: MarketVaeConfig;
  /** @param z [R,B,K] */
  heads(feed: Feed, z: tf.Tensor): Heads;
  /** @param x [R or 1, B, T, F] @param y [R or 1, B, 5] of `marketTargets` @param z [R,B,K] */
  parts(feed: Feed, x: tf.Tensor, y: tf.Tensor, z: tf.Tensor): Parts;
}

const SLOPE = 0.2;
const OUTPUTS = 4 + REGIMES.length;

/**
 * One latent vector for each window explains the window itself, the return that follows, its volatility and the regime: four normalised
 * likelihoods, independent given the latent vector.
 *
 * Targets are [return, log volatility, one-hot regime], the first two scaled; a row of zeros for the regime is an unlabelled one and adds
 * nothing. The reconstruction has the scale that `noise` says.
 * @throws RangeError when a size is not a positive integer or the weight is negative.
 */
export function marketVae(config: MarketVaeConfig): MarketVae {
  const { inputShape, latents, headWidth = 32, targetWeight = 1 } = config;
  checkCount("headWidth", headWidth);
  if (!(targetWeight >= 0)) throw new RangeError(`targetWeight: expected 0 or more, got ${targetWeight}`);
  const base = vae(config);
  const head = headOf(latents, headWidth);
  const heads = (feed: Feed, z: tf.Tensor): Heads => {
    const [rm, rv, vm, vv, regimeLogits] = tf.split(head.apply(feed, z), [1, 1, 1, 1, REGIMES.length], 2);
    const flat = (t: tf.Tensor | undefined) => t!.squeeze([2]);
    return {
      ...{ returnMean: flat(rm), returnLogVar: flat(rv).clipByValue(-10, 10) },
      ...{ volatilityMean: flat(vm), volatilityLogVar: flat(vv).clipByValue(-10, 10) },
      regimeLogits: regimeLogits!.clipByValue(-30, 30),
    };
  };
  const parts = (feed: Feed, x: tf.Tensor, y: tf.Tensor, z: tf.Tensor): Parts => {
    const says = heads(feed, z);
    const [r, v, regime] = tf.split(y, [1, 1, REGIMES.length], 2) as [tf.Tensor, tf.Tensor, tf.Tensor];
    const inputs = inputShape[0] * inputShape[1];
    const rows = (t: tf.Tensor) => t.reshape([t.shape[0]!, t.shape[1]!, inputs]);
    const logits = says.regimeLogits;
    return {
      reconstruction: gaussianNll(rows(x), rows(base.decode(feed, z)), base.noiseLogVar(feed)),
      return: gaussianNll(r, says.returnMean.expandDims(2), says.returnLogVar.expandDims(2)),
      volatility: gaussianNll(v, says.volatilityMean.expandDims(2), says.volatilityLogVar.expandDims(2)),
      regime: regime.mul(logits.exp().sum(2, true).log().sub(logits)).sum(2),
    };
  };
  return {
    ...base,
    config,
    targetShape: [2 + REGIMES.length],
    parameters: [...base.parameters, ...head.parameters],
    heads,
    parts,
    terms(feed, x, y) {
      const { mean, logVar } = base.encode(feed, x);
      const of = parts(feed, x, y, drawn(mean, logVar, feed));
      const targets = of.return.add(of.volatility).add(of.regime).mul(targetWeight);
      return { nll: of.reconstruction.add(targets), kl: klToStandardNormalTensor(mean, logVar) };
    },
    drawsLatents: true,
    predict(feed, x) {
      const { mean, logVar } = base.encode(feed, x);
      const says = heads(feed, drawn(mean, logVar, feed));
      return { mean: says.returnMean, variance: says.returnLogVar.exp() };
    },
  };
}

/** z = μ + σ ε. */
function drawn(mean: tf.Tensor, logVar: tf.Tensor, { noise }: Feed): tf.Tensor {
  return mean.add(logVar.mul(0.5).exp().mul(noise[LATENTS]!));
}

function headOf(latents: number, width: number): Layer {
  return sequence([
    dense("heads/hidden", { inputs: latents, outputs: width }),
    elementwise((x) => x.leakyRelu(SLOPE)),
    dense("heads/out", { inputs: width, outputs: OUTPUTS, initial: scaledNormal(width, 0.1) }),
  ]);
}
