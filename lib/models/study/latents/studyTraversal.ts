/** Traversals of a study's VAE: windows decoded with one latent dimension moved, in the unit of the features. */
import { checkFinite } from "../../../core/index.js";
import type { Model, Weights } from "../../../nn/layers/index.js";
import { encodeRows } from "../../vae/latents.js";
import { rowSpread, traverse } from "../../vae/traversal.js";
import { isVae, type StudyData } from "../kinds/studyModel.js";

/** Options of a traversal. */
export interface TraversalOptions {
  /** Index of the latent dimension that is moved. */
  readonly dimension: number;
  /** Steps in standard deviations of the dimension over the training part, −2 … 2 by default. */
  readonly sigmas?: readonly number[];
  /** Row of the training part whose latent vector the other dimensions keep; by default all are at their means. */
  readonly row?: number;
  /** Index of the network, 0 by default. */
  readonly network?: number;
}

/** Decoded windows along one latent dimension. */
export interface StudyTraversal {
  readonly dimension: number;
  /** [S] in standard deviations. */
  readonly sigmas: readonly number[];
  /** [F] */
  readonly columns: readonly string[];
  /** T */
  readonly length: number;
  /** [S,T,F] in the unit of the features. */
  readonly values: Float64Array;
  /** KL of the dimension over the training part, nats: near 0 for an inactive one. */
  readonly kl: number;
}

const SIGMAS = [-2, -1.5, -1, -0.5, 0, 0.5, 1, 1.5, 2];

/** @throws RangeError when the network is no VAE, or a number is out of range. */
export function traverseStudy(
  network: Model,
  { weights, data }: { readonly weights: Weights; readonly data: StudyData },
  { dimension, sigmas = SIGMAS, row, network: replica = 0 }: TraversalOptions,
): StudyTraversal {
  if (!isVae(network)) throw new RangeError("traversal: expected a model with a decoder, such as models.vae");
  if (!(dimension >= 0 && dimension < network.latents))
    throw new RangeError(`dimension: expected an index below ${network.latents}, got ${dimension}`);
  checkFinite("sigmas", sigmas);
  const { train, columns, length } = data;
  const posterior = encodeRows(network, weights, train.x);
  const spread = rowSpread(posterior, replica);
  const reference = row === undefined ? undefined : rowOf(train.x, train.rows, row);
  const { values, shape } = traverse(network, weights, reference ?? meanRow(train.x, train.rows), {
    ...{ replica, sigmas, spread },
    ...(reference ? {} : { from: spread.centre }),
  });
  const size = values.length / shape[0]!;
  const own = values.subarray(dimension * size, (dimension + 1) * size);
  const { mean, standardDeviation } = data.scaler.x;
  const width = columns.length;
  return {
    ...{ dimension, sigmas, columns, length },
    values: Float64Array.from(own, (v, i) => v * standardDeviation[i % width]! + mean[i % width]!),
    kl: posterior.klPerDimension[replica * network.latents + dimension]!,
  };
}

function rowOf(x: Float32Array, rows: number, row: number): Float32Array {
  if (!(row >= 0 && row < rows)) throw new RangeError(`row: expected one below ${rows}, got ${row}`);
  const size = x.length / rows;
  return x.slice(row * size, (row + 1) * size);
}

function meanRow(x: Float32Array, rows: number): Float32Array {
  const size = x.length / rows;
  const mean = new Float32Array(size);
  for (let i = 0; i < x.length; i++) mean[i % size]! += x[i]! / rows;
  return mean;
}
