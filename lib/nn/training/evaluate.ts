/** The evidence lower bound of trained replicas on data, at β = 1. */
import * as tf from "@tensorflow/tfjs";
import type { Key } from "../../core/index.js";
import type { Noise } from "../layers/layer.js";
import { drawNoise, feedOf, type Layouts, type Model } from "../layers/model.js";
import { type Batch, type Data, type RowShapes, takeBatch } from "./batches.js";

/** Means over the rows, nats, of each replica: [R]. */
export interface Evaluation {
  readonly elbo: Float64Array;
  readonly nll: Float64Array;
  readonly kl: Float64Array;
}

/** What is evaluated: parameters [R,P] and buffers [R,Q]. */
interface State {
  readonly parameters: tf.Tensor;
  readonly buffers: tf.Tensor;
}

/** Sums over a chunk of rows, [2,R]: of nll and of KL. */
export type EvaluationPass = (state: State, noise: Noise, batch: Batch) => tf.Tensor;

export interface EvaluationOptions {
  /** One a replica. */
  readonly keys: readonly Key[];
  /** Rows of a pass. */
  readonly chunk: number;
  /** The pass of the same model, such as one that is compiled once for many evaluations. */
  readonly pass?: EvaluationPass;
}

/** The pass of a model, a pure function of tensors. The caller owns its result. */
export function evaluationPass(model: Model, layouts: Layouts): EvaluationPass {
  return ({ parameters, buffers }, noise, { x, y }) =>
    tf.tidy(() => {
      const terms = model.terms(feedOf(layouts, { parameters, buffers }, noise, false), x, y);
      return tf.stack([terms.nll.sum(1), terms.kl.sum(1)]);
    });
}

/**
 * The terms of the bound, averaged over all rows, with one draw of the latents a row and no dropout.
 *
 * The same keys give the same noise, so that two evaluations differ by the parameters alone. Memory is that of `chunk` rows.
 */
export function evaluateModel(
  model: Model,
  layouts: Layouts,
  state: State,
  data: Data,
  { keys, chunk, pass = evaluationPass(model, layouts) }: EvaluationOptions,
): Evaluation {
  return evaluateRows(model, state, data, { keys, chunk, pass });
}

/** The same by a given pass, without the model that it is of. */
export function evaluateRows(
  model: RowShapes & Pick<Model, "noise">,
  { parameters, buffers }: State,
  data: Data,
  { keys, chunk, pass }: Required<EvaluationOptions>,
): Evaluation {
  const replicas = keys.length;
  const [nll, kl] = [new Float64Array(replicas), new Float64Array(replicas)];
  for (let from = 0; from < data.rows; from += chunk) {
    const { batch, noise } = chunkFrom(model, data, { keys, chunk, from });
    const sums = pass({ parameters, buffers }, noise, batch);
    const values = sums.dataSync();
    tf.dispose([sums, batch.x, batch.y, ...Object.values(noise)]);
    for (let r = 0; r < replicas; r++) {
      nll[r]! += values[r]! / data.rows;
      kl[r]! += values[replicas + r]! / data.rows;
    }
  }
  return { nll, kl, elbo: nll.map((value, r) => -value - kl[r]!) };
}

/** The rows from `from` on, at most `chunk` of them, and their noise. The caller owns the tensors. */
export function chunkFrom(
  model: RowShapes & Pick<Model, "noise">,
  data: Data,
  { keys, chunk, from }: { readonly keys: readonly Key[]; readonly chunk: number; readonly from: number },
) {
  const rows = Math.min(chunk, data.rows - from);
  const specs = model.noise.filter((spec) => spec.role === "draw");
  return {
    batch: takeBatch(data, model, [Uint32Array.from({ length: rows }, (_, i) => from + i)]),
    noise: drawNoise(specs, keys, rows, ["evaluation", from]),
  };
}
