/** The week of a symbol: on which days it moves and trades, and how far its busiest hour is from its quietest. */

import type { Bars } from "../../core/index.js";
import { mean } from "../../core/index.js";
import { logReturns } from "../returns.js";
import { dayFacts } from "./jointFacts.js";

/** Moves and volume of one symbol by weekday, and by hour of the day. */
export interface WeekFacts {
  /** [7] Monday first, UTC: means of |r| and of volume over their mean of all bars. */
  readonly size: Float64Array;
  readonly volume: Float64Array;
  /** The busiest and the quietest hour of the day by volume, UTC. */
  readonly peakHour: number;
  readonly troughHour: number;
  /** Means of the busiest hour over those of the quietest, each of its own column. */
  readonly sizePeakOverTrough: number;
  readonly volumePeakOverTrough: number;
}

/**
 * Moves and volume of the bars by weekday, and how far the busiest hour is from the quietest.
 *
 * The first bar, and the bar after a hole, only give the close before; a weekday without bars is NaN. A description of history.
 */
export function weekFacts(bars: Bars): WeekFacts {
  const returns = logReturns(bars);
  const known = (x: Float64Array) => x.filter((_, t) => Number.isFinite(returns[t]!));
  const size = known(returns).map(Math.abs);
  const volume = known(bars.volume);
  const weekday = known(bars.openTime).map((time) => (new Date(time).getUTCDay() + 6) % 7);
  const byDay = (x: Float64Array): Float64Array =>
    Float64Array.from({ length: 7 }, (_, d) => mean(x.filter((_, t) => weekday[t] === d)) / mean(x));
  const hours = dayFacts(bars);
  return {
    size: byDay(size),
    volume: byDay(volume),
    peakHour: hours.volume.indexOf(Math.max(...hours.volume)),
    troughHour: hours.volume.indexOf(Math.min(...hours.volume)),
    sizePeakOverTrough: Math.max(...hours.size) / Math.min(...hours.size),
    volumePeakOverTrough: Math.max(...hours.volume) / Math.min(...hours.volume),
  };
}
