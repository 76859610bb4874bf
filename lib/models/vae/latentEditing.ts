/** Controlled generation: the least change of a latent vector after which the decoded row reads as wanted. */
import {
  checkCount,
  checkFinite,
  checkLength,
  cholesky,
  columnVector,
  fromFlat,
  type Matrix,
  solveCholesky,
} from "../../core/index.js";
import type { Weights } from "../../nn/layers/index.js";
import { decodeLatents } from "./latents.js";
import type { Reading } from "./traversal.js";
import type { Vae } from "./vae.js";

/** A reading and the value it is to have. */
export interface LatentTarget extends Reading {
  readonly target: number;
  /** How far off is near enough, in the unit of the reading. */
  readonly tolerance: number;
}

/** A latent vector moved until readings are where they are wanted. */
export interface EditedLatent {
  /** [K] */
  readonly code: Float64Array;
  /** […inputShape] decoded mean. */
  readonly row: Float32Array;
  /** [Q] readings of the row, in the order of the aims. */
  readonly readings: Float64Array;
  /** Length of the way from the first latent vector, in standard deviations of the prior. */
  readonly distance: number;
  /** Whether every aim was met. */
  readonly reached: boolean;
}

const STEP = 0.02;
const ROUNDS = 60;

/**
 * Moves a latent vector by shortest steps until all readings of the decoded mean are where they are wanted.
 *
 * Each step solves the linearised aims with least length, and is at most half a standard deviation of the prior: a decoder is only
 * locally linear. It may end without having reached them; a scenario far from where latents lie is one the model has not seen.
 * @param code     [K] latent vector to begin with
 * @param options  `aims`, and `units`, the dimensions that may move (default all)
 * @throws RangeError when there are no aims or as many as dimensions and more, or a reading is not finite.
 */
export function editLatent(
  model: Vae,
  weights: Weights,
  code: ArrayLike<number>,
  options: { readonly aims: readonly LatentTarget[]; readonly units?: readonly number[] },
): EditedLatent {
  const { aims, units = Array.from({ length: model.latents }, (_, k) => k) } = options;
  checkLength("code", code, model.latents);
  if (weights.replicas !== 1)
    throw new RangeError(`weights: expected those of one network, got ${weights.replicas} replicas`);
  checkCount("aims", aims.length);
  if (aims.length > units.length)
    throw new RangeError(`aims: expected at most the ${units.length} units, got ${aims.length}`);
  const from = Float64Array.from(code);
  const at = from.slice();
  let looked = look(model, weights, at, { aims, units });
  for (let round = 0; round < ROUNDS && !met(aims, looked.readings); round++) {
    const step = shortestStep(looked.slopes, aims, looked.readings);
    const shrink = Math.min(1, 0.5 / Math.hypot(...step));
    units.forEach((k, i) => {
      at[k]! += shrink * step[i]!;
    });
    looked = look(model, weights, at, { aims, units });
  }
  const distance = Math.hypot(...at.map((v, k) => v - from[k]!));
  const { row, readings } = looked;
  return { code: at, row, readings, distance, reached: met(aims, readings) };
}

function met(aims: readonly LatentTarget[], readings: Float64Array): boolean {
  return aims.every(({ target, tolerance }, q) => Math.abs(readings[q]! - target) <= tolerance);
}

/** The decoded row at a latent vector, its readings, and their slopes [Q,U] by central differences. */
function look(
  model: Vae,
  weights: Weights,
  at: Float64Array,
  { aims, units }: { readonly aims: readonly LatentTarget[]; readonly units: readonly number[] },
) {
  const { latents } = model;
  const z = new Float32Array((1 + 2 * units.length) * latents);
  for (let i = 0; i < z.length; i++) z[i] = at[i % latents]!;
  units.forEach((k, i) => {
    z[(1 + 2 * i) * latents + k] = at[k]! + STEP;
    z[(2 + 2 * i) * latents + k] = at[k]! - STEP;
  });
  const rows = decodeLatents(model, weights, z, [1 + 2 * units.length, latents]);
  const size = rows.length / (1 + 2 * units.length);
  const read = ({ name, of }: LatentTarget, n: number) => {
    const value = of(rows.subarray(n * size, (n + 1) * size));
    checkFinite(`reading "${name}"`, [value]);
    return value;
  };
  const slopes = aims.flatMap((aim) =>
    units.map((_, i) => (read(aim, 1 + 2 * i) - read(aim, 2 + 2 * i)) / (2 * STEP)),
  );
  return {
    row: rows.slice(0, size),
    readings: Float64Array.from(aims, (aim) => read(aim, 0)),
    slopes: fromFlat(slopes, aims.length, units.length),
  };
}

/** The least step that brings linearised readings to their aims: Jᵀ(JJᵀ)⁻¹ of what is missing, each aim in its tolerance's unit. */
function shortestStep(slopes: Matrix, aims: readonly LatentTarget[], readings: Float64Array): number[] {
  const scaled = slopes.clone();
  aims.forEach(({ tolerance }, q) => {
    scaled.mulRow(q, 1 / tolerance);
  });
  const missing = aims.map(({ target, tolerance }, q) => (target - readings[q]!) / tolerance);
  const gram = scaled.mmul(scaled.transpose());
  for (let q = 0; q < aims.length; q++) gram.set(q, q, gram.get(q, q) * (1 + 1e-9) + 1e-12);
  return scaled
    .transpose()
    .mmul(solveCholesky(cholesky(gram, "slopes of the aims"), columnVector(missing)))
    .to1DArray();
}
