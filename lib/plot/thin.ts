/** Fewer points for the eye to see the same line. */
import { checkCount, checkLength, median } from "../core/index.js";

/** Points in order of x: the line `y` or the `seeds` it is the median of, and the ends of a band about it. */
export interface Thinnable {
  readonly x: ArrayLike<number | string>;
  readonly y?: ArrayLike<number>;
  readonly seeds?: readonly ArrayLike<number>[];
  readonly lower?: ArrayLike<number>;
  readonly upper?: ArrayLike<number>;
}

/** A series after thinning: plain arrays in place of any kind of array, everything else as it was. */
export type Thinned<S extends Thinnable> = {
  [Name in keyof S]: Name extends keyof Thinnable ? Plain<S[Name]> : S[Name];
};

type Plain<Values> = Values extends readonly ArrayLike<number>[]
  ? readonly ArrayLike<number>[]
  : Values extends ArrayLike<infer Entry>
    ? ArrayLike<Entry>
    : Values;

/**
 * The series with about `points` points, the extremes of each stretch among them: a spike of one point stays.
 *
 * The first and the last point stay, and so does a gap (NaN) as long as a stretch. Seeds are taken where their median and the
 * band are. A series that is short enough comes back as it is; other properties, such as a name, are kept. Nothing is
 * averaged: what is left are points of the series.
 * @throws RangeError when `points` is below 4, the lengths of the arrays differ, or there is neither y nor a seed.
 */
export function thin<S extends Thinnable>(series: S, points: number): Thinned<S> {
  checkCount("points", points, 4);
  const { x, y, lower, upper, seeds } = series;
  const lines = [y ?? medianLine(seeds ?? []), ...(lower ? [lower] : []), ...(upper ? [upper] : [])];
  for (const line of [...lines, ...(seeds ?? [])]) checkLength("series", line, x.length);
  if (x.length <= points) return series as unknown as Thinned<S>;
  const kept = keptIndices(lines, x.length, Math.max(1, Math.floor((points - 2) / (2 * lines.length))));
  const pick = (values: ArrayLike<number>): number[] => kept.map((i) => values[i]!);
  const thinned: Thinnable = {
    x: kept.map((i) => x[i]!),
    ...(y ? { y: pick(y) } : {}),
    ...(lower ? { lower: pick(lower) } : {}),
    ...(upper ? { upper: pick(upper) } : {}),
    ...(seeds ? { seeds: seeds.map(pick) } : {}),
  };
  return { ...series, ...thinned } as unknown as Thinned<S>;
}

/**
 * The median over seeds at each point.
 * @throws RangeError when there is no seed or their lengths differ.
 */
export function medianLine(seeds: readonly ArrayLike<number>[]): Float64Array {
  const first = seeds[0];
  if (!first) throw new RangeError("series: expected y or at least one seed, got neither");
  for (const seed of seeds) checkLength("seed", seed, first.length);
  return Float64Array.from(first, (_, i) => median(seeds.map((seed) => seed[i]!)));
}

function keptIndices(lines: readonly ArrayLike<number>[], length: number, buckets: number): number[] {
  const kept = new Set([0]);
  for (let b = 0; b < buckets; b++) {
    const from = Math.floor((b * length) / buckets);
    const to = Math.floor(((b + 1) * length) / buckets);
    for (const line of lines) {
      for (const i of extremes(line, from, to)) kept.add(i);
    }
  }
  kept.add(length - 1);
  return [...kept].sort((a, b) => a - b);
}

/** Where the least and the greatest value stand, or the first entry of a stretch without any. */
function extremes(line: ArrayLike<number>, from: number, to: number): number[] {
  let least = -1;
  let greatest = -1;
  for (let i = from; i < to; i++) {
    const value = line[i]!;
    if (Number.isNaN(value)) continue;
    if (least < 0 || value < line[least]!) least = i;
    if (greatest < 0 || value > line[greatest]!) greatest = i;
  }
  return least < 0 ? [from] : [least, greatest];
}
