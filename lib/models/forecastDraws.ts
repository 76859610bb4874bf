/** Draws of what a forecast network says: from its posterior, its dropout, or its members. */
import * as tf from "@tensorflow/tfjs";
import { checkCount, checkLength } from "../core/axes.js";
import { fold, type Key } from "../core/random.js";
import type { Noise, NoiseSpec } from "../nn/layer.js";
import { drawNoise, feedOf, type Layouts, layoutsOf, type Weights } from "../nn/model.js";
import type { NormalDraws, ProbabilityDraws } from "../prob/uncertainty.js";
import { DIRECTIONS, type ForecastNetwork } from "./forecastNetwork.js";

/** S · R draws of N rows; of the heads that the network has. */
export interface ForecastDraws {
  /** S · R */
  readonly draws: number;
  /** N */
  readonly rows: number;
  /** Probabilities of `DIRECTIONS`, [S·R,N,3]: for `classUncertainty`. */
  readonly direction?: ProbabilityDraws;
  /** Mean and variance of the return, [S·R,N]: for `varianceParts`. */
  readonly returns?: NormalDraws;
}

export interface DrawOptions {
  /** S draws of the noise for each replica; 1 is enough where nothing is drawn. */
  readonly draws: number;
  readonly key: Key;
  /**
   * Noise that is fed: "draw" unless given. ["dropout"] is Monte-Carlo dropout of a plain network; an empty list makes a Bayesian
   * network speak by the means of its weights.
   */
  readonly roles?: readonly NoiseSpec["role"][];
}

/** Numbers that a pass may hold in one layer. */
const ROOM = 4e6;
const CHUNK = 1024;

/**
 * What every draw says of every row; replicas must be exchangeable, as the members of an ensemble.
 *
 * All S · R · N answers stay in memory; where moments are enough, `predict` needs none of it. Noise without a batch axis, such as drawn
 * weights, is the same for all rows: a draw is then one function.
 * @param x  [N,F]
 * @throws RangeError when x is no whole number of rows.
 */
export function drawForecasts(
  model: ForecastNetwork,
  weights: Weights,
  x: Float32Array,
  options: DrawOptions,
): ForecastDraws {
  const { draws, key, roles = ["draw"] } = options;
  checkCount("draws", draws);
  const { inputs, heads } = model.config;
  const rows = Math.round(x.length / inputs);
  checkLength("x", x, rows * inputs);
  const total = draws * weights.replicas;
  const classes = DIRECTIONS.length;
  const out = {
    probability: new Float64Array(heads.includes("direction") ? total * rows * classes : 0),
    mean: new Float64Array(heads.includes("return") ? total * rows : 0),
    variance: new Float64Array(heads.includes("return") ? total * rows : 0),
  };
  const specs = model.noise.filter((spec) => roles.includes(spec.role));
  const pass: Pass = { model, weights, specs, draws, key, layouts: layoutsOf(model) };
  const along = specs.every((spec) => spec.shape.includes("batch")) ? alongRows : alongReplicas;
  along(pass, x, (name, values, { draw, row }) => {
    out[name].set(values, (draw * rows + row) * (name === "probability" ? classes : 1));
  });
  return {
    ...{ draws: total, rows },
    ...(heads.includes("direction")
      ? { direction: { draws: total, classes, probability: out.probability } }
      : {}),
    ...(heads.includes("return")
      ? { returns: { draws: total, mean: out.mean, variance: out.variance } }
      : {}),
  };
}

interface Pass {
  readonly model: ForecastNetwork;
  readonly layouts: Layouts;
  readonly weights: Weights;
  readonly specs: readonly NoiseSpec[];
  readonly draws: number;
  readonly key: Key;
}

type Part = "probability" | "mean" | "variance";
/** Takes what draw `draw` says of the rows from `row` on. */
type Take = (part: Part, values: Float32Array, at: { readonly draw: number; readonly row: number }) => void;

/** Where all noise is a row's own, draws are rows too: the weights stand still, S rows in a pass for each row. */
function alongRows({ model, layouts, weights, specs, draws, key }: Pass, x: Float32Array, take: Take): void {
  const { inputs } = model.config;
  const { replicas } = weights;
  const rows = x.length / inputs;
  const chunk = Math.max(1, Math.floor(ROOM / (replicas * draws * widest(model))));
  const keys = Array.from({ length: replicas }, (_, r) => fold(key, r));
  const state = tiled(weights, layouts.parameters.total, 1);
  for (let from = 0; from < rows; from += chunk) {
    const count = Math.min(chunk, rows - from);
    const repeated = new Float32Array(count * draws * inputs);
    for (let i = 0; i < count * draws; i++) {
      const n = from + Math.floor(i / draws);
      repeated.set(x.subarray(n * inputs, (n + 1) * inputs), i * inputs);
    }
    const said = read(model, layouts, state, repeated, () =>
      drawNoise(specs, keys, count * draws, ["forecast", from]),
    );
    for (const [part, { values, width }] of said) {
      for (let i = 0; i < replicas * count * draws; i++) {
        const [s, b, r] = [i % draws, Math.floor(i / draws) % count, Math.floor(i / (draws * count))];
        take(part, values.subarray(i * width, (i + 1) * width), { draw: s * replicas + r, row: from + b });
      }
    }
  }
  tf.dispose([state.parameters, state.buffers]);
}

/** Where weights are drawn, each draw is a replica; the same for all rows, so that a draw is one function. */
function alongReplicas(
  { model, layouts, weights, specs, draws, key }: Pass,
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
      const said = read(model, layouts, state, part, () => noiseOf(specs, keys, batch, from));
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

/** Probabilities, means and variances of one pass over rows x. */
function read(
  model: ForecastNetwork,
  layouts: Layouts,
  state: { readonly parameters: tf.Tensor; readonly buffers: tf.Tensor },
  x: Float32Array,
  noise: () => Noise,
): [Part, { values: Float32Array; width: number }][] {
  const { inputs } = model.config;
  const said = tf.tidy(() => {
    const input = tf.tensor(x, [1, x.length / inputs, inputs]);
    const { logits, mean, logVar } = model.says(feedOf(layouts, state, noise(), false), input);
    return {
      ...(logits ? { probability: tf.softmax(logits) } : {}),
      ...(mean && logVar ? { mean, variance: logVar.exp() } : {}),
    };
  });
  const out = Object.entries(said).map(([part, tensor]): [Part, { values: Float32Array; width: number }] => [
    part as Part,
    { values: tensor.dataSync() as Float32Array, width: tensor.shape[2] ?? 1 },
  ]);
  tf.dispose(Object.values(said));
  return out;
}

/** The weights of each replica `count` times: [count · R, P]. By hand, as the tiling of the wasm backend is some fifty times slower. */
function tiled({ replicas, parameters }: Weights, total: number, count: number) {
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
