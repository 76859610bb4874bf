/** Means and covariances of several series, put together from those of two stretches. */
import type { Aggregate } from "./slidingWindow.js";

export interface CoMoments {
  /** Count, [A] means, and the upper triangle of the sums of products of deviations, row by row. */
  readonly aggregate: Aggregate;
  /** Describes a stretch of one bar with values [A]. */
  lift(values: Float64Array, out: Float64Array): void;
  /** Writes the sample covariance [A,A], divisor count − 1. */
  covariance(found: Float64Array, out: Float64Array): void;
}

/** Of `size` series. @see Chan, Golub & LeVeque 1979 */
export function coMoments(size: number): CoMoments {
  const triangle = 1 + size;
  const width = triangle + (size * (size + 1)) / 2;
  const lift = (values: Float64Array, out: Float64Array): void => {
    out.fill(0);
    out[0] = 1;
    out.set(values, 1);
  };
  const merge: Aggregate["merge"] = (first, i, second, j, out, k) => {
    const [n, m] = [first[i]!, second[j]!];
    let at = triangle;
    for (let a = 1; a <= size; a++) {
      const apart = ((second[j + a]! - first[i + a]!) * n * m) / (n + m);
      for (let b = a; b <= size; b++, at++)
        out[k + at] = first[i + at]! + second[j + at]! + apart * (second[j + b]! - first[i + b]!);
    }
    for (let a = 1; a <= size; a++)
      out[k + a] = first[i + a]! + ((second[j + a]! - first[i + a]!) * m) / (n + m);
    out[k] = n + m;
  };
  const covariance = (found: Float64Array, out: Float64Array): void => {
    let at = triangle;
    for (let a = 0; a < size; a++) {
      for (let b = a; b < size; b++, at++) {
        out[a * size + b] = found[at]! / (found[0]! - 1);
        out[b * size + a] = out[a * size + b]!;
      }
    }
  };
  return { aggregate: { width, merge }, lift, covariance };
}
