/** Principal components of a panel's columns, such as the pairwise correlations of many symbols. */

import type { Panel } from "../core/index.js";
import { checkCount, fromFlat, type Matrix, symmetricEigen } from "../core/index.js";
import { column } from "./panel.js";

/** Options of `fitCompression`. */
export interface CompressionOptions {
  /** [F] the columns to compress. */
  readonly names: readonly string[];
  /** Only rows known before this time are learned from, UTC milliseconds: the end of the training part. */
  readonly until: number;
  /** K, how many numbers a row becomes. */
  readonly components: number;
}

/** Principal components learned from the training part. */
export interface Compression {
  /** [F] */
  readonly names: readonly string[];
  /** [F] */
  readonly centre: Float64Array;
  /** [F,K] unit axes as columns, each with its largest entry positive. */
  readonly axes: Matrix;
  /** [K] share of the variance of the training rows. */
  readonly explained: Float64Array;
}

/**
 * Principal components of the training rows; rows with a value that is not finite are passed over.
 * @throws RangeError when a column is not there, there are more components than columns, or fewer than two rows.
 */
export function fitCompression(panel: Panel, { names, until, components }: CompressionOptions): Compression {
  checkCount("components", components);
  if (components > names.length)
    throw new RangeError(`components: expected at most the ${names.length} columns, got ${components}`);
  const columns = names.map((name) => column(panel, name));
  const rows = Array.from(panel.time.keys()).filter(
    (t) => panel.time[t]! < until && columns.every((values) => Number.isFinite(values[t])),
  );
  checkCount("training rows that are whole", rows.length, 2);
  const centre = Float64Array.from(
    columns,
    (values) => rows.reduce((sum, t) => sum + values[t]!, 0) / rows.length,
  );
  const flat = rows.flatMap((t) => columns.map((values, f) => values[t]! - centre[f]!));
  const data = fromFlat(flat, rows.length, names.length);
  const { values, vectors } = symmetricEigen(data.transpose().mmul(data).div(rows.length));
  const axes = vectors.subMatrix(0, names.length - 1, 0, components - 1);
  for (let k = 0; k < components; k++) if (largest(axes.getColumn(k)) < 0) axes.mulColumn(k, -1);
  const variance = values.reduce((sum, value) => sum + value, 0);
  return { names, centre, axes, explained: values.slice(0, components).map((value) => value / variance) };
}

/**
 * The components `component1` … of every row; NaN where a value is not finite.
 * @throws RangeError when a column is not there.
 */
export function compress(panel: Panel, { names, centre, axes }: Compression): Panel {
  const columns = names.map((name) => column(panel, name));
  const values = new Float64Array(panel.time.length * axes.columns);
  for (let t = 0; t < panel.time.length; t++) {
    for (let k = 0; k < axes.columns; k++) {
      let total = 0;
      for (let f = 0; f < names.length; f++) total += (columns[f]![t]! - centre[f]!) * axes.get(f, k);
      values[t * axes.columns + k] = total;
    }
  }
  const components = Array.from({ length: axes.columns }, (_, k) => `component${k + 1}`);
  return { time: panel.time.slice(), names: components, values };
}

/** The entry that is largest in size. */
function largest(x: readonly number[]): number {
  return x.reduce((most, value) => (Math.abs(value) > Math.abs(most) ? value : most), 0);
}
