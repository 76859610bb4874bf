/** Least squares against the posterior mean on many small training sets. */
import { checkCount, mean } from "../../../core/index.js";
import { leastSquares } from "../../bnn/pointEstimates.js";
import { bayesianLinearRegression } from "../exact/conjugate.js";
import { type Design, linearPredictor } from "../exact/regression.js";

/** Mean squared errors of both fits in every trial; arrays are [trials]. */
export interface SmallFits {
  readonly leastSquares: { readonly training: Float64Array; readonly test: Float64Array };
  readonly posteriorMean: { readonly training: Float64Array; readonly test: Float64Array };
}

/**
 * Fits each of `trials` stretches of `rows` rows by both methods and tests on the rows that follow, up to the next stretch;
 * `every` rows lie from the start of one to that of the next.
 * @throws RangeError when the design has fewer than `trials · every` rows.
 */
export function priorOnLittleData(
  design: Design,
  options: {
    readonly trials: number;
    readonly rows: number;
    readonly every: number;
    readonly noiseVar: number;
    readonly priorVar: number;
  },
): SmallFits {
  const { trials, rows, every, noiseVar, priorVar } = options;
  checkCount("trials", trials);
  checkCount("rows to test on", every - rows);
  checkCount("rows", design.y.length, trials * every);
  const empty = () => ({ training: new Float64Array(trials), test: new Float64Array(trials) });
  const out = { leastSquares: empty(), posteriorMean: empty() };
  for (let i = 0; i < trials; i++) {
    const small = rowsOf(design, i * every, i * every + rows);
    const later = rowsOf(design, i * every + rows, (i + 1) * every);
    const weights = {
      leastSquares: leastSquares(small),
      posteriorMean: bayesianLinearRegression(small, noiseVar, priorVar).mean,
    };
    for (const fit of ["leastSquares", "posteriorMean"] as const) {
      out[fit].training[i] = squaredError(small, weights[fit]);
      out[fit].test[i] = squaredError(later, weights[fit]);
    }
  }
  return out;
}

function rowsOf({ x, y, columns }: Design, from: number, to: number): Design {
  return { columns, x: x.slice(from * columns, to * columns), y: y.slice(from, to) };
}

function squaredError(on: Design, w: Float64Array): number {
  return mean(linearPredictor(on, w).map((prediction, n) => (prediction - on.y[n]!) ** 2));
}
