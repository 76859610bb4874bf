/** Passes of a forecast network over rows and draws: draws as rows where noise is a row's own, as replicas where weights are drawn. */
import * as tf from "@tensorflow/tfjs";
import { fold, type Key } from "../../core/index.js";
import type { Feed, Noise, NoiseSpec } from "../../nn/layers/index.js";
import {
  drawNoise,
  type Layouts,
  type Views,
  viewsOf,
  type Weights,
  writeNoise,
  writtenTensor,
} from "../../nn/layers/index.js";
import { DIRECTIONS, type ForecastNetwork } from "./forecastNetwork.js";

/** Numbers that a pass may hold in one layer. */
const ROOM = 4e6;
const CHUNK = 1024;

/** A pass: what a network says of rows [1,B,F] under some noise. */
export type Say = (weights: Views, noise: Noise, x: tf.Tensor) => Said;
/** [R,B,3], [R,B], [R,B]: of the heads that the network has. */
export type Said = { readonly [P in Part]?: tf.Tensor };

/** What the network says, from tensors to tensors. */
export function saying(model: ForecastNetwork): Say {
  return (parameters, noise, x) =>
    tf.tidy(() => {
      const feed: Feed = { parameters, buffers: {}, noise, training: false, update() {} };
      const { logits, mean, logVar } = model.says(feed, x);
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
  /** The weights, once each and layer by layer, on the backend. */
  readonly views: Views;
  readonly say: Say;
  readonly specs: readonly NoiseSpec[];
  readonly draws: number;
  readonly key: Key;
  /** As `DrawOptions` says. */
  readonly rowKeys?: readonly Key[];
  readonly padTo?: number;
}

export type Part = "probability" | "mean" | "variance";
/** Takes what draw `draw` says of the rows from `row` on: `count` of the values, from the index `from` on. */
export type Take = (
  part: Part,
  said: { readonly values: Float32Array; readonly from: number; readonly count: number },
  of: { readonly draw: number; readonly row: number },
) => void;

/**
 * Where all noise is a row's own, draws are rows too: the weights stand still, S rows in a pass for each row.
 *
 * A single row is not repeated: until the first noise comes, all of its draws see the same numbers.
 */
export function alongRows(pass: Pass, x: Float32Array, take: Take): void {
  const { model, weights, views, say, draws, padTo = 0 } = pass;
  const { inputs } = model.config;
  const { replicas } = weights;
  const rows = x.length / inputs;
  const chunk = Math.max(1, Math.floor(ROOM / (replicas * draws * widest(model))));
  for (let from = 0; from < rows; from += chunk) {
    const count = Math.min(chunk, rows - from);
    const room = Math.max(count, Math.min(chunk, padTo));
    const copies = room === 1 ? 1 : draws;
    const repeated = new Float32Array(room * copies * inputs);
    for (let i = 0; i < count * copies; i++) {
      const n = from + Math.floor(i / copies);
      repeated.set(x.subarray(n * inputs, (n + 1) * inputs), i * inputs);
    }
    const noise = noiseAlongRows(pass, { from, count, room });
    const said = read(say, views, noise, tf.tensor3d(repeated, [1, room * copies, inputs]));
    for (const [part, { values, rows: answers, width }] of said) {
      const each = answers / room; // 1 where no noise is on the way of this part
      for (let i = 0; i < replicas * count * draws; i++) {
        const [s, b, r] = [i % draws, Math.floor(i / draws) % count, Math.floor(i / (draws * count))];
        const first = ((r * room + b) * each + (s % each)) * width;
        take(part, { values, from: first, count: width }, { draw: s * replicas + r, row: from + b });
      }
    }
  }
}

/** Where weights are drawn, each draw is a replica; the same for all rows, so that a draw is one function. */
export function alongReplicas(pass: Pass, x: Float32Array, take: Take): void {
  const { model, layouts, weights, say, specs, draws, key, padTo = 0 } = pass;
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
    const views = count === 1 ? pass.views : tiled(weights, layouts, count);
    for (let from = 0; from < rows; from += CHUNK) {
      const part = x.subarray(from * inputs, Math.min(rows, from + CHUNK) * inputs);
      const batch = part.length / inputs;
      const room = Math.max(batch, Math.min(CHUNK, padTo));
      const padded = new Float32Array(room * inputs);
      padded.set(part);
      const noise = noiseOf(specs, keys, room, from);
      const said = read(say, views, noise, tf.tensor3d(padded, [1, room, inputs]));
      for (const [name, { values, width }] of said) {
        for (let d = 0; d < count * replicas; d++) {
          const said = { values, from: d * room * width, count: batch * width };
          take(name, said, { draw: first * replicas + d, row: from });
        }
      }
    }
    if (count > 1) tf.dispose(views);
  }
}

function widest(model: ForecastNetwork): number {
  return Math.max(model.config.inputs, DIRECTIONS.length, ...model.config.hidden);
}

/** What a pass says of one part: [R, rows, width]. */
interface Values {
  readonly values: Float32Array;
  readonly rows: number;
  readonly width: number;
}

/** Values of one pass, which takes noise and rows for its own. */
function read(say: Say, views: Views, noise: Noise, x: tf.Tensor3D): [Part, Values][] {
  const said = say(views, noise, x);
  const out = Object.entries(said).map(([part, tensor]): [Part, Values] => {
    const [, rows, width] = tensor.shape;
    return [part as Part, { values: tensor.dataSync() as Float32Array, rows: rows!, width: width ?? 1 }];
  });
  tf.dispose([...Object.values(said), ...Object.values(noise), x]);
  return out;
}

/**
 * The weights of each replica `count` times, [count · R, …] each, on the backend; the caller disposes them. By hand, as the tiling of
 * the wasm backend is some fifty times slower.
 */
export function tiled(
  { replicas, parameters }: Weights,
  { parameters: layout }: Layouts,
  count: number,
): Views {
  const repeated = count === 1 ? parameters : new Float32Array(count * parameters.length);
  for (let i = 0; i < count && count > 1; i++) repeated.set(parameters, i * parameters.length);
  return tf.tidy(() => viewsOf(tf.tensor2d(repeated, [count * replicas, layout.total]), layout));
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

/** Noise of the rows `from` … and their draws, [R, room · S, …]: all of one key, or each row's of its own as if it were alone. */
function noiseAlongRows(
  { specs, weights: { replicas }, draws, key, rowKeys }: Pass,
  { from, count, room }: { readonly from: number; readonly count: number; readonly room: number },
): Noise {
  const of = (own: Key) => Array.from({ length: replicas }, (_, r) => fold(own, r));
  if (!rowKeys) return drawNoise(specs, of(key), room * draws, ["forecast", from]);
  return Object.fromEntries(
    specs.map(({ name, kind, shape }) => {
      const full = shape.map((n) => (n === "batch" ? draws : n));
      const size = full.reduce((a, b) => a * b, 1);
      const noise = writtenTensor([replicas, room * draws, ...full.slice(1)], (numbers) => {
        if (room > count) numbers.fill(0);
        for (let b = 0; b < count; b++)
          of(rowKeys[from + b]!).forEach((replica, r) => {
            const own = fold(replica, name, "forecast", 0);
            const place = numbers.subarray((r * room + b) * size, (r * room + b + 1) * size);
            writeNoise(kind, own, place);
          });
      });
      return [name, noise];
    }),
  );
}
