/** A model as the engine trains it: parameters, noise, and the two terms of the evidence lower bound. */
import type * as tf from "@tensorflow/tfjs";
import { fold, type Key, uniforms, writeNormals } from "../../core/index.js";
import { writtenTensor } from "../numbers.js";
import type { Feed, Noise, NoiseSpec } from "./layer.js";
import { initialValues, type Layout, layoutOf, type ParameterSpec, viewsOf } from "./parameters.js";

/** The two terms of −ELBO of each replica and row: [R,B], nats. */
export interface Terms {
  /** −log p(data | latents) of the row, normalised. */
  readonly nll: tf.Tensor;
  /** KL of the row's own latents, plus a row's share 1/N of that of global ones. */
  readonly kl: tf.Tensor;
}

/** A model of R replicas. What it trains lies outside it, so that it can be used with any parameters. */
export interface Model {
  readonly parameters: readonly ParameterSpec[];
  readonly buffers: readonly ParameterSpec[];
  readonly noise: readonly NoiseSpec[];
  /** Shapes of one row of x and of y. */
  readonly inputShape: readonly number[];
  readonly targetShape: readonly number[];
  /**
   * @param x  [R or 1, B, …inputShape]
   * @param y  [R or 1, B, …targetShape]
   */
  terms(feed: Feed, x: tf.Tensor, y: tf.Tensor): Terms;
}

/** Places of parameters and buffers in their flat tensors. */
export interface Layouts {
  readonly parameters: Layout;
  readonly buffers: Layout;
}

/** Layouts of a model's parameters [R,P] and buffers [R,Q]. */
export function layoutsOf(model: Pick<Model, "parameters" | "buffers">): Layouts {
  return { parameters: layoutOf(model.parameters), buffers: layoutOf(model.buffers) };
}

/** Parameters [R,P] and buffers [R,Q] of R replicas, one key each. */
export interface Weights {
  readonly replicas: number;
  readonly parameters: Float32Array;
  readonly buffers: Float32Array;
}

/** First weights; a replica's depend on its own key alone. */
export function initialWeights(model: Pick<Model, "parameters" | "buffers">, keys: readonly Key[]): Weights {
  const layouts = layoutsOf(model);
  return {
    replicas: keys.length,
    parameters: initialValues(layouts.parameters, keys),
    buffers: initialValues(layouts.buffers, keys),
  };
}

/**
 * Fresh noise for one pass, [R, …] each; a replica's depends on its own key and `path` alone. The caller owns it.
 * @param rows  B
 */
export function drawNoise(
  specs: readonly NoiseSpec[],
  keys: readonly Key[],
  rows: number,
  path: readonly (string | number)[],
): Noise {
  return Object.fromEntries(
    specs.map((spec) => {
      const shape = spec.shape.map((n) => (n === "batch" ? rows : n));
      const size = shape.reduce((a, b) => a * b, 1);
      const tensor = writtenTensor([keys.length, ...shape], (numbers) => {
        keys.forEach((key, r) => {
          const own = fold(key, spec.name, ...path);
          writeNoise(spec.kind, own, numbers.subarray(r * size, (r + 1) * size));
        });
      });
      return [spec.name, tensor];
    }),
  );
}

/** Puts a key's noise of a kind into an array, as much as it holds. @param out  [count] */
export function writeNoise(kind: NoiseSpec["kind"], key: Key, out: Float32Array): void {
  if (kind === "normal") writeNormals(key, out);
  else out.set(uniforms(key, out.length));
}

/** A feed of the flat tensors [R,P] and [R,Q]; `updates` gathers the new values of buffers. Call it inside `tidy`. */
export function feedOf(
  layouts: Layouts,
  state: { readonly parameters: tf.Tensor; readonly buffers: tf.Tensor },
  noise: Noise,
  training: boolean,
): Feed & { readonly updates: Map<string, tf.Tensor> } {
  const updates = new Map<string, tf.Tensor>();
  return {
    parameters: viewsOf(state.parameters, layouts.parameters),
    buffers: viewsOf(state.buffers, layouts.buffers),
    noise,
    training,
    updates,
    update(name, value) {
      updates.set(name, value);
    },
  };
}
