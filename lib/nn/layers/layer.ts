/** A layer: parameters it trains, buffers it keeps, noise it is fed, and a pure function of all that. */
import type * as tf from "@tensorflow/tfjs";
import type { ParameterSpec, Views } from "./parameters.js";

/** Noise that a network is fed, one fresh tensor [R, …shape] a step; `batch` in a shape stands for the rows. */
export interface NoiseSpec {
  readonly name: string;
  readonly kind: "normal" | "uniform";
  readonly shape: readonly (number | "batch")[];
  /** "draw" is part of the model and always fed; "dropout" is fed in training, and after it by those who ask. */
  readonly role: "draw" | "dropout";
}

/** Named tensors [R, …] of noise. */
export type Noise = Readonly<Record<string, tf.Tensor>>;

/** All a layer sees besides its input. */
export interface Feed {
  readonly parameters: Views;
  /** What is kept and not trained, such as running averages: [R, …]. */
  readonly buffers: Views;
  readonly noise: Noise;
  readonly training: boolean;
  /** Notes the new value of a buffer; the step makes it the next one. */
  update(name: string, value: tf.Tensor): void;
}

/** A part of a network that works on all replicas at once. */
export interface Layer {
  readonly parameters: readonly ParameterSpec[];
  readonly buffers: readonly ParameterSpec[];
  readonly noise: readonly NoiseSpec[];
  /**
   * @param x  [R or 1, B, …]; 1 where all replicas see the same data
   * @returns  [R, B, …]
   */
  apply(feed: Feed, x: tf.Tensor): tf.Tensor;
}

/** Layers one after the other. */
export function sequence(layers: readonly Layer[]): Layer {
  return {
    parameters: layers.flatMap((layer) => layer.parameters),
    buffers: layers.flatMap((layer) => layer.buffers),
    noise: layers.flatMap((layer) => layer.noise),
    apply: (feed, x) => layers.reduce((h, layer) => layer.apply(feed, h), x),
  };
}

/** A layer of nothing but a function. */
export function elementwise(of: (x: tf.Tensor) => tf.Tensor): Layer {
  return { parameters: [], buffers: [], noise: [], apply: (_, x) => of(x) };
}
