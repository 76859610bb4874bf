/** The evidence lower bound of trained replicas on data, at β = 1. */
import * as tf from "@tensorflow/tfjs";
import type { Key } from "../core/random.js";
import { type Data, takeBatch } from "./batches.js";
import { drawNoise, feedOf, type Layouts, type Model } from "./model.js";

/** Means over the rows, nats, of each replica: [R]. */
export interface Evaluation {
  readonly elbo: Float64Array;
  readonly nll: Float64Array;
  readonly kl: Float64Array;
}

/**
 * The terms of the bound, averaged over all rows, with one draw of the latents a row and no dropout.
 *
 * The same keys give the same noise, so that two evaluations differ by the parameters alone. Memory is that of `chunk` rows.
 */
export function evaluateModel(
  model: Model,
  layouts: Layouts,
  state: { readonly parameters: tf.Tensor; readonly buffers: tf.Tensor },
  data: Data,
  options: { readonly keys: readonly Key[]; readonly chunk: number },
): Evaluation {
  const replicas = options.keys.length;
  const [nll, kl] = [new Float64Array(replicas), new Float64Array(replicas)];
  const specs = model.noise.filter((spec) => spec.role === "draw");
  for (let from = 0; from < data.rows; from += options.chunk) {
    const rows = Math.min(options.chunk, data.rows - from);
    const at = [Uint32Array.from({ length: rows }, (_, i) => from + i)];
    const sums = tf.tidy(() => {
      const { x, y } = takeBatch(data, model, at);
      const noise = drawNoise(specs, options.keys, rows, ["evaluation", from]);
      const terms = model.terms(feedOf(layouts, state, noise, false), x, y);
      return tf.stack([terms.nll.sum(1), terms.kl.sum(1)]);
    });
    const values = sums.dataSync();
    sums.dispose();
    for (let r = 0; r < replicas; r++) {
      nll[r]! += values[r]! / data.rows;
      kl[r]! += values[replicas + r]! / data.rows;
    }
  }
  return { nll, kl, elbo: nll.map((value, r) => -value - kl[r]!) };
}
