/** The best of a set of portfolios by a window of returns. */
import { columnOf, type Matrix, mean } from "../../core/index.js";
import { sampleCovariance } from "../optimise/covariance.js";
import { type PortfolioSet, rowsOf } from "./evaluator.js";

/** A criterion: the largest Sharpe ratio, mean return or diversification ratio, or the least volatility. */
export type Selection = "sharpe" | "return" | "volatility" | "diversification";

/**
 * The portfolio [A] of the set that is best in a window of simple returns [L,A]. In sample: on later returns it is one portfolio like others.
 * @throws RangeError when the window has another number of assets.
 */
export function selectBest(set: PortfolioSet, window: Matrix, by: Selection): Float64Array {
  const { assets } = set;
  if (window.columns !== assets)
    throw new RangeError(`window: expected ${assets} assets, got ${window.columns}`);
  const average = Float64Array.from({ length: assets }, (_, a) => mean(columnOf(window, a)));
  const covariance = Float64Array.from(sampleCovariance(window).to1DArray());
  const deviation = average.map((_, a) => Math.sqrt(covariance[a * assets + a]!));
  const score = (w: Float64Array) => {
    const volatility = Math.sqrt(quadratic(w, covariance));
    if (by === "volatility") return -volatility;
    const gain = dot(w, by === "diversification" ? deviation : average);
    return by === "return" ? gain : gain / volatility;
  };
  let [best, most] = [new Float64Array(assets), Number.NEGATIVE_INFINITY];
  for (const w of rowsOf(set)) {
    const value = score(w);
    if (value > most) [best, most] = [w.slice(), value];
  }
  return best;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}

function quadratic(w: Float64Array, covariance: Float64Array): number {
  let total = 0;
  for (let a = 0; a < w.length; a++)
    for (let b = 0; b < w.length; b++) total += w[a]! * w[b]! * covariance[a * w.length + b]!;
  return total;
}
