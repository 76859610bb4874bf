/** Regression scored as the literature does: columns scaled on each training part, errors in the unit of the target. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { checkLength, logSumExp, mean, standardDeviation } from "../../core/index.js";
import type { Data } from "../../nn/training/index.js";
import { normalLogDensity } from "../../prob/distributions/index.js";
import type { Design } from "../inference/exact/regression.js";
import type { ScoredData } from "./bostonHousing.js";

/** One split: columns and target scaled by the training part (divisor N), and a column of ones at the end. */
export interface SplitDesign {
  readonly train: Design;
  /** The target in its own unit. */
  readonly test: Design;
  readonly scale: { readonly mean: number; readonly sd: number };
}

/** One split of the data, scaled by its training part. */
export function splitDesign(data: ScoredData, split: number): SplitDesign {
  const { train, test } = data.splits[split]!;
  const { rows, scale } = scaledRows(data, train);
  const design = (of: Uint32Array, y: (n: number) => number): Design => ({
    x: Float64Array.from(Array.from(of, (n) => [...rows[n]!, 1]).flat()),
    columns: data.names.length + 1,
    y: Float64Array.from(of, y),
  });
  return {
    train: design(train, (n) => (data.y[n]! - scale.mean) / scale.sd),
    test: design(test, (n) => data.y[n]!),
    scale,
  };
}

/**
 * All splits as data of one stack of networks, a replica a split: each has a scaled copy of all rows [N,F], and sees its own training part.
 */
export function stackedSplits(data: ScoredData): {
  readonly data: Data;
  readonly rowsOf: readonly Uint32Array[];
  /** Of each split: scaled columns [51,F] and targets in their own unit. */
  readonly tests: readonly { readonly x: Float32Array; readonly y: Float64Array }[];
  readonly scales: readonly SplitDesign["scale"][];
} {
  const count = data.y.length;
  const scaled = data.splits.map(({ train }) => scaledRows(data, train));
  const flat = (rows: readonly Float64Array[]) => rows.flatMap((row) => Array.from(row));
  return {
    data: {
      x: Float32Array.from(scaled.flatMap(({ rows }) => flat(rows))),
      y: Float32Array.from(
        scaled.flatMap(({ scale }) => Array.from(data.y, (v) => (v - scale.mean) / scale.sd)),
      ),
      rows: count * scaled.length,
    },
    rowsOf: data.splits.map(({ train }, s) => train.map((n) => s * count + n)),
    tests: data.splits.map(({ test }, s) => ({
      x: Float32Array.from(flat(Array.from(test, (n) => scaled[s]!.rows[n]!))),
      y: Float64Array.from(test, (n) => data.y[n]!),
    })),
    scales: scaled.map(({ scale }) => scale),
  };
}

/** Root mean squared error, and mean −log density in nats, of a split's test part. */
export type SplitScore = {
  readonly rmse: number;
  readonly nll: number;
  /** Share of targets within the central 90 % of the prediction. */
  readonly coverage90: number;
};

/**
 * Scores of normal predictions, or mixtures of them, one a draw of the parameters.
 * @param says   scaled means and variances, [N] or [S,N]: N is the length of `y`
 * @param y      targets in their own unit
 * @throws RangeError when lengths disagree.
 */
export function scoreSplit(
  says: { readonly mean: ArrayLike<number>; readonly variance: ArrayLike<number> },
  y: Float64Array,
  scale: SplitDesign["scale"],
): SplitScore {
  const draws = Math.round(says.mean.length / y.length);
  checkLength("mean", says.mean, draws * y.length);
  checkLength("variance", says.variance, says.mean.length);
  let [squares, nll, inside] = [0, 0, 0];
  y.forEach((target, n) => {
    const at = Array.from({ length: draws }, (_, s) => s * y.length + n);
    const means = at.map((i) => scale.mean + scale.sd * says.mean[i]!);
    const deviations = at.map((i) => scale.sd * Math.sqrt(says.variance[i]!));
    squares += (target - mean(means)) ** 2;
    nll -= logSumExp(means.map((m, s) => normalLogDensity(target, m, deviations[s]!))) - Math.log(draws);
    const below = mean(means.map((m, s) => normalCdf(target, m, deviations[s]!)));
    inside += below >= 0.05 && below <= 0.95 ? 1 : 0;
  });
  return { rmse: Math.sqrt(squares / y.length), nll: nll / y.length, coverage90: inside / y.length };
}

function scaledRows({ x, y, names }: ScoredData, train: Uint32Array) {
  const columns = names.length;
  const scales = names.map((_, f) => scaleOf(Float64Array.from(train, (n) => x[n * columns + f]!)));
  const rows = Array.from(y, (_, n) =>
    Float64Array.from(scales, (s, f) => (x[n * columns + f]! - s.mean) / (s.sd || 1)),
  );
  return { rows, scale: scaleOf(Float64Array.from(train, (n) => y[n]!)) };
}

function scaleOf(values: Float64Array): SplitDesign["scale"] {
  return { mean: mean(values), sd: standardDeviation(values, 0) };
}
