/** The last digits of a quadratic program: its exact solution on the constraints that an interior method found active. */
import type { Inequality, Iterate, ScaledProgram } from "./quadraticProgram.js";
import { dot, factorise, product, solveSaddlePoint } from "./saddlePoint.js";

const REFINEMENTS = 10;
const PIVOT_FLOOR = 1e-13;

/**
 * The exact solution with every inequality whose multiplier exceeds its slack as an equality; the interior point
 * itself, its variables set on bounds they touch, where that solution breaks another constraint.
 */
export function polish(program: ScaledProgram, at: Iterate): Float64Array {
  const active = program.inequalities.filter((_, i) => at.z[i]! > at.slack[i]!);
  const touched = at.x.slice();
  const fixed = new Set<number>();
  for (const row of active) {
    if (row.index.length !== 1) continue;
    fixed.add(row.index[0]!);
    touched[row.index[0]!] = row.least * row.value[0]!;
  }
  const rows = active.filter((row) => row.index.length > 1);
  const exact = solveFree(program, touched, { fixed, rows });
  return fulfils(program, exact) ? exact : touched;
}

/** Minimises over the variables that are not fixed, with `rows` as equalities, refining by the residual. */
function solveFree(
  program: ScaledProgram,
  from: Float64Array,
  { fixed, rows }: { readonly fixed: ReadonlySet<number>; readonly rows: readonly Inequality[] },
): Float64Array {
  const free = Array.from(from.keys()).filter((i) => !fixed.has(i));
  const dense = [...program.rows, ...rows.map((row) => denseRow(row, program.size))];
  const values = [...program.values, ...rows.map((row) => row.least)];
  const h = Float64Array.from(free.flatMap((i) => free.map((j) => program.q[i * program.size + j]!)));
  const narrow = dense.map((row) => Float64Array.from(free, (i) => row[i]!));
  const system = factorise(h, narrow, PIVOT_FLOOR);
  const x = from.slice();
  let y = new Float64Array(dense.length);
  for (let round = 0; round < REFINEMENTS; round++) {
    const gradient = product(program.q, x);
    const right = Float64Array.from(free, (i) => {
      return dense.reduce((rest, row, r) => rest + row[i]! * y[r]!, -gradient[i]! - program.c[i]!);
    });
    const missing = Float64Array.from(dense, (row, r) => values[r]! - dot(row, x));
    const step = solveSaddlePoint(system, right, missing);
    free.forEach((i, k) => {
      x[i]! += step.x[k]!;
    });
    y = y.map((value, r) => value + step.y[r]!);
  }
  return x;
}

function denseRow(row: Inequality, size: number): Float64Array {
  const out = new Float64Array(size);
  row.index.forEach((i, a) => {
    out[i] = row.value[a]!;
  });
  return out;
}

function fulfils(program: ScaledProgram, x: Float64Array): boolean {
  const equal = program.rows.every((row, r) => Math.abs(dot(row, x) - program.values[r]!) < 1e-12);
  return equal && program.inequalities.every(({ index, value, least }) => {
    return index.reduce((total, i, a) => total + value[a]! * x[i]!, -least) > -1e-12;
  });
}
