/** Series of rows one after the other, and how far apart in time their rows are. */
import { checkCount, checkLength } from "../../core/index.js";
import { checkLengths } from "../../prob/diagnostics/index.js";

/** Beginnings and ends of series, and their times. */
export interface SeriesLayout {
  /** Rows of each series, one series after the other; default a single series. */
  readonly lengths?: readonly number[];
  /** [T] UTC milliseconds of each row: as far apart within a series as those that the model was fitted on. */
  readonly time?: ArrayLike<number>;
}

/**
 * Milliseconds between two rows of the same series.
 * @throws RangeError when two such distances differ or one is not positive, or no series has two rows.
 */
export function spacingOf(time: ArrayLike<number>, lengths: readonly number[] = [time.length]): number {
  let stepMs: number | undefined;
  forEachSeries(time.length, { lengths }, (from, to) => {
    for (let t = from + 1; t < to; t++) {
      const apart = time[t]! - time[t - 1]!;
      stepMs ??= apart;
      if (!(apart > 0))
        throw new RangeError(
          `time[${t}]: expected a time after that of the row before it, ${apart} ms later`,
        );
      checkStep(`time[${t}]`, apart, { stepMs, as: "the rows before" });
    }
  });
  if (stepMs === undefined) throw new RangeError("time: expected a series of at least two rows, got none");
  return stepMs;
}

/**
 * Lengths [stretches] of the stretches of rows with times [N] that follow one another by exactly `stepMs`: the `lengths` of series with gaps, or of one symbol
 * after the other.
 */
export function unbrokenLengths(time: ArrayLike<number>, stepMs: number): number[] {
  const lengths: number[] = [];
  for (let t = 0; t < time.length; t++) {
    if (t > 0 && time[t]! - time[t - 1]! === stepMs) lengths[lengths.length - 1]!++;
    else lengths.push(1);
  }
  return lengths;
}

/** Throws a RangeError unless the rows are as far apart as those that a model was fitted on; one without a step takes any. */
export function checkSpacing(
  { stepMs }: { readonly stepMs?: number },
  { time, lengths }: SeriesLayout,
  rows: number,
): void {
  if (stepMs === undefined) return;
  if (!time)
    throw new RangeError(
      `time: expected that of each row, as the model was fitted on rows ${stepMs} ms apart`,
    );
  checkLength("time", time, rows);
  forEachSeries(rows, lengths ? { lengths } : {}, (from, to) => {
    for (let t = from + 1; t < to; t++)
      checkStep(`time[${t}]`, time[t]! - time[t - 1]!, { stepMs, as: "those of the fit" });
  });
}

/** Throws a RangeError unless `apart` is the step, where there is one. */
export function checkStep(
  name: string,
  apart: number,
  { stepMs, as }: { readonly stepMs: number | undefined; readonly as: string },
): void {
  if (stepMs === undefined || apart === stepMs) return;
  throw new RangeError(
    `${name}: expected rows ${stepMs} ms apart, as ${as}, got ${apart} ms; after a gap a series begins anew`,
  );
}

/** Calls `use` with the first row of each series and the one after its last. */
export function forEachSeries(
  rows: number,
  { lengths = [rows] }: SeriesLayout,
  use: (from: number, to: number) => void,
): void {
  checkCount("rows", rows);
  checkLengths(lengths, rows, 1);
  let from = 0;
  for (const length of lengths) {
    use(from, from + length);
    from += length;
  }
}
