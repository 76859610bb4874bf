/**
 * Convex quadratic programs of some hundred variables: minimise ½ xᵀQx + cᵀx over linear constraints.
 *
 * Q may be singular, as a covariance of fewer bars than assets is; a dual method (Goldfarb & Idnani 1983) needs its
 * inverse and loses the constraints to rounding there.
 */
import { sum } from "../../core/index.js";
import { refine } from "./refine.js";
import { dot, factorise, product, solveSaddlePoint } from "./saddlePoint.js";
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
  let [best, lowest, idle] = [at, Number.POSITIVE_INFINITY, 0];
  for (let step = 0; step < MOST_STEPS && idle < (lowest < CLOSE ? 2 : MOST_IDLE); step++) {
    at = advance(scaled, at, idle > 0 && idle % PATIENCE === 0);
    const error = errorOf(scaled, at);
    idle = error < 0.9 * lowest ? 0 : idle + 1;
    if (error < lowest) [best, lowest] = [at, error];
  }
  if (!(lowest < 1e-7)) {
    throw new RangeError(`quadratic program: found no point that fulfils the constraints (error ${lowest})`);
  }
  return refine(scaled, best).slice(0, program.linear.length);
}

/** The point nearest to all constraints, with slacks and multipliers kept away from zero. */
function start(program: ScaledProgram): Iterate {
  const { bounds, c, rows, values } = program;
  const ones = new Float64Array(bounds.length).fill(1);
  const least = Float64Array.from(bounds, (bound) => bound.least);
  const pull = spread(program, least);
  const right = pull.map((p, i) => p - c[i]!);
  const { x, y } = solveSaddlePoint(factorise(curvature(program, ones), rows), right, values);
  const slack = least.map((value, i) => Math.max(1, Math.abs(reach(bounds[i]!, x) - value)));
  return { x, y, slack, z: ones };
}

/** One predictor-corrector step; or one that only evens out the products of slacks and multipliers, where steps got short. */
function advance(program: ScaledProgram, at: Iterate, onlyCentre: boolean): Iterate {
  const { x, y, slack, z } = at;
  const count = slack.length;
  const move = mover(program, at);
  const complement = slack.map((value, i) => value * z[i]!);
  const gap = count > 0 ? sum(complement) / count : 0;
  const ahead = move(complement);
  const after = slack.map(
    (s, i) => (s + ahead.length * ahead.ds[i]!) * (z[i]! + ahead.length * ahead.dz[i]!),
  );
  const centre = onlyCentre || gap === 0 ? gap : (sum(after) / count / gap) ** 3 * gap;
  // the products of a full step overshoot where a short one is taken: the iterates would cycle
  const second = onlyCentre ? 0 : ahead.length ** 2;
  const step = move(complement.map((value, i) => value + second * ahead.ds[i]! * ahead.dz[i]! - centre));
  const length = Math.min(1, SHY * step.length);
  const along = (from: Float64Array, by: Float64Array) => from.map((value, i) => value + length * by[i]!);
  return { x: along(x, step.x), y: along(y, step.y), slack: along(slack, step.ds), z: along(z, step.dz) };
}

/** The step of Newton's method towards products of slacks and multipliers that are `complement` smaller. */
function mover(program: ScaledProgram, at: Iterate) {
  const { slack, z } = at;
  const { dual, equality, inequality } = residuals(program, at);
  const weight = z.map((value, i) => value / slack[i]!);
  const system = factorise(curvature(program, weight), program.rows);
  const missing = equality.map((value) => -value);
  return (complement: Float64Array) => {
    const pull = spread(
      program,
      complement.map((value, i) => (value + z[i]! * inequality[i]!) / slack[i]!),
    );
    const right = dual.map((value, i) => -value - pull[i]!);
    const step = solveSaddlePoint(system, right, missing);
    const ds = inequality.map((value, i) => reach(program.bounds[i]!, step.x) + value);
    const dz = ds.map((value, i) => -(complement[i]! + z[i]! * value) / slack[i]!);
    return { ...step, ds, dz, length: Math.min(room(slack, ds), room(z, dz)) };
  };
}

/** Qx + c − Aᵀy − Gᵀz, Ax − b and Gx − s − h, G being the bounds. */
function residuals(program: ScaledProgram, { x, y, slack, z }: Iterate) {
  const dual = product(program.q, x);
  const pull = spread(program, z);
  for (let i = 0; i < dual.length; i++) dual[i]! += program.c[i]! - pull[i]!;
  program.rows.forEach((row, r) => {
    for (let i = 0; i < dual.length; i++) dual[i]! -= row[i]! * y[r]!;
  });
  const equality = program.values.map((value, r) => dot(program.rows[r]!, x) - value);
  const inequality = slack.map((value, i) => {
    const bound = program.bounds[i]!;
    return reach(bound, x) - value - bound.least;
  });
  return { dual, equality, inequality };
}

/** The largest of the residuals and of the products of slacks and multipliers; NaN where one is. */
function errorOf(program: ScaledProgram, at: Iterate): number {
  const { dual, equality, inequality } = residuals(program, at);
  const products = at.slack.map((value, i) => value * at.z[i]!);
  return Math.max(...[dual, equality, inequality, products].map(largest));
}

/** Q + GᵀWG */
function curvature({ q, size, bounds }: ScaledProgram, weight: Float64Array): Float64Array {
  const h = q.slice();
  bounds.forEach(({ index }, i) => {
    h[index * size + index]! += weight[i]!;
  });
  return h;
}

/** The longest step in [0, 1/SHY] that keeps every entry positive. */
function room(from: Float64Array, by: Float64Array): number {
  let most = 1 / SHY;
  for (let i = 0; i < from.length; i++) if (by[i]! < 0) most = Math.min(most, -from[i]! / by[i]!);
  return most;
}
