/** Linear programs by HiGHS, compiled to WebAssembly. */
import type { Highs } from "highs";

/** One sparse row: least ≤ Σ value · x[index] ≤ most. */
export interface Row {
  readonly index: readonly number[];
  readonly value: readonly number[];
  readonly least: number;
  readonly most: number;
}

/** Minimise cᵀx; cost, lower and upper are [N], infinite where there is no bound. */
export interface LinearProgram {
  readonly cost: Float64Array;
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  readonly rows: readonly Row[];
}

const TOLERANCE = 1e-10;

let loading: Promise<Highs> | undefined; // one instance: it takes 50 ms to start, and keeps nothing between programs

/**
 * The minimiser [N], feasible to 1e-10.
 * @throws RangeError with the solver's word for it when there is none.
 */
export async function solveLinearProgram(program: LinearProgram): Promise<Float64Array> {
  loading ??= loadSolver();
  const highs = await loading;
  return highs.withModel((model) => {
    model.options.set({
      output_flag: false,
      primal_feasibility_tolerance: TOLERANCE,
      dual_feasibility_tolerance: TOLERANCE,
    });
    model.passModel(modelOf(program));
    model.run();
    const status = model.getModelStatus();
    if (status !== highs.constants.modelStatus.optimal) {
      const names = Object.entries(highs.constants.modelStatus);
      throw new RangeError(`linear program: ${names.find(([, code]) => code === status)?.[0] ?? status}`);
    }
    return model.getSolution().colValue.slice();
  });
}

async function loadSolver(): Promise<Highs> {
  // its types describe the CommonJS build, its ES module has the function itself as default
  const { default: load } = (await import("highs")) as unknown as { default: () => Promise<Highs> };
  return load();
}

function modelOf({ cost, lower, upper, rows }: LinearProgram) {
  const entries = rows.reduce((total, row) => total + row.index.length, 0);
  const starts = new Int32Array(rows.length + 1);
  const indices = new Int32Array(entries);
  const values = new Float64Array(entries);
  rows.forEach((row, r) => {
    indices.set(row.index, starts[r]!);
    values.set(row.value, starts[r]!);
    starts[r + 1] = starts[r]! + row.index.length;
  });
  const [numRows, numCols] = [rows.length, cost.length];
  return {
    ...{ numRows, numCols, colCost: cost, colLower: lower, colUpper: upper },
    rowLower: Float64Array.from(rows, (row) => row.least),
    rowUpper: Float64Array.from(rows, (row) => row.most),
    matrix: { format: "csr" as const, numRows, numCols, starts, indices, values },
  };
}
