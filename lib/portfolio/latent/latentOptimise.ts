/** The best latent vector within a ball: an objective of decoded weights climbed in latent space. */
import { checkCount, checkPositive, fold, type Key, normals } from "../../core/index.js";

/** A decoder as a function of the latent vector [K], with its derivative. */
export interface DifferentiableDecoder {
  readonly latents: number;
  /** Weights [A] of a latent vector [K]. */
  decode(z: Float64Array): Float64Array;
  /** Jᵀ g [K]: what a change g [A] of the weights asks of the latent vector. */
  pullBack(z: Float64Array, g: Float64Array): Float64Array;
}

/** An objective of weights [A] to be made large, with its gradient [A]. */
export interface WeightObjective {
  value(weights: Float64Array): number;
  gradient(weights: Float64Array): Float64Array;
}

/** Settings of a search of the latent space. */
export interface LatentSearch {
  /** ‖z‖ is at most this. */
  readonly radius: number;
  /** Climbs from draws of N(0, I) brought into the ball, of which the best is returned. */
  readonly starts: number;
  readonly key: Key;
}

/** The best latent vector that a search found, with its portfolio. */
export interface LatentOptimum {
  /** [K] */
  readonly z: Float64Array;
  /** [A] */
  readonly weights: Float64Array;
  readonly value: number;
}

const MOST_STEPS = 500;

/**
 * The z of greatest objective(decode(z)) with ‖z‖ ≤ radius: projected gradient ascent from several starts.
 *
 * A local optimum: the objective is not concave in z. The norm never exceeds the radius by more than rounding.
 * @throws RangeError when the radius or the number of starts is not positive, or the objective is nowhere finite.
 */
export function latentOptimise(
  decoder: DifferentiableDecoder,
  objective: WeightObjective,
  { radius, starts, key }: LatentSearch,
): LatentOptimum {
  checkPositive("radius", radius);
  checkCount("starts", starts);
  let best: LatentOptimum | null = null;
  for (let n = 0; n < starts; n++) {
    const found = climb(decoder, objective, {
      z: ontoBall(normals(fold(key, n), decoder.latents), radius),
      radius,
    });
    if (Number.isFinite(found.value) && (!best || found.value > best.value)) best = found;
  }
  if (!best) throw new RangeError(`objective: expected a finite value at one of ${starts} codes`);
  return best;
}

function climb(
  decoder: DifferentiableDecoder,
  objective: WeightObjective,
  from: { readonly z: Float64Array; readonly radius: number },
): LatentOptimum {
  const valued = (z: Float64Array): LatentOptimum => {
    const weights = decoder.decode(z);
    return { z, weights, value: objective.value(weights) };
  };
  let at = valued(from.z);
  let stride = from.radius;
  for (let step = 0; step < MOST_STEPS && stride > 1e-12 * from.radius; step++) {
    const slope = decoder.pullBack(at.z, objective.gradient(at.weights));
    const steepness = Math.hypot(...slope);
    if (!(steepness > 0)) break;
    const reach = (length: number) =>
      ontoBall(
        at.z.map((value, k) => value + (length / steepness) * slope[k]!),
        from.radius,
      );
    let next = valued(reach(stride));
    while (!(next.value > at.value) && stride > 1e-12 * from.radius) {
      stride /= 2;
      next = valued(reach(stride));
    }
    if (!(next.value > at.value)) break;
    at = next;
    stride *= 2;
  }
  return at;
}

function ontoBall(z: Float64Array, radius: number): Float64Array {
  const norm = Math.hypot(...z);
  return norm > radius ? z.map((value) => (value / norm) * radius) : z;
}
