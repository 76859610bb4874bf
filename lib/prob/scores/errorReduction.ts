/** The squared error that predictions save against predicting zero. */
import { checkLength, checkPositive, mean, standardDeviation } from "../../core/index.js";

/** One forecast: the mean reduction, in per cent of the variance, and its standard error for independent rows. */
export type ReductionRow = { readonly forecast: string; readonly reduction: number; readonly "± se": number };

/**
 * A row a forecast: 100 · (y² − (y − prediction)²) / variance, averaged over the rows; forecasts that are undefined are left out.
 * @param value     [N] outcomes
 * @param forecasts name → predictions [N]
 * @param variance  of the outcomes, the unit of the result
 * @throws RangeError when lengths differ or the variance is not positive.
 */
export function errorReductions(
  value: ArrayLike<number>,
  forecasts: Readonly<Record<string, ArrayLike<number> | undefined>>,
  variance: number,
): ReductionRow[] {
  checkPositive("variance", variance);
  return Object.entries(forecasts).flatMap(([forecast, prediction]) => {
    if (!prediction) return [];
    checkLength(`forecast "${forecast}"`, prediction, value.length);
    const saved = Float64Array.from(value, (y, n) => (100 * (y ** 2 - (y - prediction[n]!) ** 2)) / variance);
    const error = standardDeviation(saved) / Math.sqrt(value.length);
    return [{ forecast, reduction: mean(saved), "± se": error }];
  });
}
