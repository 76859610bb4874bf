/**
 * Convex quadratic programs of some hundred variables: minimise ½ xᵀQx + cᵀx over linear constraints.
 *
 * Q may be singular, as a covariance of fewer bars than assets is; a dual method (Goldfarb & Idnani 1983) needs its
 * inverse and loses the constraints to rounding there.
 */
import { sum } from "../../core/index.js";
import { refine } from "./refine.js";
import { dot, factorise, product, type SaddlePoint, solveSaddlePoint } from "./saddlePoint.js";
import {
  type Iterate,
  type LinearRow,
  largest,
  type QuadraticProgram,
  reach,
  type ScaledProgram,
  scale,
  spread,
} from "./scaledProgram.js";

export type { LinearRow, QuadraticProgram };

const MOST_STEPS = 100;
const MOST_IDLE = 15;
const PATIENCE = 3;
/** Below this error only rounding is left to gain. */
const CLOSE = 1e-13;
/** Share of the way to the nearest bound that a step may take. */
const SHY = 0.995;

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
  let best = at;
  let lowest = Number.POSITIVE_INFINITY;
  let idle = 0;
  for (let step = 0; step < MOST_STEPS && idle < (lowest < CLOSE ? 2 : MOST_IDLE); step++) {
    at = advance(scaled, at, idle > 0 && idle % PATIENCE === 0);
    const error = errorOf(at);
    idle = error < 0.9 * lowest ? 0 : idle + 1;
    if (error < lowest) {
      best = at;
      lowest = error;
    }
  }
  if (!(lowest < 1e-7)) {
    throw new RangeError(`quadratic program: found no point that fulfils the constraints (error ${lowest})`);
  }
  return refine(scaled, best).slice(0, program.linear.length);
}

/** An iterate with what it still lacks: Qx + c − Aᵀy − Gᵀz, Ax − b and Gx − s − h, G being the bounds. */
interface Point extends Iterate {
  readonly dual: Float64Array;
  readonly equality: Float64Array;
  readonly inequality: Float64Array;
}

/** The point nearest to all constraints, with slacks and multipliers kept away from zero. */
function start(program: ScaledProgram): Point {
  const { bounds, c, rows, values } = program;
  const ones = new Float64Array(bounds.length).fill(1);
  const least = Float64Array.from(bounds, (bound) => bound.least);
  const right = spread(program, least);
  for (let i = 0; i < right.length; i++) right[i]! -= c[i]!;
  const { x, y } = solveSaddlePoint(factorise(curvature(program, ones), rows), right, values);
  const slack = least.map((value, i) => Math.max(1, Math.abs(reach(bounds[i]!, x) - value)));
  return pointAt(program, { x, y, slack, z: ones });
}

/** One predictor-corrector step; or one that only evens out the products of slacks and multipliers, where steps got short. */
function advance(program: ScaledProgram, at: Point, onlyCentre: boolean): Point {
  const { x, y, slack, z } = at;
  const count = slack.length;
  const system = factorise(curvature(program, quotients(z, slack)), program.rows);
  const complement = products(slack, z);
  const gap = count > 0 ? sum(complement) / count : 0;
  const ahead = stepOf(program, at, system, complement);
  const after = new Float64Array(count);
  for (let i = 0; i < count; i++)
    after[i] = (slack[i]! + ahead.length * ahead.ds[i]!) * (z[i]! + ahead.length * ahead.dz[i]!);
  const centre = onlyCentre || gap === 0 ? gap : (sum(after) / count / gap) ** 3 * gap;
  // the products of a full step overshoot where a short one is taken: the iterates would cycle
  const second = onlyCentre ? 0 : ahead.length ** 2;
  for (let i = 0; i < count; i++)
    complement[i] = complement[i]! + second * ahead.ds[i]! * ahead.dz[i]! - centre;
  const step = stepOf(program, at, system, complement);
  const length = Math.min(1, SHY * step.length);
  return pointAt(program, {
    x: along(x, step.x, length),
    y: along(y, step.y, length),
    slack: along(slack, step.ds, length),
    z: along(z, step.dz, length),
  });
}

/** A step of Newton's method and how far it may go. */
interface Step {
  readonly x: Float64Array;
  readonly y: Float64Array;
  readonly ds: Float64Array;
  readonly dz: Float64Array;
  readonly length: number;
}

/** The step of Newton's method towards products of slacks and multipliers that are `complement` smaller. */
function stepOf(program: ScaledProgram, at: Point, system: SaddlePoint, complement: Float64Array): Step {
  const { slack, z, dual, equality, inequality } = at;
  const { bounds } = program;
  const count = slack.length;
  const ds = new Float64Array(count);
  const dz = new Float64Array(count);
  for (let i = 0; i < count; i++) ds[i] = (complement[i]! + z[i]! * inequality[i]!) / slack[i]!;
  const right = spread(program, ds);
  for (let i = 0; i < right.length; i++) right[i] = -dual[i]! - right[i]!;
  const missing = new Float64Array(equality.length);
  for (let r = 0; r < missing.length; r++) missing[r] = -equality[r]!;
  const { x, y } = solveSaddlePoint(system, right, missing);
  for (let i = 0; i < count; i++) {
    ds[i] = reach(bounds[i]!, x) + inequality[i]!;
    dz[i] = -(complement[i]! + z[i]! * ds[i]!) / slack[i]!;
  }
  return { x, y, ds, dz, length: Math.min(room(slack, ds), room(z, dz)) };
}

function pointAt(program: ScaledProgram, { x, y, slack, z }: Iterate): Point {
  const { q, c, rows, values, bounds } = program;
  const dual = product(q, x);
  const pull = spread(program, z);
  for (let i = 0; i < dual.length; i++) dual[i]! += c[i]! - pull[i]!;
  const equality = new Float64Array(rows.length);
  for (let r = 0; r < rows.length; r++) {
    const row = rows[r]!;
    for (let i = 0; i < dual.length; i++) dual[i]! -= row[i]! * y[r]!;
    equality[r] = dot(row, x) - values[r]!;
  }
  const inequality = new Float64Array(slack.length);
  for (let i = 0; i < inequality.length; i++) {
    const bound = bounds[i]!;
    inequality[i] = reach(bound, x) - slack[i]! - bound.least;
  }
  return { x, y, slack, z, dual, equality, inequality };
}

/** The largest of the residuals and of the products of slacks and multipliers; NaN where one is. */
function errorOf({ slack, z, dual, equality, inequality }: Point): number {
  return Math.max(largest(dual), largest(equality), largest(inequality), largest(products(slack, z)));
}

/** Q + GᵀWG */
function curvature({ q, size, bounds }: ScaledProgram, weight: Float64Array): Float64Array {
  const h = q.slice();
  for (let i = 0; i < bounds.length; i++) h[bounds[i]!.index * (size + 1)]! += weight[i]!;
  return h;
}

function products(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i]! * b[i]!;
  return out;
}

function quotients(a: Float64Array, b: Float64Array): Float64Array {
  const out = new Float64Array(a.length);
  for (let i = 0; i < out.length; i++) out[i] = a[i]! / b[i]!;
  return out;
}

function along(from: Float64Array, by: Float64Array, length: number): Float64Array {
  const out = new Float64Array(from.length);
  for (let i = 0; i < out.length; i++) out[i] = from[i]! + length * by[i]!;
  return out;
}

/** The longest step in [0, 1/SHY] that keeps every entry positive. */
function room(from: Float64Array, by: Float64Array): number {
  let most = 1 / SHY;
  for (let i = 0; i < from.length; i++) if (by[i]! < 0) most = Math.min(most, -from[i]! / by[i]!);
  return most;
}
