/** One decision as a table: what was predicted of each symbol, and the weight that follows. */
import { type Forecast, forecastRows } from "../core/index.js";
import { mixtureInterval } from "../prob/index.js";
import { type SizingRules, size } from "../trading/index.js";

/** A symbol's row of a decision: basis points of the return, and percent of equity. */
export type DecisionRow = {
  readonly symbol: string;
  readonly mean: number;
  /** Standard deviations by source. */
  readonly aleatoric: number;
  readonly epistemic: number;
  readonly "P(r > 0)": number;
  /** Lower end of the central 90 % of the mixture; NaN where the forecast keeps no draws. */
  readonly "5 %": number;
  readonly weight: number;
};

/**
 * Rows of a forecast of one time, by symbol.
 * @param forecast  with names, such as of `forecastsAlong`
 * @throws RangeError when it has no names or is of several times, or as `size`.
 */
export function decisionTable(forecast: Forecast, rules: SizingRules): DecisionRow[] {
  const { names, draws } = forecast;
  if (!names) throw new RangeError("forecast: expected names of its assets, got none");
  const times = new Set(forecast.decidedAt).size;
  if (times !== 1) throw new RangeError(`forecast: expected rows of one time, got ${times} times`);
  const lower = draws ? mixtureInterval(draws, 0.9).lower : undefined;
  const weights = size(forecast, rules);
  return forecastRows(forecast).map((row, n) => {
    const symbol = names[forecast.asset[n]!]!;
    return {
      ...{ symbol, mean: 1e4 * row.mean },
      ...{ aleatoric: 1e4 * Math.sqrt(row.aleatoric), epistemic: 1e4 * Math.sqrt(row.epistemic) },
      ...{ "P(r > 0)": row.probabilityUp, "5 %": 1e4 * (lower?.[n] ?? Number.NaN) },
      weight: 100 * weights.values[weights.names.indexOf(symbol)]!,
    };
  });
}
