/** How far features point the same way. */
import { checkCount, mean, rootMeanSquare } from "../core/index.js";
import type { RegressionPart } from "./regressionDataset.js";

/**
 * Absolute mean of the features `from` to before `to` of each row over their root mean square, [N]: 1 where they are all alike, 0 where
 * they cancel.
 * @param part  its x is [N,F]
 * @throws RangeError when the features are not among its columns.
 */
export function signalAgreement(
  { x, columns }: Pick<RegressionPart, "x" | "columns">,
  from: number,
  to: number,
): Float64Array {
  checkCount("features", to - from);
  if (!(from >= 0 && to <= columns))
    throw new RangeError(`features: expected places from 0 to ${columns}, got ${from} to ${to}`);
  return Float64Array.from({ length: x.length / columns }, (_, n) => {
    const own = x.subarray(n * columns + from, n * columns + to);
    return Math.abs(mean(own)) / rootMeanSquare(own);
  });
}
