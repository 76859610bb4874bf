/** Loadings of assets on the factors of a trained autoencoder: the derivative of its decoder, and both sides of the market. */
import * as tf from "@tensorflow/tfjs";
import {
  checkCount,
  checkFinite,
  checkLength,
  cholesky,
  crossProduct,
  fromFlat,
  fromRows,
  type Matrix,
  quantile,
  solveCholesky,
} from "../../../core/index.js";
import { feedOf, layoutsOf, type Weights } from "../../../nn/layers/index.js";
import { takeReplicas } from "../../../nn/training/index.js";
import { withWeights } from "../../vae/latents.js";
import type { PlainVae } from "../../vae/plainVae.js";
import type { Vae } from "../../vae/vae.js";

/** Loadings over draws of the factors: [A,K] each. */
export interface LoadingBands {
  /** Of z ~ N(0, I) these are the coefficients of the best linear approximation of the decoder (Stein 1981). */
  readonly mean: Matrix;
  /** Ends of the central interval over the draws: a linear decoder has none. */
  readonly lower: Matrix;
  readonly upper: Matrix;
}

/**
 * The decoder's Jacobian averaged over draws of z, with the range in which it lies.
 *
 * The band tells how far the model bends, not how well it is known: for that compare seeds.
 * @param z      [S,K] row-major
 * @param level  share of the draws inside the band
 * @throws RangeError when z is not whole rows or the level not in (0, 1).
 */
export function averageLoadings(vae: PlainVae, z: Float64Array, level = 0.9): LoadingBands {
  const { inputs, latents } = vae;
  checkCount("draws", z.length / latents);
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a share in (0, 1), got ${level}`);
  const draws = Array.from({ length: z.length / latents }, (_, s) =>
    vae.jacobian(z.subarray(s * latents, (s + 1) * latents)),
  );
  const matrix = (of: (values: Float64Array) => number) =>
    fromFlat(
      Float64Array.from({ length: inputs * latents }, (_, i) =>
        of(Float64Array.from(draws, (jacobian) => jacobian[i]!)),
      ),
      inputs,
      latents,
    );
  return {
    mean: matrix((values) => values.reduce((a, b) => a + b, 0) / values.length),
    lower: matrix((values) => quantile(values, (1 - level) / 2)),
    upper: matrix((values) => quantile(values, (1 + level) / 2)),
  };
}

/**
 * The derivative ∂ decode / ∂z of one replica by automatic differentiation on the backend, [N,A,K].
 * @param z  [N,K] row-major
 * @throws RangeError when z is not whole rows.
 */
export function decoderGradients(model: Vae, weights: Weights, z: Float32Array, replica = 0): Float32Array {
  const { latents } = model;
  const rows = z.length / latents;
  checkCount("rows", rows);
  const assets = model.inputShape.reduce((a, b) => a * b, 1);
  const out = new Float32Array(rows * assets * latents);
  withWeights(model, takeReplicas(weights, [replica]), (state) => {
    for (let a = 0; a < assets; a++) {
      const values = tf.tidy(() => {
        const feed = feedOf(layoutsOf(model), state, {}, false);
        const answer = (code: tf.Tensor) =>
          model.decode(feed, code).reshape([1, rows, assets]).slice([0, 0, a], [1, rows, 1]).sum();
        return tf
          .grad(answer)(tf.tensor(z, [1, rows, latents]))
          .dataSync();
      });
      for (let i = 0; i < values.length; i++) {
        const [n, k] = [Math.floor(i / latents), i % latents];
        out[(n * assets + a) * latents + k] = values[i]!;
      }
    }
  });
  return out;
}

/** Slopes on a rising and on a falling market: [A] each. */
export interface SidedLoadings {
  readonly up: Float64Array;
  readonly down: Float64Array;
}

/**
 * Least squares of each asset on the market above zero and below zero, with a constant: x = c + up · m⁺ − down · m⁻.
 * @param x       [N,A] row-major: returns, or scenarios
 * @param market  [N]
 * @throws RangeError when lengths differ, a number is not finite, or the market never rises or never falls.
 */
export function sidedLoadings(
  x: ArrayLike<number>,
  columns: number,
  market: ArrayLike<number>,
): SidedLoadings {
  checkCount("columns", columns);
  checkLength("x", x, market.length * columns);
  checkFinite("x", x);
  checkFinite("market", market);
  const sides = fromRows(Array.from(market, (m) => [1, Math.max(m, 0), Math.min(m, 0)]));
  const lower = cholesky(crossProduct(sides), "sides of the market");
  const slopes = solveCholesky(lower, crossProduct(sides, fromFlat(x, market.length, columns)));
  return { up: Float64Array.from(slopes.getRow(1)), down: Float64Array.from(slopes.getRow(2)) };
}
