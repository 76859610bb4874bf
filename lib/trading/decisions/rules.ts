/** Rules by which forecasts become positions: plain data, so that a backtest, a live run and a report share them. */

import type { ForecastRow } from "../../core/index.js";
import { checkPositive, modelUncertainty, totalVariance } from "../../core/index.js";
import { checkFraction } from "./bet.js";
import {
  type EdgeRule,
  edgeSignal,
  returnThresholdSignal,
  type Signal,
  signSignal,
  sourceClassSignal,
  sourceSignal,
  type ThresholdLimits,
} from "./signal.js";
import { fractional, pessimisticSize, volatilityTargetSize } from "./size.js";

/**
 * The side that a forecast is on, if any: "sign", the side of the mean, always; "edge", where the expected gain pays its costs; the
 * thresholds of the source chapters, on the return's distribution, on drawn means as chapter 328 writes it, or on drawn classes as
 * chapter 327; or a function of the row.
 */
export type SignalRule =
  | { readonly kind: "sign" }
  | ({ readonly kind: "edge" } & EdgeRule)
  | ({ readonly kind: "threshold"; readonly of: "return" | "means" } & ThresholdLimits)
  | { readonly kind: "class threshold"; readonly threshold: number; readonly scaled: boolean }
  | ((row: ForecastRow) => Signal);

/**
 * The weight of a whole position, whose sign is not used: a fixed one; a fraction of Kelly for the mean less a penalty in standard
 * deviations of model uncertainty; the one that has a wanted volatility, aleatoric variance and model uncertainty together; `weight` / (1 + τ² /
 * meanSquare), a fixed one shrunk by the model uncertainty τ² against the mean square of earlier predictions; or a function of the row.
 */
export type PositionRule =
  | { readonly kind: "fixed"; readonly weight: number }
  | { readonly kind: "kelly"; readonly fraction: number; readonly epistemicPenalty: number }
  | { readonly kind: "volatility target"; readonly annualTarget: number; readonly barsPerYear: number }
  | { readonly kind: "shrunk"; readonly weight: number; readonly meanSquare: number }
  | ((row: ForecastRow) => number);

/** All that turns a forecast into weights. */
export interface SizingRules {
  /** The side of a forecast: that of its mean by default. */
  readonly signal?: SignalRule;
  /** The size of a position: half of Kelly's fraction for the mean less one standard deviation of model uncertainty by default. */
  readonly position?: PositionRule;
  /** Largest |weight| of an asset, 1 for no leverage. It must be given: Kelly of a normal return has no bound of its own. */
  readonly maxWeight: number;
  /** Largest Σ|weight| of one time, by which all weights shrink together; no limit by default. */
  readonly maxGross?: number;
  /** Rows are HOLD unless |atMean| exceeds it: what a live run may decide before it draws. No screen by default. */
  readonly screenAbove?: number;
}

/** Defaults of `SizingRules`. */
export const DEFAULT_RULES = {
  signal: { kind: "sign" },
  position: { kind: "kelly", fraction: 0.5, epistemicPenalty: 1 },
} as const satisfies Pick<SizingRules, "signal" | "position">;

/** The signal of a row. @throws RangeError when a number of the rule makes no sense, or the rule needs draws that the row has not. */
export function signalOf(row: ForecastRow, rule: SignalRule): Signal {
  if (typeof rule === "function") return rule(row);
  switch (rule.kind) {
    case "sign":
      return signSignal(row);
    case "edge":
      return edgeSignal(row, rule);
    case "threshold":
      return rule.of === "return" ? returnThresholdSignal(row, rule) : meansSignal(row, rule);
    case "class threshold":
      if (!row.classes)
        throw new RangeError("class threshold: expected draws of class probabilities, got none");
      return sourceClassSignal(row.classes, rule);
  }
}

/** The unsigned weight of a whole position. @throws RangeError when a number of the rule makes no sense. */
export function positionWeight(row: ForecastRow, rule: PositionRule): number {
  return Math.abs(typeof rule === "function" ? rule(row) : ruledWeight(row, rule));
}

function ruledWeight(row: ForecastRow, rule: Exclude<PositionRule, (row: ForecastRow) => number>): number {
  switch (rule.kind) {
    case "fixed":
      checkPositive("weight", rule.weight);
      return rule.weight;
    case "kelly":
      return fractional(pessimisticSize(row, rule.epistemicPenalty), rule.fraction);
    case "volatility target":
      return volatilityTargetSize({ ...rule, sd: Math.sqrt(totalVariance(row)) });
    case "shrunk":
      checkPositive("weight", rule.weight);
      checkPositive("meanSquare", rule.meanSquare);
      return rule.weight / (1 + modelUncertainty(row) / rule.meanSquare);
  }
}

/**
 * The screen at a share of what the edge rule asks of the mean: `share` · minEdgeMultiple · cost.
 *
 * At share 1 it drops what the rule would refuse by the mean at the mean weights; the mean of the draws differs from that, so take less.
 * @throws RangeError when the share is not in [0, 1].
 */
export function edgeScreen(
  { costBps, minEdgeMultiple }: Pick<EdgeRule, "costBps" | "minEdgeMultiple">,
  share: number,
): number {
  checkFraction("share", share);
  return (share * minEdgeMultiple * costBps) / 1e4;
}

/** True when a prediction at the mean passes the screen of the rules. */
export function passesScreen(atMean: number, { screenAbove }: Pick<SizingRules, "screenAbove">): boolean {
  return screenAbove === undefined || Math.abs(atMean) > screenAbove;
}

/**
 * Checks the limits of sizing rules.
 * @throws RangeError naming a limit that is not given or makes no sense.
 */
export function checkRules({ maxWeight, maxGross, screenAbove }: SizingRules): void {
  if (!(maxWeight > 0 && Number.isFinite(maxWeight)))
    throw new RangeError(
      `maxWeight: expected a cap on |weight|, such as 1 for no leverage, as Kelly has no bound of its own; got ${maxWeight}`,
    );
  if (maxGross !== undefined) checkPositive("maxGross", maxGross);
  if (screenAbove !== undefined && !(screenAbove >= 0))
    throw new RangeError(`screenAbove: expected zero or more, got ${screenAbove}`);
}

/** Chapter 328's rule on the drawn means, with the variances of the row. */
function meansSignal(row: ForecastRow, limits: ThresholdLimits): Signal {
  if (!row.drawnMeans) throw new RangeError("threshold of means: expected a forecast that keeps its draws");
  const { aleatoric, latent, epistemic } = row;
  return { ...sourceSignal(row.drawnMeans, limits), aleatoric, latent, epistemic };
}
