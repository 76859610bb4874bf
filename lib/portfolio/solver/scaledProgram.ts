/** A quadratic program as its solver sees it: scaled, with equalities and bounds only. */
import type { Matrix } from "../../core/index.js";
import { checkFinite, checkLength, flatOf } from "../../core/index.js";

/** coefficients · x against `value`; coefficients are [N]. */
export interface LinearRow {
  readonly coefficients: Float64Array;
  readonly value: number;
}

/** Minimise ½ xᵀQx + cᵀx; Q [N,N] symmetric and positive semidefinite, the rest [N]. */
export interface QuadraticProgram {
  readonly quadratic: Matrix;
  readonly linear: Float64Array;
  /** −∞ and +∞ where there is none. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** coefficients · x = value; linearly independent. */
  readonly equal: readonly LinearRow[];
  /** coefficients · x ≤ value */
  readonly atMost: readonly LinearRow[];
}

/** sign · x[index] ≥ least */
export interface Bound {
  readonly index: number;
  readonly sign: 1 | -1;
  readonly least: number;
}

/**
 * The program in units of its largest coefficient; a row that is at most some value is one that equals it together
 * with a variable of its own, 0 or more: such rows come last, and so do their variables.
 */
export interface ScaledProgram {
  readonly size: number;
  /** Variables of the program itself. */
  readonly own: number;
  /** [size, size] row-major. */
  readonly q: Float64Array;
  readonly c: Float64Array;
  readonly rows: readonly Float64Array[];
  readonly values: Float64Array;
  readonly bounds: readonly Bound[];
}

/** A point with the multipliers y of equalities, the slacks and the multipliers z of bounds. */
export interface Iterate {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly slack: Float64Array;
  readonly z: Float64Array;
}

/** @throws RangeError when a coefficient is not finite, or lengths differ. */
export function scale(program: QuadraticProgram): ScaledProgram {
  const { quadratic, linear, equal, atMost } = program;
  const own = linear.length;
  const size = own + atMost.length;
  checkLength("quadratic", { length: quadratic.rows }, own);
  const raw = flatOf(quadratic);
  checkFinite("quadratic", raw);
  checkFinite("linear", linear);
  const unit = Math.max(largest(raw), largest(linear)) || 1;
  const [q, c] = [new Float64Array(size * size), new Float64Array(size)];
  for (let i = 0; i < own; i++) {
    c[i] = linear[i]! / unit;
    for (let j = 0; j < own; j++) q[i * size + j] = raw[i * own + j]! / unit;
  }
  bend({ q, c }, equal);
  return {
    ...{ size, own, q, c },
    rows: [...equal, ...atMost].map((row, r) => widened(row, size, own + r - equal.length)),
    values: Float64Array.from([...equal, ...atMost], (row) => row.value),
    bounds: boundsOf(program),
  };
}

/** Adds ½ (ax − b)² for each equality: nothing where it holds, and curvature along it that Q may lack. */
function bend(
  { q, c }: { readonly q: Float64Array; readonly c: Float64Array },
  equal: readonly LinearRow[],
): void {
  for (const { coefficients, value } of equal) {
    for (let i = 0; i < coefficients.length; i++) {
      const own = coefficients[i]!;
      c[i]! -= value * own;
      for (let j = 0; j < coefficients.length; j++) q[i * c.length + j]! += own * coefficients[j]!;
    }
  }
}

function widened({ coefficients }: LinearRow, size: number, variable: number): Float64Array {
  const row = new Float64Array(size);
  row.set(coefficients);
  if (variable >= coefficients.length) row[variable] = 1;
  return row;
}

function boundsOf({ lower, upper, atMost }: QuadraticProgram): Bound[] {
  const bounds: Bound[] = [];
  lower.forEach((least, index) => {
    if (least > Number.NEGATIVE_INFINITY) bounds.push({ index, sign: 1, least });
    if (upper[index]! < Number.POSITIVE_INFINITY) bounds.push({ index, sign: -1, least: -upper[index]! });
  });
  for (let r = 0; r < atMost.length; r++) bounds.push({ index: lower.length + r, sign: 1, least: 0 });
  return bounds;
}

/** Each bound's weight on its variable, [size]. */
export function spread({ size, bounds }: ScaledProgram, weight: Float64Array): Float64Array {
  const out = new Float64Array(size);
  for (let i = 0; i < bounds.length; i++) {
    const { index, sign } = bounds[i]!;
    out[index]! += sign * weight[i]!;
  }
  return out;
}

/** sign · x[index] */
export function reach({ index, sign }: Bound, x: Float64Array): number {
  return sign * x[index]!;
}

/** The largest absolute value; NaN where there is one. */
export function largest(x: Float64Array): number {
  let most = 0;
  for (let i = 0; i < x.length; i++) most = Math.max(most, Math.abs(x[i]!));
  return most;
}
