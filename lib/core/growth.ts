/** How seconds grow with the size of the data. */
import { checkLength, checkPositive } from "./axes.js";
import { fittedLine } from "./stats.js";

/** Sizes and the seconds they took; arrays are [N]. */
export interface Timings {
  readonly sizes: readonly number[];
  readonly seconds: readonly number[];
}

/** One method: seconds grow like size to the power `exponent`, with the standard error of the fitted slope. */
export type GrowthRow = { readonly method: string; readonly exponent: number; readonly "± se": number };

/**
 * A row a method: the slope of log seconds over log size.
 * @throws RangeError when there are fewer than three sizes, or a number is not positive.
 */
export function growthRows(timings: Readonly<Record<string, Timings>>): GrowthRow[] {
  return Object.entries(timings).map(([method, { sizes, seconds }]) => {
    checkLength(`seconds of ${method}`, seconds, sizes.length);
    for (const value of [...sizes, ...seconds]) checkPositive(`sizes and seconds of ${method}`, value);
    const { slope, error } = fittedLine(sizes.map(Math.log), seconds.map(Math.log));
    return { method, exponent: slope, "± se": error };
  });
}

/** The value that `work` returns, and the seconds it takes by a clock in milliseconds, such as `() => performance.now()`. */
export function timed<T>(
  work: () => T,
  clock: () => number,
): { readonly value: T; readonly seconds: number } {
  const before = clock();
  const value = work();
  return { value, seconds: (clock() - before) / 1000 };
}

/** Seconds that `work` takes by a clock in milliseconds. */
export function secondsOf(work: () => unknown, clock: () => number): number {
  return timed(work, clock).seconds;
}
