/** Scores of labels: agreement with known classes and separation of the rows, each beside what chance gives. */
import {
  checkCount,
  checkLength,
  fold,
  type Key,
  permutation,
  type RegimeLabels,
  scoredLabels,
} from "../../core/index.js";
import { againstNull, type NullTest, type ShiftOptions, shiftNull } from "../../prob/diagnostics/index.js";
import { checkRows, squaredDistance } from "./clusters.js";
import { confusionTable, labelCount } from "./matching.js";

/**
 * Agreement of two labellings of the same rows: 1 for the same partition, 0 expected of independent ones, whatever the names.
 * @param a  [N] integers from 0
 * @param b  [N] integers from 0
 * @throws RangeError when lengths differ or a label is not an integer of at least 0.
 * @see Hubert & Arabie 1985, equation 5
 */
export function adjustedRandIndex(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const table = confusionTable(a, b);
  const rows = table.map((row) => row.reduce((total, count) => total + count, 0));
  const columns = Array.from(table[0]!, (_, j) => table.reduce((total, row) => total + row[j]!, 0));
  const pairs = (counts: ArrayLike<number>) =>
    Array.from(counts).reduce((total, n) => total + (n * (n - 1)) / 2, 0);
  const together = table.reduce((total, row) => total + pairs(row), 0);
  const [inA, inB, all] = [pairs(rows), pairs(columns), pairs([a.length])];
  const expected = all === 0 ? 0 : (inA * inB) / all;
  const most = (inA + inB) / 2;
  return most === expected ? 1 : (together - expected) / (most - expected);
}

/**
 * The adjusted Rand index of labels [N] with a truth [N] beside that of labels shifted in time: regimes last, so two unrelated labellings agree in long runs.
 * @throws RangeError as `adjustedRandIndex` or `shiftedOrder`, or when the truth is a rule on the window itself.
 */
export function adjustedRandTest(
  label: ArrayLike<number>,
  truthOrRegimes: ArrayLike<number> | RegimeLabels,
  options: ShiftOptions,
): NullTest {
  const truth = scoredLabels(truthOrRegimes);
  const value = adjustedRandIndex(label, truth);
  const shifted = new Uint32Array(label.length);
  const nulls = shiftNull(
    label.length,
    (order) => {
      for (let n = 0; n < shifted.length; n++) shifted[n] = label[order[n]!]!;
      return adjustedRandIndex(shifted, truth);
    },
    options,
  );
  return againstNull(value, nulls);
}

/** Options of the silhouette. */
export interface SilhouetteOptions {
  /** D */
  readonly columns: number;
  /** Picks the rows when there are more than `sample`. */
  readonly key: Key;
  /** Rows that are looked at, default 2,000 at most: the cost is its square. */
  readonly sample?: number;
}

/**
 * Mean silhouette: 1 where rows lie far closer to their own label's rows than to those of the next label, 0 where labels overlap,
 * below 0 where rows lie closer to another's. A label with one row counts 0.
 * @param x      [N,D] row-major
 * @param label  [N] integers from 0
 * @throws RangeError when shapes disagree or the rows looked at have fewer than two labels.
 * @see Rousseeuw 1987
 */
export function silhouette(x: Float64Array, label: ArrayLike<number>, options: SilhouetteOptions): number {
  const { rows, distance } = sampled(x, label, options);
  return knownSilhouette(distance, labelsOf(rows, label));
}

/**
 * The silhouette of given labels [N] of rows [N,D], such as known regimes, beside that of the same labels shifted in time.
 *
 * Not for labels that were found in `x` itself: clustering splits even a single cloud, and always beats labels from elsewhere.
 * @throws RangeError as `silhouette` or `shiftedOrder`, or when the labels are a rule on the window itself.
 */
export function silhouetteTest(
  x: Float64Array,
  labels: ArrayLike<number> | RegimeLabels,
  options: SilhouetteOptions & ShiftOptions,
): NullTest {
  const label = scoredLabels(labels);
  const { rows, distance } = sampled(x, label, options);
  const value = knownSilhouette(distance, labelsOf(rows, label));
  const nulls = shiftNull(
    label.length,
    (order) => meanSilhouette(distance, labelsOf(rows, label, order)) || 0, // 0 where the rows looked at all got one label
    options,
  );
  return againstNull(value, nulls);
}

/** Lengths of runs of labels. */
export type LabelRuns = {
  /** Changes of the label from one row to the next. */
  switches: number;
  /** Mean rows between them. */
  meanRun: number;
};

/**
 * Lengths of the runs of labels [N] of one series: the steadier of two labellings is easier to trade and to explain.
 * @throws RangeError when there is no label.
 */
export function labelRuns(label: ArrayLike<number>): LabelRuns {
  checkCount("labels", label.length);
  let switches = 0;
  for (let n = 1; n < label.length; n++) if (label[n] !== label[n - 1]) switches++;
  return { switches, meanRun: label.length / (switches + 1) };
}

/** The rows that are looked at, in order, and their distances [S,S]. */
function sampled(
  x: Float64Array,
  label: ArrayLike<number>,
  { columns, key, sample = 2000 }: SilhouetteOptions,
): { rows: Uint32Array; distance: Float64Array } {
  const count = checkRows(x, columns);
  checkLength("label", label, count);
  labelCount("label", label);
  checkCount("sample", sample, 2);
  const rows = permutation(fold(key, "silhouette"), count).slice(0, sample).sort();
  const distance = new Float64Array(rows.length ** 2);
  for (let i = 0; i < rows.length; i++) {
    for (let j = 0; j < i; j++) {
      const apart = Math.sqrt(squaredDistance(x, rows[i]! * columns, x, rows[j]! * columns, columns));
      distance[i * rows.length + j] = apart;
      distance[j * rows.length + i] = apart;
    }
  }
  return { rows, distance };
}

function knownSilhouette(distance: Float64Array, label: Uint32Array): number {
  const value = meanSilhouette(distance, label);
  if (Number.isNaN(value))
    throw new RangeError("label: expected at least two different labels among the rows, got one");
  return value;
}

/** The labels of given rows, or of the rows that an order puts in their place. */
function labelsOf(rows: Uint32Array, label: ArrayLike<number>, order?: Uint32Array): Uint32Array {
  return Uint32Array.from(rows, (n) => label[order ? order[n]! : n]!);
}

/** NaN where all rows have the same label. */
function meanSilhouette(distance: Float64Array, label: Uint32Array): number {
  const rows = label.length;
  const size = new Uint32Array(labelCount("label", label));
  for (const own of label) size[own]! += 1;
  if (size.filter((count) => count > 0).length < 2) return Number.NaN;
  const sums = new Float64Array(size.length * rows); // [labels, S]: whole rows are added, which is what memory likes
  for (let j = 0; j < rows; j++) {
    const to = label[j]! * rows;
    for (let i = 0; i < rows; i++) sums[to + i]! += distance[j * rows + i]!;
  }
  let total = 0;
  for (let i = 0; i < rows; i++) total += silhouetteOf(i, label, sums, size);
  return total / rows;
}

/** Row i's silhouette from the sums [labels, S] of all rows' distances to each label's rows. */
function silhouetteOf(i: number, label: Uint32Array, sums: Float64Array, size: Uint32Array): number {
  const [rows, own] = [label.length, label[i]!];
  if (size[own] === 1) return 0;
  const inside = sums[own * rows + i]! / (size[own]! - 1);
  let outside = Number.POSITIVE_INFINITY;
  for (let l = 0; l < size.length; l++) {
    if (l !== own && size[l]! > 0) outside = Math.min(outside, sums[l * rows + i]! / size[l]!);
  }
  const larger = Math.max(inside, outside);
  return larger === 0 ? 0 : (outside - inside) / larger;
}
