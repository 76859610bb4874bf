/** The two ways to fit q(z | x), scored on the same rows: one q a point, and one network for all. */
import * as tf from "@tensorflow/tfjs";
import { checkCount, fold, type Key, mean } from "../../../core/index.js";
import { klToStandardNormal } from "../../../prob/distributions/index.js";
import type { DiagonalGaussian, Encoder } from "../../vae/encoder.js";
import {
  type ElboTerms,
  evaluatePosteriors,
  type LocalModel,
  perDatumVi,
} from "../variational/stochasticVi.js";

/** ELBO and its parts in nats a point, and the KL of each latent [K]. */
export interface PosteriorScore extends ElboTerms {
  readonly klPerLatent: Float64Array;
}

/** Options of `scoreEncoder`. */
export interface ScoreOptions {
  /** Rows from the top that are scored. */
  readonly rows: number;
  /** Draws of z a row the score is averaged over. */
  readonly repeats: number;
  readonly key: Key;
}

/**
 * Fits a q of its own to each of the first rows of x [N,D] row-major, and scores them.
 * @throws RangeError when a count is not positive or there are fewer rows.
 */
export function scoreOwnPosteriors(
  model: LocalModel,
  x: Float32Array,
  options: ScoreOptions & { readonly columns: number; readonly steps: number },
): PosteriorScore {
  const points = firstRows(x, options.columns, options.rows);
  const codes = perDatumVi(model, points, { steps: options.steps, key: fold(options.key, "fit") });
  const score = scoreCodes(model, points, codes, options);
  tf.dispose([points, codes.mean, codes.logVar]);
  return score;
}

/**
 * The score of an encoder on the first rows of x [N,D] row-major, by one forward pass.
 * @throws RangeError when there are fewer rows, or a count is not a positive integer.
 */
export function scoreEncoder(
  model: LocalModel,
  encoder: Encoder,
  x: Float32Array,
  options: ScoreOptions & { readonly columns: number },
): PosteriorScore {
  const points = firstRows(x, options.columns, options.rows);
  const codes = tf.tidy(() => ({ ...encoder.encode(points, false) }));
  const score = scoreCodes(model, points, codes, options);
  tf.dispose([points, codes.mean, codes.logVar]);
  return score;
}

function firstRows(x: Float32Array, columns: number, rows: number): tf.Tensor2D {
  checkCount("rows", rows);
  checkCount(`rows of x`, x.length / columns, rows);
  return tf.tensor2d(x.slice(0, rows * columns), [rows, columns]);
}

function scoreCodes(
  model: LocalModel,
  x: tf.Tensor2D,
  codes: DiagonalGaussian,
  options: ScoreOptions,
): PosteriorScore {
  checkCount("repeats", options.repeats);
  const terms = Array.from({ length: options.repeats }, (_, i) =>
    evaluatePosteriors(model, x, codes, fold(options.key, "score", i)),
  );
  const [means, logVars] = [codes.mean.dataSync(), codes.logVar.dataSync()];
  const perCode = klToStandardNormal(means, logVars);
  const klPerLatent = Float64Array.from({ length: model.latents }, (_, k) =>
    mean(perCode.filter((_, i) => i % model.latents === k)),
  );
  return {
    elbo: mean(terms.map(({ elbo }) => elbo)),
    reconstruction: mean(terms.map(({ reconstruction }) => reconstruction)),
    kl: mean(terms.map(({ kl }) => kl)),
    klPerLatent,
  };
}
