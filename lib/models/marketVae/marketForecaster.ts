/** A market VAE that stands ready: windows are encoded once, and their latents drawn many times through the heads. */
import * as tf from "@tensorflow/tfjs";
import type { NormalDraws, ProbabilityDraws } from "../../core/index.js";
import { checkCount, checkLength, fold, type Key } from "../../core/index.js";
import { trace } from "../../nn/compile/index.js";
import type { Feed } from "../../nn/layers/index.js";
import { layoutsOf, viewsOf, type Weights } from "../../nn/layers/index.js";
import { sizeOf } from "../../nn/training/index.js";
import { type RowLatents, withWeights } from "../vae/latents.js";
import { drawRowLatents } from "./marketForecast.js";
import { type MarketVae, REGIMES } from "./marketVae.js";

/** q(z | x) of N windows in R replicas, [R,N,K]. */
export type WindowLatents = Pick<RowLatents, "shape" | "mean" | "logVar">;

/** S · R draws of N windows, in the unit of the scaled targets. */
export interface MarketDraws {
  /** S · R */
  readonly draws: number;
  /** N */
  readonly rows: number;
  /** Draws of one replica differ by their latents: R sets of parameters. */
  readonly returns: NormalDraws;
  /** Of the log volatility, likewise. */
  readonly volatility: NormalDraws;
  /** Probabilities of `REGIMES`. */
  readonly regimes: ProbabilityDraws;
}

/** A market VAE that predicts rows at any time without building anything anew. */
export interface MarketForecaster {
  /** @param x [N,T,F] @param padTo passes have at least so many rows, the rest empty: few numbers of rows are few passes to compile */
  encode(x: Float32Array, padTo?: number): WindowLatents;
  /** Output of the heads for the mean latents: one draw a replica. */
  atMeans(codes: WindowLatents, padTo?: number): MarketDraws;
  /** S draws of each latent vector; those of a window depend on its own key and nothing else: what `marketForecast` draws for it alone. */
  draw(
    codes: WindowLatents,
    options: { readonly draws: number; readonly rowKeys: readonly Key[]; readonly padTo?: number },
  ): MarketDraws;
  /** Gives back the weights and the compiled passes. */
  dispose(): void;
}

/** The model with these weights, ready for one decision after another; the caller disposes it. */
export function openMarketForecaster(model: MarketVae, weights: Weights): MarketForecaster {
  const passes = openPasses(model, weights);
  const { replicas } = weights;
  const size = sizeOf(model.inputShape);
  const said = (codes: WindowLatents, draws: number, padTo: number, fill: FillCodes): MarketDraws => {
    const rows = codes.shape[1];
    const room = Math.max(rows, padTo);
    const own = draws * model.latents;
    const z = new Float32Array(replicas * room * own);
    for (let r = 0; r < replicas; r++)
      for (let n = 0; n < rows; n++) fill(r, n, z.subarray((r * room + n) * own, (r * room + n + 1) * own));
    const values = passes.heads(z, [replicas, room * draws, model.latents]);
    return gathered(values, { replicas, rows, room, draws });
  };
  return {
    encode(x, padTo = 0) {
      const rows = Math.round(x.length / size);
      checkLength("x", x, rows * size);
      return passes.encode(x, rows, Math.max(rows, padTo));
    },
    atMeans: (codes, padTo = 0) => said(codes, 1, padTo, (r, n, out) => out.set(meanOf(codes, r, n))),
    draw(codes, { draws, rowKeys, padTo = 0 }) {
      checkCount("draws", draws);
      checkLength("rowKeys", rowKeys, codes.shape[1]);
      return said(codes, draws, padTo, (r, n, out) =>
        drawRowLatents(codes, { replica: r, row: n, noise: fold(rowKeys[n]!, "codes", r, 0) }, out),
      );
    },
    dispose: passes.dispose,
  };
}

type FillCodes = (replica: number, row: number, out: Float32Array) => void;

function meanOf({ shape, mean }: WindowLatents, replica: number, row: number): Float64Array {
  const [, rows, latents] = shape;
  const at = (replica * rows + row) * latents;
  return mean.subarray(at, at + latents);
}

/** The encoder and the heads, compiled, with the weights on the backend. */
function openPasses(model: MarketVae, weights: Weights) {
  const layouts = layoutsOf(model);
  const state = withWeights(model, weights, ({ parameters, buffers }) =>
    tf.tidy(() => ({
      parameters: viewsOf(parameters, layouts.parameters),
      buffers: viewsOf(buffers, layouts.buffers),
    })),
  );
  const feed = (at: typeof state): Feed => ({ ...at, noise: {}, training: false, update() {} });
  const encoded = trace((at: typeof state, x: tf.Tensor) =>
    tf.tidy(() => {
      const { mean, logVar } = model.encode(feed(at), x);
      return tf.concat([mean, logVar], 2);
    }),
  );
  const headed = trace((at: typeof state, z: tf.Tensor) =>
    tf.tidy(() => {
      const says = model.heads(feed(at), z);
      const four = [says.returnMean, says.returnLogVar, says.volatilityMean, says.volatilityLogVar];
      return tf.concat([tf.stack(four, 2), tf.softmax(says.regimeLogits)], 2);
    }),
  );
  return {
    encode(x: Float32Array, rows: number, room: number): WindowLatents {
      const padded = new Float32Array((room * x.length) / rows);
      padded.set(x);
      const values = valuesOf(encoded, state, tf.tensor(padded, [1, room, ...model.inputShape]));
      const [mean, logVar] = [0, model.latents].map((from) =>
        codesOf(values, { replicas: weights.replicas, rows, room, latents: model.latents, from }),
      ) as [Float64Array, Float64Array];
      return { shape: [weights.replicas, rows, model.latents], mean, logVar };
    },
    heads: (z: Float32Array, shape: number[]) => valuesOf(headed, state, tf.tensor(z, shape)),
    dispose() {
      encoded.dispose();
      headed.dispose();
      tf.dispose(state);
    },
  };
}

/** Runs a pass on `input`, which it takes for its own. */
function valuesOf<S>(
  pass: (state: S, input: tf.Tensor) => tf.Tensor,
  state: S,
  input: tf.Tensor,
): Float32Array {
  const out = pass(state, input);
  const values = out.dataSync() as Float32Array;
  tf.dispose([out, input]);
  return values;
}

/** Means or log variances [R,N,K] from [R,room,2K]. */
function codesOf(
  values: Float32Array,
  of: {
    readonly replicas: number;
    readonly rows: number;
    readonly room: number;
    readonly latents: number;
    readonly from: number;
  },
): Float64Array {
  const { replicas, rows, room, latents, from } = of;
  const out = new Float64Array(replicas * rows * latents);
  for (let r = 0; r < replicas; r++)
    for (let n = 0; n < rows; n++) {
      const at = (r * room + n) * 2 * latents + from;
      out.set(values.subarray(at, at + latents), (r * rows + n) * latents);
    }
  return out;
}

const WIDTH = 4 + REGIMES.length;

/** Draws [S·R,N] from the heads' numbers [R, room · S, 7]. */
function gathered(
  values: Float32Array,
  of: { readonly replicas: number; readonly rows: number; readonly room: number; readonly draws: number },
): MarketDraws {
  const { replicas, rows, room, draws } = of;
  const total = replicas * draws;
  const column = () => new Float64Array(total * rows);
  const [mean, variance, volatility, volatilityVariance] = [column(), column(), column(), column()];
  const probability = new Float64Array(total * rows * REGIMES.length);
  for (let i = 0; i < total * rows; i++) {
    const [d, n] = [Math.floor(i / rows), i % rows];
    const [s, r] = [Math.floor(d / replicas), d % replicas];
    const at = ((r * room + n) * draws + s) * WIDTH;
    mean[i] = values[at]!;
    variance[i] = Math.exp(values[at + 1]!);
    volatility[i] = values[at + 2]!;
    volatilityVariance[i] = Math.exp(values[at + 3]!);
    probability.set(values.subarray(at + 4, at + WIDTH), i * REGIMES.length);
  }
  return {
    ...{ draws: total, rows },
    returns: { draws: total, mean, variance, parameterSets: replicas },
    volatility: { draws: total, mean: volatility, variance: volatilityVariance, parameterSets: replicas },
    regimes: { draws: total, classes: REGIMES.length, probability },
  };
}
