/** How much faster assets fall than they rise: a decoder beside a regression, and beside the truth where the market is simulated. */
import { correlation, mean } from "../../../core/index.js";
import type { FactorStudy } from "../../study/kinds/studyFactors.js";
import { slopeRatios, slopeRatiosOfData, trueSlopeRatios } from "./slopeRatios.js";

/** One source of ratios, a row of a table. */
export type SlopeRow = {
  readonly ratios: string;
  /** Mean over the assets of the slope down over the slope up: 1 is symmetric. */
  readonly mean: number;
  /** What lies above 1 on average, as a fraction of the same in the truth; only where that is known. */
  readonly "excess found"?: number;
  /** Over the assets, with the reference's ratios. */
  readonly correlation: number;
};

/** Ratios of the slopes of each asset, [A], and their summary. */
export interface SlopeComparison {
  /** "true ratio" of a simulated market, or else "ratio by regression". */
  readonly reference: string;
  /** The reference to the right, the decoder's mean over the networks upwards with their range: a series of `plot.scatter`. */
  readonly points: {
    readonly name: string;
    readonly x: Float64Array;
    readonly y: Float64Array;
    readonly yLower: Float64Array;
    readonly yUpper: Float64Array;
    readonly labels: readonly string[];
  };
  readonly rows: readonly SlopeRow[];
}

/**
 * Ratios [A] of a study's first factor beside those of a regression with two slopes on the training rows.
 * @param truth  of the simulation, where there is one
 */
export function compareSlopes(
  study: Pick<FactorStudy, "data" | "loadings">,
  truth?: Parameters<typeof trueSlopeRatios>[0],
): SlopeComparison {
  const { names, train } = study.data;
  const decoder = slopeRatios(study);
  const regression = slopeRatiosOfData(train.x, names.length);
  const known = truth ? trueSlopeRatios(truth) : regression;
  const row = (ratios: string, values: Float64Array): SlopeRow => ({
    ratios,
    mean: mean(values),
    ...(truth ? { "excess found": (mean(values) - 1) / (mean(known) - 1) } : {}),
    correlation: correlation(known, values),
  });
  const points = { x: known, y: decoder.mean, yLower: decoder.lower, yUpper: decoder.upper, labels: names };
  return {
    reference: truth ? "true ratio" : "ratio by regression",
    points: { name: "mean and range of the seeds", ...points },
    rows: [
      ...(truth ? [row("truth", known)] : []),
      row("regression", regression),
      row("decoder", decoder.mean),
    ],
  };
}
