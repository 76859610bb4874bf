/** Evidence for clusters in rows, as any clustering finds some. */
import { checkCount, cholesky, fold, type Key, normals } from "../../core/index.js";
import { againstNull, type NullTest } from "../../prob/diagnostics/index.js";
import { type SilhouetteOptions, silhouette } from "./clusterScores.js";
import { type KMeansOptions, kMeans } from "./clusters.js";
import { weightedScatter } from "./gaussianComponents.js";

/**
 * As many rows from one Gaussian with the mean and covariance of `x`: one cloud, of the same size and slant.
 * @param x [N,D] row-major
 * @returns [N,D]
 * @throws RangeError when the covariance of the columns is not positive definite.
 */
export function singleCloud(x: Float64Array, columns: number, key: Key): Float64Array {
  checkCount("columns", columns);
  const rows = x.length / columns;
  checkCount("rows", rows, 2);
  const centre = new Float64Array(columns);
  x.forEach((value, i) => {
    centre[i % columns]! += value / rows;
  });
  const covariance = weightedScatter(x, new Float64Array(rows).fill(1 / rows), centre);
  const lower = cholesky(covariance, "covariance of the columns");
  const z = normals(key, x.length);
  return Float64Array.from(z, (_, i) => {
    const [row, d] = [i - (i % columns), i % columns];
    let value = centre[d]!;
    for (let j = 0; j <= d; j++) value += lower.get(d, j) * z[row + j]!;
    return value;
  });
}

/**
 * The silhouette of k-means clusters of `x` beside that of k-means clusters of single Gaussian clouds, found in the same way.
 *
 * The right chance level for labels found in the rows themselves. Rows with heavy tails are not Gaussian either and may beat it a
 * little without having clusters; memory in time does not matter, as neither k-means nor the silhouette looks at time.
 * @param x [N,D] row-major
 * @throws RangeError as `kMeans`, `silhouette` or `singleCloud`.
 * @see Tibshirani, Walther & Hastie 2001, for their gap statistic, with the silhouette in place of the dispersion
 */
export async function emergentClusterTest(
  x: Float64Array,
  options: KMeansOptions & SilhouetteOptions & { readonly replicates: number },
): Promise<NullTest> {
  const { columns, replicates, key } = options;
  checkCount("replicates", replicates);
  const value = await clusteredSilhouette(x, options);
  const nulls = new Float64Array(replicates);
  for (let r = 0; r < replicates; r++) {
    const own = fold(key, "cloud", r);
    nulls[r] = await clusteredSilhouette(singleCloud(x, columns, own), { ...options, key: own });
  }
  return againstNull(value, nulls);
}

async function clusteredSilhouette(
  x: Float64Array,
  options: KMeansOptions & SilhouetteOptions,
): Promise<number> {
  const { label } = await kMeans(x, options);
  return silhouette(x, label, options);
}
