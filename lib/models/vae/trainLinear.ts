/** The smallest autoencoder of all, trained by the library's own loop. */
import type { Key } from "../../core/index.js";
import { train } from "../../nn/training/index.js";
import { constant, linear } from "../../prob/divergences/index.js";
import { encodeRows, type RowLatents } from "./latents.js";
import { vae } from "./vae.js";

/** Options of `trainLinear`. */
export interface LinearTraining {
  /** D */
  readonly columns: number;
  readonly latents: number;
  /** Error variance of every input, held fixed. */
  readonly noiseVar: number;
  /** Passes over all rows at once; the learning rate falls from 0.1 to 0.001 over them. */
  readonly steps: number;
  readonly key: Key;
}

/**
 * Posteriors of the rows by a VAE with a linear encoder and decoder at β = 1, after training on them.
 * @param x  [N,D] row-major
 * @throws RangeError as `vae` and `train`.
 */
export async function trainLinear(
  x: Float32Array,
  { columns, latents, noiseVar, steps, key }: LinearTraining,
): Promise<RowLatents> {
  const rows = x.length / columns;
  const model = vae({
    ...{ inputShape: [columns], latents, encoder: { kind: "linear" } },
    noise: { variance: noiseVar },
  });
  const data = { x, y: new Float32Array(0), rows };
  const schedule = { beta: constant(1), learningRate: linear(0.1, 1e-3, steps) };
  const fit = await train(model, data, { keys: [key], epochs: steps, batchSize: rows, ...schedule });
  return encodeRows(model, fit.weights, x);
}
