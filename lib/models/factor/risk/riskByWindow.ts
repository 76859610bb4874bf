/** The variance of a portfolio in successive windows, by factor, nonlinear and idiosyncratic part. */
import { checkLength, sum } from "../../../core/index.js";
import type { FactorPart, FactorStudy } from "../../study/kinds/studyFactors.js";
import { windowContributions } from "./attribution.js";

/** Rows with their times and the scale of the market, as a part of `features.returnDataset` has them. */
export interface TimedPart extends FactorPart {
  /** [N] UTC milliseconds. */
  readonly time: Float64Array;
  /** [N] what a scaled return is multiplied by. */
  readonly scale: Float64Array;
}

/** One part of the variance, a row of a table, in percent. */
export type RiskRow = {
  readonly part: string;
  /** Over all windows. */
  readonly whole: number;
  /** In the window in which it is least, and in that in which it is greatest. */
  readonly least: number;
  readonly greatest: number;
};

/** Contributions to the variance of a bar's return, percent squared. */
export interface RiskByWindow {
  /** Series of `plot.line` over the windows: the market factor, all factors, and all parts together, each the sum of what is below it. */
  readonly series: readonly { readonly name: string; readonly x: readonly string[]; readonly y: number[] }[];
  readonly rows: readonly RiskRow[];
}

/**
 * Contributions by window of a portfolio, by a study's attribution of every row. Rows after the last whole window are left out.
 * @param weights  [A] in the unit of the rows
 * @param window   rows, such as 168 hours for a week
 * @throws RangeError as `windowContributions`, or when a length is wrong.
 */
export function riskByWindow(
  study: Pick<FactorStudy, "attribute" | "factors">,
  part: TimedPart,
  weights: ArrayLike<number>,
  window: number,
): RiskByWindow {
  checkLength("time", part.time, part.rows);
  checkLength("scale", part.scale, part.rows);
  const { values } = study.attribute(part, weights);
  const earned = values.map((own) => own.map((value, n) => 100 * value * part.scale[n]!));
  const windows = windowContributions(earned, window);
  const { factors } = study;
  const between = (from: number, to: number) => windows.map((own) => sum(own.subarray(from, to)));
  const x = windows.map((_, w) => new Date(part.time[window * w]!).toISOString());
  const total = between(0, factors + 2);
  const row = (name: string, own: readonly number[]): RiskRow => {
    const fractions = own.map((value, w) => (100 * value) / total[w]!);
    const whole = (100 * sum(own)) / sum(total);
    return { part: name, whole, least: Math.min(...fractions), greatest: Math.max(...fractions) };
  };
  return {
    series: [
      { name: "market factor", x, y: between(0, 1) },
      { name: "all factors", x, y: between(0, factors) },
      { name: "with nonlinear and idiosyncratic", x, y: total },
    ],
    rows: [
      row("market factor", between(0, 1)),
      row("other factors", between(1, factors)),
      row("nonlinear", between(factors, factors + 1)),
      row("idiosyncratic", between(factors + 1, factors + 2)),
    ],
  };
}
