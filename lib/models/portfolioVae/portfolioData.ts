/** Portfolios and what was wanted of them as rows to train on. */
import { checkFinite, checkLength, mean, standardDeviation } from "../../core/index.js";
import type { Data } from "../../nn/training/index.js";
import { logCoefficient } from "./portfolioLikelihood.js";
import type { PortfolioVae } from "./portfolioVae.js";

/** Portfolios in rows: weights [N,A], row-major, long-only, each of sum 1. */
export interface WeightSet {
  readonly weights: Float64Array;
  readonly assets: number;
}

/** Known quantities of each portfolio that will be asked for, such as its volatility: [N,C] row-major, in units of their own. */
export interface Conditions {
  readonly names: readonly string[];
  readonly values: Float64Array;
}

/** The scaling that turns conditions into numbers of order one; kept beside the weights of a model. */
export interface Conditioner {
  readonly names: readonly string[];
  /** [C] */
  readonly mean: Float64Array;
  readonly deviation: Float64Array;
}

/**
 * Means and standard deviations of the conditions of the training part.
 * @throws RangeError when values are not finite, do not fill rows, or a condition is the same everywhere.
 */
export function conditionerOf({ names, values }: Conditions): Conditioner {
  const rows = values.length / names.length;
  checkLength("conditions", values, Math.max(1, Math.round(rows)) * names.length);
  checkFinite("conditions", values);
  const columns = names.map((_, c) =>
    Float64Array.from({ length: rows }, (_, n) => values[n * names.length + c]!),
  );
  const deviation = Float64Array.from(columns, (column) => (rows > 1 ? standardDeviation(column) : 0));
  deviation.forEach((sd, c) => {
    if (!(sd > 0))
      throw new RangeError(
        `condition ${names[c]}: expected values that differ, got ${columns[c]![0]} everywhere`,
      );
  });
  return { names, mean: Float64Array.from(columns, mean), deviation };
}

/** (c − mean) / deviation of conditions [N,C]. @throws RangeError naming row and condition of a value that is not finite. */
export function standardise(conditioner: Conditioner, values: ArrayLike<number>): Float64Array {
  const { names, mean, deviation } = conditioner;
  checkLength("conditions", values, Math.round(values.length / names.length) * names.length);
  return Float64Array.from(values, (value, i) => {
    const c = i % names.length;
    if (!Number.isFinite(value))
      throw new RangeError(
        `condition ${names[c]}, row ${Math.floor(i / names.length)}: expected a finite number, got ${value}`,
      );
    return (value - mean[c]!) / deviation[c]!;
  });
}

/**
 * Rows for `portfolioVae`: x [N,A+C], √(A·w) − 1 and standardised c; y the lots of each asset and the log of their multinomial coefficient.
 * @throws RangeError naming row and asset of a weight that is negative or not finite, or the row whose sum is not 1.
 */
export function portfolioData(
  model: Pick<PortfolioVae, "config">,
  set: WeightSet,
  told?: { readonly conditioner: Conditioner; readonly values: Float64Array },
): Data {
  const { assets, conditions = 0, likelihood } = model.config;
  if (set.assets !== assets) throw new RangeError(`weights: expected ${assets} assets, got ${set.assets}`);
  const rows = checkWeights(set);
  if ((told?.conditioner.names.length ?? 0) !== conditions)
    throw new RangeError(`conditions: expected ${conditions}, got ${told?.conditioner.names.length ?? 0}`);
  if (told) checkLength("conditions", told.values, rows * conditions);
  const c = told ? standardise(told.conditioner, told.values) : new Float64Array(0);
  const [wide, tall] = [assets + conditions, assets + 1];
  const [x, y] = [new Float32Array(rows * wide), new Float32Array(rows * tall)];
  for (let n = 0; n < rows; n++) {
    const w = set.weights.subarray(n * assets, (n + 1) * assets);
    x.set(
      w.map((value) => scaledWeight(value, assets)),
      n * wide,
    );
    x.set(c.subarray(n * conditions, (n + 1) * conditions), n * wide + assets);
    const lots = countsOf(w, likelihood.lots);
    y.set(lots, n * tall);
    y[n * tall + assets] = logCoefficient(lots);
  }
  return { x, y, rows };
}

/** A weight as the encoder sees it, 0 for an even portfolio's: in √w steps of equal size are about equally likely by chance. */
export function scaledWeight(weight: number, assets: number): number {
  return Math.sqrt(Math.max(0, assets * weight)) - 1;
}

/** Weights [A] in whole lots that add to `lots`: rounded down, what is left to the largest remainders, the earlier asset first. */
export function countsOf(weights: ArrayLike<number>, lots: number): Float64Array {
  const exact = Float64Array.from(weights, (w) => Math.max(0, w) * lots);
  const out = exact.map((value) => Math.floor(value + 1e-9));
  let left = lots - out.reduce((a, b) => a + b, 0);
  const order = Array.from(exact.keys()).sort((a, b) => exact[b]! - out[b]! - (exact[a]! - out[a]!) || a - b);
  for (const a of order) {
    if (left <= 0) break;
    out[a]! += 1;
    left--;
  }
  return out;
}

const SLACK = 1e-6;

/** The number of rows. @throws RangeError naming row and asset of what is no long-only weight, or the row whose sum is not 1. */
export function checkWeights({ weights, assets }: WeightSet): number {
  const rows = Math.round(weights.length / assets);
  checkLength("weights", weights, Math.max(1, rows) * assets);
  for (let n = 0; n < rows; n++) {
    let total = 0;
    for (let a = 0; a < assets; a++) {
      const w = weights[n * assets + a]!;
      if (!(w >= -SLACK && Number.isFinite(w)))
        throw new RangeError(`weights: row ${n}, asset ${a}: expected 0 or more, got ${w}`);
      total += w;
    }
    if (Math.abs(total - 1) > SLACK)
      throw new RangeError(`weights: row ${n}: expected a sum of 1, got ${total}`);
  }
  return rows;
}
