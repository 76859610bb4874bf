/** The rules of a live pipeline as functions of an outlook: who is worth a full draw, which side, and how much of the equity. */
import { checkPositive } from "../core/axes.js";
import { checkShare } from "../trading/bet.js";
import { bookClassSignal, bookSignal, type EdgeRule, edgeSignal, type Signal } from "../trading/signal.js";
import { type Forecast, volatilityTargetSize } from "../trading/size.js";
import type { Outlook } from "./aggregate.js";

/** Whether a symbol is worth drawing the posterior for, by the mean forecast alone. */
export type ScreenRule = (forecast: Forecast) => boolean;

/** A side and its strength: `size` is ±1, or less where the rule itself knows of degrees. */
export type SignalRule = (outlook: Outlook) => Signal;

/** The share of equity that a whole position would have; unsigned, before limits. */
export type RiskRule = (forecast: Forecast) => number;

/**
 * Symbols whose mean forecast comes near to what a trade must earn: |mean| > share · edgeInCosts · cost.
 *
 * At share 1 it drops all that `edgeRule` would refuse by this mean; the mean of the draws differs from it, so take less.
 */
export function edgeScreen(
  { costBps, edgeInCosts }: Pick<EdgeRule, "costBps" | "edgeInCosts">,
  share: number,
): ScreenRule {
  checkShare("share", share);
  const least = (share * edgeInCosts * costBps) / 1e4;
  return ({ mean }) => Math.abs(mean) > least;
}

/** `edgeSignal`: a side where the expected gain, less caution, pays its costs. */
export function edgeRule(rule: Omit<EdgeRule, "size">): SignalRule {
  const whole: EdgeRule = { ...rule, size: () => 1 };
  return (outlook) => edgeSignal(outlook, whole);
}

/**
 * The book's rule: LONG above `threshold`, SHORT below 1 − `threshold`, HOLD where the deviation is not below `sdThreshold`.
 *
 * Of "means" it counts drawn means and takes their deviation, as the book writes it; of the "law" it takes probability and deviation
 * of the return itself, noise included.
 */
export function bookRule(options: {
  readonly threshold: number;
  readonly sdThreshold: number;
  readonly of: "means" | "law";
}): SignalRule {
  if (options.of === "means") return ({ means }) => bookSignal(means, options);
  return (outlook) => lawSignal(outlook, options);
}

/** The book's rule on classes: `bookClassSignal`. @throws RangeError from the rule where the model has no direction head. */
export function bookClassRule(options: { readonly threshold: number; readonly scaled: boolean }): SignalRule {
  return ({ classes }) => {
    if (!classes) throw new RangeError("bookClassRule: expected a model with a direction head, got none");
    return bookClassSignal(classes, options);
  };
}

/** share / (1 + τ² / meanSquare): the shrinkage of a mean by its doubt τ², with the mean square of means foretold in the past. */
export function shareByDoubt(options: { readonly share: number; readonly meanSquare: number }): RiskRule {
  const { share, meanSquare } = options;
  checkPositive("share", share);
  checkPositive("meanSquare", meanSquare);
  return ({ epistemic }) => share / (1 + epistemic / meanSquare);
}

/** The share at which the position's deviation is that of the target, noise and doubt together. */
export function shareByVolatility(options: {
  readonly annualTarget: number;
  readonly barsPerYear: number;
}): RiskRule {
  return ({ aleatoric, epistemic }) =>
    volatilityTargetSize({ ...options, sd: Math.sqrt(aleatoric + epistemic) });
}

function lawSignal(
  { probabilityAbove, sd, epistemic, aleatoric }: Outlook,
  { threshold, sdThreshold }: { readonly threshold: number; readonly sdThreshold: number },
): Signal {
  if (!(threshold >= 0.5 && threshold < 1))
    throw new RangeError(`threshold: expected a probability in [0.5, 1), got ${threshold}`);
  checkPositive("sdThreshold", sdThreshold);
  const probability = probabilityAbove(0);
  const base = { probability, epistemic, aleatoric };
  const sure = sd < sdThreshold;
  if (sure && probability > threshold)
    return { ...base, direction: "LONG", confidence: probability, size: 1 };
  if (sure && 1 - probability > threshold)
    return { ...base, direction: "SHORT", confidence: 1 - probability, size: -1 };
  return { ...base, direction: "HOLD", confidence: 0.5, size: 0 };
}
