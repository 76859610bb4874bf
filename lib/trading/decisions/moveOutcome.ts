/** What came of forecasts of a move of some size. */
import { checkPositive } from "../../core/index.js";

/**
 * 1 where |return| exceeds `size`, else 0, [N]: the outcomes that `moveProbability` predicts.
 * @throws RangeError when `size` is not positive.
 */
export function moveOutcome(returns: Float64Array, size: number): Float64Array {
  checkPositive("size", size);
  return returns.map((own) => (Math.abs(own) > size ? 1 : 0));
}
