/** The amortised encoder: one network that maps any data point to its own q(z | x). */
import * as tf from "@tensorflow/tfjs";
import { checkCount, fold, type Key, normals32 } from "../../core/index.js";

/** Parameters of a diagonal Gaussian, each [B,K]. */
export interface DiagonalGaussian {
  readonly mean: tf.Tensor2D;
  readonly logVar: tf.Tensor2D;
}

/** q(z | x) for a batch of points. */
export interface Encoder {
  /** K */
  readonly latents: number;
  readonly variables: readonly tf.Variable[];
  /** One forward pass; in training, batch statistics normalise and the running ones move. Call it inside `tidy`. */
  encode(x: tf.Tensor2D, training: boolean): DiagonalGaussian;
  dispose(): void;
}

/** Keeps a running average a tenth of the way towards the newest batch, as the chapter's PyTorch layer does. */
const MOMENTUM = 0.9;

interface Block {
  readonly weight: tf.Variable;
  readonly scale: tf.Variable;
  readonly shift: tf.Variable;
  readonly runningMean: tf.Variable;
  readonly runningVar: tf.Variable;
}

/**
 * An encoder [N,inputs] → [N,latents]: blocks of linear layer, batch normalisation and LeakyReLU (slope 0.2), then one linear layer each for μ and log σ².
 *
 * Owns its variables: call `dispose`. The linear layers before a normalisation carry no bias, which it would cancel.
 * @throws RangeError when a size is not a positive integer.
 * @see Ioffe & Szegedy 2015 for the normalisation, He et al. 2015 for the initial weights
 */
export function amortizedEncoder(options: {
  readonly inputs: number;
  readonly latents: number;
  readonly key: Key;
  /** Default [256, 128]. */
  readonly hidden?: readonly number[];
}): Encoder {
  const { inputs, latents, key, hidden = [256, 128] } = options;
  [inputs, latents, ...hidden].forEach((size) => {
    checkCount("layer size", size);
  });
  const sizes = [inputs, ...hidden];
  const blocks = hidden.map((size, i) => block(sizes[i]!, size, fold(key, "block", i)));
  const last = sizes[sizes.length - 1]!;
  const head = initialWeight(last, 2 * latents, fold(key, "head"));
  const bias = variable(tf.zeros([2 * latents]));
  const trained = [...blocks.flatMap((b) => [b.weight, b.scale, b.shift]), head, bias];
  return {
    latents,
    variables: trained,
    encode(x, training) {
      const features = blocks.reduce((h, b) => forward(b, h, training), x);
      const both = features.matMul(head as tf.Tensor2D).add(bias) as tf.Tensor2D;
      const [mean, logVar] = tf.split(both, 2, 1) as [tf.Tensor2D, tf.Tensor2D];
      return { mean, logVar };
    },
    dispose() {
      tf.dispose([...trained, ...blocks.flatMap((b) => [b.runningMean, b.runningVar])]);
    },
  };
}

function block(inputs: number, outputs: number, key: Key): Block {
  return {
    weight: initialWeight(inputs, outputs, key),
    scale: variable(tf.ones([outputs])),
    shift: variable(tf.zeros([outputs])),
    runningMean: variable(tf.zeros([outputs]), false),
    runningVar: variable(tf.ones([outputs]), false),
  };
}

function initialWeight(inputs: number, outputs: number, key: Key): tf.Variable {
  const sd = Math.sqrt(2 / inputs);
  return variable(
    tf.tensor2d(
      normals32(key, inputs * outputs).map((v) => v * sd),
      [inputs, outputs],
    ),
  );
}

/** A variable that takes over `value`. */
function variable(value: tf.Tensor, trainable = true): tf.Variable {
  const owned = tf.variable(value, trainable);
  value.dispose();
  return owned;
}

function forward(b: Block, x: tf.Tensor2D, training: boolean): tf.Tensor2D {
  const linear = x.matMul(b.weight as tf.Tensor2D);
  const { mean, variance } = training
    ? tf.moments(linear, 0)
    : { mean: b.runningMean, variance: b.runningVar };
  if (training) {
    move(b.runningMean, mean);
    move(b.runningVar, variance);
  }
  const normalised = linear.sub(mean).mul(variance.add(1e-5).rsqrt());
  return tf.leakyRelu(normalised.mul(b.scale).add(b.shift), 0.2) as tf.Tensor2D;
}

function move(running: tf.Variable, seen: tf.Tensor): void {
  running.assign(tf.tidy(() => running.mul(MOMENTUM).add(seen.mul(1 - MOMENTUM))));
}
