/** How often a forecast has the right sign. */
import { type Bars, checkLength } from "../../core/index.js";

/**
 * The fraction of closes after which the price went the way that the forecast said, over all assets. A price that stood still counts as
 * right where the forecast is zero.
 * @param forecast  [T,A] of the bar at t, made before it
 * @param from      first bar that counts, 1 or later
 * @throws RangeError when there is not one forecast a bar and asset, or `from` leaves no bar.
 */
export function signHitRate(bars: readonly Bars[], forecast: ArrayLike<number>, from: number): number {
  const length = bars[0]?.close.length ?? 0;
  checkLength("forecast", forecast, length * bars.length);
  if (!(from >= 1 && from < length))
    throw new RangeError(`from: expected a bar from 1 to ${length - 1}, got ${from}`);
  let right = 0;
  for (let t = from; t < length; t++)
    bars.forEach(({ close }, a) => {
      if (Math.sign(close[t]! - close[t - 1]!) === Math.sign(forecast[t * bars.length + a]!)) right++;
    });
  return right / ((length - from) * bars.length);
}
