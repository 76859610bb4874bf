/**
 * Statistics of the last bars in O(1) a bar on average, by adding only: nothing is ever subtracted, so nothing drifts, a flat
 * window has a variance of exactly zero, and a huge value is gone once it has left.
 *
 * Two stacks hold the window: the older half as aggregates of "this bar and all after it", the newer as bars and one aggregate.
 * When the older half is used up the newer one is turned over.
 * @see Tangwongsan, Hirzel, Schneider & Wu 2015, General incremental sliding-window aggregation, section 2
 */
import { checkCount } from "../../core/index.js";

/** A statistic that can be put together from those of two stretches, the first before the second. */
export interface Aggregate {
  /** How many numbers describe a stretch. */
  readonly width: number;
  /** `out` may be `first` or `second`, at the same offset. */
  merge(
    first: Float64Array,
    firstAt: number,
    second: Float64Array,
    secondAt: number,
    out: Float64Array,
    outAt: number,
  ): void;
}

/** An aggregate of a series of single numbers. */
export interface Statistic extends Aggregate {
  /** Describes a stretch of the one number `x`. */
  lift(x: number, out: Float64Array): void;
}

/**
 * The aggregate of the last `window` items with this as the latest; undefined until there are so many.
 *
 * The item is kept only where `final`. What is returned is overwritten by the next call.
 */
export type SlidingWindow = (item: Float64Array, final: boolean) => Float64Array | undefined;

/** The last `window` items under an aggregate. */
export function slidingWindow({ width, merge }: Aggregate, window: number): SlidingWindow {
  checkCount("window", window);
  const kept = window - 1; // without the latest bar, so that a live one can be tried
  const [older, newer] = [new Float64Array(kept * width), new Float64Array(kept * width)];
  const [newerTotal, result] = [new Float64Array(width), new Float64Array(width)];
  let [olderCount, newerCount] = [0, 0];

  const turnOver = (): void => {
    for (let i = 0; i < newerCount; i++) {
      const from = (newerCount - 1 - i) * width;
      const to = i * width;
      if (i === 0) older.set(newer.subarray(from, from + width), to);
      else merge(newer, from, older, to - width, older, to);
    }
    [olderCount, newerCount] = [newerCount, 0];
  };
  const keep = (item: Float64Array): void => {
    if (kept === 0) return;
    if (olderCount + newerCount === kept) {
      if (olderCount === 0) turnOver();
      olderCount--;
    }
    newer.set(item, newerCount * width);
    if (newerCount === 0) newerTotal.set(item);
    else merge(newerTotal, 0, item, 0, newerTotal, 0);
    newerCount++;
  };
  return (item, final) => {
    const full = olderCount + newerCount === kept;
    if (full) {
      if (newerCount > 0) merge(newerTotal, 0, item, 0, result, 0);
      else result.set(item);
      if (olderCount > 0) merge(older, (olderCount - 1) * width, result, 0, result, 0);
    }
    if (final) keep(item);
    return full ? result : undefined;
  };
}

/** The statistic of the last `window` numbers with `x` as the latest; undefined until there are so many. NaN is not kept. */
export function slidingStatistic(
  statistic: Statistic,
  window: number,
): (x: number, final: boolean) => Float64Array | undefined {
  const next = slidingWindow(statistic, window);
  const lifted = new Float64Array(statistic.width);
  return (x, final) => {
    if (Number.isNaN(x)) return undefined;
    statistic.lift(x, lifted);
    return next(lifted, final);
  };
}

/** Sum. */
export const total: Statistic = {
  width: 1,
  lift: (x, out) => {
    out[0] = x;
  },
  merge: (first, i, second, j, out, k) => {
    out[k] = first[i]! + second[j]!;
  },
};

/** Count, mean, and sum of squared deviations from the mean. @see Chan, Golub & LeVeque 1979 */
export const moments: Statistic = {
  width: 3,
  lift: (x, out) => {
    out[0] = 1;
    out[1] = x;
    out[2] = 0;
  },
  merge: (first, i, second, j, out, k) => {
    const a = first[i]!; // no destructuring in what runs for every bar: it costs as much as the sums
    const b = second[j]!;
    const meanA = first[i + 1]!;
    const apart = second[j + 1]! - meanA;
    out[k + 2] = first[i + 2]! + second[j + 2]! + (apart * apart * a * b) / (a + b);
    out[k + 1] = meanA + (apart * b) / (a + b);
    out[k] = a + b;
  },
};

/** Least and greatest. */
export const extremes: Statistic = {
  width: 2,
  lift: (x, out) => {
    out[0] = x;
    out[1] = x;
  },
  merge: (first, i, second, j, out, k) => {
    out[k] = Math.min(first[i]!, second[j]!);
    out[k + 1] = Math.max(first[i + 1]!, second[j + 1]!);
  },
};

/** Least, greatest, and deepest fall from a peak as a share of it: the deepest of both, or from the first's peak to the second's trough. */
export const fall: Statistic = {
  width: 3,
  lift: (x, out) => {
    out[0] = x;
    out[1] = x;
    out[2] = 0;
  },
  merge: (first, i, second, j, out, k) => {
    const across = 1 - second[j]! / first[i + 1]!;
    out[k + 2] = Math.max(first[i + 2]!, second[j + 2]!, across);
    out[k] = Math.min(first[i]!, second[j]!);
    out[k + 1] = Math.max(first[i + 1]!, second[j + 1]!);
  },
};

/** Weight and weighted mean of items [weight, value]; of equal values exactly that value, whatever they weigh. */
export const weightedMean: Aggregate = {
  width: 2,
  merge: (first, i, second, j, out, k) => {
    const a = first[i]!;
    const b = second[j]!;
    const apart = second[j + 1]! - first[i + 1]!;
    out[k + 1] = first[i + 1]! + (b === 0 ? 0 : (apart * b) / (a + b));
    out[k] = a + b;
  },
};
