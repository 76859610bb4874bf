/** The last digits of a quadratic program: its exact solution on the bounds that an interior method found active. */
import { dot, factorise, product, solveSaddlePoint } from "./saddlePoint.js";
import { type Iterate, reach, type ScaledProgram } from "./scaledProgram.js";

const REFINEMENTS = 10;
const ROUNDS = 10;
const ROUNDING = 1e-12;

/**
 * The exact solution with every variable fixed whose bound's multiplier exceeds its slack; bounds that this breaks are
 * fixed too, and it is solved again. Where that ends nowhere, the interior point itself, those first variables on their bounds.
 */
export function refine(program: ScaledProgram, at: Iterate): Float64Array {
  const touched = at.x.slice();
  let touching = program.bounds.filter((_, i) => at.z[i]! > at.slack[i]!);
  for (const { index, sign, least } of touching) touched[index] = sign * least;
  const from = touched.slice();
  for (let round = 0; round < ROUNDS; round++) {
    const exact = solveFree(program, from, new Set(touching.map((bound) => bound.index)));
    const broken = program.bounds.filter((bound) => !(reach(bound, exact) - bound.least > -ROUNDING));
    if (broken.length === 0 && keepsRows(program, exact)) return exact;
    if (broken.length === 0) break;
    for (const { index, sign, least } of broken) from[index] = sign * least;
    touching = [...touching, ...broken];
  }
  return touched;
}

/** Minimises over the variables that are not fixed, refining by the residual. */
function solveFree(program: ScaledProgram, from: Float64Array, fixed: ReadonlySet<number>): Float64Array {
  const { size, own, q, c, rows, values } = program;
  const first = rows.length - (size - own);
  // a row whose own variable is free holds by that variable
  const binding = Array.from(rows.keys()).filter((r) => r < first || fixed.has(own + r - first));
  const free = Array.from({ length: own }, (_, i) => i).filter((i) => !fixed.has(i));
  const h = new Float64Array(free.length ** 2);
  free.forEach((i, k) => {
    for (let j = 0; j < free.length; j++) h[k * free.length + j] = q[i * size + free[j]!]!;
  });
  const system = factorise(
    h,
    binding.map((r) => Float64Array.from(free, (i) => rows[r]![i]!)),
  );
  const x = from.slice();
  const y = new Float64Array(binding.length);
  const right = new Float64Array(free.length);
  const missing = new Float64Array(binding.length);
  for (let round = 0; round < REFINEMENTS; round++) {
    const gradient = product(q, x);
    for (let i = 0; i < free.length; i++) {
      const own = free[i]!;
      right[i] = -gradient[own]! - c[own]!;
      for (let k = 0; k < binding.length; k++) right[i]! += rows[binding[k]!]![own]! * y[k]!;
    }
    for (let k = 0; k < binding.length; k++) missing[k] = values[binding[k]!]! - dot(rows[binding[k]!]!, x);
    const step = solveSaddlePoint(system, right, missing);
    for (let i = 0; i < free.length; i++) x[free[i]!]! += step.x[i]!;
    for (let k = 0; k < y.length; k++) y[k]! += step.y[k]!;
  }
  for (let r = first; r < rows.length; r++) {
    const variable = own + r - first;
    if (!fixed.has(variable)) x[variable]! += values[r]! - dot(rows[r]!, x);
  }
  return x;
}

function keepsRows({ rows, values }: ScaledProgram, x: Float64Array): boolean {
  return rows.every((row, r) => Math.abs(dot(row, x) - values[r]!) < ROUNDING);
}
