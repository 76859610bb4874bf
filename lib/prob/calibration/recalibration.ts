/** Repairs of forecasts that are sharp enough and not calibrated, learnt on rows that lie before those they are used on. */
import { checkCount, checkFinite, checkLength, checkPositive, rootMeanSquare } from "../../core/index.js";
import { checkNormalForecasts, type NormalForecasts, standardisedErrors } from "../scores/normalForecasts.js";
import { type ClassForecasts, checkClassForecasts } from "./classCalibration.js";

/** A monotone step function, learnt on pairs. */
export interface IsotonicFit {
  /** [M] ascending inputs, and the fitted values there. */
  readonly x: Float64Array;
  readonly y: Float64Array;
}

/**
 * The non-decreasing function of x [N] nearest to y [N] in squares, by pooling adjacent violators; equal x are one point.
 * @throws RangeError when lengths differ or a number is not finite.
 * @see Barlow, Bartholomew, Bremner & Brunk 1972; Zadrozny & Elkan 2002 for probabilities
 */
export function isotonicRegression(x: ArrayLike<number>, y: ArrayLike<number>): IsotonicFit {
  checkLength("y", y, x.length);
  checkFinite("x", x);
  checkFinite("y", y);
  const order = Array.from({ length: x.length }, (_, n) => n).sort((a, b) => x[a]! - x[b]! || a - b);
  const points: Block[] = []; // equal x first become one point
  for (const n of order) {
    const last = points[points.length - 1];
    if (last && last.xs[0] === x[n]) {
      last.total += y[n]!;
      last.count++;
    } else points.push({ total: y[n]!, count: 1, xs: [x[n]!] });
  }
  const blocks: Block[] = [];
  for (const point of points) {
    blocks.push(point);
    pool(blocks);
  }
  return {
    x: Float64Array.from(blocks.flatMap((block) => block.xs)),
    y: Float64Array.from(blocks.flatMap((block) => block.xs.map(() => block.total / block.count))),
  };
}

/** Neighbouring points that share one value. */
interface Block {
  total: number;
  count: number;
  readonly xs: number[];
}

/** Merges the last block into the one before for as long as it lies below it. */
function pool(blocks: Block[]): void {
  while (blocks.length > 1) {
    const [before, last] = [blocks[blocks.length - 2]!, blocks[blocks.length - 1]!];
    if (before.total / before.count <= last.total / last.count) return;
    before.total += last.total;
    before.count += last.count;
    before.xs.push(...last.xs);
    blocks.pop();
  }
}

/** The fit at new inputs [N], as [N]: linear between its points, constant outside. */
export function applyIsotonic({ x, y }: IsotonicFit, at: ArrayLike<number>): Float64Array {
  return Float64Array.from(at, (value) => {
    if (value <= x[0]!) return y[0]!;
    if (value >= x[x.length - 1]!) return y[y.length - 1]!;
    let [low, high] = [0, x.length - 1];
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (x[middle]! <= value) low = middle;
      else high = middle;
    }
    return y[low]! + ((value - x[low]!) / (x[high]! - x[low]!)) * (y[high]! - y[low]!);
  });
}

/**
 * The temperature T at which softmax(log p / T) has the smallest negative log likelihood: one number, which changes no ranking.
 * @throws RangeError when lengths differ, a row is no distribution or a label is no class.
 * @see Guo et al. 2017, section 4.2
 */
export function fitTemperature(forecasts: ClassForecasts): number {
  const { rows, classes, probability, label } = checkClassForecasts(forecasts);
  const logs = Float64Array.from(probability, safeLog);
  // slope of the likelihood in 1/T: the mean of log p under the tempered forecast less that of what came
  const slope = (logInverse: number) => {
    const inverse = Math.exp(logInverse);
    let total = 0;
    for (let n = 0; n < rows; n++) {
      let top = Number.NEGATIVE_INFINITY;
      for (let c = 0; c < classes; c++) top = Math.max(top, logs[n * classes + c]!);
      let [weights, sum] = [0, 0];
      for (let c = 0; c < classes; c++) {
        const log = logs[n * classes + c]!;
        const weight = Math.exp(inverse * (log - top));
        weights += weight;
        sum += weight * log;
      }
      total += sum / weights - logs[n * classes + label[n]!]!;
    }
    return total;
  };
  return Math.exp(-rootOf(slope, Math.log(1e-3), Math.log(1e3)));
}

/**
 * Tempered class probabilities softmax(log p / T), [N,C].
 * @param probability  [N,C]
 * @throws RangeError when the temperature is not positive.
 */
export function applyTemperature(
  probability: ArrayLike<number>,
  classes: number,
  temperature: number,
): Float64Array {
  checkPositive("temperature", temperature);
  const out = Float64Array.from(probability, (p) => safeLog(p) / temperature);
  for (let from = 0; from < out.length; from += classes) {
    const row = out.subarray(from, from + classes);
    const top = Math.max(...row);
    let total = 0;
    for (let c = 0; c < classes; c++) {
      row[c] = Math.exp(row[c]! - top);
      total += row[c]!;
    }
    for (let c = 0; c < classes; c++) row[c]! /= total;
  }
  return out;
}

/**
 * The one factor on all standard deviations that maximises the likelihood of normal forecasts: √ mean z².
 * @throws RangeError when lengths differ, a number is not finite or a standard deviation is not positive.
 */
export function fitSpread(forecasts: NormalForecasts): number {
  const { mean, sd, value } = checkNormalForecasts(forecasts);
  return rootMeanSquare(standardisedErrors({ mean, sd, value }));
}

/** A probability of 0 counts as the smallest number there is, so that a tempered one stays finite. */
function safeLog(p: number): number {
  return Math.log(Math.max(p, Number.MIN_VALUE));
}

/** Where an increasing function crosses 0, by bisection; an end where it does not. */
function rootOf(f: (x: number) => number, from: number, to: number): number {
  let [low, high] = [from, to];
  for (let i = 0; i < 60; i++) {
    const middle = 0.5 * (low + high);
    if (f(middle) < 0) low = middle;
    else high = middle;
  }
  return 0.5 * (low + high);
}

/**
 * The map from a forecast's probability to how often it was seen, learnt on probability integral transforms [N].
 *
 * A recalibrated forecast says map(F(x)) where F(x) was said; its quantile at p is F⁻¹ of `inverseIsotonic(map, p)`.
 * @throws RangeError when there is no transform, or one is not finite.
 * @see Kuleshov, Fenner & Ermon 2018, algorithm 1
 */
export function fitQuantileMap(transform: ArrayLike<number>): IsotonicFit {
  checkCount("transforms", transform.length);
  checkFinite("transform", transform);
  const sorted = Float64Array.from(transform).sort();
  const seen = sorted.map((_, i) => (i + 0.5) / sorted.length);
  const inside = isotonicRegression(sorted, seen);
  return { x: Float64Array.of(0, ...inside.x, 1), y: Float64Array.of(0, ...inside.y, 1) };
}

/** The smallest input at which a fit reaches `value`. */
export function inverseIsotonic({ x, y }: IsotonicFit, value: number): number {
  const at = y.findIndex((v) => v >= value);
  if (at < 0) return x[x.length - 1]!;
  if (at === 0 || y[at] === y[at - 1]) return x[at]!;
  return x[at - 1]! + ((value - y[at - 1]!) / (y[at]! - y[at - 1]!)) * (x[at]! - x[at - 1]!);
}
