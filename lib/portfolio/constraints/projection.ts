/** Weights made to keep their limits: what the texts do, and the nearest portfolio that does. */
import { checkFinite, checkLength, checkPositive, powerOfTwo, sum } from "../../core/index.js";
import type { LinearRow } from "../solver/quadraticProgram.js";
import { feasible, type Limits } from "./limits.js";
import { nearestWithinSectors } from "./sectorProjection.js";
import { aboveLevel, fillBox } from "./waterLevel.js";

const ROUNDING = 1e-12;

/** Limits, and a smallest position worth holding. */
export interface Constraints extends Limits {
  /** Smallest weight of an asset that is held at all; default none. Long-only. */
  readonly minimum?: number;
}

/**
 * Weights min(w, cap) over their sum, [A]: the usual shortcut, which may leave weights above the cap, as the division raises all of them.
 * @throws RangeError when a weight is negative or not finite, all are zero, or the cap is not positive.
 */
export function clipAndRenormalise(weights: ArrayLike<number>, cap: number): Float64Array {
  checkPositive("cap", cap);
  const unit = powerOfTwo(weights);
  const clipped = nonNegative(weights).map((w) => Math.min(w, cap) / unit);
  const total = sum(clipped);
  checkPositive("sum of weights", total);
  return clipped.map((w) => w / total);
}

/**
 * Weights [A] whose excess over the cap is shared among the other assets in proportion to their weights, until none is above it.
 *
 * It keeps the ratios of the weights below the cap; `project` keeps their differences.
 * @throws RangeError when a weight is negative or not finite, or the assets that are held cannot hold all under the cap.
 */
export function redistribute(weights: ArrayLike<number>, cap: number): Float64Array {
  feasible(weights.length, { cap });
  const unit = powerOfTwo(weights); // only ratios matter
  const w = nonNegative(weights).map((value) => value / unit);
  const full = new Set<number>();
  for (;;) {
    const free = Array.from(w.keys()).filter((a) => !full.has(a));
    const loose = free.reduce((total, a) => total + w[a]!, 0);
    const rest = 1 - full.size * cap;
    if (!(loose > 0) && rest > 1e-12) {
      throw new RangeError(
        `cap: the ${full.size} assets held have room for ${full.size * cap} of the capital at ${cap} each`,
      );
    }
    const scale = loose > 0 ? rest / loose : 0;
    const over = free.filter((a) => w[a]! * scale > cap);
    for (const a of over) full.add(a);
    if (over.length === 0) return w.map((value, a) => (full.has(a) ? cap : value * scale));
  }
}

/**
 * The portfolio within constraints that is nearest to `weights` [A] by Euclid, exact to rounding.
 *
 * With a minimum and sectors together it is the nearest of those that hold the k assets most held without the minimum,
 * for every k: allowed, not always nearest.
 * @throws RangeError when a weight is not finite, or naming the limit that no portfolio can keep.
 * @see Held, Wolfe & Crowder 1974 for the level
 */
export function project(weights: ArrayLike<number>, constraints: Constraints = {}): Float64Array {
  checkFinite("weights", weights);
  const x = Float64Array.from(weights);
  const { lower, upper } = feasible(x.length, constraints);
  const { sectors = [], minimum = 0 } = constraints;
  const within = (low: Float64Array, high: Float64Array) =>
    sectors.length === 0
      ? fillBox(x, { lower: low, upper: high, total: 1 })
      : nearestWithinSectors(x, { lower: low, upper: high, sectors });
  if (minimum === 0) return within(lower, upper) ?? impossible("limits");
  checkMinimum(minimum, upper, constraints);
  const order = minimumOrder(x, sectors.length === 0 ? x : (within(lower, upper) ?? x));
  const near = aboveLevel(x, { lower, upper, total: 1 }) ?? x; // all candidates have one sum: a common shift changes no order
  let best: Float64Array | null = null;
  for (let held = 1; held <= x.length; held++) {
    const kept = new Set(order.slice(0, held));
    const low = lower.map((_, a) => (kept.has(a) ? minimum : 0));
    const high = upper.map((most, a) => (kept.has(a) ? most : 0));
    const candidate = sum(low) <= 1 + 1e-12 && sum(high) >= 1 - 1e-12 ? within(low, high) : null;
    if (candidate && (!best || isCloser(candidate, best, near))) best = candidate;
  }
  return best ?? impossible(`minimum ${minimum}`);
}

/** What an optimiser found, taken to the nearest portfolio within limits where rounding has left them by more than 1e-12. */
export function settled(weights: Float64Array, limits: Limits = {}): Float64Array {
  const { lower, upper, sectors } = feasible(weights.length, limits);
  const cut = weights.map((w, a) => Math.min(upper[a]!, Math.max(lower[a]!, w)));
  const keeps = (row: LinearRow) => sum(cut.map((w, a) => w * row.coefficients[a]!)) <= row.value + ROUNDING;
  return Math.abs(sum(cut) - 1) <= ROUNDING && sectors.every(keeps) ? cut : project(weights, limits);
}

/** Rows of a matrix of weights [N,A], row-major, each projected. */
export function projectAll(weights: Float64Array, size: number, constraints: Constraints = {}): Float64Array {
  checkLength("weights", weights, Math.floor(weights.length / size) * size);
  const out = new Float64Array(weights.length);
  for (let at = 0; at < weights.length; at += size) {
    out.set(project(weights.subarray(at, at + size), constraints), at);
  }
  return out;
}

function minimumOrder(x: Float64Array, held: Float64Array): number[] {
  return Array.from(x.keys()).sort((a, b) => held[b]! - held[a]! || x[b]! - x[a]! || a - b);
}

function checkMinimum(minimum: number, upper: Float64Array, { cap = 1, longOnly = true }: Constraints): void {
  checkPositive("minimum", minimum);
  if (!longOnly) throw new RangeError("minimum: expected a long-only portfolio");
  if (minimum > cap) throw new RangeError(`minimum: expected at most the cap ${cap}, got ${minimum}`);
  const fewest = Math.ceil(1 / cap - 1e-12);
  if (fewest > upper.length || fewest * minimum > 1 + 1e-12) {
    throw new RangeError(
      `minimum: under the cap ${cap} at least ${fewest} assets are held, expected at most ${1 / fewest} each, got ${minimum}`,
    );
  }
}

function impossible(which: string): never {
  throw new RangeError(`${which}: expected limits that some portfolio keeps, found none`);
}

function nonNegative(weights: ArrayLike<number>): Float64Array {
  checkFinite("weights", weights);
  return Float64Array.from(weights, (w, a) => {
    if (w < 0) throw new RangeError(`weights[${a}]: expected 0 or more, got ${w}`);
    return w;
  });
}

/** |a − x|² < |b − x|², without the squares of entries of x that both leave alike. */
function isCloser(a: Float64Array, b: Float64Array, x: Float64Array): boolean {
  return sum(a.map((value, i) => (value - b[i]!) * (value + b[i]! - 2 * x[i]!))) < 0;
}
