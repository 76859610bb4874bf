/** Schedules of a weight such as β over the steps of a training. */
import { checkCount, checkFinite } from "../../core/index.js";

/** The value at a step, counted from 0. A schedule keeps no count of its own. */
export type Schedule = (step: number) => number;

/**
 * A schedule of the same value throughout.
 * @throws RangeError when the value is not finite.
 */
export function constant(value: number): Schedule {
  checkFinite("value", [value]);
  return () => value;
}

/**
 * A schedule from `from` to `to` in equal steps, there at step `steps` and constant after. Runs in either direction.
 * @throws RangeError when a value is not finite or `steps` is not a positive integer.
 */
export function linear(from: number, to: number, steps: number): Schedule {
  checkFinite("from and to", [from, to]);
  checkCount("steps", steps);
  return (step) => from + (to - from) * Math.min(step / steps, 1);
}

/**
 * A schedule that is 0 while `hold` steps pass, then linear to `to`, there at step `end` and constant after.
 * @throws RangeError when a count is wrong or `to` is not finite.
 */
export function warmUp(hold: number, end: number, to: number): Schedule {
  checkCount("hold", hold, 0);
  checkCount("end", end, hold + 1);
  checkFinite("to", [to]);
  return (step) => to * Math.min(Math.max((step - hold) / (end - hold), 0), 1);
}

/**
 * A schedule that climbs from 0 to `to` in the first `rampShare` of each period, stays there for the rest, and starts again, for ever.
 * @throws RangeError when `rampShare` is not in (0, 1].
 * @see Fu, Li, Liu, Gao, Celikyilmaz & Carin 2019
 */
export function cyclical(to: number, period: number, rampShare: number): Schedule {
  checkFinite("to", [to]);
  checkCount("period", period);
  if (!(rampShare > 0 && rampShare <= 1))
    throw new RangeError(`rampShare: expected a number in (0, 1], got ${rampShare}`);
  return (step) => to * Math.min((step % period) / (period * rampShare), 1);
}

/**
 * A schedule that climbs from 0 to `to` in the first fifth of `steps`: the default of the texts this course starts from.
 *
 * The other reading, 0 for a fifth and then a ramp, is `warmUp(steps / 5, steps, to)`.
 * @throws RangeError when there are fewer than five steps.
 */
export function defaultWarmUp(to: number, steps: number): Schedule {
  checkCount("steps", steps, 5);
  return linear(0, to, Math.round(steps / 5));
}
