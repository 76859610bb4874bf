/** The parts of features: functions that follow a series number by number and keep a number only where it is final. */
import { checkCount } from "../../core/index.js";
import { moments, slidingStatistic } from "./slidingWindow.js";

/** The value with `x` as the latest number, NaN until defined; NaN in gives NaN out and leaves the state as it was. */
export type Follower = (x: number, final: boolean) => number;

/** The number `steps` before. */
export function lag(steps: number): Follower {
  checkCount("steps", steps);
  const past = new Float64Array(steps).fill(Number.NaN);
  let at = 0;
  return (x, final) => {
    if (Number.isNaN(x)) return Number.NaN;
    const before = past[at]!;
    if (final) {
      past[at] = x;
      at = (at + 1) % steps;
    }
    return before;
  };
}

/** log(x_t / x_{t−steps}) */
export function logChange(steps = 1): Follower {
  const before = lag(steps);
  return (x, final) => Math.log(x / before(x, final));
}

/** Mean of the last `window` numbers; of equal numbers exactly that number. */
export function slidingMean(window: number): Follower {
  const last = slidingStatistic(moments, window);
  return (x, final) => last(x, final)?.[1] ?? Number.NaN;
}

/** Sample standard deviation, divisor window − 1, of the last `window` numbers. */
export function slidingDeviation(window: number): Follower {
  checkCount("window", window, 2);
  const last = slidingStatistic(moments, window);
  return (x, final) => {
    const found = last(x, final);
    return found ? Math.sqrt(found[2]! / (window - 1)) : Number.NaN;
  };
}

/** The mean of the first `count` numbers, from then on moved towards each by the share `weight`. */
export function smoothed(count: number, weight: number): Follower {
  checkCount("count", count);
  let [seen, first, level] = [0, 0, 0];
  return (x, final) => {
    if (Number.isNaN(x)) return Number.NaN;
    const value = seen < count ? (first + x) / (seen + 1) : level + weight * (x - level);
    const defined = seen >= count - 1;
    if (final) {
      if (seen < count) first += x;
      seen++;
      level = value;
    }
    return defined ? value : Number.NaN;
  };
}

/** Exponential mean of weight 2 / (period + 1), seeded by the mean of the first `period` numbers. */
export function exponentialMean(period: number): Follower {
  return smoothed(period, 2 / (period + 1));
}

/** Wilder's mean, of weight 1 / period, seeded by the mean of the first `period` numbers. @see Wilder 1978 */
export function wilderMean(period: number): Follower {
  return smoothed(period, 1 / period);
}
