/** Diagonal Gaussians as tensors: what a variational network needs of them, differentiable. */
import * as tf from "@tensorflow/tfjs";
import { checkShape } from "../../core/index.js";

/**
 * KL(N(mean, diag exp logVar) ‖ N(0, I)) of each row, in nats: sums over the last axis and averages over nothing.
 * @param mean    […,K]
 * @param logVar  […,K] log σ²
 * @returns       […]
 * @throws RangeError when the shapes differ.
 * @see Kingma & Welling 2014, appendix B
 */
export function klToStandardNormalTensor(mean: tf.Tensor, logVar: tf.Tensor): tf.Tensor {
  checkShape("logVar", logVar.shape, mean.shape);
  return tf.tidy(() => mean.square().add(logVar.exp()).sub(logVar).sub(1).sum(-1).mul(0.5));
}

/**
 * A draw z = mean + exp(½ logVar) · noise that gradients pass through; the noise is an argument.
 * @param noise […,K] standard normal
 * @throws RangeError when the shapes differ.
 * @see Kingma & Welling 2014, section 2.4
 */
export function reparameterise(mean: tf.Tensor, logVar: tf.Tensor, noise: tf.Tensor): tf.Tensor {
  checkShape("logVar", logVar.shape, mean.shape);
  checkShape("noise", noise.shape, mean.shape);
  return tf.tidy(() => logVar.mul(0.5).exp().mul(noise).add(mean));
}

/**
 * Σ log N(x | mean, noiseVar) over the last axis, normalised, in nats.
 * @param x    […,D]
 * @param mean […,D]
 * @returns    […]
 * @throws RangeError when the shapes differ.
 */
export function gaussianLogLikelihoodTensor(x: tf.Tensor, mean: tf.Tensor, noiseVar: number): tf.Tensor {
  checkShape("mean", mean.shape, x.shape);
  const size = x.shape[x.shape.length - 1]!;
  const constant = -0.5 * size * Math.log(2 * Math.PI * noiseVar);
  return tf.tidy(() =>
    x
      .sub(mean)
      .square()
      .sum(-1)
      .mul(-0.5 / noiseVar)
      .add(constant),
  );
}
