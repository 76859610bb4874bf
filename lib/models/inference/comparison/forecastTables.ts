/** Forecasts of returns by several posteriors as rows of tables. */
import { type Forecast, forecastRow, totalVariance, totalVariances } from "../../../core/index.js";
import { normalCoverage } from "../../../prob/scores/index.js";

/** The forecast of one row by one posterior, in basis points. */
export type EdgeRow = {
  readonly posterior: string;
  /** Mean of the return. */
  readonly edge: number;
  readonly "sd of the edge": number;
  readonly "sd of the return": number;
  readonly "P(return > 0)": number;
};

/** A row a forecast: what each says of row n. @throws RangeError when a forecast has no such row. */
export function edgeRows(forecasts: Readonly<Record<string, Forecast>>, n: number): EdgeRow[] {
  return Object.entries(forecasts).map(([posterior, forecast]) => {
    const row = forecastRow(forecast, n);
    return {
      ...{ posterior, edge: 1e4 * row.mean, "sd of the edge": 1e4 * Math.sqrt(row.epistemic) },
      ...{ "sd of the return": 1e4 * Math.sqrt(totalVariance(row)), "P(return > 0)": row.probabilityUp },
    };
  });
}

/** Outcomes of the rows of a forecast: a part of `features.regressionDataset`. Arrays are [N]. */
export interface ScaledOutcomes {
  /** Log return over `scale`. */
  readonly y: ArrayLike<number>;
  readonly scale: Float64Array;
  /** Mean of the log return, where it is known. */
  readonly trueMean?: Float64Array;
}

/** Coverage of the intervals of one posterior, in per cent. */
export type CoverageRow = {
  readonly posterior: string;
  readonly "returns covered": number;
  /** NaN where the true means are not known. */
  readonly "true edges covered": number;
};

/**
 * A row a forecast: the percentage of returns inside its predictive intervals, and of true means inside the intervals of its mean.
 * @param level  such as 0.9
 * @throws RangeError as `normalCoverage`.
 */
export function coverageRows(
  forecasts: Readonly<Record<string, Forecast>>,
  { y, scale, trueMean }: ScaledOutcomes,
  level: number,
): CoverageRow[] {
  const returns = scale.map((unit, n) => unit * y[n]!);
  return Object.entries(forecasts).map(([posterior, forecast]) => {
    const held = (value: Float64Array, variance: Float64Array) =>
      100 * normalCoverage({ mean: forecast.mean, sd: variance.map(Math.sqrt), value }, level);
    return {
      ...{ posterior, "returns covered": held(returns, totalVariances(forecast)) },
      "true edges covered": trueMean ? held(trueMean, forecast.epistemic) : Number.NaN,
    };
  });
}
