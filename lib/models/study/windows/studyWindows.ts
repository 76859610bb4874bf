/** Windows that a study's VAE writes: reconstructions of a row, and draws from the prior, in the unit of the features. */
import { checkCount, fold, type Key, normals } from "../../../core/index.js";
import type { Model } from "../../../nn/layers/index.js";
import { decodeLatents } from "../../vae/latents.js";
import type { StudyFit } from "../kinds/studyFit.js";
import type { StudyData, StudyPart } from "../kinds/studyModel.js";
import { encodedRow, oneVae, rowOf } from "./studyRow.js";

/** N windows in the unit of the features. */
export interface StudyWindows {
  /** [F] */
  readonly columns: readonly string[];
  /** T */
  readonly length: number;
  /** N × [T,F] */
  readonly values: readonly Float64Array[];
}

/** Options of reconstructed windows. */
export interface ReconstructionOptions {
  /** Index of the row in the part. */
  readonly row: number;
  /** How many latent dimensions are kept, those of largest KL first; the others are set to 0, the prior's mean. Ascending or not. */
  readonly kept: readonly number[];
  /** Index of the network, 0 by default. */
  readonly network?: number;
}

/**
 * The window of a row, then its reconstruction from the posterior mean with each number of latent dimensions kept.
 *
 * Dimensions are ranked by their mean KL over the part.
 * @throws RangeError when the model is no VAE, or a row, network or number of dimensions is not there.
 */
export function reconstructWindows<Network extends Model>(
  fit: StudyFit<Network>,
  part: StudyPart,
  { row, kept, network = 0 }: ReconstructionOptions,
): StudyWindows {
  const { model, weights, input, posteriors, means } = encodedRow(fit, part, { row, network });
  for (const count of kept)
    if (!(Number.isInteger(count) && count >= 0 && count <= model.latents))
      throw new RangeError(`kept: expected numbers up to the ${model.latents} dimensions, got ${count}`);
  const kl = posteriors.klPerDimension;
  const ranked = Array.from(kl.keys()).sort((a, b) => kl[b]! - kl[a]!);
  const latents = kept.flatMap((count) => {
    const chosen = new Set(ranked.slice(0, count));
    return Array.from(means, (value, k) => (chosen.has(k) ? value : 0));
  });
  const shape = [kept.length, model.latents];
  const decoded =
    kept.length > 0 ? decodeLatents(model, weights, Float32Array.from(latents), shape) : new Float32Array(0);
  return windowsOf(fit.data, [...input, ...decoded]);
}

/**
 * Windows decoded from draws of the prior N(0, I): what the model takes for a market. They are means of p(x | z), without its variance.
 * @throws RangeError when the model is no VAE, or `count` is not a positive integer.
 */
export function priorWindows<Network extends Model>(
  fit: StudyFit<Network>,
  { count, key, network = 0 }: { readonly count: number; readonly key: Key; readonly network?: number },
): StudyWindows {
  checkCount("count", count);
  const { model, weights } = oneVae(fit, network);
  const z = Float32Array.from(normals(fold(key, "prior windows"), count * model.latents));
  return windowsOf(fit.data, decodeLatents(model, weights, z, [count, model.latents]));
}

/**
 * Windows of a part in the unit of the features, [T,F] each.
 * @throws RangeError when a row is not there.
 */
export function windowsIn(data: StudyData, part: StudyPart, rows: readonly number[]): StudyWindows {
  return windowsOf(
    data,
    rows.flatMap((row) => Array.from(rowOf(part, row))),
  );
}

/** Scaled values [N,T,F] as windows in the unit of the features. */
function windowsOf({ columns, length, scaler }: StudyData, scaled: ArrayLike<number>): StudyWindows {
  const { mean, standardDeviation } = scaler.x;
  const width = columns.length;
  const size = length * width;
  const values = Array.from({ length: scaled.length / size }, (_, n) =>
    Float64Array.from({ length: size }, (_, i) => {
      const f = i % width;
      return scaled[n * size + i]! * standardDeviation[f]! + mean[f]!;
    }),
  );
  return { columns, length, values };
}
