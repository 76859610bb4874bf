/** Estimates of a covariance from returns: from the plain one to those that survive more assets than bars. */
import {
  checkCount,
  checkLength,
  checkPositive,
  columnOf,
  crossProduct,
  innerProducts,
  Matrix,
  mean,
  symmetricEigen,
} from "../../core/index.js";

/** Returns [T,A], rows in time. */
export type Estimator = (returns: Matrix) => Matrix;

/** A covariance pulled towards a simpler one, (1 − intensity) · sample + intensity · target. */
export interface Shrunk {
  readonly covariance: Matrix;
  /** In [0, 1]. */
  readonly intensity: number;
}

/**
 * Sample covariance [A,A] of returns [T,A], divisor T − 1.
 * @throws RangeError when there are fewer than two rows, or one is not finite.
 */
export function sampleCovariance(returns: Matrix): Matrix {
  return innerProducts(centredColumns(returns)).div(returns.rows - 1);
}

/**
 * The covariance [A,A] of returns [T,A] Σ weightₜ (r − m)(r − m)ᵀ with weights that halve every `halfLife` rows and add up to one, the last row the heaviest.
 *
 * m is the mean by the same weights. RiskMetrics' decay of 0.94 is a half-life of 11.2 rows.
 * @throws RangeError as `sampleCovariance`, or when the half-life is not positive.
 */
export function exponentialCovariance(returns: Matrix, halfLife: number): Matrix {
  checkReturns(returns);
  checkPositive("halfLife", halfLife);
  const raw = Float64Array.from({ length: returns.rows }, (_, t) => 2 ** ((t + 1 - returns.rows) / halfLife));
  const total = raw.reduce((a, b) => a + b, 0);
  const centred = returns.clone();
  for (let a = 0; a < returns.columns; a++) {
    const average = raw.reduce((held, weight, t) => held + weight * returns.get(t, a), 0) / total;
    for (let t = 0; t < returns.rows; t++) {
      centred.set(t, a, (returns.get(t, a) - average) * Math.sqrt(raw[t]! / total));
    }
  }
  return crossProduct(centred);
}

/**
 * The covariance [A,A] of returns [T,A] shrunk towards the mean variance times the identity, with divisor T, as scikit-learn computes it.
 * @throws RangeError as `sampleCovariance`.
 * @see Ledoit & Wolf 2004, A well-conditioned estimator
 */
export function shrunkToIdentity(returns: Matrix): Shrunk {
  const centred = centre(returns);
  const [rows, size] = [returns.rows, returns.columns];
  const sample = crossProduct(centred).div(rows);
  const target = Matrix.eye(size, size, sample.trace() / size);
  const squares = Matrix.pow(centred, 2);
  const noise = Matrix.sub(crossProduct(squares).div(rows), Matrix.pow(sample, 2)).sum() / rows;
  const distance = Matrix.pow(Matrix.sub(sample, target), 2).sum();
  return mix(sample, target, distance > 0 ? noise / distance : 1);
}

/**
 * Ledoit and Wolf's covariance [A,A] of returns [T,A], shrunk towards equal correlations, each asset keeping its variance; divisor T.
 * @throws RangeError as `sampleCovariance`, or when an asset does not vary.
 * @see Ledoit & Wolf 2004, Honey, I shrunk the sample covariance matrix, appendix B
 */
export function shrunkToEqualCorrelation(returns: Matrix): Shrunk {
  const centred = centre(returns);
  const [rows, size] = [returns.rows, returns.columns];
  if (size < 2) return { covariance: crossProduct(centred).div(rows), intensity: 0 };
  const sample = crossProduct(centred).div(rows);
  const deviation = sample.diagonal().map((value, a) => {
    checkPositive(`variance[${a}]`, value);
    return Math.sqrt(value);
  });
  let between = 0;
  for (let i = 0; i < size; i++)
    for (let j = 0; j < i; j++) between += sample.get(i, j) / deviation[i]! / deviation[j]!;
  const common = (2 * between) / (size * (size - 1));
  const target = sample.clone();
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) if (i !== j) target.set(i, j, common * deviation[i]! * deviation[j]!);
  }
  const noise = noiseOf(centred, sample);
  const shared =
    sharedNoise(centred, { sample, deviation, common }) + noise.diagonal().reduce((a, b) => a + b, 0);
  const distance = Matrix.pow(Matrix.sub(sample, target), 2).sum();
  return mix(sample, target, distance > 0 ? (noise.sum() - shared) / distance / rows : 1);
}

/**
 * The covariance [A,A] of returns [T,A] by its `factors` largest principal components, and each asset's own variance besides.
 *
 * The diagonal is that of the sample; what is dropped is the covariance that the factors leave. Of full rank where every
 * asset has variance of its own.
 * @throws RangeError as `sampleCovariance`, or when there are more factors than assets.
 */
export function factorCovariance(returns: Matrix, factors: number): Matrix {
  const sample = sampleCovariance(returns);
  checkCount("factors", factors);
  if (factors > sample.rows) throw new RangeError(`factors: expected at most ${sample.rows}, got ${factors}`);
  const { values, vectors } = symmetricEigen(sample);
  const scaled = new Matrix(sample.rows, factors);
  for (let k = 0; k < factors; k++) {
    for (let a = 0; a < sample.rows; a++)
      scaled.set(a, k, vectors.get(a, k) * Math.sqrt(Math.max(0, values[k]!)));
  }
  const common = scaled.mmul(scaled.transpose());
  for (let a = 0; a < sample.rows; a++) common.set(a, a, sample.get(a, a));
  return common;
}

/** Mean over time of the squared errors of each product of two assets, [A,A]. */
function noiseOf(centred: Matrix, sample: Matrix): Matrix {
  return Matrix.sub(crossProduct(Matrix.pow(centred, 2)).div(centred.rows), Matrix.pow(sample, 2));
}

/** The part of the noise that the target shares with the sample, off the diagonal. */
function sharedNoise(
  centred: Matrix,
  {
    sample,
    deviation,
    common,
  }: { readonly sample: Matrix; readonly deviation: readonly number[]; readonly common: number },
): number {
  const cubes = crossProduct(Matrix.pow(centred, 3), centred).div(centred.rows);
  let total = 0;
  for (let i = 0; i < sample.rows; i++) {
    for (let j = 0; j < sample.rows; j++) {
      if (i === j) continue;
      const own = cubes.get(i, j) - sample.get(i, i) * sample.get(i, j);
      total += (common * own * deviation[j]!) / deviation[i]!;
    }
  }
  return total;
}

function mix(sample: Matrix, target: Matrix, wanted: number): Shrunk {
  const intensity = Math.min(1, Math.max(0, wanted));
  return { covariance: Matrix.mul(sample, 1 - intensity).add(Matrix.mul(target, intensity)), intensity };
}

function centre(returns: Matrix): Matrix {
  const centred = new Matrix(returns.rows, returns.columns);
  centredColumns(returns).forEach((column, a) => {
    for (let t = 0; t < returns.rows; t++) centred.set(t, a, column[t]!);
  });
  return centred;
}

/** [A] columns [T] of which each has mean 0. */
function centredColumns(returns: Matrix): Float64Array[] {
  checkReturns(returns);
  return Array.from({ length: returns.columns }, (_, a) => {
    const column = columnOf(returns, a);
    const average = mean(column);
    for (let t = 0; t < column.length; t++) column[t]! -= average;
    return column;
  });
}

function checkReturns(returns: Matrix): void {
  checkCount("rows of returns", returns.rows, 2);
  checkLength("returns: columns", returns.getRow(0), returns.columns);
  for (let t = 0; t < returns.rows; t++) {
    let a = 0;
    while (a < returns.columns && Number.isFinite(returns.get(t, a))) a++;
    if (a === returns.columns) continue;
    throw new RangeError(
      `returns, row ${t}, asset ${a}: expected a finite number, got ${returns.get(t, a)}; wholeRows leaves out rows behind a gap`,
    );
  }
}
