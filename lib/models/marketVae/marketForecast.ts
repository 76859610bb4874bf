/** Predictions of a trained market VAE for windows: encoded once, then many draws of the latents through the heads. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import * as tf from "@tensorflow/tfjs";
import type { ForecastMoments } from "../../core/index.js";
import {
  checkCount,
  checkLength,
  fold,
  type Key,
  type MomentSums,
  momentSums,
  normals32,
  totalVariances,
} from "../../core/index.js";
import { feedOf, layoutsOf, type Weights } from "../../nn/layers/index.js";
import { type RowLatents, withWeights } from "../vae/latents.js";
import { type MarketVae, REGIMES } from "./marketVae.js";

/** Of N windows, in the unit of the scaled targets; arrays are [N] unless said. */
export interface MarketForecast extends ForecastMoments {
  /** aleatoric / (aleatoric + latent + epistemic), in (0, 1]: falls as the posterior of latents and parameters spreads. */
  readonly confidence: Float64Array;
  /** Mean of the log volatility, and its variance over heads, latents and replicas together. */
  readonly volatility: Float64Array;
  readonly volatilityVariance: Float64Array;
  /** [N,3] probabilities of `REGIMES`, averaged over latents and replicas. */
  readonly regimes: Float64Array;
  /** P(return ≤ level) under the whole mixture, for each named level. */
  readonly below: Readonly<Record<string, Float64Array>>;
  /** The share of the drawn means at or below the level, which leaves the heads' variance out and is wrong as a probability. */
  readonly belowByMeans: Readonly<Record<string, Float64Array>>;
}

/** Options of `marketForecast`. */
export interface ForecastOptions {
  /** S draws of the latents, a replica and window. */
  readonly draws: number;
  readonly key: Key;
  /** Levels [N] of the scaled return at which probabilities are wanted, by name: zero return, the outcome, a quantile. */
  readonly levels?: Readonly<Record<string, ArrayLike<number>>>;
}

/** Latents in a pass. */
const PASS = 32_768;

/**
 * The predictive distribution of the next return, volatility and regime of each window, by S draws of the latents in each replica.
 *
 * Memory is that of 32,768 latent vectors. Replicas must be exchangeable: never call it across a sweep of β.
 * @param codes  of `encodeRows`, with the same weights
 * @throws RangeError when there are no draws, or a level is not [N].
 */
export function marketForecast(
  model: MarketVae,
  weights: Weights,
  codes: RowLatents,
  options: ForecastOptions,
): MarketForecast {
  const { draws, key, levels = {} } = options;
  checkCount("draws", draws);
  const [replicas, rows, latents] = codes.shape;
  for (const [name, values] of Object.entries(levels)) checkLength(`levels: ${name}`, values, rows);
  const sums = emptySums(rows, replicas, Object.keys(levels));
  const chunk = Math.max(1, Math.floor(PASS / (replicas * draws)));
  withWeights(model, weights, (state) => {
    for (let from = 0; from < rows; from += chunk) {
      const count = Math.min(chunk, rows - from);
      const z = drawCodes(codes, { from, count, draws, key });
      const values = tf.tidy(() => {
        const feed = feedOf(layoutsOf(model), state, {}, false);
        const says = model.heads(feed, tf.tensor3d(z, [replicas, count * draws, latents]));
        const four = [says.returnMean, says.returnLogVar, says.volatilityMean, says.volatilityLogVar];
        return tf.concat([tf.stack(four, 2), tf.softmax(says.regimeLogits)], 2);
      });
      gather(values.dataSync() as Float32Array, { from, count, draws, replicas }, levels, sums);
      values.dispose();
    }
  });
  return finished(sums, replicas * draws);
}

interface Sums {
  readonly returns: MomentSums;
  readonly volatility: MomentSums;
  readonly regimes: Float64Array;
  readonly below: Record<string, Float64Array>;
  readonly belowByMeans: Record<string, Float64Array>;
}

function emptySums(rows: number, replicas: number, levels: readonly string[]): Sums {
  const zeros = () => new Float64Array(rows);
  const named = () => Object.fromEntries(levels.map((name) => [name, zeros()]));
  return {
    ...{ returns: momentSums(rows, replicas), volatility: momentSums(rows, replicas) },
    regimes: new Float64Array(rows * REGIMES.length),
    ...{ below: named(), belowByMeans: named() },
  };
}

/** μ + σ ε of rows `from` …, [R, count · S, K]; the noise of a row, replica and draw depends on the key and its place alone. */
function drawCodes(
  codes: RowLatents,
  { from, count, draws, key }: { from: number; count: number; draws: number; key: Key },
): Float32Array {
  const [replicas, , latents] = codes.shape;
  const out = new Float32Array(replicas * count * draws * latents);
  for (let r = 0; r < replicas; r++) {
    for (let i = 0; i < count; i++) {
      const own = out.subarray((r * count + i) * draws * latents, (r * count + i + 1) * draws * latents);
      drawRowLatents(codes, { replica: r, row: from + i, noise: fold(key, "codes", r, from + i) }, own);
    }
  }
  return out;
}

/** Writes draws [S,K] of the latent vector of one row in one replica. */
export function drawRowLatents(
  { shape, mean, logVar }: Pick<RowLatents, "shape" | "mean" | "logVar">,
  { replica, row, noise }: { readonly replica: number; readonly row: number; readonly noise: Key },
  out: Float32Array,
): void {
  const [, rows, latents] = shape;
  const source = (replica * rows + row) * latents;
  const drawn = normals32(noise, out.length);
  for (let j = 0; j < drawn.length; j++) {
    const k = source + (j % latents);
    out[j] = mean[k]! + Math.exp(0.5 * logVar[k]!) * drawn[j]!;
  }
}

const WIDTH = 4 + REGIMES.length;

function gather(
  values: Float32Array,
  { from, count, draws, replicas }: { from: number; count: number; draws: number; replicas: number },
  levels: Readonly<Record<string, ArrayLike<number>>>,
  sums: Sums,
): void {
  for (let r = 0; r < replicas; r++) {
    for (let i = 0; i < count; i++) {
      const n = from + i;
      for (let s = 0; s < draws; s++) {
        const at = ((r * count + i) * draws + s) * WIDTH;
        const [mean, variance] = [values[at]!, Math.exp(values[at + 1]!)];
        sums.returns.add(n, r, mean, variance);
        sums.volatility.add(n, r, values[at + 2]!, Math.exp(values[at + 3]!));
        for (let c = 0; c < REGIMES.length; c++) sums.regimes[n * REGIMES.length + c]! += values[at + 4 + c]!;
        for (const [name, level] of Object.entries(levels)) {
          sums.below[name]![n]! += normalCdf(level[n]!, mean, Math.sqrt(variance));
          if (mean <= level[n]!) sums.belowByMeans[name]![n]!++;
        }
      }
    }
  }
}

/** @param all  draws a row */
function finished(sums: Sums, all: number): MarketForecast {
  const over = (values: Float64Array, by: number) => values.map((value) => value / by);
  const [returns, volatility] = [sums.returns.moments(), sums.volatility.moments()];
  const named = (of: Record<string, Float64Array>) =>
    Object.fromEntries(Object.entries(of).map(([name, values]) => [name, over(values, all)]));
  return {
    ...returns,
    confidence: totalVariances(returns).map((total, n) => returns.aleatoric[n]! / total),
    volatility: volatility.mean,
    volatilityVariance: totalVariances(volatility),
    regimes: over(sums.regimes, all),
    below: named(sums.below),
    belowByMeans: named(sums.belowByMeans),
  };
}
