/** The best that could be earned in a simulated market, from its truth. */
import { checkLength, cholesky, columnVector, fromFlat, solveCholesky } from "../../core/index.js";
import type { Truth } from "./truth.js";

/** Earnings of the best portfolio of a forecast before costs, by the truth. */
export interface BestPortfolio {
  /** [T,A] weights (σρσ)⁻¹ forecast, of the bar whose return they earn: multiply by a risk tolerance. */
  weights: Float64Array;
  /** Expected Sharpe ratio of a bar; times √(bars a year) it is annual. */
  sharpePerBar: number;
}

/**
 * The portfolio of largest expected growth for a small risk tolerance, given the means `forecast`, and its Sharpe ratio.
 *
 * Of all forecasts `truth.mean` earns most, and of those made of past bars and tape `truth.forecast` does when nothing is
 * hidden: both are bounds on what any model can reach. Log returns stand for simple ones, so it holds for short bars.
 * @param forecast  [T,A] mean log return of each bar, known before it
 * @throws RangeError when the forecast has another length than the truth.
 */
export function bestPortfolio(truth: Truth, forecast: Float64Array): BestPortfolio {
  checkLength("forecast", forecast, truth.mean.length);
  const assets = truth.loadings.length;
  const inverse = inverseOf(truth.correlation, assets);
  const weights = new Float64Array(forecast.length);
  const bars = forecast.length / assets;
  let [earned, spread] = [0, 0];
  for (let t = 0; t < bars; t++) {
    let [gain, square] = [0, 0];
    for (let a = 0; a < assets; a++) {
      let scaled = 0;
      for (let b = 0; b < assets; b++) {
        scaled += (inverse[a * assets + b]! * forecast[t * assets + b]!) / truth.volatility[t * assets + b]!;
      }
      const w = scaled / truth.volatility[t * assets + a]!;
      weights[t * assets + a] = w;
      gain += w * truth.mean[t * assets + a]!;
      square += w * forecast[t * assets + a]!;
    }
    earned += gain;
    spread += square + gain * gain;
  }
  const [mean, meanSquare] = [earned / bars, spread / bars];
  const deviation = Math.sqrt(Math.max(0, meanSquare - mean * mean));
  return { weights, sharpePerBar: deviation > 0 ? mean / deviation : 0 };
}

function inverseOf(matrix: Float64Array, size: number): Float64Array {
  const lower = cholesky(fromFlat(matrix, size, size), "correlation");
  const inverse = new Float64Array(size * size);
  for (let b = 0; b < size; b++) {
    const unit = columnVector(Float64Array.from({ length: size }, (_, a) => (a === b ? 1 : 0)));
    const solved = solveCholesky(lower, unit);
    for (let a = 0; a < size; a++) inverse[a * size + b] = solved.get(a, 0);
  }
  return inverse;
}
