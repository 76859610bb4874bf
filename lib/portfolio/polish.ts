/** The last digits of a quadratic program: its exact solution on the bounds that an interior method found active. */
import { dot, factorise, product, solveSaddlePoint } from "./saddlePoint.js";
import { type Iterate, reach, type ScaledProgram } from "./scaledProgram.js";

const REFINEMENTS = 10;

/**
 * The exact solution with every variable fixed whose bound's multiplier exceeds its slack; the interior point itself,
 * those variables set on their bounds, where that solution breaks another bound.
 */
export function polish(program: ScaledProgram, at: Iterate): Float64Array {
  const touched = at.x.slice();
  const fixed = new Set<number>();
  program.bounds.forEach(({ index, sign, least }, i) => {
    if (!(at.z[i]! > at.slack[i]!)) return;
    fixed.add(index);
    touched[index] = sign * least;
  });
  const exact = solveFree(program, touched, fixed);
  return fulfils(program, exact) ? exact : touched;
}

/** Minimises over the variables that are not fixed, refining by the residual. */
function solveFree(program: ScaledProgram, from: Float64Array, fixed: ReadonlySet<number>): Float64Array {
  const { size, own, q, c, rows, values } = program;
  const first = rows.length - (size - own);
  // a row whose own variable is free holds by that variable
  const binding = Array.from(rows.keys()).filter((r) => r < first || fixed.has(own + r - first));
  const free = Array.from({ length: own }, (_, i) => i).filter((i) => !fixed.has(i));
  const h = Float64Array.from(free.flatMap((i) => free.map((j) => q[i * size + j]!)));
  const system = factorise(
    h,
    binding.map((r) => Float64Array.from(free, (i) => rows[r]![i]!)),
  );
  const x = from.slice();
  let y = new Float64Array(binding.length);
  for (let round = 0; round < REFINEMENTS; round++) {
    const gradient = product(q, x);
    const right = Float64Array.from(free, (i) =>
      binding.reduce((rest, r, k) => rest + rows[r]![i]! * y[k]!, -gradient[i]! - c[i]!),
    );
    const missing = Float64Array.from(binding, (r) => values[r]! - dot(rows[r]!, x));
    const step = solveSaddlePoint(system, right, missing);
    free.forEach((i, k) => {
      x[i]! += step.x[k]!;
    });
    y = y.map((value, k) => value + step.y[k]!);
  }
  for (let r = first; r < rows.length; r++) {
    const variable = own + r - first;
    if (!fixed.has(variable)) x[variable]! += values[r]! - dot(rows[r]!, x);
  }
  return x;
}

function fulfils(program: ScaledProgram, x: Float64Array): boolean {
  const equal = program.rows.every((row, r) => Math.abs(dot(row, x) - program.values[r]!) < 1e-12);
  return equal && program.bounds.every((bound) => reach(bound, x) - bound.least > -1e-12);
}
