/** Z-scores of windows and their targets, whose means and deviations come from the training windows alone. */

import type { Windows } from "../../core/index.js";
import { checkCount, checkLength } from "../../core/index.js";
import type { Scaler } from "./scaler.js";

/** Z-score scalers of windows and of their targets. */
export interface WindowScaler {
  /** [F] of the features. */
  readonly x: Scaler;
  /** [1] of the target. */
  readonly y: Scaler;
}

/**
 * Mean and sample standard deviation of every feature over the bars of the windows `rows`, and of their targets.
 *
 * A bar counts once for each window it is in.
 * @param rows      [n] the training windows; no other is looked at
 * @param features  F, or their names, by which an error calls them
 * @throws RangeError when fewer than two rows are given, one is not there, or a feature or the target does not vary over them.
 */
export function fitWindowScaler(
  w: Windows,
  rows: ArrayLike<number>,
  features: number | readonly string[],
): WindowScaler {
  const width = typeof features === "number" ? features : features.length;
  const nameOf = (f: number) => (typeof features === "number" ? `feature ${f}` : `feature ${features[f]}`);
  const size = checkWindows(w, width);
  checkCount("rows", rows.length, 2);
  for (let i = 0; i < rows.length; i++) {
    const n = rows[i]!;
    if (!(n >= 0 && n < w.y.length)) throw new RangeError(`expected a window below ${w.y.length}, got ${n}`);
  }
  return {
    x: fit(nameOf, { values: w.x, rows, size, width }),
    y: fit(() => "target 0", { values: w.y, rows, size: 1, width: 1 }),
  };
}

/**
 * The windows with features and targets of mean 0 and deviation 1 over the training, as copies.
 * @throws RangeError when the windows are not whole windows of the scaler's features.
 */
export function scaleWindows(scaler: WindowScaler, w: Windows): Windows {
  return mapWindows(scaler, w, (value, centre, deviation) => (value - centre) / deviation);
}

/**
 * The windows before `scaleWindows`, as copies, but for the rounding of float32.
 * @throws RangeError when the windows are not whole windows of the scaler's features.
 */
export function unscaleWindows(scaler: WindowScaler, w: Windows): Windows {
  return mapWindows(scaler, w, (value, centre, deviation) => value * deviation + centre);
}

interface Fitted {
  readonly values: Float32Array;
  readonly rows: ArrayLike<number>;
  /** Numbers a row, and how many columns they repeat. */
  readonly size: number;
  readonly width: number;
}

/** In two passes and without a copy: the training windows are most of the memory. */
function fit(nameOf: (f: number) => string, data: Fitted): Scaler {
  const count = (data.rows.length * data.size) / data.width;
  const mean = sums(data, (value) => value).map((total) => total / count);
  const first = data.values.subarray(data.rows[0]! * data.size);
  const varies = new Uint8Array(data.width); // the rounding of a mean makes equal values seem to differ from it
  const squares = sums(data, (value, f) => {
    if (value !== first[f]!) varies[f] = 1;
    return (value - mean[f]!) ** 2;
  });
  const standardDeviation = squares.map((total, f) => varies[f]! * Math.sqrt(total / (count - 1)));
  const flat = standardDeviation.findIndex((s) => !(s > 0 && Number.isFinite(s)));
  if (flat < 0) return { mean, standardDeviation };
  throw new RangeError(
    `${nameOf(flat)}: expected finite values that vary, got deviation ${standardDeviation[flat]}`,
  );
}

function sums({ values, rows, size, width }: Fitted, of: (value: number, f: number) => number): Float64Array {
  const totals = new Float64Array(width);
  for (let i = 0; i < rows.length; i++) {
    const from = rows[i]! * size;
    for (let k = 0; k < size; k++) {
      const f = k % width;
      totals[f]! += of(values[from + k]!, f);
    }
  }
  return totals;
}

function mapWindows(
  { x, y }: WindowScaler,
  w: Windows,
  map: (value: number, centre: number, deviation: number) => number,
): Windows {
  const features = x.mean.length;
  checkWindows(w, features);
  return {
    x: w.x.map((value, i) => map(value, x.mean[i % features]!, x.standardDeviation[i % features]!)),
    y: w.y.map((value) => map(value, y.mean[0]!, y.standardDeviation[0]!)),
    asset: w.asset.slice(),
    decidedAt: w.decidedAt.slice(),
    resolvedAt: w.resolvedAt.slice(),
  };
}

/** @returns T · F */
function checkWindows(w: Windows, features: number): number {
  checkCount("features", features);
  if (w.y.length === 0) return 0;
  const length = w.x.length / w.y.length / features;
  if (!Number.isInteger(length))
    throw new RangeError(
      `x: expected whole windows of ${features} features for ${w.y.length} targets, got ${w.x.length} values`,
    );
  checkLength("asset", w.asset, w.y.length);
  return length * features;
}
