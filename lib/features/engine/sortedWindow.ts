/** The last numbers in order of size: a search of O(log window), and the move of one block of memory. */
import { checkCount } from "../../core/index.js";

export interface SortedWindow {
  /** Writes the `out.length` least of the last `window` numbers with `x` as the latest, ascending; false until there are so many. */
  least(x: number, out: Float64Array): boolean;
  /** Keeps `x`, and lets the oldest go. */
  keep(x: number): void;
}

/** The last `window` numbers, none of them NaN. */
export function sortedWindow(window: number): SortedWindow {
  checkCount("window", window);
  const kept = window - 1; // without the latest number, so that a live one can be tried
  const [arrivals, sorted] = [new Float64Array(kept), new Float64Array(kept)];
  let [count, oldest] = [0, 0];
  const least = (x: number, out: Float64Array): boolean => {
    if (count < kept) return false;
    const place = placeOf(x, sorted, count);
    for (let r = 0; r < out.length; r++) {
      if (r === place) out[r] = x;
      else out[r] = r < place ? sorted[r]! : sorted[r - 1]!;
    }
    return true;
  };
  const keep = (x: number): void => {
    if (kept === 0) return;
    if (count === kept) {
      const gone = placeOf(arrivals[oldest]!, sorted, count);
      sorted.copyWithin(gone, gone + 1, count);
      count--;
    }
    const place = placeOf(x, sorted, count);
    sorted.copyWithin(place + 1, place, count);
    sorted[place] = x;
    count++;
    arrivals[oldest] = x;
    oldest = (oldest + 1) % kept;
  };
  return { least, keep };
}

/** How many of the first `count` numbers are less than `x`. */
function placeOf(x: number, sorted: Float64Array, count: number): number {
  let [low, high] = [0, count];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < x) low = middle + 1;
    else high = middle;
  }
  return low;
}
