/** Metrics of sets of portfolios over past bars: of a matrix of weights, one number a portfolio. */
import {
  checkCount,
  checkFinite,
  checkLength,
  checkPositive,
  fromFlat,
  type Matrix,
} from "../../core/index.js";
import { diversificationRatio, expectedReturn, expectedVolatility } from "../../trading/performance/index.js";
import { sampleCovariance } from "../optimise/covariance.js";
import { effectiveNumber, herfindahl } from "./concentration.js";
import { followPaths } from "./manyPaths.js";

/** Portfolios in rows: weights [N,A], row-major. */
export interface PortfolioSet {
  readonly weights: Float64Array;
  readonly assets: number;
}

/**
 * [N] each, annual unless said. A ratio that does not exist is NaN. Of a portfolio that is ruined on the way returns are −1 and ratios
 * of gain to risk −∞, as `ruinIndex` has it.
 */
export type Evaluation = {
  /** Mean return of a bar times the bars of a year, without compounding. */
  readonly annualReturn: Float64Array;
  /** Compound growth of a year. */
  readonly annualGrowth: Float64Array;
  readonly annualVolatility: Float64Array;
  readonly sharpe: Float64Array;
  readonly sortino: Float64Array;
  /** Share of the peak lost at worst, over all bars. */
  readonly maxDrawdown: Float64Array;
  readonly diversificationRatio: Float64Array;
  /** Σ w² */
  readonly herfindahl: Float64Array;
  /** 1 / Σ w² */
  readonly effectiveNumber: Float64Array;
};

/**
 * Every metric of every portfolio, each held at constant weights over the bars, without costs.
 *
 * In sample wherever the weights were chosen from the same bars.
 * @param returns [T,A] simple
 * @throws RangeError when there are fewer than two bars, the assets differ in number, or a number is not finite.
 */
export function evaluatePortfolios(
  { weights, assets }: PortfolioSet,
  returns: Matrix,
  barsPerYear: number,
): Evaluation {
  checkPositive("barsPerYear", barsPerYear);
  const rows = rowsOf({ weights, assets });
  if (returns.columns !== assets)
    throw new RangeError(`returns: expected ${assets} assets, got ${returns.columns}`);
  const covariance = sampleCovariance(returns);
  const flat = Float64Array.from(returns.to1DArray());
  const { equity, maxDrawdown, downside } = followPaths({ weights, returns: flat, assets });
  const average = Float64Array.from({ length: assets }, (_, a) => meanOfColumn(flat, a, assets));
  const of = (measure: (w: Float64Array, n: number) => number) => Float64Array.from(rows, measure);
  const annualReturn = of((w, n) => (equity[n]! > 0 ? expectedReturn(w, average) * barsPerYear : -1));
  const annualVolatility = of((w) => expectedVolatility(w, covariance) * Math.sqrt(barsPerYear));
  const ratio = (risk: Float64Array) =>
    annualReturn.map((value, n) => {
      if (!(equity[n]! > 0)) return Number.NEGATIVE_INFINITY;
      return risk[n]! > 0 ? value / risk[n]! : Number.NaN;
    });
  return {
    ...{ annualReturn, annualVolatility, maxDrawdown },
    annualGrowth: equity.map((value) => value ** (barsPerYear / returns.rows) - 1),
    sharpe: ratio(annualVolatility),
    sortino: ratio(downside.map((value) => value * Math.sqrt(barsPerYear))),
    diversificationRatio: of((w) => diversificationRatio(w, covariance)),
    herfindahl: of(herfindahl),
    effectiveNumber: of(effectiveNumber),
  };
}

/** Returns [T,N] of portfolios held at constant weights over simple returns [T,A]: scenarios turned into outcomes. */
export function portfolioReturns({ weights, assets }: PortfolioSet, returns: Matrix): Matrix {
  return returns.mmul(fromFlat(weights, weights.length / assets, assets).transpose());
}

/**
 * The portfolios of a set, [N] views of its weights.
 * @throws RangeError when the weights are no whole number of finite portfolios.
 */
export function rowsOf({ weights, assets }: PortfolioSet): Float64Array[] {
  const count = weights.length / assets;
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(
      `weights: expected whole portfolios of ${assets} assets, got ${weights.length} numbers`,
    );
  }
  checkFinite("weights", weights);
  return Array.from({ length: count }, (_, n) => weights.subarray(n * assets, (n + 1) * assets));
}

/** The set [N,A] of portfolios [N][A]: what `rowsOf` takes apart. @throws RangeError when there is none or they differ in length. */
export function setOf(rows: readonly ArrayLike<number>[]): PortfolioSet {
  const assets = rows[0]?.length ?? 0;
  checkCount("assets", assets);
  const weights = new Float64Array(rows.length * assets);
  rows.forEach((row, n) => {
    checkLength(`portfolio ${n}`, row, assets);
    weights.set(row, n * assets);
  });
  return { weights, assets };
}

function meanOfColumn(flat: Float64Array, column: number, width: number): number {
  let total = 0;
  for (let at = column; at < flat.length; at += width) total += flat[at]!;
  return (total * width) / flat.length;
}
