/**
 * Convex quadratic programs of some hundred variables: minimise ½ xᵀQx + cᵀx over linear constraints.
 *
 * Q may be singular, as a covariance of fewer bars than assets is; a dual method (Goldfarb & Idnani 1983) needs its
 * inverse and loses the constraints to rounding there.
 */
import { checkFinite, checkLength } from "../core/axes.js";
import type { Matrix } from "../core/linalg.js";
import { polish } from "./polish.js";
import { dot, factorise, product, solveSaddlePoint } from "./saddlePoint.js";

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

/** One inequality Σ value · x[index] ≥ least. */
export interface Inequality {
  readonly index: readonly number[];
  readonly value: readonly number[];
  readonly least: number;
}

/** The program in units of its largest coefficient. */
export interface ScaledProgram {
  readonly size: number;
  readonly q: Float64Array;
  readonly c: Float64Array;
  readonly rows: readonly Float64Array[];
  readonly values: Float64Array;
  readonly inequalities: readonly Inequality[];
}

/** A point with the multipliers y of equalities, the slacks and the multipliers z of inequalities. */
export interface Iterate {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly slack: Float64Array;
  readonly z: Float64Array;
}

const MOST_STEPS = 100;
const GAP = 1e-17;
const PIVOT_FLOOR = 1e-15;

/**
 * The minimiser [N]: Mehrotra's predictor-corrector, then one exact solution on the constraints found active.
 *
 * It does not say which constraint is impossible: the callers do, who know what the rows mean.
 * @throws RangeError when a coefficient is not finite, or no point fulfils the constraints.
 * @see Nocedal & Wright 2006, algorithm 16.4
 */
export function solveQuadraticProgram(program: QuadraticProgram): Float64Array {
  const scaled = scale(program);
  let at = start(scaled);
  let [best, lowest] = [at, Number.POSITIVE_INFINITY];
  for (let step = 0; step < MOST_STEPS && lowest > GAP; step++) {
    at = advance(scaled, at);
    const error = errorOf(scaled, at);
    if (Number.isNaN(error)) break;
    if (error < lowest) [best, lowest] = [at, error];
    else if (error > 1e3 * lowest && lowest < 1e-10) break;
  }
  if (!(lowest < 1e-7)) {
    throw new RangeError(`quadratic program: found no point that fulfils the constraints (error ${lowest})`);
  }
  return polish(scaled, best);
}

function scale(program: QuadraticProgram): ScaledProgram {
  const size = program.linear.length;
  checkLength("quadratic", { length: program.quadratic.rows }, size);
  const q = Float64Array.from(program.quadratic.to1DArray());
  checkFinite("quadratic", q);
  checkFinite("linear", program.linear);
  const largest = (x: Float64Array) => x.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  const unit = Math.max(largest(q), largest(program.linear)) || 1;
  return {
    size,
    q: q.map((value) => value / unit),
    c: program.linear.map((value) => value / unit),
    rows: program.equal.map((row) => row.coefficients),
    values: Float64Array.from(program.equal, (row) => row.value),
    inequalities: inequalitiesOf(program),
  };
}

function inequalitiesOf({ lower, upper, atMost }: QuadraticProgram): Inequality[] {
  const bounds: Inequality[] = [];
  lower.forEach((least, i) => {
    if (least > Number.NEGATIVE_INFINITY) bounds.push({ index: [i], value: [1], least });
    if (upper[i]! < Number.POSITIVE_INFINITY) bounds.push({ index: [i], value: [-1], least: -upper[i]! });
  });
  const general = atMost.map(({ coefficients, value }) => {
    const index = Array.from(coefficients.keys()).filter((i) => coefficients[i] !== 0);
    return { index, value: index.map((i) => -coefficients[i]!), least: -value };
  });
  return [...bounds, ...general];
}

/** The point nearest to all constraints, with slacks and multipliers kept away from zero. */
function start(program: ScaledProgram): Iterate {
  const { inequalities, size } = program;
  const ones = new Float64Array(inequalities.length).fill(1);
  const pull = transposed(program, Float64Array.from(inequalities, (row) => row.least));
  const system = factorise(curvature(program, ones), program.rows, PIVOT_FLOOR);
  const { x, y } = solveSaddlePoint(system, pull.map((p, i) => p - program.c[i]!), program.values);
  const slack = Float64Array.from(inequalities, (row) => Math.max(1, Math.abs(apply(row, x) - row.least)));
  return size > 0 ? { x, y, slack, z: ones } : { x, y, slack, z: ones };
}

/** One predictor-corrector step. */
function advance(program: ScaledProgram, at: Iterate): Iterate {
  const { x, y, slack, z } = at;
  const count = slack.length;
  const residual = residuals(program, at);
  const system = factorise(curvature(program, z.map((value, i) => value / slack[i]!)), program.rows, PIVOT_FLOOR);
  const move = (complement: Float64Array) => {
    const weight = complement.map((value, i) => (value + z[i]! * residual.inequality[i]!) / slack[i]!);
    const pull = transposed(program, weight);
    const right = residual.dual.map((value, i) => -value - pull[i]!);
    const step = solveSaddlePoint(system, right, residual.equality.map((value) => -value));
    const ds = Float64Array.from(program.inequalities, (row, i) => apply(row, step.x) + residual.inequality[i]!);
    const dz = ds.map((value, i) => -(complement[i]! + z[i]! * value) / slack[i]!);
    return { ...step, ds, dz, length: Math.min(room(slack, ds), room(z, dz)) };
  };
  const complement = slack.map((value, i) => value * z[i]!);
  const gap = count > 0 ? complement.reduce((a, b) => a + b, 0) / count : 0;
  const ahead = move(complement);
  let after = 0;
  for (let i = 0; i < count; i++) {
    after += (slack[i]! + ahead.length * ahead.ds[i]!) * (z[i]! + ahead.length * ahead.dz[i]!);
  }
  const centre = gap > 0 ? (after / count / gap) ** 3 * gap : 0;
  const step = move(complement.map((value, i) => value + ahead.ds[i]! * ahead.dz[i]! - centre));
  const length = count > 0 ? Math.min(1, 0.995 * step.length) : 1;
  const along = (from: Float64Array, by: Float64Array) => from.map((value, i) => value + length * by[i]!);
  return { x: along(x, step.x), y: along(y, step.y), slack: along(slack, step.ds), z: along(z, step.dz) };
}

/** Qx + c − Aᵀy − Gᵀz, Ax − b and Gx − s − h. */
function residuals(program: ScaledProgram, { x, y, slack, z }: Iterate) {
  const dual = product(program.q, x);
  const pull = transposed(program, z);
  for (let i = 0; i < dual.length; i++) {
    dual[i]! += program.c[i]! - pull[i]!;
    program.rows.forEach((row, r) => {
      dual[i]! -= row[i]! * y[r]!;
    });
  }
  const equality = program.values.map((value, r) => dot(program.rows[r]!, x) - value);
  const inequality = slack.map((value, i) => {
    const row = program.inequalities[i]!;
    return apply(row, x) - value - row.least;
  });
  return { dual, equality, inequality };
}

/** The largest of the residuals and of the products of slacks and multipliers. */
function errorOf(program: ScaledProgram, at: Iterate): number {
  const { dual, equality, inequality } = residuals(program, at);
  let most = 0;
  for (const part of [equality, inequality, dual]) for (const value of part) most = Math.max(most, Math.abs(value));
  at.slack.forEach((value, i) => {
    most = Math.max(most, value * at.z[i]!);
  });
  return most;
}

/** Q + GᵀWG */
function curvature({ q, size, inequalities }: ScaledProgram, weight: Float64Array): Float64Array {
  const h = q.slice();
  inequalities.forEach(({ index, value }, r) => {
    index.forEach((i, a) => {
      index.forEach((j, b) => {
        h[i * size + j]! += weight[r]! * value[a]! * value[b]!;
      });
    });
  });
  return h;
}

/** Gᵀ weight, [N] */
function transposed({ size, inequalities }: ScaledProgram, weight: Float64Array): Float64Array {
  const out = new Float64Array(size);
  inequalities.forEach(({ index, value }, r) => {
    index.forEach((i, a) => {
      out[i]! += weight[r]! * value[a]!;
    });
  });
  return out;
}

/** One row of G times x. */
export function apply({ index, value }: Inequality, x: Float64Array): number {
  let total = 0;
  for (let a = 0; a < index.length; a++) total += value[a]! * x[index[a]!]!;
  return total;
}

/** The longest step in [0, 1/0.995] that keeps every entry positive. */
function room(from: Float64Array, by: Float64Array): number {
  let most = 1 / 0.995;
  for (let i = 0; i < from.length; i++) if (by[i]! < 0) most = Math.min(most, -from[i]! / by[i]!);
  return most;
}
