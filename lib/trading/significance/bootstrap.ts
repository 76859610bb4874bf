/** The stationary bootstrap of Politis & Romano 1994: resampling blocks of random length, so that what depends stays together. */
import {
  checkCount,
  checkFinite,
  fold,
  type Key,
  mean,
  powerOfTwo,
  quantile,
  type Stream,
  standardDeviation,
  stream,
} from "../../core/index.js";
import { isRuined } from "../performance/ruin.js";

/** Options of the stationary bootstrap. */
export interface BootstrapOptions {
  readonly key: Key;
  /** How many resamples; 1,000 or more for a 95 % interval. */
  readonly replicates: number;
  /** Mean length of a block in bars, from 1 (independent bars) to the length of the series. */
  readonly meanBlock: number;
}

/**
 * The index that each bar of a resample takes, [T], from randomness given by the caller.
 *
 * Where `restart` is 1 the bar is `starts[t]`, elsewhere the one after its predecessor; the last is followed by the first.
 * @param starts   [T] integers in 0 … T − 1
 * @param restart  [T] 1 begins a block; the first bar always begins one
 * @see Politis & Romano 1994
 */
export function stationaryIndices(starts: ArrayLike<number>, restart: ArrayLike<number>): Uint32Array {
  const length = starts.length;
  if (restart.length !== length)
    throw new RangeError(`restart: expected ${length} values, got ${restart.length}`);
  const index = new Uint32Array(length);
  for (let t = 0; t < length; t++) {
    const start = starts[t]!;
    if (!(Number.isInteger(start) && start >= 0 && start < length)) {
      throw new RangeError(`starts[${t}]: expected an integer from 0 to ${length - 1}, got ${start}`);
    }
    index[t] = t === 0 || restart[t] === 1 ? start : (index[t - 1]! + 1) % length;
  }
  return index;
}

/**
 * The indices of one resample of `length` bars, [T]: blocks that start anywhere, of geometric length with mean `meanBlock`.
 * @throws RangeError when `meanBlock` is not between 1 and `length`.
 */
export function stationaryBootstrapIndices(key: Key, length: number, meanBlock: number): Uint32Array {
  checkBlock(length, meanBlock);
  const index = new Uint32Array(length);
  let t = 0;
  forEachBlock(stream(key), length, meanBlock, (start, count) => {
    for (let i = 0; i < count; i++) index[t++] = (start + i) % length;
  });
  return index;
}

/**
 * `statistic` of each resample of `returns`, [R]; resample r is that of `stationaryBootstrapIndices(fold(key, r), …)`.
 *
 * The array that `statistic` gets is filled anew each time: it may be changed, and must not be kept.
 * @param returns  [T]
 * @throws RangeError when a return is not finite or an option is out of range.
 */
export function bootstrapReplicates(
  returns: Float64Array,
  statistic: (sample: Float64Array) => number,
  options: BootstrapOptions,
): Float64Array {
  checkSeries("returns", returns, options);
  const sample = new Float64Array(returns.length);
  return Float64Array.from({ length: options.replicates }, (_, r) => {
    const index = stationaryBootstrapIndices(fold(options.key, r), returns.length, options.meanBlock);
    for (let t = 0; t < index.length; t++) sample[t] = returns[index[t]!]!;
    return statistic(sample);
  });
}

/**
 * The sum of each column over each resample, one [R] a column; the columns are resampled together.
 *
 * A block costs one subtraction whatever its length: statistics made of sums need no more than this.
 * @param columns  each [T]
 * @throws RangeError when the columns differ in length, a value is not finite, or an option is out of range.
 */
export function resampledSums(columns: readonly Float64Array[], options: BootstrapOptions): Float64Array[] {
  const length = columns[0]?.length ?? 0;
  columns.forEach((column, c) => {
    checkSeries(`columns[${c}]`, column, options);
    if (column.length !== length)
      throw new RangeError(`columns[${c}]: expected ${length} values, got ${column.length}`);
  });
  const running = columns.map(wrappedSums);
  const sums = columns.map(() => new Float64Array(options.replicates));
  for (let r = 0; r < options.replicates; r++) {
    forEachBlock(stream(fold(options.key, r)), length, options.meanBlock, (start, count) => {
      for (let c = 0; c < sums.length; c++) {
        sums[c]![r]! += running[c]![start + count]! - running[c]![start]!;
      }
    });
  }
  return sums;
}

/**
 * The Sharpe ratio per bar of each resample of `returns`, [R]: `bootstrapReplicates` of it, but a block costs the same whatever its length.
 *
 * After ruin all are −∞: a resample that leaves the ruinous bar out is none of that account.
 * @param returns  [T]
 * @throws RangeError when a return is not finite or an option is out of range.
 */
export function bootstrapSharpe(returns: Float64Array, options: BootstrapOptions): Float64Array {
  checkSeries("returns", returns, options);
  if (isRuined(returns)) return new Float64Array(options.replicates).fill(Number.NEGATIVE_INFINITY);
  const unit = powerOfTwo(returns); // returns of any size have squares in it, and the same ratio
  const centre = mean(returns) / unit;
  const deviation = returns.map((r) => r / unit - centre);
  const [sums, squares] = resampledSums([deviation, deviation.map((d) => d * d)], options) as [
    Float64Array,
    Float64Array,
  ];
  return sums.map((sum, r) => sharpeOfSums(centre, sum, squares[r]!, returns.length));
}

/** Sharpe ratio of `count` numbers from the sum and the sum of squares of their distances to `centre`. */
export function sharpeOfSums(centre: number, sum: number, squares: number, count: number): number {
  const variance = (squares - (sum * sum) / count) / (count - 1);
  return (centre + sum / count) / Math.sqrt(Math.max(variance, 0));
}

/** An estimate and the interval that resampling puts around it. */
export interface BootstrapInterval {
  readonly estimate: number;
  readonly lower: number;
  readonly upper: number;
  /** Standard deviation of the replicates. */
  readonly standardError: number;
}

/**
 * The interval of an estimate from its bootstrap replicates.
 *
 * "percentile" takes the quantiles of the replicates; "basic" reflects them about the estimate, which undoes a bias that the
 * resamples share with the sample. Neither is exact in small samples: both fall some points short of `level`. An infinite estimate,
 * such as a Sharpe ratio after ruin, is its own interval.
 * @param replicates  [R]
 * @throws RangeError when a replicate is not finite or `level` is not in (0, 1).
 * @see Davison & Hinkley 1997, chapter 5
 */
export function bootstrapInterval(
  estimate: number,
  replicates: Float64Array,
  options: { readonly level: number; readonly method: "percentile" | "basic" },
): BootstrapInterval {
  const { level, method } = options;
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a number in (0, 1), got ${level}`);
  if (Math.abs(estimate) === Number.POSITIVE_INFINITY) return certainInterval(estimate);
  checkFinite("replicates", replicates);
  checkFinite("estimate", [estimate]);
  const low = quantile(replicates, (1 - level) / 2);
  const high = quantile(replicates, (1 + level) / 2);
  const percentile = method === "percentile";
  return {
    estimate,
    lower: percentile ? low : 2 * estimate - high,
    upper: percentile ? high : 2 * estimate - low,
    standardError: standardDeviation(replicates),
  };
}

/** The interval of an estimate that no resample can move. */
export function certainInterval(estimate: number): BootstrapInterval {
  return { estimate, lower: estimate, upper: estimate, standardError: Number.NaN };
}

/** Calls `visit` with the blocks of one resample, whose lengths add up to `length`. */
export function forEachBlock(
  random: Stream,
  length: number,
  meanBlock: number,
  visit: (start: number, count: number) => void,
): void {
  const logStay = Math.log1p(-1 / meanBlock); // −∞ at a mean of 1: every block is one bar
  for (let done = 0; done < length; ) {
    const start = random.integer(length);
    const drawn = 1 + Math.floor(Math.log(random.uniform()) / logStay);
    const count = Math.min(drawn, length - done);
    visit(start, count);
    done += count;
  }
}

/** Sums of the first 0 … 2T entries of `x` followed by itself. */
export function wrappedSums(x: Float64Array): Float64Array {
  const sums = new Float64Array(2 * x.length + 1);
  for (let i = 0; i < 2 * x.length; i++) sums[i + 1] = sums[i]! + x[i % x.length]!;
  return sums;
}

function checkSeries(name: string, x: Float64Array, options: BootstrapOptions): void {
  checkFinite(name, x);
  checkCount("replicates", options.replicates, 2);
  checkBlock(x.length, options.meanBlock);
}

function checkBlock(length: number, meanBlock: number): void {
  checkCount("length of the series", length, 2);
  if (!(meanBlock >= 1 && meanBlock <= length)) {
    throw new RangeError(`meanBlock: expected a number of bars from 1 to ${length}, got ${meanBlock}`);
  }
}
