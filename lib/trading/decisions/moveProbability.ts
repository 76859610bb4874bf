/** Probability of a move of some size. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { checkPositive, type ForecastMoments, totalVariances } from "../../core/index.js";

/**
 * Probability that |return| exceeds `size`, [N], of the normal distribution with each row's mean and total variance.
 * @param size  in the unit of the returns, such as the cost of a round trip
 * @throws RangeError when `size` is not positive.
 */
export function moveProbability(forecast: ForecastMoments, size: number): Float64Array {
  checkPositive("size", size);
  const variance = totalVariances(forecast);
  return forecast.mean.map((mean, n) => {
    const sd = Math.sqrt(variance[n]!);
    return normalCdf((-size - mean) / sd, 0, 1) + normalCdf((mean - size) / sd, 0, 1);
  });
}
