/** Clusters of rows, such as the latents of an autoencoder, by their distance alone. */
import { checkCount, checkFinite, checkLength, fold, type Key, stream } from "../../core/index.js";

/** Centres of clusters, the largest cluster first. */
export interface Clustering {
  readonly columns: number;
  /** [K,D] */
  readonly centres: Float64Array;
  /** [N] the nearest centre of each row. */
  readonly label: Uint16Array;
  /** Sum of squared distances of the rows from their centres. */
  readonly inertia: number;
}

/** Options of `kMeans`. */
export interface KMeansOptions {
  /** D */
  readonly columns: number;
  /** K */
  readonly clusters: number;
  readonly key: Key;
  /** How often to start anew; the run of least inertia is kept. */
  readonly starts: number;
}

const ITERATIONS = 300;

/**
 * K-means from k-means++ centres, the best of several starts.
 *
 * Distances are Euclidean, so columns of larger scale count more: scale them first. Time is not looked at.
 * @param x [N,D] row-major
 * @throws RangeError when a value is not finite, the rows are not whole, or fewer of them differ than there are clusters.
 * @see Arthur & Vassilvitskii 2007
 */
export async function kMeans(x: Float64Array, options: KMeansOptions): Promise<Clustering> {
  const { columns, clusters, starts } = options;
  const rows = checkRows(x, columns);
  checkCount("clusters", clusters);
  checkCount("starts", starts);
  const { kmeans } = await import("ml-kmeans");
  const points = Array.from({ length: rows }, (_, n) =>
    Array.from(x.subarray(n * columns, (n + 1) * columns)),
  );
  let best: Clustering | undefined;
  for (let start = 0; start < starts; start++) {
    const seeds = plusPlusRows(x, columns, clusters, fold(options.key, start));
    const run = kmeans(points, clusters, {
      initialization: Array.from(seeds, (n) => points[n]!),
      maxIterations: ITERATIONS,
      tolerance: 0, // in squared units of the data: any other number would depend on their scale
    });
    const found = clusteringAt(x, columns, Float64Array.from(run.centroids.flat()));
    if (best === undefined || found.inertia < best.inertia) best = found;
  }
  return best!;
}

/**
 * The nearest centre of each row, [N]: labels rows that were not there when the clusters were found.
 * @param x [N,D]
 * @throws RangeError when x is not whole rows or a number is not finite.
 */
export function nearestCentres(
  x: Float64Array,
  { columns, centres }: Pick<Clustering, "columns" | "centres">,
): Uint16Array {
  const rows = checkRows(x, columns);
  return Uint16Array.from({ length: rows }, (_, n) => nearest(x, n, columns, centres).index);
}

/**
 * Rows [K] that are far apart: each is drawn with probability proportional to its squared distance from those before it.
 * @param x [N,D]
 * @throws RangeError when fewer than K rows differ.
 * @see Arthur & Vassilvitskii 2007
 */
export function plusPlusRows(x: Float64Array, columns: number, count: number, key: Key): Uint32Array {
  const rows = checkRows(x, columns);
  const draw = stream(key);
  const chosen = new Uint32Array(count);
  const distance = new Float64Array(rows).fill(Number.POSITIVE_INFINITY);
  for (let k = 0; k < count; k++) {
    chosen[k] = k === 0 ? draw.integer(rows) : proportional(distance, draw.uniform());
    if (k > 0 && !(distance[chosen[k]!]! > 0))
      throw new RangeError(`x: expected at least ${count} rows that differ, got ${k}`);
    for (let n = 0; n < rows; n++)
      distance[n] = Math.min(distance[n]!, squaredDistance(x, n * columns, x, chosen[k]! * columns, columns));
  }
  return chosen;
}

/** Index drawn with probability proportional to `weight`, by a uniform number. */
function proportional(weight: Float64Array, u: number): number {
  const total = weight.reduce((a, b) => a + b, 0);
  let left = u * total;
  let last = 0;
  for (let n = 0; n < weight.length; n++) {
    if (!(weight[n]! > 0)) continue;
    last = n;
    left -= weight[n]!;
    if (left < 0) break;
  }
  return last;
}

/** Labels, sizes and inertia of given centres, the largest cluster first. */
function clusteringAt(x: Float64Array, columns: number, centres: Float64Array): Clustering {
  const clusters = centres.length / columns;
  const own = nearestCentres(x, { columns, centres });
  const size = new Uint32Array(clusters);
  let inertia = 0;
  own.forEach((label, n) => {
    size[label]! += 1;
    inertia += squaredDistance(x, n * columns, centres, label * columns, columns);
  });
  const order = Array.from(size.keys()).sort((a, b) => size[b]! - size[a]! || a - b);
  return {
    columns,
    centres: Float64Array.from(
      order.flatMap((k) => Array.from(centres.subarray(k * columns, (k + 1) * columns))),
    ),
    label: own.map((label) => order.indexOf(label)),
    inertia,
  };
}

function nearest(
  x: Float64Array,
  row: number,
  columns: number,
  centres: Float64Array,
): { index: number; distance: number } {
  const best = { index: 0, distance: Number.POSITIVE_INFINITY };
  for (let k = 0; k * columns < centres.length; k++) {
    const distance = squaredDistance(x, row * columns, centres, k * columns, columns);
    if (distance < best.distance) Object.assign(best, { index: k, distance });
  }
  return best;
}

/** Squared Euclidean distance of `columns` numbers of a from i and of b from j. */
export function squaredDistance(
  a: Float64Array,
  i: number,
  b: Float64Array,
  j: number,
  columns: number,
): number {
  let total = 0;
  for (let d = 0; d < columns; d++) total += (a[i + d]! - b[j + d]!) ** 2;
  return total;
}

/** The number of rows N of x [N,D]. @throws RangeError when they are not whole or a value is not finite. */
export function checkRows(x: Float64Array, columns: number): number {
  checkCount("columns", columns);
  const rows = Math.floor(x.length / columns);
  checkCount("rows", rows);
  checkLength("x", x, rows * columns);
  checkFinite("x", x);
  return rows;
}
