/** Dependence within the returns of one series: moments, tails, memory. All on plain arrays, without a market. */
import { autocorrelation, checkCount, correlation, mean, powerOfTwo, quantile } from "../../core/index.js";

/** Kurtosis of x [T], the fourth central moment over the squared variance: 3 for a normal; divisor T in both. */
export function rawKurtosis(x: ArrayLike<number>): number {
  const centre = mean(x);
  const distance = Float64Array.from(x, (value) => value - centre);
  const unit = powerOfTwo(distance); // fourth powers of values of any size
  let [square, fourth] = [0, 0];
  for (const value of distance) {
    const d = (value / unit) ** 2;
    square += d;
    fourth += d * d;
  }
  return fourth / x.length / (square / x.length) ** 2;
}

/**
 * Hill's tail index from the k largest values against the one after them: about 3 for returns, infinite for a normal.
 * @throws RangeError when fewer than k + 1 values are positive.
 * @see Hill 1975
 */
export function hillIndex(values: ArrayLike<number>, k: number): number {
  checkCount("k", k);
  const sorted = Float64Array.from(values).sort().reverse();
  const threshold = sorted[k];
  if (!(threshold !== undefined && threshold > 0))
    throw new RangeError(
      `hillIndex: expected more than ${k} positive values, got ${sorted.filter((v) => v > 0).length}`,
    );
  let total = 0;
  for (let i = 0; i < k; i++) total += Math.log(sorted[i]! / threshold);
  return k / total;
}

/** The values with a share of each side drawn in to its quantile; a share from 0 to ½. */
export function winsorised(x: Float64Array, share: number): Float64Array {
  const [low, high] = [quantile(x, share), quantile(x, 1 - share)];
  return x.map((v) => Math.min(high, Math.max(low, v)));
}

/** Sums over whole blocks; an incomplete last one is left out. */
export function blockSums(x: Float64Array, block: number): Float64Array {
  checkCount("block", block);
  return Float64Array.from({ length: Math.floor(x.length / block) }, (_, b) => {
    let total = 0;
    for (let i = 0; i < block; i++) total += x[block * b + i]!;
    return total;
  });
}

/** Q of Ljung and Box: T (T + 2) Σ ρ_k² / (T − k) over lags 1 … `lags`; χ² with `lags` degrees of freedom without memory. */
export function ljungBox(x: Float64Array, lags: number): number {
  checkCount("lags", lags);
  const size = x.length;
  let total = 0;
  for (let k = 1; k <= lags; k++) total += autocorrelation(x, k) ** 2 / (size - k);
  return size * (size + 2) * total;
}

/** Correlation of r_t with the mean of |r| over t + 1 … t + `bars`: below 0 where falls unsettle a market. */
export function leverage(r: Float64Array, bars: number): number {
  checkCount("bars", bars);
  const ahead = new Float64Array(r.length - bars);
  let total = 0;
  for (let t = 0; t < r.length; t++) {
    total += Math.abs(r[t]!) - (t > bars ? Math.abs(r[t - bars]!) : t === bars ? Math.abs(r[0]!) : 0);
    if (t >= bars) ahead[t - bars] = total / bars;
  }
  return correlation(r.subarray(0, ahead.length), ahead);
}

/** Correlation of the ranks, tied values sharing their mean rank. */
export function spearman(x: ArrayLike<number>, y: ArrayLike<number>): number {
  return correlation(ranks(x), ranks(y));
}

function ranks(x: ArrayLike<number>): Float64Array {
  const order = Array.from({ length: x.length }, (_, i) => i).sort((a, b) => x[a]! - x[b]!);
  const out = new Float64Array(x.length);
  for (let i = 0; i < order.length; ) {
    let j = i;
    while (j + 1 < order.length && x[order[j + 1]!] === x[order[i]!]) j++;
    for (let k = i; k <= j; k++) out[order[k]!] = (i + j) / 2;
    i = j + 1;
  }
  return out;
}
