/** Latent dimensions in use: the detector of posterior collapse. */
import { checkPositive, mean, variance } from "../../core/index.js";
import {
  checkDiagonalGaussians,
  type DiagonalGaussians,
  klToStandardNormal,
} from "../../prob/distributions/index.js";
import type { RowLatents } from "../vae/latents.js";
import { latentColumns } from "./labelledLatents.js";

/** Latent dimensions that carry something, and those that have collapsed. */
export interface ActiveDimensions {
  /** [K] variance over the rows of the posterior means: 0 for a dimension that says nothing, whatever its offset. */
  readonly variance: Float64Array;
  /** [K] mean KL to N(0, 1), nats: the other sign of life. */
  readonly kl: Float64Array;
  /** Dimensions whose variance is above the threshold. */
  readonly active: number;
  /** Dimensions whose KL is above the threshold. */
  readonly activeByKl: number;
  /** Indices of the dimensions that are inactive by both. */
  readonly collapsed: readonly number[];
  /** Whether none is active: the decoder has stopped to listen. */
  readonly isCollapsed: boolean;
}

/**
 * Active dimensions by Var_x E[z | x] > threshold, and by KL > threshold.
 * @param threshold  0.01 in the paper
 * @throws RangeError when a length is wrong or a number is not finite.
 * @see Burda, Grosse & Salakhutdinov 2016, section 5.2
 */
export function activeDimensions(codes: DiagonalGaussians, threshold: number): ActiveDimensions {
  checkDiagonalGaussians(codes);
  checkPositive("threshold", threshold);
  const { latents } = codes;
  const spread = Float64Array.from(latentColumns(codes.mean, latents), (column) => variance(column));
  const kl = Float64Array.from(latentColumns(klToStandardNormal(codes.mean, codes.logVar), latents), mean);
  const collapsed = Array.from(spread.keys()).filter((k) => spread[k]! <= threshold && kl[k]! <= threshold);
  const active = spread.filter((v) => v > threshold).length;
  const activeByKl = kl.filter((v) => v > threshold).length;
  return {
    ...{ variance: spread, kl, active, activeByKl, collapsed },
    isCollapsed: collapsed.length === latents,
  };
}

/**
 * The latents of one replica.
 * @throws RangeError when there is no such replica.
 */
export function replicaLatents(codes: RowLatents, replica: number): DiagonalGaussians {
  const [replicas, rows, latents] = codes.shape;
  if (!(Number.isInteger(replica) && replica >= 0 && replica < replicas))
    throw new RangeError(`replica: expected an integer from 0 to ${replicas - 1}, got ${replica}`);
  const part = (values: Float64Array) =>
    values.subarray(replica * rows * latents, (replica + 1) * rows * latents);
  return { rows, latents, mean: part(codes.mean), logVar: part(codes.logVar) };
}
