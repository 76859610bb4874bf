/** Movements of readings by the latent dimensions of a study's autoencoder, and the dimension that went best with returns. */
import { checkLength } from "../../../core/index.js";
import { takeReplicas } from "../../../nn/training/index.js";
import { bestDimension } from "../../disentangle/forwardSelection.js";
import { latentColumns } from "../../disentangle/labelledLatents.js";
import { encodeRows } from "../../vae/latents.js";
import { type Movement, movements, type Reading, rowSpread, traverse } from "../../vae/traversal.js";
import type { Vae } from "../../vae/vae.js";
import type { StudyFit } from "../kinds/studyFit.js";
import type { StudyPart } from "../kinds/studyModel.js";

const SIGMAS = [-2, -1, 0, 1, 2];

/**
 * The movement of each reading by each latent dimension, [K · readings], about the mean latent vector of the training part, by one network.
 * @param readings  numbers read off a scaled row, such as `features.candleReadings`
 * @throws RangeError naming the reading when one is not finite.
 */
export function movementsOf(
  fit: StudyFit<Vae>,
  readings: readonly Reading[],
  {
    network: replica = 0,
    sigmas = SIGMAS,
  }: { readonly network?: number; readonly sigmas?: readonly number[] } = {},
): Movement[] {
  const { network } = fit.model;
  const { train, length, columns } = fit.data;
  const own = takeReplicas(fit.weights, [replica]);
  const spread = rowSpread(encodeRows(network, own, train.x), 0);
  const row = train.x.slice(0, length * columns.length);
  return movements(
    traverse(network, own, row, { replica: 0, sigmas, spread, from: spread.centre }),
    readings,
  );
}

/** The dimension of a network that went best with the returns of the training part. */
export interface BestSignal {
  readonly dimension: number;
  /** [N] of the part asked for: high where a high return is expected. */
  readonly values: Float64Array;
}

/**
 * The latent dimension whose rank correlation with the training part's returns is largest, with its sign, on another part.
 * @param train  the training part with its returns [N]
 * @throws RangeError as `bestDimension`.
 */
export function bestSignal(
  fit: StudyFit<Vae>,
  train: StudyPart & { readonly returns: Float64Array },
  part: StudyPart,
  { network: replica = 0 }: { readonly network?: number } = {},
): BestSignal {
  const { network } = fit.model;
  const own = takeReplicas(fit.weights, [replica]);
  const columns = (x: Float32Array) => latentColumns(encodeRows(network, own, x).mean, network.latents);
  return bestColumn(columns(train.x), train.returns, columns(part.x));
}

/**
 * The column whose rank correlation with returns was largest, with its sign, on later rows.
 * @param then     K columns [N] known with `returns` [N]
 * @param now      the same K columns on later rows
 * @throws RangeError as `bestDimension`, or when the columns are not as many.
 */
export function bestColumn(
  then: readonly Float64Array[],
  returns: Float64Array,
  now: readonly Float64Array[],
): BestSignal {
  checkLength("now: columns", now, then.length);
  const { unit, sign } = bestDimension(then, returns);
  return { dimension: unit, values: now[unit]!.map((z) => sign * z) };
}

/**
 * Indices [K] of a network's latent dimensions, by their KL over a part, largest first.
 * @throws RangeError when the network is not there.
 */
export function dimensionsByKl(
  fit: StudyFit<Vae>,
  part: StudyPart,
  { network: replica = 0 }: { readonly network?: number } = {},
): number[] {
  const { network } = fit.model;
  const { klPerDimension } = encodeRows(network, takeReplicas(fit.weights, [replica]), part.x);
  return Array.from(klPerDimension.keys()).sort((a, b) => klPerDimension[b]! - klPerDimension[a]!);
}
