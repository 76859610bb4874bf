/** Predictions of trained replicas by draws from what is random in them. */
import * as tf from "@tensorflow/tfjs";
import type { ForecastMoments } from "../../core/index.js";
import { checkCount, checkLength, fold, type Key, type MomentSums, momentSums } from "../../core/index.js";
import { type Traced, trace } from "../compile/trace.js";
import type { Feed, Noise, NoiseSpec } from "../layers/layer.js";
import { drawNoise, feedOf, type Layouts, layoutsOf, type Weights } from "../layers/model.js";
import type { ParameterSpec } from "../layers/parameters.js";
import { sizeOf } from "./batches.js";

/** A network that predicts: mean and variance of its target for each row and one draw of its noise. */
export interface Predictor {
  readonly parameters: readonly ParameterSpec[];
  readonly buffers: readonly ParameterSpec[];
  readonly noise: readonly NoiseSpec[];
  readonly inputShape: readonly number[];
  /** Whether its draws are of latent variables, so that their spread within a replica is latent; of parameters by default. */
  readonly drawsLatents?: boolean;
  /** @param x [1,B,…inputShape] @returns [R,B] each */
  predict(feed: Feed, x: tf.Tensor): { readonly mean: tf.Tensor; readonly variance: tf.Tensor };
}

/** Options of `predict`. */
export interface PredictOptions {
  /** S draws of the noise for each replica. */
  readonly draws: number;
  readonly key: Key;
  /** Noise that is fed besides the model's own draws (default none): "dropout" for Monte-Carlo dropout. */
  readonly roles?: readonly NoiseSpec["role"][];
  /** Numbers that a pass may hold in one layer (default 4 million). Memory is bounded by it, whatever N and S are. */
  readonly room?: number;
}

/**
 * Mean and variances of every row by S predictions a replica, by the law of total variance.
 *
 * The variance of the means is epistemic, as where weights or dropout masks are drawn; of a model that draws latents, only that between
 * the replicas is. Replicas must be exchangeable, as the members of an ensemble: never call it across a sweep of β.
 *
 * A few draws a pass, and rows in chunks: memory stays bounded. Where all noise is a row's own, draws are more rows, and the weights
 * stand once; where weights are drawn, each draw is a replica. The same key gives the same noise either way.
 * @param x  [N, …inputShape]
 * @throws RangeError when there are no draws, or x is not [N, …inputShape].
 */
export function predict(
  model: Predictor,
  weights: Weights,
  x: Float32Array,
  options: PredictOptions,
): ForecastMoments {
  const { draws, key, room = 4e6 } = options;
  checkCount("draws", draws);
  const size = sizeOf(model.inputShape);
  const rows = Math.round(x.length / size);
  checkLength("x", x, rows * size);
  const layouts = layoutsOf(model);
  const roles = new Set<NoiseSpec["role"]>(["draw", ...(options.roles ?? [])]);
  const specs = model.noise.filter((spec) => roles.has(spec.role));
  const asRows = specs.every((spec) => spec.shape.includes("batch"));
  const chunk = Math.max(1, Math.min(rows, 1024));
  const perDraw = chunk * (size + widthOf(specs)) + (asRows ? 0 : layouts.parameters.total);
  const together = Math.max(1, Math.min(draws, Math.floor(room / (weights.replicas * perDraw))));
  const passes = Math.ceil(draws / together) * Math.ceil(rows / chunk);
  const pass: Pass = {
    ...{ model, key, specs, asRows },
    run: trace(predictionPass(model, layouts), passes < WORTH_COMPILING ? { enabled: false } : {}),
  };
  const sums = model.drawsLatents ? momentSums(rows, weights.replicas) : momentSums(rows);
  try {
    for (let first = 0; first < draws; first += together) {
      const count = Math.min(together, draws - first);
      const state = tiled(weights, layouts, asRows ? 1 : count);
      for (let from = 0; from < rows; from += chunk) {
        const part = x.subarray(from * size, Math.min(rows, from + chunk) * size);
        addPass(pass, state, part, { first, count, from }, sums);
      }
      tf.dispose([state.parameters, state.buffers]);
    }
  } finally {
    pass.run.dispose();
  }
  return sums.moments();
}

/** Numbers of noise a row, drawn weights aside. */
function widthOf(specs: readonly NoiseSpec[]): number {
  const ofRows = specs.filter((spec) => spec.shape.includes("batch"));
  return ofRows.reduce((total, { shape }) => total + sizeOf(shape.map((n) => (n === "batch" ? 1 : n))), 0);
}

/** To compile a pass costs about as much as two. */
const WORTH_COMPILING = 6;

interface Given {
  readonly parameters: tf.Tensor;
  readonly buffers: tf.Tensor;
  readonly noise: Noise;
  readonly x: tf.Tensor;
}

type Prediction = ReturnType<Predictor["predict"]>;

/** The prediction as a pure function of tensors. The caller owns its result. */
function predictionPass(model: Predictor, layouts: Layouts): (given: Given) => Prediction {
  return ({ parameters, buffers, noise, x }) => {
    const [mean, variance] = tf.tidy(() => {
      const out = model.predict(feedOf(layouts, { parameters, buffers }, noise, false), x);
      return [out.mean, out.variance] as const;
    });
    return { mean, variance };
  };
}

interface Pass {
  readonly model: Predictor;
  readonly specs: readonly NoiseSpec[];
  readonly key: Key;
  /** Draws are rows, not replicas. */
  readonly asRows: boolean;
  readonly run: Traced<[Given], Prediction>;
}

interface Place {
  /** First draw of the pass, and how many. */
  readonly first: number;
  readonly count: number;
  /** First row. */
  readonly from: number;
}

/** The weights of each replica `count` times, draw by draw: [count · R, …]. By hand: to tile on wasm is some fifty times slower. */
function tiled({ replicas, parameters, buffers }: Weights, layouts: Layouts, count: number) {
  const repeat = (values: Float32Array, width: number) => {
    const all = new Float32Array(count * values.length);
    for (let i = 0; i < count; i++) all.set(values, i * values.length);
    return tf.tensor2d(all, [count * replicas, width]);
  };
  return {
    parameters: repeat(parameters, layouts.parameters.total),
    buffers: repeat(buffers, layouts.buffers.total),
    replicas,
  };
}

function addPass(
  pass: Pass,
  state: ReturnType<typeof tiled>,
  part: Float32Array,
  { first, count, from }: Place,
  sums: MomentSums,
): void {
  const { model, run, asRows } = pass;
  const rows = part.length / sizeOf(model.inputShape);
  const noise = noiseOf(pass, state.replicas, rows, { first, count, from });
  const copies = asRows ? count : 1;
  const repeated = new Float32Array(copies * part.length);
  for (let i = 0; i < copies; i++) repeated.set(part, i * part.length);
  const x = tf.tensor(repeated, [1, copies * rows, ...model.inputShape]);
  const { mean, variance } = run({ parameters: state.parameters, buffers: state.buffers, noise, x });
  const [means, variances] = [mean.dataSync(), variance.dataSync()];
  tf.dispose([mean, variance, x, ...Object.values(noise)]);
  const block = asRows ? count * rows : rows; // of one replica
  for (let i = 0; i < means.length; i++) {
    const replica = Math.floor(i / block) % state.replicas;
    sums.add(from + (i % rows), replica, means[i]!, variances[i]!);
  }
}

/** The noise of a draw, replica and chunk of rows, whichever axis the draw lies on. */
function noiseOf({ specs, key, asRows }: Pass, replicas: number, rows: number, place: Place): Noise {
  const { first, count, from } = place;
  const keys = Array.from({ length: count * replicas }, (_, i) =>
    asRows
      ? fold(key, first + (i % count), Math.floor(i / count))
      : fold(key, first + Math.floor(i / replicas), i % replicas),
  );
  const each = drawNoise(specs, keys, rows, ["predict", from]);
  if (!asRows) return each;
  return tf.tidy(() =>
    Object.fromEntries(
      Object.entries(each).map(([name, noise]) => {
        const [, , ...rest] = noise.shape;
        const joined = noise.reshape([replicas, count * rows, ...rest]);
        noise.dispose();
        return [name, joined];
      }),
    ),
  );
}
