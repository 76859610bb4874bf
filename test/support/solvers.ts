/** Two solvers of quadratic programs that the library does not use, to judge its own by. */
import type { Highs } from "highs";
import { solveQP } from "quadprog";
import type { QuadraticProgram } from "../../lib/portfolio/solver/quadraticProgram.js";

/** By the dual method of Goldfarb and Idnani; it needs a positive definite Q and finite lower bounds or none. */
export function byQuadprog({
  quadratic,
  linear,
  lower,
  upper,
  equal,
  atMost,
}: QuadraticProgram): Float64Array {
  const size = linear.length;
  const unit = (i: number, sign: number) => Float64Array.from(linear, (_, j) => (i === j ? sign : 0));
  const columns = [
    ...equal.map(({ coefficients, value }) => ({ coefficients, value })),
    ...atMost.map(({ coefficients, value }) => ({
      coefficients: coefficients.map((c) => -c),
      value: -value,
    })),
    ...Array.from(lower, (value, i) => ({ coefficients: unit(i, 1), value })),
    ...Array.from(upper, (value, i) => ({ coefficients: unit(i, -1), value: -value })),
  ].filter(({ value }) => Number.isFinite(value));
  const from1 = <T>(values: readonly T[], first: T) => [first, ...values];
  const { solution, message } = solveQP(
    from1(
      quadratic.to2DArray().map((row) => from1(row, 0)),
      [],
    ),
    from1(
      Array.from(linear, (c) => -c),
      0,
    ),
    from1(
      Array.from({ length: size }, (_, i) =>
        from1(
          columns.map((column) => column.coefficients[i]!),
          0,
        ),
      ),
      [],
    ),
    from1(
      columns.map((column) => column.value),
      0,
    ),
    equal.length,
  );
  if (message) throw new Error(message);
  return Float64Array.from({ length: size }, (_, i) => solution[i + 1]!);
}

export async function loadHighs(): Promise<Highs> {
  const { default: load } = (await import("highs")) as unknown as { default: () => Promise<Highs> };
  return load();
}

/** By the active-set method of HiGHS. */
export function byHighs(highs: Highs, program: QuadraticProgram): Float64Array {
  const { quadratic, linear, lower, upper, equal, atMost } = program;
  const [size, rows] = [linear.length, [...equal, ...atMost]];
  const all = Array.from(linear.keys());
  const scale = 1 / Math.max(...quadratic.to1DArray().map(Math.abs)); // its tolerances are absolute
  return highs.withModel((model) => {
    model.options.set({ output_flag: false, time_limit: 5, qp_regularization_value: 0 });
    model.passModel({
      ...{
        numCols: size,
        numRows: rows.length,
        colCost: linear.map((c) => c * scale),
        colLower: lower,
        colUpper: upper,
      },
      rowLower: rows.map((row, r) => (r < equal.length ? row.value : Number.NEGATIVE_INFINITY)),
      rowUpper: rows.map((row) => row.value),
      matrix: {
        ...{ format: "csr", numRows: rows.length, numCols: size },
        starts: Int32Array.from({ length: rows.length + 1 }, (_, r) => r * size),
        indices: Int32Array.from(rows.flatMap(() => all)),
        values: Float64Array.from(rows.flatMap((row) => Array.from(row.coefficients))),
      },
      hessian: {
        ...{ format: "square", dimension: size },
        starts: Int32Array.from({ length: size + 1 }, (_, r) => r * size),
        indices: Int32Array.from({ length: size * size }, (_, at) => at % size),
        values: Float64Array.from(quadratic.to1DArray(), (value) => value * scale),
      },
    });
    model.run();
    if (model.getModelStatus() !== highs.constants.modelStatus.optimal) throw new Error("HiGHS: not optimal");
    return model.getSolution().colValue.slice();
  });
}
