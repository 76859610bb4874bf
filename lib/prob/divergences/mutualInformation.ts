/** Mutual information and entropy of samples, in nats. */
import { checkCount, checkFinite, checkLength, standardDeviation } from "../../core/index.js";

/**
 * The bin [N] of each value of x [N] among `bins` of equal width over [min, max], counted from 0; the largest value is in the last bin.
 *
 * One outlier stretches the bins of all: look at the range first. A constant column is in one bin.
 * @throws RangeError when a value is not finite or `bins` is not a positive integer.
 */
export function equalWidthBins(x: ArrayLike<number>, bins: number): Int32Array {
  checkCount("bins", bins);
  checkFinite("x", x);
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < x.length; i++) [low, high] = [Math.min(low, x[i]!), Math.max(high, x[i]!)];
  const step = (high - low) / bins;
  return Int32Array.from({ length: x.length }, (_, i) => {
    if (!(step > 0)) return 0;
    let bin = Math.min(bins - 1, Math.floor((x[i]! - low) / step));
    // the edges are low + b · step as rounded, not the quotient
    while (bin > 0 && x[i]! < low + bin * step) bin--;
    while (bin < bins - 1 && x[i]! >= low + (bin + 1) * step) bin++;
    return bin;
  });
}

/** Entropy of the observed shares of classes [N], nats. */
export function classEntropy(classes: ArrayLike<number>): number {
  return entropyOfCounts(countsOf(classes), classes.length);
}

/**
 * I(a; b) in nats of two columns of classes, [N] each, from their observed shares.
 *
 * Biased upwards by about (|a| − 1)(|b| − 1) / 2N: subtract the mean under a permutation where N is small.
 * @throws RangeError when the lengths differ.
 */
export function classMutualInformation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  checkLength("b", b, a.length);
  const [ofA, ofB] = [countsOf(a), countsOf(b)];
  const joint = new Map<number, Map<number, number>>();
  for (let i = 0; i < a.length; i++) {
    const row = joint.get(a[i]!) ?? new Map<number, number>();
    joint.set(a[i]!, row.set(b[i]!, (row.get(b[i]!) ?? 0) + 1));
  }
  let total = 0;
  for (const [x, row] of joint)
    for (const [y, count] of row)
      total += (count / a.length) * Math.log((count * a.length) / (ofA.get(x)! * ofB.get(y)!));
  return Math.max(0, total);
}

/**
 * I(x; y) in nats of two normals with correlation `rho`: −½ log(1 − ρ²).
 * @throws RangeError when `rho` is not between −1 and 1.
 */
export function gaussianMutualInformation(rho: number): number {
  if (!(Math.abs(rho) < 1)) throw new RangeError(`rho: expected a number between -1 and 1, got ${rho}`);
  return -0.5 * Math.log1p(-rho * rho);
}

/**
 * Mutual information I(x; y) of two continuous columns [N] in nats, from distances to nearest neighbours: no bins, little bias; time N², so some thousand rows.
 *
 * Distances are in standard deviations of each column, so that its unit is nothing to the answer. Ties break it: jitter discrete
 * data, or use classes. May be slightly negative where there is none.
 * @throws RangeError when the lengths differ or there are no more rows than neighbours.
 * @see Kraskov, Stögbauer & Grassberger 2004, equation 8
 */
export function neighbourMutualInformation(x: Float64Array, y: Float64Array, neighbours: number): number {
  checkLength("y", y, x.length);
  checkCount("neighbours", neighbours);
  checkCount("rows", x.length, neighbours + 1);
  const rows = x.length;
  const [a, b] = [inDeviations(x), inDeviations(y)];
  const harmonic = digammas(rows);
  const distance = new Float64Array(rows);
  let total = 0;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < rows; j++) distance[j] = Math.max(Math.abs(a[i]! - a[j]!), Math.abs(b[i]! - b[j]!));
    const radius = distance.slice().sort()[neighbours]!; // the row itself is the zeroth
    let [near, nearby] = [0, 0];
    for (let j = 0; j < rows; j++) {
      if (j !== i && Math.abs(a[i]! - a[j]!) < radius) near++;
      if (j !== i && Math.abs(b[i]! - b[j]!) < radius) nearby++;
    }
    total += harmonic[near + 1]! + harmonic[nearby + 1]!;
  }
  return harmonic[neighbours]! + harmonic[rows]! - total / rows;
}

/** A column over its standard deviation; as it is where nothing varies. */
function inDeviations(x: Float64Array): Float64Array {
  const deviation = standardDeviation(x);
  return deviation > 0 ? x.map((value) => value / deviation) : x;
}

/** ψ(1) … ψ(count) at 1 … count, up to Euler's constant: it cancels. */
function digammas(count: number): Float64Array {
  const out = new Float64Array(count + 1);
  for (let n = 2; n <= count; n++) out[n] = out[n - 1]! + 1 / (n - 1);
  return out;
}

function countsOf(classes: ArrayLike<number>): Map<number, number> {
  const counts = new Map<number, number>();
  for (let i = 0; i < classes.length; i++) counts.set(classes[i]!, (counts.get(classes[i]!) ?? 0) + 1);
  return counts;
}

function entropyOfCounts(counts: ReadonlyMap<number, number>, total: number): number {
  let entropy = 0;
  for (const count of counts.values()) entropy -= (count / total) * Math.log(count / total);
  return entropy;
}
