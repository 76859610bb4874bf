/** Latent traversals: one dimension of a latent vector moved, the others held, and what the decoded rows make of it. */
import { checkCount, checkFinite, checkLength, mean, standardDeviation } from "../../core/index.js";
import type { Weights } from "../../nn/layers/index.js";
import { sizeOf, takeReplicas } from "../../nn/training/index.js";
import { latentColumns } from "../disentangle/labelledLatents.js";
import { decodeLatents, encodeRows, type RowLatents } from "./latents.js";
import type { Vae } from "./vae.js";

/** The centre and the reach of each latent dimension's traversal. */
export interface LatentSpread {
  /** [K] */
  readonly centre: Float64Array;
  /** [K] one σ of the traversal. */
  readonly sd: Float64Array;
}

/** Decoded means of one reference with each dimension moved in turn. */
export interface Traversal {
  /** S steps, in σ. */
  readonly sigmas: readonly number[];
  /** [K,S, …inputShape] */
  readonly shape: readonly number[];
  readonly values: Float32Array;
  /** [K] latent vector of the reference. */
  readonly code: Float64Array;
}

/** The spread of the means of rows: what the data use of each dimension; almost nothing of a collapsed one. */
export function rowSpread(codes: RowLatents, replica: number): LatentSpread {
  const [, rows, latents] = codes.shape;
  const size = rows * latents;
  const columns = latentColumns(codes.mean.subarray(replica * size, (replica + 1) * size), latents);
  return {
    centre: Float64Array.from(columns, mean),
    sd: Float64Array.from(columns, (column) => standardDeviation(column)),
  };
}

/**
 * Encodes a reference, then sets each dimension in turn to centre + s·sd for each s, the others held at the reference's latent vector.
 *
 * What is decoded are means of p(x | z), without their noise.
 * @param reference  one row, […inputShape]
 * @param options.sigmas  such as −3 … 3
 * @throws RangeError when the reference is not one row, or a length is wrong.
 */
export function traverse(
  model: Vae,
  weights: Weights,
  reference: Float32Array,
  options: {
    readonly replica: number;
    readonly sigmas: readonly number[];
    readonly spread: LatentSpread;
    /** [K] latent vector in place of the encoded reference. */
    readonly from?: Float64Array;
  },
): Traversal {
  const { replica, sigmas, spread, from } = options;
  const { latents, inputShape } = model;
  checkLength("reference", reference, sizeOf(inputShape));
  checkFinite("reference", reference);
  checkCount("sigmas", sigmas.length);
  checkLength("spread: centre", spread.centre, latents);
  checkLength("spread: sd", spread.sd, latents);
  const own = takeReplicas(weights, [replica]);
  if (from) checkLength("from", from, latents);
  const code = from ?? encodeRows(model, own, reference).mean;
  const z = new Float32Array(latents * sigmas.length * latents);
  for (let k = 0; k < latents; k++)
    sigmas.forEach((sigma, s) => {
      const row = (k * sigmas.length + s) * latents;
      z.set(code, row);
      z[row + k] = spread.centre[k]! + sigma * spread.sd[k]!;
    });
  const values = decodeLatents(model, own, z, [latents * sigmas.length, latents]);
  return { sigmas, shape: [latents, sigmas.length, ...inputShape], values, code };
}

/** A number read off a row, such as its direction, range or volume. */
export interface Reading {
  readonly name: string;
  /** @param row  […inputShape] */
  readonly of: (row: Float32Array) => number;
}

/** The movement of one reading along the traversal of one dimension. */
export type Movement = {
  readonly latent: number;
  readonly reading: string;
  /** At the first step and at the last. */
  readonly from: number;
  readonly to: number;
  /** Largest less smallest value on the way. */
  readonly range: number;
  /** Share of the steps' changes that goes one way, 0.5 … 1: 1 for a monotone path; NaN for one that stands still. */
  readonly monotone: number;
  /** Share of this reading's ranges over all dimensions that is this dimension's: 1 where no other moves it, NaN where none does. */
  readonly share: number;
};

/**
 * All readings along all dimensions, by dimension, then by reading.
 * @throws RangeError naming the reading when one is not finite.
 */
export function movements(traversal: Traversal, readings: readonly Reading[]): Movement[] {
  const [latents, steps] = traversal.shape as [number, number];
  const size = traversal.values.length / (latents * steps);
  const paths = Array.from({ length: latents }, (_, k) =>
    readings.map(({ name, of }) => {
      const path = Float64Array.from({ length: steps }, (_, s) => {
        const from = (k * steps + s) * size;
        return of(traversal.values.subarray(from, from + size));
      });
      checkFinite(`reading "${name}" of latent ${k}`, path);
      return path;
    }),
  );
  const range = (path: Float64Array) => Math.max(...path) - Math.min(...path);
  const totals = readings.map((_, i) => paths.reduce((total, of) => total + range(of[i]!), 0));
  return paths.flatMap((of, latent) =>
    of.map((path, i) => ({
      ...{ latent, reading: readings[i]!.name, from: path[0]!, to: path[steps - 1]!, range: range(path) },
      monotone: monotoneShare(path),
      share: range(path) / totals[i]!,
    })),
  );
}

/** The dimension that moves a reading most, for each reading in order of appearance. */
export function strongestMovements(all: readonly Movement[]): Movement[] {
  const best = new Map<string, Movement>();
  for (const one of all) if (!(one.range <= (best.get(one.reading)?.range ?? -1))) best.set(one.reading, one);
  return [...best.values()];
}

function monotoneShare(path: Float64Array): number {
  let [up, down] = [0, 0];
  for (let s = 1; s < path.length; s++) {
    up += Math.max(0, path[s]! - path[s - 1]!);
    down += Math.max(0, path[s - 1]! - path[s]!);
  }
  return Math.max(up, down) / (up + down);
}
