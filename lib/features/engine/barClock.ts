/** A clock of bars: the next bar, and whether one is missing. */
import { checkPositive } from "../../core/index.js";

export interface BarClock {
  /**
   * Whether a bar is the very next after the last one kept.
   * @throws RangeError when it is not after it by whole steps.
   */
  follows(openTime: number): boolean;
  keep(openTime: number): void;
}

/** A clock of bars of `stepMs`; times are UTC milliseconds. */
export function barClock(stepMs: number): BarClock {
  checkPositive("stepMs", stepMs);
  let last = Number.NaN;
  const follows = (openTime: number): boolean => {
    if (!Number.isSafeInteger(openTime))
      throw new RangeError(`openTime: expected whole milliseconds, got ${openTime}`);
    if (Number.isNaN(last)) return false;
    const elapsed = openTime - last;
    if (elapsed > 0 && elapsed % stepMs === 0) return elapsed === stepMs;
    throw new RangeError(
      `openTime: expected a time after ${last} by whole steps of ${stepMs} ms, got ${openTime}`,
    );
  };
  return {
    follows,
    keep: (openTime) => {
      last = openTime;
    },
  };
}
