/** The variational autoencoder of portfolios: weights in, weights that sum to one out, on request given what is wanted of them. */
import * as tf from "@tensorflow/tfjs";
import { checkCount } from "../../core/index.js";
import type { Model } from "../../nn/layers/index.js";
import {
  dense,
  elementwise,
  type Feed,
  filled,
  type Layer,
  type ParameterSpec,
  scaledNormal,
  sequence,
} from "../../nn/layers/index.js";
import { klToStandardNormalTensor, reparameterise } from "../../prob/distributions/index.js";
import { LATENTS, type Latents } from "../vae/vae.js";
import {
  checkLikelihood,
  type PortfolioLikelihood,
  portfolioNll,
  SPREAD,
  spreadOf,
} from "./portfolioLikelihood.js";

/** Configuration of a portfolio VAE. */
export interface PortfolioVaeConfig {
  /** A */
  readonly assets: number;
  /** K */
  readonly latents: number;
  /** Widths of the encoder's layers, mirrored in the decoder; default [64, 32]. */
  readonly hidden?: readonly number[];
  readonly likelihood: PortfolioLikelihood;
  /** C, numbers that both encoder and decoder are told; default 0. */
  readonly conditions?: number;
}

/** x holds a row's A scaled weights and C standardised conditions, y its lots: those of `portfolioData`. */
export interface PortfolioVae extends Model {
  readonly config: PortfolioVaeConfig;
  readonly latents: number;
  /** q(z | w, c) @param x [R or 1, B, A + C] */
  encode(feed: Feed, x: tf.Tensor): Latents;
  /** Weights ŵ [R,B,A], each row of sum 1. @param z [R,B,K] @param c [R or 1, B, C] where there are conditions */
  decode(feed: Feed, z: tf.Tensor, c?: tf.Tensor): tf.Tensor;
  /** log of the concentration or of the variance, [R,1,1] or a scalar. */
  logSpread(feed: Feed): tf.Tensor;
}

/** Where logits end, either way: the smallest weight is far below a lot, and exp stays finite in float32. */
export const MOST_LOGIT = 30;
/** The name of the decoder's layer that reads the conditions. */
export const CONDITION = "decoder/condition";
const FIRST_LOG = { simplex: Math.log(50), "squared error": Math.log(0.01) };

/**
 * −log p(w | z, c) of the lots and KL(q(z | w, c) ‖ N(0, I)) of each row, nats, with one draw of z a row.
 *
 * Layers with ReLU between; the softmax is inside the likelihood, so that training sees the weights that will be used. The prior of z
 * is the same under every condition.
 * @throws RangeError when a size is not a positive integer or the likelihood makes no sense.
 * @see Kingma & Welling 2014; Sohn, Lee & Yan 2015 for conditions
 */
export function portfolioVae(config: PortfolioVaeConfig): PortfolioVae {
  const { assets, latents, hidden = [64, 32], likelihood, conditions = 0 } = config;
  checkCount("assets", assets, 2);
  checkCount("latents", latents);
  checkCount("conditions", conditions, 0);
  checkCount("hidden: layers", hidden.length);
  checkLikelihood(likelihood);
  const encoder = encoderOf(assets + conditions, hidden, latents);
  const decoder = decoderOf(latents, hidden, { assets, conditions });
  const spread = spreadOf(likelihood);
  const spreadSpec: ParameterSpec = {
    name: SPREAD,
    shape: [1, 1],
    initial: filled(FIRST_LOG[likelihood.kind]),
  };
  const encode = (feed: Feed, x: tf.Tensor): Latents => {
    const [mean, logVar] = tf.split(encoder.apply(feed, x), 2, 2) as [tf.Tensor, tf.Tensor];
    return { mean, logVar: logVar.clipByValue(-14, 14) };
  };
  const logWeights = (feed: Feed, z: tf.Tensor, c?: tf.Tensor) => {
    const logits = decoder.apply(feed, z, c).clipByValue(-MOST_LOGIT, MOST_LOGIT);
    return logits.sub(logits.exp().sum(2, true).log());
  };
  const logSpread = ({ parameters }: Feed) =>
    spread === "learned" ? parameters[SPREAD]! : tf.scalar(Math.log(spread));
  const parts = [encoder, decoder];
  return {
    config,
    latents,
    inputShape: [assets + conditions],
    targetShape: [assets + 1],
    parameters: [...parts.flatMap((p) => p.parameters), ...(spread === "learned" ? [spreadSpec] : [])],
    buffers: [],
    noise: [{ name: LATENTS, kind: "normal", shape: ["batch", latents], role: "draw" }],
    encode,
    decode: (feed, z, c) => logWeights(feed, z, c).exp(),
    logSpread,
    terms(feed, x, y) {
      const { mean, logVar } = encode(feed, x);
      const z = reparameterise(mean, logVar, feed.noise[LATENTS]!);
      const c = conditions > 0 ? tf.split(x, [assets, conditions], 2)[1]! : undefined;
      const logMean = logWeights(feed, z, c);
      const nll = portfolioNll(likelihood, y, { logMean, logSpread: logSpread(feed) });
      return { nll, kl: klToStandardNormalTensor(mean, logVar) };
    },
  };
}

function layersOf(name: string, sizes: readonly number[], ofData: boolean): Layer[] {
  return sizes
    .slice(1)
    .flatMap((outputs, i) => [
      dense(`${name}/${i}`, { inputs: sizes[i]!, outputs, ofData: ofData && i === 0 }),
      elementwise((x) => x.relu()),
    ]);
}

function encoderOf(inputs: number, hidden: readonly number[], latents: number): Layer {
  const width = hidden[hidden.length - 1]!;
  const head = dense("codes", { inputs: width, outputs: 2 * latents, initial: scaledNormal(width, 0.5) });
  return sequence([...layersOf("encoder", [inputs, ...hidden], true), head]);
}

interface Decoder extends Omit<Layer, "apply"> {
  apply(feed: Feed, z: tf.Tensor, c?: tf.Tensor): tf.Tensor;
}

/** The first layer reads z and c side by side: two products, one sum, which is the product with both joined. */
function decoderOf(
  latents: number,
  hidden: readonly number[],
  { assets, conditions }: { readonly assets: number; readonly conditions: number },
): Decoder {
  const sizes = [...hidden].reverse();
  const [first, last] = [sizes[0]!, sizes[sizes.length - 1]!];
  const own = dense("decoder/0", { inputs: latents, outputs: first });
  const told =
    conditions > 0
      ? dense(CONDITION, { inputs: conditions, outputs: first, bias: false, ofData: true })
      : null;
  const rest = sequence([
    elementwise((x) => x.relu()),
    ...sizes
      .slice(1)
      .flatMap((outputs, i) => [
        dense(`decoder/${i + 1}`, { inputs: sizes[i]!, outputs }),
        elementwise((x) => x.relu()),
      ]),
    dense("decoder/out", { inputs: last, outputs: assets, initial: scaledNormal(last, 1) }),
  ]);
  const parts = [own, ...(told ? [told] : []), rest];
  return {
    parameters: parts.flatMap((p) => p.parameters),
    buffers: [],
    noise: [],
    apply(feed, z, c) {
      if (Boolean(told) !== Boolean(c))
        throw new RangeError(`conditions: expected ${conditions}, got ${c ? c.shape[2] : "none"}`);
      const h = own.apply(feed, z);
      return rest.apply(feed, told ? h.add(told.apply(feed, c!)) : h);
    },
  };
}
