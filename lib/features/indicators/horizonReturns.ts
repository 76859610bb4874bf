/** Returns of the close over horizons in minutes, which are those of the past. */
import { checkPositive } from "../../core/index.js";
import { type FeatureSpec, singleFeature } from "../engine/featureSpec.js";
import { lag, logChange } from "../engine/followers.js";

const MINUTE = 60_000;

/** A minute, five, a quarter of an hour, an hour, four hours, a day. */
export const HORIZONS: readonly number[] = [1, 5, 15, 60, 240, 1440];

/**
 * log(close / close `minutes` before)
 * @throws RangeError when the horizon is no whole number of bars of `stepMs`.
 */
export function logReturn(minutes: number, stepMs: number): FeatureSpec {
  const steps = barsOf(minutes, stepMs);
  return singleFeature({ name: `logReturn${minutes}m`, warmUp: steps }, () => {
    const change = logChange(steps);
    return (bar, final) => change(bar.close, final);
  });
}

/**
 * close / close `minutes` before − 1
 * @throws RangeError when the horizon is no whole number of bars of `stepMs`.
 */
export function simpleReturn(minutes: number, stepMs: number): FeatureSpec {
  const steps = barsOf(minutes, stepMs);
  return singleFeature({ name: `simpleReturn${minutes}m`, warmUp: steps }, () => {
    const before = lag(steps);
    return (bar, final) => bar.close / before(bar.close, final) - 1;
  });
}

/** Whether a horizon in minutes is a whole number of bars. */
export function isWholeHorizon(minutes: number, stepMs: number): boolean {
  const steps = (minutes * MINUTE) / stepMs;
  return Number.isSafeInteger(steps) && steps > 0;
}

function barsOf(minutes: number, stepMs: number): number {
  checkPositive("stepMs", stepMs);
  if (isWholeHorizon(minutes, stepMs)) return (minutes * MINUTE) / stepMs;
  throw new RangeError(`horizon: expected a multiple of ${stepMs / MINUTE} minutes, got ${minutes}`);
}
