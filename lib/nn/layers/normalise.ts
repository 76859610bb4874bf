/** Normalisation of activations: over the rows of a batch, or over the features of a row. */
import * as tf from "@tensorflow/tfjs";
import { checkCount } from "../../core/index.js";
import type { Layer } from "./layer.js";
import { normaliseRows } from "./normaliseRows.js";
import { filled, zeros } from "./parameters.js";

const EPSILON = 1e-5;

/**
 * The layer that returns each feature less its mean over the batch, over its deviation there, scaled and shifted by learnt numbers: [R, B, features].
 *
 * In training a tenth of the batch's statistics enters the running ones, which serve afterwards: a prediction never depends on
 * the other rows of its batch. The running variance is the unbiased one.
 * @throws RangeError when `features` is not a positive integer.
 * @see Ioffe & Szegedy 2015
 */
export function batchNormalisation(name: string, features: number): Layer {
  checkCount(`${name}: features`, features);
  const buffer = (of: string, value: number) => ({
    name: `${name}/${of}`,
    shape: [1, features],
    initial: filled(value),
  });
  const [scale, shift] = [
    buffer("scale", 1),
    { name: `${name}/shift`, shape: [1, features], initial: zeros },
  ];
  const [mean, variance] = [buffer("running mean", 0), buffer("running variance", 1)];
  return {
    parameters: [scale, shift],
    buffers: [mean, variance],
    noise: [],
    apply(feed, x) {
      const { parameters, buffers } = feed;
      const of = feed.training
        ? batchMoments(x)
        : { mean: buffers[mean.name]!, variance: buffers[variance.name]! };
      if (feed.training) {
        const rows = x.shape[1]!;
        feed.update(mean.name, blend(buffers[mean.name]!, of.mean));
        feed.update(
          variance.name,
          blend(buffers[variance.name]!, of.variance.mul(rows / Math.max(rows - 1, 1))),
        );
      }
      const weight = of.variance.add(EPSILON).rsqrt().mul(parameters[scale.name]!);
      return x.sub(of.mean).mul(weight).add(parameters[shift.name]!);
    },
  };
}

/** Each row less its own mean, over its own deviation, scaled and shifted by what is learnt (Ba, Kiros & Hinton 2016). */
export function layerNormalisation(name: string, features: number): Layer {
  checkCount(`${name}: features`, features);
  const scale = { name: `${name}/scale`, shape: [1, features], initial: filled(1) };
  const shift = { name: `${name}/shift`, shape: [1, features], initial: zeros };
  return {
    parameters: [scale, shift],
    buffers: [],
    noise: [],
    apply: ({ parameters }, x) => normaliseRows(x, parameters[scale.name]!, parameters[shift.name]!),
  };
}

/** Over the rows, each replica and feature apart. @param x [R,B,F] */
function batchMoments(x: tf.Tensor): { mean: tf.Tensor; variance: tf.Tensor } {
  const mean = x.mean(1, true);
  return { mean, variance: x.sub(mean).square().mean(1, true) };
}

/** The running value, a tenth of the way towards the newest; no gradient passes. */
function blend(running: tf.Tensor, newest: tf.Tensor): tf.Tensor {
  return tf.tidy(() => running.mul(0.9).add(newest.mul(0.1)));
}
