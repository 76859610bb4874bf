/** Latents of rows by trained autoencoders, and rows of latents. */
import * as tf from "@tensorflow/tfjs";
import { checkLength, checkShape } from "../../core/index.js";
import { feedOf, layoutsOf, type Weights } from "../../nn/layers/index.js";
import { sizeOf } from "../../nn/training/index.js";
import type { Vae } from "./vae.js";

/** Posteriors q(z | x) of N rows in R replicas, float64. */
export interface RowLatents {
  /** [R,N,K] */
  readonly shape: readonly [number, number, number];
  readonly mean: Float64Array;
  readonly logVar: Float64Array;
  /** [R,K] nats: mean over the rows of the KL to N(0, 1) of each dimension. */
  readonly klPerDimension: Float64Array;
}

const CHUNK = 1024;

/**
 * The posterior q(z | x) of every row, in memory bounded by 1,024 rows; without dropout.
 * @param x  [N, …inputShape]
 * @throws RangeError when x is not whole rows.
 */
export function encodeRows(model: Vae, weights: Weights, x: Float32Array): RowLatents {
  const size = sizeOf(model.inputShape);
  const rows = x.length / size;
  checkLength("x", x, Math.round(rows) * size);
  const { replicas } = weights;
  const out = { mean: new Float64Array(replicas * rows * model.latents), logVar: new Float64Array(0) };
  out.logVar = new Float64Array(out.mean.length);
  withWeights(model, weights, (state) => {
    for (let from = 0; from < rows; from += CHUNK) {
      const count = Math.min(CHUNK, rows - from);
      const [mean, logVar] = tf.tidy(() => {
        const part = tf.tensor(x.subarray(from * size, (from + count) * size), [
          1,
          count,
          ...model.inputShape,
        ]);
        const codes = model.encode(feedOf(layoutsOf(model), state, {}, false), part);
        return [codes.mean, codes.logVar] as const;
      });
      place(mean, out.mean, rows, from);
      place(logVar, out.logVar, rows, from);
    }
  });
  const shape = [replicas, rows, model.latents] as const;
  return { shape, ...out, klPerDimension: averageKl(out.mean, out.logVar, shape) };
}

/**
 * Means of p(x | z) of given latents, the same for all replicas or each its own.
 * @param z      values of the latents
 * @param shape  of z: [N,K], or [R,N,K]
 * @returns      [R, N, …inputShape]
 * @throws RangeError when the shape is neither.
 */
export function decodeLatents(
  model: Vae,
  weights: Weights,
  z: Float32Array,
  shape: readonly number[],
): Float32Array {
  const full = shape.length === 2 ? [1, ...shape] : [...shape];
  checkShape("z", full, [full[0] === 1 ? 1 : weights.replicas, -1, model.latents]);
  return withWeights(model, weights, (state) => {
    const out = tf.tidy(() => model.decode(feedOf(layoutsOf(model), state, {}, false), tf.tensor(z, full)));
    const values = out.dataSync() as Float32Array;
    out.dispose();
    return values;
  });
}

/** Runs `use` with the weights as tensors. */
export function withWeights<T>(
  model: Pick<Vae, "parameters" | "buffers">,
  weights: Weights,
  use: (state: { readonly parameters: tf.Tensor; readonly buffers: tf.Tensor }) => T,
): T {
  const layouts = layoutsOf(model);
  const state = {
    parameters: tf.tensor2d(weights.parameters, [weights.replicas, layouts.parameters.total]),
    buffers: tf.tensor2d(weights.buffers, [weights.replicas, layouts.buffers.total]),
  };
  try {
    return use(state);
  } finally {
    tf.dispose([state.parameters, state.buffers]);
  }
}

/** Copies [R,B,K] to rows `from` … of [R,N,K] and disposes it. */
function place(part: tf.Tensor, whole: Float64Array, rows: number, from: number): void {
  const [replicas, count, latents] = part.shape as [number, number, number];
  const values = part.dataSync();
  part.dispose();
  for (let r = 0; r < replicas; r++) {
    const source = values.subarray(r * count * latents, (r + 1) * count * latents);
    whole.set(source, (r * rows + from) * latents);
  }
}

function averageKl(
  mean: Float64Array,
  logVar: Float64Array,
  [replicas, rows, latents]: readonly [number, number, number],
): Float64Array {
  const kl = new Float64Array(replicas * latents);
  for (let i = 0; i < mean.length; i++) {
    const at = Math.floor(i / (rows * latents)) * latents + (i % latents);
    kl[at]! += (0.5 * (mean[i]! ** 2 + Math.exp(logVar[i]!) - logVar[i]! - 1)) / rows;
  }
  return kl;
}
