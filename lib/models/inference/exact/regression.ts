/** Linear and logistic regression with a Gaussian prior, as targets with hand-written gradients. */
import { checkFinite, checkLength, checkPositive } from "../../../core/index.js";
import type { DataTarget, Target } from "./target.js";

/** Rows of inputs and what followed them. */
export interface Design {
  /** [N,F] row-major */
  readonly x: Float64Array;
  /** F */
  readonly columns: number;
  /** [N] */
  readonly y: Float64Array;
}

/** log p of one outcome given the linear predictor η, and its slope in η. */
interface Likelihood {
  value(y: number, eta: number): number;
  slope(y: number, eta: number): number;
}

/**
 * log p(w) + Σ log N(y_n | x_n·w, noiseVar) with w ~ N(0, priorVar I), normalised.
 *
 * The full sum goes through XᵀX, so that one evaluation costs F² and not N·F.
 * @throws RangeError when shapes disagree, a value is not finite or a variance is not positive.
 */
export function linearRegressionTarget(design: Design, noiseVar: number, priorVar: number): DataTarget {
  checkDesign(design);
  checkPositive("noiseVar", noiseVar);
  const { columns } = design;
  const { gram, cross, squares } = moments(design);
  const size = design.y.length;
  const constant = -0.5 * size * Math.log(2 * Math.PI * noiseVar);
  const likelihood: Likelihood = {
    value: (y, eta) => -0.5 * Math.log(2 * Math.PI * noiseVar) - (0.5 * (y - eta) ** 2) / noiseVar,
    slope: (y, eta) => (y - eta) / noiseVar,
  };
  return {
    dimension: columns,
    dataSize: size,
    evaluate(w, gradient) {
      let quadratic = squares;
      const prior = gaussianPrior(w, priorVar, gradient);
      for (let i = 0; i < columns; i++) {
        let product = 0;
        for (let j = 0; j < columns; j++) product += gram[i * columns + j]! * w[j]!;
        quadratic += w[i]! * (product - 2 * cross[i]!);
        gradient[i]! += (cross[i]! - product) / noiseVar;
      }
      return prior + constant - (0.5 * quadratic) / noiseVar;
    },
    onBatch: (rows) => rowsTarget(design, likelihood, priorVar, rows),
  };
}

/**
 * log p(w) + Σ log Bernoulli(y_n | σ(x_n·w)) with w ~ N(0, priorVar I), normalised; y is 0 or 1.
 * @throws RangeError when shapes disagree, a value is not finite, an outcome is not 0 or 1, or priorVar is not positive.
 */
export function logisticRegressionTarget(design: Design, priorVar: number): DataTarget {
  checkDesign(design);
  design.y.forEach((y, n) => {
    if (y !== 0 && y !== 1) throw new RangeError(`y[${n}]: expected 0 or 1, got ${y}`);
  });
  const likelihood: Likelihood = {
    value: (y, eta) => (y === 1 ? logSigmoid(eta) : logSigmoid(-eta)),
    slope: (y, eta) => y - sigmoid(eta),
  };
  const all = Uint32Array.from(design.y, (_, n) => n);
  return {
    ...rowsTarget(design, likelihood, priorVar, all),
    dataSize: design.y.length,
    onBatch: (rows) => rowsTarget(design, likelihood, priorVar, rows),
  };
}

/**
 * The linear predictor x_n·w of every row, [N].
 * @param w  [columns]
 * @throws RangeError when w is of another length.
 */
export function linearPredictor(design: Pick<Design, "x" | "columns">, w: ArrayLike<number>): Float64Array {
  const { x, columns } = design;
  checkLength("w", w, columns);
  return Float64Array.from({ length: x.length / columns }, (_, n) => dot(x, n, columns, w));
}

/** The logistic function 1 / (1 + exp(−η)). */
export function sigmoid(eta: number): number {
  return eta >= 0 ? 1 / (1 + Math.exp(-eta)) : Math.exp(eta) / (1 + Math.exp(eta));
}

/** log σ(η) without overflow. */
export function logSigmoid(eta: number): number {
  return Math.min(eta, 0) - Math.log1p(Math.exp(-Math.abs(eta)));
}

function rowsTarget(
  design: Design,
  likelihood: Likelihood,
  priorVar: number,
  rows: ArrayLike<number>,
): Target {
  checkPositive("priorVar", priorVar);
  const { x, columns, y } = design;
  const scale = y.length / rows.length;
  return {
    dimension: columns,
    evaluate(w, gradient) {
      let value = gaussianPrior(w, priorVar, gradient);
      for (let m = 0; m < rows.length; m++) {
        const n = rows[m]!;
        const eta = dot(x, n, columns, w);
        value += scale * likelihood.value(y[n]!, eta);
        const slope = scale * likelihood.slope(y[n]!, eta);
        for (let i = 0; i < columns; i++) gradient[i]! += slope * x[n * columns + i]!;
      }
      return value;
    },
  };
}

/** log N(w | 0, v I); overwrites `gradient` with its slope. */
function gaussianPrior(w: Float64Array, v: number, gradient: Float64Array): number {
  let value = -0.5 * w.length * Math.log(2 * Math.PI * v);
  for (let i = 0; i < w.length; i++) {
    value -= (0.5 * w[i]! ** 2) / v;
    gradient[i] = -w[i]! / v;
  }
  return value;
}

function moments({ x, columns, y }: Design) {
  const gram = new Float64Array(columns * columns);
  const cross = new Float64Array(columns);
  let squares = 0;
  for (let n = 0; n < y.length; n++) {
    squares += y[n]! ** 2;
    for (let i = 0; i < columns; i++) {
      const xi = x[n * columns + i]!;
      cross[i]! += xi * y[n]!;
      for (let j = 0; j < columns; j++) gram[i * columns + j]! += xi * x[n * columns + j]!;
    }
  }
  return { gram, cross, squares };
}

function dot(x: Float64Array, row: number, columns: number, w: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < columns; i++) total += x[row * columns + i]! * w[i]!;
  return total;
}

function checkDesign({ x, columns, y }: Design): void {
  checkLength("x", x, y.length * columns);
  checkFinite("x", x);
  checkFinite("y", y);
}
