/** The latents of a study's VAE: posterior means on a plane, and the fraction of each feature's variance that is restored. */
import { columnsOf, mean, variance } from "../../../core/index.js";
import type { Model } from "../../../nn/layers/index.js";
import { takeReplicas } from "../../../nn/training/index.js";
import { principalComponents, principalScores } from "../../factor/index.js";
import { decodeLatents, encodeRows } from "../../vae/latents.js";
import type { StudyFit } from "../kinds/studyFit.js";
import { isVae, type StudyPart } from "../kinds/studyModel.js";

/** Posterior means of N rows, and where they lie on their first two principal axes. */
export interface LatentPlane {
  /** [N,K] */
  readonly mean: Float64Array;
  /** K */
  readonly latents: number;
  /** [N] */
  readonly x: Float64Array;
  readonly y: Float64Array;
  /** Fraction of the variance of the means on the two axes. */
  readonly explained: number;
}

/**
 * The posterior means of a part by one network, one column [N] a latent dimension.
 * @throws RangeError when the model is no VAE, or there is no such network.
 */
export function latentMeans<Network extends Model>(
  { model, weights }: StudyFit<Network>,
  part: StudyPart,
  { network = 0 }: { readonly network?: number } = {},
): Float64Array[] {
  const vae = vaeOf(model.network);
  return columnsOf(encodeRows(vae, takeReplicas(weights, [network]), part.x).mean, vae.latents);
}

/** The posterior means of a part by one network. @throws RangeError when the model is no VAE. */
export function latentPlane<Network extends Model>(
  { model, weights }: StudyFit<Network>,
  part: StudyPart,
  network = 0,
): LatentPlane {
  const vae = vaeOf(model.network);
  const { mean: means } = encodeRows(vae, takeReplicas(weights, [network]), part.x);
  const components = principalComponents(means, vae.latents);
  const scores = principalScores(components, means, 2);
  const { eigenvalues } = components;
  const total = eigenvalues.reduce((a, b) => a + b, 0);
  return {
    ...{ mean: means, latents: vae.latents },
    ...{ x: scores.filter((_, i) => i % 2 === 0), y: scores.filter((_, i) => i % 2 === 1) },
    explained: (eigenvalues[0]! + eigenvalues[1]!) / total,
  };
}

/** A feature, and the fraction of its variance that is restored by the network and by the mean of each window. */
export type RestoredFeature = {
  feature: string;
  /** 1 − mean squared error / variance, over rows and bars of the part. */
  decoded: number;
  /** The same of the mean of the feature over the window: one number a feature. */
  windowMean: number;
};

/**
 * Quality of the reconstruction of each feature of a part from the posterior mean, by one network, beside the window's own mean of the feature.
 * @throws RangeError when the model is no VAE.
 */
export function restoredFeatures<Network extends Model>(
  { model, weights, data }: StudyFit<Network>,
  part: StudyPart,
  network = 0,
): RestoredFeature[] {
  const vae = vaeOf(model.network);
  const own = takeReplicas(weights, [network]);
  const { mean: means } = encodeRows(vae, own, part.x);
  const decoded = decodeLatents(vae, own, Float32Array.from(means), [part.rows, vae.latents]);
  const { columns, length } = data;
  const width = columns.length;
  return columns.map((feature, f) => {
    const values = Float64Array.from({ length: part.rows * length }, (_, i) => part.x[i * width + f]!);
    const restored = Float64Array.from(values, (_, i) => decoded[i * width + f]!);
    const windows = Float64Array.from({ length: part.rows }, (_, n) =>
      mean(values.subarray(n * length, (n + 1) * length)),
    );
    const spread = variance(values, 0);
    const fraction = (of: (i: number) => number) =>
      1 - mean(values.map((value, i) => (value - of(i)) ** 2)) / spread;
    return {
      feature,
      decoded: fraction((i) => restored[i]!),
      windowMean: fraction((i) => windows[Math.floor(i / length)]!),
    };
  });
}

function vaeOf(network: Model) {
  if (!isVae(network)) throw new RangeError("latents: expected a model with an encoder, such as models.vae");
  return network;
}
