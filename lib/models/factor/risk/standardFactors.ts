/** Draws of the factors whose own moments are those of their distribution. */
import {
  checkCount,
  choleskyFlat,
  columnsOf,
  covariance,
  type Key,
  mean,
  normals,
} from "../../../core/index.js";

/**
 * Draws of z ~ N(0, I) [S,K], row-major, moved and mixed so that their mean is 0 and their covariance I but for rounding: what is
 * regressed on them has shares of variance that are squares, as in the population.
 * @throws RangeError when there are not more draws than factors.
 */
export function standardFactors(key: Key, count: number, factors: number): Float64Array {
  checkCount("factors", factors);
  checkCount("draws", count, factors + 1);
  const columns = columnsOf(normals(key, count * factors), factors);
  const centred = columns.map((column) => {
    const centre = mean(column);
    return column.map((value) => value - centre);
  });
  const moments = Float64Array.from(centred.flatMap((x) => centred.map((y) => covariance(x, y))));
  const lower = choleskyFlat(moments, factors, "moments of the factors");
  const out = new Float64Array(count * factors);
  for (let s = 0; s < count; s++) {
    for (let k = 0; k < factors; k++) {
      let value = centred[k]![s]!;
      for (let j = 0; j < k; j++) value -= lower[k * factors + j]! * out[s * factors + j]!;
      out[s * factors + k] = value / lower[k * factors + k]!;
    }
  }
  return out;
}
