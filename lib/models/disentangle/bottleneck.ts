/** The information bottleneck that β sets: what the latents cost, what they tell, what they lose. */
import { checkCount, checkLength, fold, type Key } from "../../core/index.js";
import type { Weights } from "../../nn/layers/index.js";
import { sizeOf } from "../../nn/training/index.js";
import { drawDiagonalGaussians } from "../../prob/distributions/index.js";
import { decomposeKl } from "../../prob/divergences/index.js";
import { decodeLatents, encodeRows } from "../vae/latents.js";
import type { Vae } from "../vae/vae.js";
import { activeDimensions, replicaLatents } from "./activeDimensions.js";

/** One replica of a sweep of β, nats a row. */
export type BottleneckRow = {
  readonly beta: number;
  /** E KL(q(z | x) ‖ p(z)), in closed form: an upper bound of the information. */
  readonly rate: number;
  /** I(x; z), as far as these rows can show it. */
  readonly information: number;
  /** log N, the most that N rows can show: near it the information is under-stated and the total correlation over-stated. */
  readonly ceiling: number;
  readonly totalCorrelation: number;
  readonly dimensionwise: number;
  /** E‖x − decoded draw‖², summed over a row. */
  readonly distortion: number;
  readonly activeUnits: number;
};

const CHUNK = 1024;

/**
 * Rate, information and distortion of each replica on the given rows, one β a replica.
 *
 * All rows are components of q(z): the cost grows as N², so some thousand rows.
 * @param x  [N, …inputShape]
 * @throws RangeError when the rows are not whole or the βs are not one a replica.
 * @see Alemi, Poole, Fischer, Dillon, Saurous & Murphy 2018
 */
export function bottleneckRows(
  model: Vae,
  weights: Weights,
  x: Float32Array,
  options: { readonly betas: readonly number[]; readonly key: Key },
): BottleneckRow[] {
  const { betas, key } = options;
  checkLength("betas", betas, weights.replicas);
  const all = encodeRows(model, weights, x);
  const parts = betas.map((_, r) => {
    const codes = replicaLatents(all, r);
    const own = fold(key, r);
    return { codes, own, draw: drawDiagonalGaussians(codes, fold(own, "distortion")) };
  });
  const distortion = distortions(
    model,
    weights,
    x,
    parts.map((part) => part.draw),
  );
  return parts.map(({ codes, own }, r) => {
    const { analyticKl, information, totalCorrelation, dimensionwise } = decomposeKl(codes, { key: own });
    return {
      ...{ beta: betas[r]!, rate: analyticKl, information, totalCorrelation, dimensionwise },
      ceiling: Math.log(codes.rows),
      distortion: distortion[r]!,
      activeUnits: activeDimensions(codes, 0.01).active,
    };
  });
}

/** Mean squared distance of each replica's decoded draws to the rows, summed over a row. @param draws  R of [N,K] */
function distortions(
  model: Vae,
  weights: Weights,
  x: Float32Array,
  draws: readonly Float64Array[],
): Float64Array {
  const [size, latents] = [sizeOf(model.inputShape), model.latents];
  const rows = x.length / size;
  checkCount("rows", rows);
  const out = new Float64Array(draws.length);
  for (let from = 0; from < rows; from += CHUNK) {
    const count = Math.min(CHUNK, rows - from);
    const z = new Float32Array(draws.length * count * latents);
    draws.forEach((draw, r) => {
      z.set(draw.subarray(from * latents, (from + count) * latents), r * count * latents);
    });
    const decoded = decodeLatents(model, weights, z, [draws.length, count, latents]);
    const seen = x.subarray(from * size, (from + count) * size);
    decoded.forEach((value, i) => {
      out[Math.floor(i / seen.length)]! += (value - seen[i % seen.length]!) ** 2 / rows;
    });
  }
  return out;
}
