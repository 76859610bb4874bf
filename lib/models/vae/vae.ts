/** The variational autoencoder of R replicas: Gaussian prior, encoder and likelihood, all normalised. */
import * as tf from "@tensorflow/tfjs";
import { checkCount, checkPositive } from "../../core/index.js";
import type { Model } from "../../nn/layers/index.js";
import {
  batchNormalisation,
  dense,
  dropout,
  elementwise,
  type Feed,
  filled,
  type Layer,
  lstm,
  positions,
  scaledNormal,
  sequence,
  transformerBlock,
} from "../../nn/layers/index.js";
import { klToStandardNormalTensor } from "../../prob/distributions/index.js";

/** How a row becomes the vector from which μ and log σ² are read. */
export type EncoderConfig =
  /** No hidden layer: with a linear decoder this is probabilistic PCA (Lucas et al. 2019). */
  | { readonly kind: "linear" }
  /** Layers of the given widths, LeakyReLU between. */
  | {
      readonly kind: "mlp";
      readonly hidden: readonly number[];
      readonly batchNorm?: boolean;
      readonly dropout?: number;
    }
  /** An LSTM over the window, then layers of the given widths. */
  | {
      readonly kind: "lstm";
      readonly units: number;
      readonly hidden: readonly number[];
      /** Fraction of the units dropped after the LSTM and after each hidden layer. */
      readonly dropout?: number;
    }
  /** Blocks of attention over the window, averaged over its steps, then layers of the given widths. */
  | {
      readonly kind: "transformer";
      readonly width: number;
      readonly heads: number;
      readonly inner: number;
      readonly blocks: number;
      readonly hidden: readonly number[];
      /** Fraction of the units dropped after the blocks and after each hidden layer. */
      readonly dropout?: number;
    };

/** Configuration of a variational autoencoder. */
export interface VaeConfig {
  /** Shape of a row: [F], or a window [T,F]. */
  readonly inputShape: readonly number[];
  /** K */
  readonly latents: number;
  readonly encoder: EncoderConfig;
  /** Variance of p(x | z): a stated one, one learnt for all inputs, or one learnt for each. A sum of squares stands for ½. */
  readonly noise: { readonly variance: number } | "learned" | "learned each";
}

/** Parameters of q(z | x): [R,B,K] each. */
export interface Latents {
  readonly mean: tf.Tensor;
  readonly logVar: tf.Tensor;
}

/** A model that can also be run in parts. */
export interface Vae extends Model {
  readonly latents: number;
  readonly config: VaeConfig;
  encode(feed: Feed, x: tf.Tensor): Latents;
  /** Mean of p(x | z). @param z [R,B,K] @returns [R, B, …inputShape] */
  decode(feed: Feed, z: tf.Tensor): tf.Tensor;
  /** log of the variance of p(x | z), [R, 1, D or 1]. */
  noiseLogVar(feed: Feed): tf.Tensor;
}

/** The noise of the latents. */
export const LATENTS = "codes";
const SLOPE = 0.2;
const LOG_2PI = Math.log(2 * Math.PI);

/**
 * −log p(x | z) and KL(q(z | x) ‖ N(0, I)) of each row, nats, with one draw of z a row.
 *
 * The decoder mirrors the encoder's hidden layers and ends in a linear one. It has no target: y is empty.
 * @throws RangeError when a size is not a positive integer or the variance is not positive.
 * @see Kingma & Welling 2014
 */
export function vae(config: VaeConfig): Vae {
  const { inputShape, latents, noise } = config;
  checkCount("latents", latents);
  for (const size of inputShape) checkCount("inputShape", size);
  if (typeof noise === "object") checkPositive("noise variance", noise.variance);
  const inputs = inputShape.reduce((a, b) => a * b, 1);
  const { body, width } = encoderBody(config.encoder, inputShape);
  const head = dense("codes", {
    inputs: width,
    outputs: 2 * latents,
    initial: scaledNormal(width, 0.5),
    ofData: config.encoder.kind === "linear",
  });
  const decoder = decoderOf(config.encoder, latents, inputs);
  const spread =
    typeof noise === "object"
      ? []
      : [{ name: "noise/log variance", shape: [1, noise === "learned" ? 1 : inputs], initial: filled(0) }];
  const parts = [body, head, decoder];
  const encode = (feed: Feed, x: tf.Tensor): Latents => {
    const [mean, logVar] = tf.split(head.apply(feed, body.apply(feed, x)), 2, 2) as [tf.Tensor, tf.Tensor];
    return { mean, logVar: logVar.clipByValue(-14, 14) };
  };
  const flatDecode = (feed: Feed, z: tf.Tensor) => decoder.apply(feed, z);
  const noiseLogVar = ({ parameters }: Feed) =>
    typeof noise === "object" ? tf.scalar(Math.log(noise.variance)) : parameters["noise/log variance"]!;
  return {
    config,
    latents,
    inputShape,
    targetShape: [0],
    parameters: [...parts.flatMap((p) => p.parameters), ...spread],
    buffers: parts.flatMap((p) => p.buffers),
    noise: [
      ...parts.flatMap((p) => p.noise),
      { name: LATENTS, kind: "normal", shape: ["batch", latents], role: "draw" },
    ],
    encode,
    decode: (feed, z) => {
      const flat = flatDecode(feed, z);
      return flat.reshape([...flat.shape.slice(0, 2), ...inputShape]);
    },
    noiseLogVar,
    terms(feed, x) {
      const { mean, logVar } = encode(feed, x);
      const z = mean.add(logVar.mul(0.5).exp().mul(feed.noise[LATENTS]!));
      const flat = x.reshape([x.shape[0]!, x.shape[1]!, inputs]);
      const nll = gaussianNll(flat, flatDecode(feed, z), noiseLogVar(feed));
      return { nll, kl: klToStandardNormalTensor(mean, logVar) };
    },
  };
}

/** −Σ log N(x | mean, exp logVar) over the last axis, nats. @param logVar broadcast against x */
export function gaussianNll(x: tf.Tensor, mean: tf.Tensor, logVar: tf.Tensor): tf.Tensor {
  const squares = x.sub(mean).square().mul(logVar.neg().exp());
  return squares.add(logVar).add(LOG_2PI).sum(-1).mul(0.5);
}

function activation(): Layer {
  return elementwise((x) => x.leakyRelu(SLOPE));
}

function hiddenLayers(name: string, sizes: readonly number[], ofData: boolean): Layer[] {
  return sizes
    .slice(1)
    .flatMap((outputs, i) => [
      dense(`${name}/${i}`, { inputs: sizes[i]!, outputs, ofData: ofData && i === 0 }),
      activation(),
    ]);
}

function flatten(): Layer {
  return elementwise((x) => x.reshape([x.shape[0]!, x.shape[1]!, -1]));
}

/** The layers before the heads, and the width of what they return. */
function encoderBody(config: EncoderConfig, shape: readonly number[]): { body: Layer; width: number } {
  const inputs = shape.reduce((a, b) => a * b, 1);
  if (config.kind === "linear") return { body: flatten(), width: inputs };
  const { hidden } = config;
  const width = hidden[hidden.length - 1];
  if (config.kind === "mlp") {
    if (width === undefined)
      throw new RangeError("encoder: expected hidden layers, got none; linear has none");
    return { body: sequence([flatten(), ...mlp(config, inputs)]), width };
  }
  if (shape.length !== 2)
    throw new RangeError(`encoder: ${config.kind} expects rows of shape [T,F], got [${shape.join(",")}]`);
  const [steps, features] = shape as [number, number];
  const from = config.kind === "lstm" ? config.units : config.width;
  const read =
    config.kind === "lstm"
      ? lstm("lstm", { inputs: features, units: from, ofData: true })
      : reader(config, steps, features);
  return {
    body: sequence([read, ...droppedAfter("read", config, from), ...readLayers(config, from)]),
    width: width ?? from,
  };
}

type SequenceEncoder = EncoderConfig & { kind: "lstm" | "transformer" };

/** The layers after an LSTM or a Transformer. */
function readLayers(config: SequenceEncoder, from: number): Layer[] {
  const sizes = [from, ...config.hidden];
  return config.hidden.flatMap((outputs, i) => [
    dense(`encoder/${i}`, { inputs: sizes[i]!, outputs }),
    activation(),
    ...droppedAfter(String(i), config, outputs),
  ]);
}

function droppedAfter(name: string, { dropout: fraction }: SequenceEncoder, width: number): Layer[] {
  return fraction ? [dropout(`encoder/${name}/dropout`, fraction, [width])] : [];
}

/**
 * An LSTM or a Transformer of one block as wide as the first of `hidden`, with the others as layers after it; of one entry, a layer as wide.
 *
 * The Transformer has as many heads, up to four, as share the width evenly.
 */
export function sequenceEncoder(
  kind: "lstm" | "transformer",
  hidden: readonly number[],
  dropout: number,
): EncoderConfig {
  const [first, ...rest] = hidden;
  if (first === undefined) throw new RangeError("hidden: expected widths such as [64, 32], got none");
  const layers = { hidden: rest.length > 0 ? rest : [first], dropout };
  if (kind === "lstm") return { kind, units: first, ...layers };
  const heads = [4, 2].find((count) => first % count === 0) ?? 1;
  return { kind, width: first, heads, inner: 2 * first, blocks: 1, ...layers };
}

function mlp(config: EncoderConfig & { kind: "mlp" }, inputs: number): Layer[] {
  const sizes = [inputs, ...config.hidden];
  return config.hidden.flatMap((outputs, i) => [
    dense(`encoder/${i}`, { inputs: sizes[i]!, outputs, ofData: i === 0 }),
    ...(config.batchNorm ? [batchNormalisation(`encoder/${i}/norm`, outputs)] : []),
    activation(),
    ...(config.dropout ? [dropout(`encoder/${i}/dropout`, config.dropout, [outputs])] : []),
  ]);
}

/** Steps embedded, told apart, attended to, averaged. */
function reader(config: EncoderConfig & { kind: "transformer" }, steps: number, features: number): Layer {
  const { width, heads, inner, blocks } = config;
  checkCount("encoder: blocks", blocks);
  return sequence([
    dense("embed", { inputs: features, outputs: width, initial: scaledNormal(features, 1), ofData: true }),
    elementwise((x) => x.add(positions(steps, width))),
    ...Array.from({ length: blocks }, (_, i) => transformerBlock(`block ${i}`, { width, heads, inner })),
    elementwise((x) => x.mean(2)),
  ]);
}

/** The encoder's hidden layers in reverse, then a linear one. */
function decoderOf(config: EncoderConfig, latents: number, inputs: number): Layer {
  const hidden = config.kind === "linear" ? [] : [...config.hidden].reverse();
  const sizes = [latents, ...hidden];
  const last = sizes[sizes.length - 1]!;
  const end = dense("decoder/out", { inputs: last, outputs: inputs, initial: scaledNormal(last, 1) });
  return sequence([...hiddenLayers("decoder", sizes, false), end]);
}
