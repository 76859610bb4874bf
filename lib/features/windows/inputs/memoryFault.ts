/** A trial of how far features reach back: some rows, computed again of the last bars alone. */
import type { Bars, Panel } from "../../../core/index.js";
import { checkCount, checkLength } from "../../../core/index.js";
import { countBefore, sliceBars } from "../../../market/index.js";

/** Options of `memoryFault`. */
export interface MemoryOptions {
  /** The panel of all bars; computed where it is not given. */
  readonly whole?: Panel;
  /** Bars of time on which a row may rest, its own among them. */
  readonly reach: number;
  /** Indices of the rows that are tried, ascending. */
  readonly rows: readonly number[];
  /** [F] standard deviations by which the features are scaled. */
  readonly deviations: ArrayLike<number>;
}

/** A feature that rests on more bars than it may. */
export interface MemoryFault {
  readonly feature: string;
  /** Of the row, UTC milliseconds. */
  readonly time: number;
  /** Its value with all bars before it, and with those that it may rest on. */
  readonly whole: number;
  readonly recent: number;
}

/** Of a standard deviation: what an exponential mean of 100 bars still knows of the bars before the last 700 is less. */
const TOLERANCE = 1e-5;

/** Of a value that is rounded to float32. */
const ROUNDING = 2 ** -23;

/**
 * The first feature whose row changes when bars further back than `reach` are left out; undefined where there is none.
 *
 * A row changes when it moves by more than the rounding of float32 and a hundred-thousandth of the feature's standard deviation, or has
 * a value in one and none in the other. Means whose memory fades, such as an exponential one of 14 bars, do not. What the tried rows do not
 * show is not found: a high of all time is that of the last bars while prices rise.
 * @throws RangeError when `reach` is no positive integer or there is not one deviation a feature.
 */
export function memoryFault(
  bars: Bars,
  features: (bars: Bars) => Panel,
  { reach, rows, deviations, whole = features(bars) }: MemoryOptions,
): MemoryFault | undefined {
  checkCount("reach", reach);
  const { names, values, time } = whole;
  checkLength("deviations", deviations, names.length);
  for (const t of rows) {
    const from = countBefore(bars.openTime, bars.openTime[t]! - (reach - 1) * bars.stepMs);
    const recent = features(sliceBars(bars, from, t + 1)).values.slice(-names.length);
    const f = names.findIndex((_, f) => !isSame(values[t * names.length + f]!, recent[f]!, deviations[f]!));
    if (f >= 0)
      return { feature: names[f]!, time: time[t]!, whole: values[t * names.length + f]!, recent: recent[f]! };
  }
  return undefined;
}

function isSame(a: number, b: number, deviation: number): boolean {
  const largest = ROUNDING * Math.max(Math.abs(a), Math.abs(b)) + TOLERANCE * deviation;
  return Object.is(a, b) || Math.abs(a - b) <= largest;
}
