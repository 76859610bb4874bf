/** Volatility and mean return of sets of portfolios, and how far either persists. */
import { correlation, type Matrix } from "../../core/index.js";
import { evaluatePortfolios, setOf } from "./evaluator.js";

/** A set of portfolios as a series of `plot.scatter`: percent a year. */
export type RiskReturn = {
  readonly name: string;
  /** [N] volatility. */
  readonly x: Float64Array;
  /** [N] mean return, not compounded. */
  readonly y: Float64Array;
};

/**
 * Volatility and mean return of each portfolio held at constant weights over simple returns [T,A], before costs.
 * @param sets  portfolios [N][A] by name
 * @throws RangeError as `evaluatePortfolios`.
 */
export function riskReturn(
  sets: Readonly<Record<string, readonly ArrayLike<number>[]>>,
  returns: Matrix,
  barsPerYear: number,
): RiskReturn[] {
  return Object.entries(sets).map(([name, rows]) => {
    const { annualVolatility, annualReturn } = evaluatePortfolios(setOf(rows), returns, barsPerYear);
    const percent = (values: Float64Array) => values.map((value) => 100 * value);
    return { name, x: percent(annualVolatility), y: percent(annualReturn) };
  });
}

/** Correlation over the portfolios of a set of what they were before and after. */
export type Persistence = {
  readonly set: string;
  readonly volatility: number;
  readonly "mean return": number;
};

/**
 * Correlations, over the portfolios of each set, of volatility and of mean return in two periods.
 * @param before  series [N] of `riskReturn`
 * @param after   of the same portfolios over other returns
 * @throws RangeError when a set differs in size.
 */
export function persistence(before: readonly RiskReturn[], after: readonly RiskReturn[]): Persistence[] {
  return before.map(({ name, x, y }, i) => ({
    set: name,
    volatility: correlation(x, after[i]!.x),
    "mean return": correlation(y, after[i]!.y),
  }));
}
