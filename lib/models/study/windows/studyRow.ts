/** One row of a part and one VAE of a study, as reconstructions ask for them. */
import type { Model, Weights } from "../../../nn/layers/index.js";
import { takeReplicas } from "../../../nn/training/index.js";
import { encodeRows, type RowLatents } from "../../vae/latents.js";
import type { Vae } from "../../vae/vae.js";
import type { StudyFit } from "../kinds/studyFit.js";
import { isVae, type StudyPart } from "../kinds/studyModel.js";

/** One network of a fit. */
interface OneVae {
  readonly model: Vae;
  readonly weights: Weights;
}

/** A row beside the posteriors of its part. */
interface EncodedRow extends OneVae {
  /** [T·F] scaled. */
  readonly input: Float32Array;
  /** Of every row of the part. */
  readonly posteriors: RowLatents;
  /** [K] posterior means of the row. */
  readonly means: Float64Array;
}

/**
 * One network of a fit and its weights.
 * @throws RangeError when the model is no VAE, or the network is not there.
 */
export function oneVae(
  { model, weights }: Pick<StudyFit<Model>, "model" | "weights">,
  network: number,
): OneVae {
  if (!isVae(model.network))
    throw new RangeError("model: expected one with a decoder, such as models.vae, got one without");
  if (!(Number.isInteger(network) && network >= 0 && network < weights.replicas))
    throw new RangeError(`network: expected an index below ${weights.replicas}, got ${network}`);
  return { model: model.network as Vae, weights: takeReplicas(weights, [network]) };
}

/**
 * Scaled values [T·F] of a row of a part.
 * @throws RangeError when the row is not there.
 */
export function rowOf({ x, rows }: StudyPart, row: number): Float32Array {
  if (!(Number.isInteger(row) && row >= 0 && row < rows))
    throw new RangeError(`row: expected an index below ${rows}, got ${row}`);
  const size = x.length / rows;
  return x.slice(row * size, (row + 1) * size);
}

/**
 * A row of a part beside the posteriors of the whole part by one network: the means [K] are the row's.
 * @throws RangeError when the model is no VAE, or the row or the network is not there.
 */
export function encodedRow<Network extends Model>(
  fit: StudyFit<Network>,
  part: StudyPart,
  { row, network }: { readonly row: number; readonly network: number },
): EncodedRow {
  const { model, weights } = oneVae(fit, network);
  const input = rowOf(part, row);
  const posteriors = encodeRows(model, weights, part.x);
  const means = posteriors.mean.subarray(row * model.latents, (row + 1) * model.latents);
  return { model, weights, input, posteriors, means };
}
