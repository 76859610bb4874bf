/** Passes of a forecast network over rows and draws: draws as rows where noise is a row's own, as replicas where weights are drawn. */
import * as tf from "@tensorflow/tfjs";
import { fold, type Key } from "../core/random.js";
import type { Noise, NoiseSpec } from "../nn/layer.js";
import { drawNoise, feedOf, type Layouts, type Weights } from "../nn/model.js";
import { DIRECTIONS, type ForecastNetwork } from "./forecastNetwork.js";

/** Numbers that a pass may hold in one layer. */
const ROOM = 4e6;
const CHUNK = 1024;

/** A pass: what a network says of rows [1,B,F] under some noise. */
export type Say = (state: State, noise: Noise, x: tf.Tensor) => Said;
export type State = { readonly parameters: tf.Tensor; readonly buffers: tf.Tensor };
/** [R,B,3], [R,B], [R,B]: of the heads that the network has. */
export type Said = { readonly [P in Part]?: tf.Tensor };

/** What the network says, from tensors to tensors. */
export function saying(model: ForecastNetwork, layouts: Layouts): Say {
  return (state, noise, x) =>
    tf.tidy(() => {
      const { logits, mean, logVar } = model.says(feedOf(layouts, state, noise, false), x);
      return {
        ...(logits ? { probability: tf.softmax(logits) } : {}),
        ...(mean && logVar ? { mean, variance: logVar.exp() } : {}),
      };
    });
}

/** All that a series of passes needs. */
export interface Pass {
  readonly model: ForecastNetwork;
  readonly layouts: Layouts;
  readonly weights: Weights;
  /** The weights, once each, on the backend. */
  readonly state: State;
  readonly say: Say;
  readonly specs: readonly NoiseSpec[];
  readonly draws: number;
  readonly key: Key;
}

export type Part = "probability" | "mean" | "variance";
/** Takes what draw `draw` says of the rows from `row` on. */
export type Take = (
  part: Part,
  values: Float32Array,
  at: { readonly draw: number; readonly row: number },
) => void;

/** Where all noise is a row's own, draws are rows too: the weights stand still, S rows in a pass for each row. */
export function alongRows(
  { model, weights, state, say, specs, draws, key }: Pass,
  x: Float32Array,
  take: Take,
): void {
  const { inputs } = model.config;
  const { replicas } = weights;
  const rows = x.length / inputs;
  const chunk = Math.max(1, Math.floor(ROOM / (replicas * draws * widest(model))));
  const keys = Array.from({ length: replicas }, (_, r) => fold(key, r));
  for (let from = 0; from < rows; from += chunk) {
    const count = Math.min(chunk, rows - from);
    const repeated = new Float32Array(count * draws * inputs);
    for (let i = 0; i < count * draws; i++) {
      const n = from + Math.floor(i / draws);
      repeated.set(x.subarray(n * inputs, (n + 1) * inputs), i * inputs);
    }
    const noise = drawNoise(specs, keys, count * draws, ["forecast", from]);
    const said = read(say, state, noise, tf.tensor3d(repeated, [1, count * draws, inputs]));
    for (const [part, { values, width }] of said) {
      for (let i = 0; i < replicas * count * draws; i++) {
        const [s, b, r] = [i % draws, Math.floor(i / draws) % count, Math.floor(i / (draws * count))];
        take(part, values.subarray(i * width, (i + 1) * width), { draw: s * replicas + r, row: from + b });
      }
    }
  }
}

/** Where weights are drawn, each draw is a replica; the same for all rows, so that a draw is one function. */
export function alongReplicas(
  { model, layouts, weights, say, specs, draws, key }: Pass,
  x: Float32Array,
  take: Take,
): void {
  const { inputs } = model.config;
  const { replicas } = weights;
  const rows = x.length / inputs;
  const size = layouts.parameters.total + Math.min(rows, CHUNK) * widest(model);
  const together = Math.min(draws, Math.max(1, Math.floor(ROOM / (replicas * size))));
  for (let first = 0; first < draws; first += together) {
    const count = Math.min(together, draws - first);
    const keys = Array.from({ length: count * replicas }, (_, i) =>
      fold(key, first + Math.floor(i / replicas), i % replicas),
    );
    const state = tiled(weights, layouts.parameters.total, count);
    for (let from = 0; from < rows; from += CHUNK) {
      const part = x.subarray(from * inputs, Math.min(rows, from + CHUNK) * inputs);
      const batch = part.length / inputs;
      const noise = noiseOf(specs, keys, batch, from);
      const said = read(say, state, noise, tf.tensor3d(part, [1, batch, inputs]));
      for (const [name, { values, width }] of said) {
        const own = batch * width;
        for (let d = 0; d < count * replicas; d++)
          take(name, values.subarray(d * own, (d + 1) * own), { draw: first * replicas + d, row: from });
      }
    }
    tf.dispose([state.parameters, state.buffers]);
  }
}

function widest(model: ForecastNetwork): number {
  return Math.max(model.config.inputs, DIRECTIONS.length, ...model.config.hidden);
}

/** Values of one pass, which takes noise and rows for its own. */
function read(
  say: Say,
  state: State,
  noise: Noise,
  x: tf.Tensor3D,
): [Part, { values: Float32Array; width: number }][] {
  const said = say(state, noise, x);
  const out = Object.entries(said).map(([part, tensor]): [Part, { values: Float32Array; width: number }] => [
    part as Part,
    { values: tensor.dataSync() as Float32Array, width: tensor.shape[2] ?? 1 },
  ]);
  tf.dispose([...Object.values(said), ...Object.values(noise), x]);
  return out;
}

/** The weights of each replica `count` times: [count · R, P]. By hand, as the tiling of the wasm backend is some fifty times slower. */
export function tiled({ replicas, parameters }: Weights, total: number, count: number) {
  const repeated = count === 1 ? parameters : new Float32Array(count * parameters.length);
  for (let i = 0; i < count && count > 1; i++) repeated.set(parameters, i * parameters.length);
  return {
    parameters: tf.tensor2d(repeated, [count * replicas, total]),
    buffers: tf.zeros([count * replicas, 0]),
  };
}

/** Noise of the rows `from` …; what has no batch axis does not depend on them. */
function noiseOf(specs: readonly NoiseSpec[], keys: readonly Key[], rows: number, from: number): Noise {
  const ofRows = specs.filter((spec) => spec.shape.includes("batch"));
  const ofAll = specs.filter((spec) => !spec.shape.includes("batch"));
  return {
    ...drawNoise(ofRows, keys, rows, ["forecast", from]),
    ...drawNoise(ofAll, keys, rows, ["forecast"]),
  };
}
