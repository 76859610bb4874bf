/** Stochastic variational inference with a latent vector a data point: the ELBO, and two ways to fit q(z | x). */
import * as tf from "@tensorflow/tfjs";
import { checkCount, checkShape, fold, integers, type Key, normals32 } from "../../../core/index.js";
import { klToStandardNormalTensor, reparameterise } from "../../../prob/distributions/index.js";
import type { DiagonalGaussian, Encoder } from "../../vae/encoder.js";

/** p(x | z) of a model whose prior is z ~ N(0, I). */
export interface LocalModel {
  /** K */
  readonly latents: number;
  /** log p(x | z) of each row, normalised, nats. x [B,D], z [B,K] → [B] */
  logLikelihood(x: tf.Tensor2D, z: tf.Tensor2D): tf.Tensor1D;
}

/** Averages over the batch, in nats a data point. */
export interface ElboTerms {
  readonly elbo: number;
  readonly reconstruction: number;
  readonly kl: number;
}

/** An encoder in training. */
export interface StochasticVi {
  /** The ELBO at `beta` (1 is the bound itself), its reconstruction term and its KL, without moving anything. */
  elbo(x: tf.Tensor2D, key: Key, beta?: number): ElboTerms;
  /** One step of Adam on −ELBO of the batch; returns that loss. Both terms are a data point's: no factor N/M. */
  trainStep(x: tf.Tensor2D, key: Key, beta?: number): number;
  dispose(): void;
}

/**
 * Trains `encoder` on `model` by Adam.
 * @throws RangeError when the encoder and the model disagree on the number of latents.
 * @see Kingma & Welling 2014, equations 7 and 10
 */
export function stochasticVi(model: LocalModel, encoder: Encoder, learningRate = 0.001): StochasticVi {
  checkShape("encoder", [encoder.latents], [model.latents]);
  const optimiser = tf.train.adam(learningRate);
  return {
    elbo: (x, key, beta = 1) =>
      tf.tidy(() => {
        const terms = elboTerms(model, x, encoder.encode(x, false), key);
        const [reconstruction, kl] = [terms.reconstruction.dataSync()[0]!, terms.kl.dataSync()[0]!];
        return { elbo: reconstruction - beta * kl, reconstruction, kl };
      }),
    trainStep: (x, key, beta = 1) =>
      tf.tidy(() => {
        const loss = optimiser.minimize(
          () => {
            const { reconstruction, kl } = elboTerms(model, x, encoder.encode(x, true), key);
            return kl.mul(beta).sub(reconstruction) as tf.Scalar;
          },
          true,
          [...encoder.variables],
        );
        return loss!.dataSync()[0]!;
      }),
    dispose: () => optimiser.dispose(),
  };
}

/**
 * Trains by one batch a step, drawn with replacement from `x` [N,D] row-major, and returns the loss of each step, [steps].
 * @throws RangeError when `steps` is not a positive integer.
 */
export function trainEncoder(
  vi: StochasticVi,
  x: Float32Array,
  options: {
    readonly columns: number;
    readonly steps: number;
    readonly batchSize: number;
    readonly key: Key;
  },
): Float64Array {
  const { columns, steps, batchSize, key } = options;
  checkCount("steps", steps);
  const rows = x.length / columns;
  return Float64Array.from({ length: steps }, (_, step) => {
    const chosen = integers(fold(key, "rows", step), batchSize, rows);
    const batch = new Float32Array(batchSize * columns);
    chosen.forEach((n, b) => {
      batch.set(x.subarray(n * columns, (n + 1) * columns), b * columns);
    });
    const tensor = tf.tensor2d(batch, [batchSize, columns]);
    const loss = vi.trainStep(tensor, fold(key, "noise", step));
    tensor.dispose();
    return loss;
  });
}

/**
 * Fits a q of its own to every row of x by Adam: the bound an encoder can at best reach. The caller owns the result.
 *
 * The answer is the average over the second half of the steps (Polyak & Juditsky 1992), which takes out the noise of ε.
 * @param x [B,D]
 */
export function perDatumVi(
  model: LocalModel,
  x: tf.Tensor2D,
  options: { readonly steps: number; readonly key: Key; readonly learningRate?: number },
): DiagonalGaussian {
  const shape: [number, number] = [x.shape[0], model.latents];
  const [mean, logVar, meanSum, logVarSum] = tf.tidy(() =>
    Array.from({ length: 4 }, () => tf.variable(tf.zeros(shape))),
  ) as [tf.Variable, tf.Variable, tf.Variable, tf.Variable];
  const codes = { mean, logVar } as unknown as DiagonalGaussian;
  const optimiser = tf.train.adam(options.learningRate ?? 0.05);
  const settled = Math.floor(options.steps / 2);
  for (let step = 0; step < options.steps; step++) {
    optimiser.minimize(
      () => {
        const { reconstruction, kl } = elboTerms(model, x, codes, fold(options.key, step));
        return kl.sub(reconstruction).mul(shape[0]) as tf.Scalar;
      },
      false,
      [mean, logVar],
    );
    if (step < settled) continue;
    tf.tidy(() => {
      meanSum.assign(meanSum.add(mean));
      logVarSum.assign(logVarSum.add(logVar));
    });
  }
  const share = 1 / (options.steps - settled);
  const average = tf.tidy(() => [meanSum.mul(share), logVarSum.mul(share)] as [tf.Tensor2D, tf.Tensor2D]);
  optimiser.dispose();
  tf.dispose([mean, logVar, meanSum, logVarSum]);
  return { mean: average[0], logVar: average[1] };
}

/** The ELBO of given latents, averaged over the batch and over the one draw of z a point. */
export function evaluatePosteriors(
  model: LocalModel,
  x: tf.Tensor2D,
  q: DiagonalGaussian,
  key: Key,
): ElboTerms {
  return tf.tidy(() => {
    const terms = elboTerms(model, x, q, key);
    const [reconstruction, kl] = [terms.reconstruction.dataSync()[0]!, terms.kl.dataSync()[0]!];
    return { elbo: reconstruction - kl, reconstruction, kl };
  });
}

function elboTerms(model: LocalModel, x: tf.Tensor2D, q: DiagonalGaussian, key: Key) {
  const shape = q.mean.shape;
  const noise = tf.tensor2d(normals32(key, shape[0] * shape[1]), shape);
  const z = reparameterise(q.mean, q.logVar, noise) as tf.Tensor2D;
  const kl = klToStandardNormalTensor(q.mean, q.logVar);
  return { reconstruction: model.logLikelihood(x, z).mean() as tf.Scalar, kl: kl.mean() as tf.Scalar };
}
