/** Sample statistics in float64. */
import { checkLength } from "./axes.js";

/** The numbers in the one kind of array that the loops here are compiled for: any other is several times slower to read. */
function flat(x: ArrayLike<number>): Float64Array {
  return x instanceof Float64Array ? x : new Float64Array(x);
}

/** Sum of x [N], with the rounding of each addition kept and added at the end (Neumaier). */
export function sum(x: ArrayLike<number>): number {
  return compensatedSum(flat(x));
}

function compensatedSum(x: Float64Array): number {
  let total = 0;
  let lost = 0; // Neumaier's compensation
  for (let i = 0; i < x.length; i++) {
    const value = x[i]!;
    const next = total + value;
    lost += Math.abs(total) >= Math.abs(value) ? total - next + value : value - next + total;
    total = next;
  }
  return Number.isFinite(total) ? total + lost : total;
}

/** Arithmetic mean of x [N], never outside the least and the greatest value; NaN of nothing. */
export function mean(x: ArrayLike<number>): number {
  return meanOf(flat(x));
}

function meanOf(x: Float64Array): number {
  let [least, greatest] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < x.length; i++) {
    least = Math.min(least, x[i]!);
    greatest = Math.max(greatest, x[i]!);
  }
  let average = compensatedSum(x) / x.length;
  const overflows = !Number.isFinite(average) && Number.isFinite(least) && Number.isFinite(greatest);
  if (overflows && x.length > 0) average = compensatedSum(x.map((value) => value / x.length));
  return Math.min(greatest, Math.max(least, average)); // equal values have no deviation, not one of rounding
}

/** Variance of x [N] with divisor N − ddof: 1 for a sample (the default), 0 for a population. */
export function variance(x: ArrayLike<number>, ddof = 1): number {
  const { unit, values } = scaledDeviations(x);
  return (productSum(values, values) / (x.length - ddof)) * unit * unit;
}

/** Standard deviation of x [N] with divisor N − ddof, of values of any size: their squares neither vanish nor overflow. */
export function standardDeviation(x: ArrayLike<number>, ddof = 1): number {
  const { unit, values } = scaledDeviations(x);
  return unit * Math.sqrt(productSum(values, values) / (x.length - ddof));
}

/**
 * Covariance of x [N] and y [N] with divisor N − ddof.
 * @throws RangeError when lengths differ.
 */
export function covariance(x: ArrayLike<number>, y: ArrayLike<number>, ddof = 1): number {
  checkLength("y", y, x.length);
  const [a, b] = [scaledDeviations(x), scaledDeviations(y)];
  return (productSum(a.values, b.values) / (x.length - ddof)) * a.unit * b.unit;
}

/**
 * Pearson's correlation, in [−1, 1], of x [N] and y [N], values of any size; NaN where one side does not vary.
 * @throws RangeError when lengths differ.
 */
export function correlation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  checkLength("y", y, x.length);
  const [a, b] = [scaledDeviations(x).values, scaledDeviations(y).values];
  const count = x.length - 1;
  const spread = Math.sqrt((productSum(a, a) / count) * (productSum(b, b) / count));
  return Math.min(1, Math.max(-1, productSum(a, b) / count / spread));
}

/** √ mean x² over x [N], values of any size. */
export function rootMeanSquare(x: ArrayLike<number>): number {
  const values = flat(x);
  const unit = unitOf(values);
  let total = 0;
  for (let i = 0; i < values.length; i++) total += (values[i]! / unit) ** 2;
  return unit * Math.sqrt(total / values.length);
}

/**
 * The power of two at or below the largest magnitude in x [N], 1 where all are zero: a unit in which squares neither vanish nor overflow.
 *
 * Division by it is exact, so that results in ordinary units stay the same to the bit.
 */
export function powerOfTwo(x: ArrayLike<number>): number {
  return unitOf(flat(x));
}

function unitOf(x: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < x.length; i++) largest = Math.max(largest, Math.abs(x[i]!));
  if (!(largest > 0 && Number.isFinite(largest))) return 1;
  return 2 ** Math.min(1023, Math.max(-1022, Math.floor(Math.log2(largest))));
}

/** Distances to the mean in units of `unit`. */
function scaledDeviations(x: ArrayLike<number>): { readonly unit: number; readonly values: Float64Array } {
  const given = flat(x);
  const centre = meanOf(given);
  const values = new Float64Array(given.length);
  for (let i = 0; i < values.length; i++) values[i] = given[i]! - centre;
  const unit = unitOf(values);
  const scale = 1 / unit; // exact, as the unit is a power of two
  for (let i = 0; i < values.length; i++) values[i]! *= scale;
  return { unit, values };
}

function productSum(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

/**
 * Quantile of x [N] by linear interpolation between order statistics (type 7 of Hyndman & Fan 1996).
 * @throws RangeError when the probability is not in [0, 1].
 */
export function quantile(x: ArrayLike<number>, probability: number): number {
  if (!(probability >= 0 && probability <= 1)) {
    throw new RangeError(`probability: expected a number in [0, 1], got ${probability}`);
  }
  const sorted = new Float64Array(x).sort();
  const position = probability * (sorted.length - 1);
  const below = Math.floor(position);
  const lower = sorted[below] ?? Number.NaN;
  const upper = sorted[Math.min(below + 1, sorted.length - 1)] ?? Number.NaN;
  if (lower === upper || position === below) return lower; // infinite values have no difference
  return lower + (position - below) * (upper - lower);
}

/** Median of x [N], the mean of the two middle values where N is even; NaN of nothing. */
export function median(x: ArrayLike<number>): number {
  return quantile(x, 0.5);
}

/** log Σ exp(x) over x [N], without overflow; −∞ of nothing. */
export function logSumExp(x: ArrayLike<number>): number {
  return logSumExpOf(flat(x));
}

function logSumExpOf(x: Float64Array): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let i = 0; i < x.length; i++) top = Math.max(top, x[i]!);
  if (!Number.isFinite(top)) return top;
  let total = 0;
  for (let i = 0; i < x.length; i++) total += Math.exp(x[i]! - top);
  return top + Math.log(total);
}

/** Autocorrelation of x [N] at `lag`, with the mean and variance of the whole sample; NaN where nothing varies. */
export function autocorrelation(x: ArrayLike<number>, lag: number): number {
  const { values } = scaledDeviations(x);
  return productSum(values.subarray(lag), values) / productSum(values, values);
}

/**
 * Standard error of the `autocorrelation` of x [T] at `lag` when the series has no memory but its size may have: 1 / √T where sizes are independent,
 * more where large values follow large ones. NaN where nothing varies.
 * @see White 1980; Diebold 1986
 */
export function autocorrelationError(x: ArrayLike<number>, lag: number): number {
  const { values } = scaledDeviations(x);
  const squares = values.map((value) => value * value);
  return Math.sqrt(productSum(squares.subarray(lag), squares)) / productSum(values, values);
}

/**
 * Slope and intercept of the least-squares line through points x [N], y [N], and the standard error of the slope.
 * @throws RangeError when lengths differ, there are fewer than three points, or x does not vary.
 */
export function fittedLine(
  x: ArrayLike<number>,
  y: ArrayLike<number>,
): { readonly slope: number; readonly intercept: number; readonly error: number } {
  checkLength("y", y, x.length);
  if (x.length < 3) throw new RangeError(`x: expected at least three points, got ${x.length}`);
  const spread = variance(x) * (x.length - 1);
  if (!(spread > 0)) throw new RangeError("x: expected values that vary, got the same throughout");
  const slope = covariance(x, y) / variance(x);
  const intercept = mean(y) - slope * mean(x);
  let rest = 0;
  for (let i = 0; i < x.length; i++) rest += (y[i]! - intercept - slope * x[i]!) ** 2;
  return { slope, intercept, error: Math.sqrt(rest / (x.length - 2) / spread) };
}

/**
 * Standard error of the mean when values of different clusters are independent and those of one are not, such as the hours of a day.
 * @param clusters  [N] a number for each value, equal within a cluster
 * @throws RangeError when lengths differ.
 * @see Liang & Zeger 1986
 */
export function clusteredError(values: ArrayLike<number>, clusters: ArrayLike<number>): number {
  checkLength("clusters", clusters, values.length);
  const centre = mean(values);
  const sums = new Map<number, number>();
  for (let n = 0; n < values.length; n++)
    sums.set(clusters[n]!, (sums.get(clusters[n]!) ?? 0) + values[n]! - centre);
  const squares = [...sums.values()].reduce((total, own) => total + own * own, 0);
  return Math.sqrt((squares * sums.size) / Math.max(1, sums.size - 1)) / values.length;
}
