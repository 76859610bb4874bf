/** Labels of later rows by clusters of earlier ones, and whether the two halves of the earlier rows agree on them. */
import { adjustedRandIndex } from "./clusterScores.js";
import { type KMeansOptions, kMeans, nearestCentres } from "./clusters.js";

/** Rows [·,D], row-major, of one space. */
export interface ClusterStabilityRows {
  /** All rows to find clusters in, and those of the two halves. */
  readonly whole: Float64Array;
  readonly early: Float64Array;
  readonly late: Float64Array;
  /** [N,D] to be labelled. */
  readonly later: Float64Array;
}

/** Labels, and how far they depend on which half the clusters were found in. */
export interface ClusterStability {
  /** [N] of the later rows, by the clusters of all earlier ones. */
  readonly label: Uint16Array;
  /** Adjusted Rand index of the labels that the clusters of either half give the later rows. */
  readonly halves: number;
}

/**
 * Labels of later rows by the nearest of the k-means centres of earlier rows, and the agreement of the labels by either half.
 * @throws RangeError as `kMeans`, or when the later rows are not whole.
 */
export async function clusterStability(
  rows: ClusterStabilityRows,
  options: KMeansOptions,
): Promise<ClusterStability> {
  const { columns } = options;
  const labelsFrom = async (earlier: Float64Array): Promise<Uint16Array> => {
    const { centres } = await kMeans(earlier, options);
    return nearestCentres(rows.later, { columns, centres });
  };
  const label = await labelsFrom(rows.whole);
  const [early, late] = [await labelsFrom(rows.early), await labelsFrom(rows.late)];
  return { label, halves: adjustedRandIndex(early, late) };
}
