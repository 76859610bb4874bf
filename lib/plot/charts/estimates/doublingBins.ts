/** Histograms on a logarithmic scale, each bin twice as wide as the one before. */
import { checkCount, checkPositive } from "../../../core/index.js";
import type { BarOptions } from "../shapes/bars.js";

/** Categories and series of `bars`. */
export type Histogram = Pick<BarOptions, "categories" | "series">;

/**
 * Percent of each list's values in bins that double: from half of `first` to `first`, from there to twice that, and so on, `count` bins in all.
 *
 * Each bin holds its upper end and not its lower one; values below the first bin or above the last are in none.
 * @param lists  positive values by name
 * @throws RangeError when a list is empty, `first` is not positive or `count` no positive integer.
 */
export function doublingBins(
  lists: Readonly<Record<string, ArrayLike<number>>>,
  { first, count }: { readonly first: number; readonly count: number },
): Histogram {
  checkPositive("first", first);
  checkCount("count", count);
  const ends = Array.from({ length: count }, (_, i) => first * 2 ** i);
  const share = (values: ArrayLike<number>, end: number) =>
    (100 * Array.from(values).filter((value) => value > end / 2 && value <= end).length) / values.length;
  const series = Object.entries(lists).map(([name, values]) => {
    checkCount(`number of values of "${name}"`, values.length);
    return { name, values: ends.map((end) => share(values, end)) };
  });
  return { categories: ends.map((end) => `${end / 2}–${end}`), series };
}
