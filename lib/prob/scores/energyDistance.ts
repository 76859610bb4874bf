/** Tests of whether two samples of vectors come from one distribution, and whether worst days come together. */
import { checkCount, checkFinite, checkLength, powerOfTwo, quantile } from "../../core/index.js";

/**
 * 2 E|X − Y| − E|X − X′| − E|Y − Y′| of two samples: zero only for equal distributions; without the pairs of a row with itself, so that it
 * is zero on average for samples of one distribution and may be negative.
 * @param x  [N,D] row-major
 * @param y  [M,D] row-major
 * @throws RangeError when a sample has fewer than two rows or a number is not finite.
 * @see Székely & Rizzo 2013
 */
export function energyDistance(x: ArrayLike<number>, y: ArrayLike<number>, columns: number): number {
  checkCount("columns", columns);
  checkCount("rows of x", x.length / columns, 2);
  checkCount("rows of y", y.length / columns, 2);
  checkFinite("x", x);
  checkFinite("y", y);
  const [rows, others] = [x.length / columns, y.length / columns];
  const unit = powerOfTwo(Array.from(x).concat(Array.from(y))); // squares of values of any size
  const [a, b] = [Float64Array.from(x, (v) => v / unit), Float64Array.from(y, (v) => v / unit)];
  const between = distanceSum(a, b, columns) / (rows * others);
  const within = distanceSum(a, a, columns) / (rows * (rows - 1));
  return unit * (2 * between - within - distanceSum(b, b, columns) / (others * (others - 1)));
}

function distanceSum(x: ArrayLike<number>, y: ArrayLike<number>, columns: number): number {
  let total = 0;
  for (let i = 0; i < x.length; i += columns) {
    for (let j = 0; j < y.length; j += columns) {
      let square = 0;
      for (let d = 0; d < columns; d++) square += (x[i + d]! - y[j + d]!) ** 2;
      total += Math.sqrt(square);
    }
  }
  return total;
}

/**
 * Lower-tail dependence of x [N] and y [N] at a level: of the rows in which x is among its worst `tail`, the share in which y is among its own.
 *
 * Independent series give `tail`, identical ones 1, and jointly normal ones fall to 0 as the tail shrinks.
 * @throws RangeError when lengths differ or `tail` is not in (0, 1).
 */
export function tailDependence(x: ArrayLike<number>, y: ArrayLike<number>, tail: number): number {
  checkLength("y", y, x.length);
  if (!(tail > 0 && tail < 1)) throw new RangeError(`tail: expected a share in (0, 1), got ${tail}`);
  const [low, other] = [quantile(x, tail), quantile(y, tail)];
  let [worst, together] = [0, 0];
  for (let n = 0; n < x.length; n++) {
    if (x[n]! > low) continue;
    worst++;
    if (y[n]! <= other) together++;
  }
  return together / worst;
}
