/** Signals: from one row of a forecast to a direction, by the two rules of the source chapters or by what a trade earns after costs. */

import type { ClassDraws, ForecastRow, RowMoments } from "../../core/index.js";
import {
  checkFinite,
  checkLength,
  checkPositive,
  logSumExp,
  mean,
  modelUncertainty,
  totalVariance,
  variance,
} from "../../core/index.js";

/** The side of a position, or none. */
export type Direction = "LONG" | "SHORT" | "HOLD";

/** A direction and what it rests on. */
export interface Signal {
  readonly direction: Direction;
  /** Of a return above zero, or of the chosen class. */
  readonly probability: number;
  /** In [0, 1]; what it is the probability of depends on the rule. */
  readonly confidence: number;
  /** The variances of the forecast, or of the draws where a rule sees nothing else. */
  readonly aleatoric: number;
  readonly latent: number;
  readonly epistemic: number;
  /** Signed weight before limits; zero for HOLD. */
  readonly size: number;
}

/**
 * Chapter 328's rule on draws [S] of the return: LONG when P(r > 0) > threshold and the deviation is below `sdThreshold`, SHORT in the
 * mirror.
 *
 * Both comparisons are strict; the deviation has divisor S; HOLD has confidence ½; the size is all or nothing. The chapter draws
 * *means* of the return: their share above zero goes to 0 or 1 as the model learns, whatever the aleatoric variance, which is 0 here.
 * @throws RangeError when there is no draw, one is not finite, `threshold` is not in [½, 1), or `sdThreshold` is not positive.
 */
export function sourceSignal(draws: ArrayLike<number>, limits: ThresholdLimits): Signal {
  checkDraws("draws", draws);
  const above = Array.from(draws).filter((r) => r > 0).length;
  const epistemic = variance(draws, 0);
  const long = above / draws.length;
  const short = (draws.length - above) / draws.length;
  return {
    ...thresholdSide({ long, short, sd: Math.sqrt(epistemic) }, limits),
    ...{ probability: long, aleatoric: 0, latent: 0, epistemic },
  };
}

/** What a direction needs under chapter 328's rule. */
export interface ThresholdLimits {
  /** Least probability of the direction, in [½, 1). */
  readonly threshold: number;
  /** Largest standard deviation. */
  readonly sdThreshold: number;
}

/** Chapter 328's rule on the predictive distribution itself: P(r > 0) and total standard deviation, aleatoric variance included. */
export function returnThresholdSignal(row: ForecastRow, limits: ThresholdLimits): Signal {
  const long = row.probabilityUp;
  const side = thresholdSide({ long, short: 1 - long, sd: Math.sqrt(totalVariance(row)) }, limits);
  return { ...side, probability: long, ...variancesOf(row) };
}

function thresholdSide(
  { long, short, sd }: { readonly long: number; readonly short: number; readonly sd: number },
  { threshold, sdThreshold }: ThresholdLimits,
): Pick<Signal, "direction" | "confidence" | "size"> {
  checkThreshold(threshold);
  checkPositive("sdThreshold", sdThreshold);
  if (sd < sdThreshold && long > threshold) return { direction: "LONG", confidence: long, size: 1 };
  if (sd < sdThreshold && short > threshold) return { direction: "SHORT", confidence: short, size: -1 };
  return { direction: "HOLD", confidence: 0.5, size: 0 };
}

/**
 * Chapter 327's rule on classes: LONG when mean P(up) > threshold, SHORT when mean P(down) > threshold; confidence 1 / (1 + Σ Var p).
 *
 * The confidence never falls below 0.59, so as a size it hardly varies: the chapter's rule, kept to be compared with.
 * `aleatoric` is the Gini impurity Σ E[p(1 − p)], which with `epistemic` adds up to that of the mean probabilities.
 * @param options `scaled`: the size is the confidence; otherwise it is 1
 * @throws RangeError when numbers of draws differ, a draw is not three probabilities of sum 1, or `threshold` is not in [½, 1).
 */
export function sourceClassSignal(
  draws: ClassDraws,
  options: { readonly threshold: number; readonly scaled: boolean },
): Signal {
  checkThreshold(options.threshold);
  checkClassDraws(draws);
  const classes = [draws.up, draws.neutral, draws.down];
  const epistemic = classes.reduce((total, p) => total + variance(p, 0), 0);
  const aleatoric = classes.reduce((total, p) => total + mean(Array.from(p, (v) => v * (1 - v))), 0);
  const confidence = 1 / (1 + epistemic);
  const base = { confidence, epistemic, latent: 0, aleatoric };
  const size = options.scaled ? confidence : 1;
  const [up, neutral, down] = classes.map(mean) as [number, number, number];
  if (up > options.threshold) return { ...base, direction: "LONG", probability: up, size };
  if (down > options.threshold) return { ...base, direction: "SHORT", probability: down, size: -size };
  return { ...base, direction: "HOLD", probability: Math.max(up, neutral, down), size: 0 };
}

/** exp(x) / Σ exp(x), without overflow. */
export function softmax(logits: ArrayLike<number>): Float64Array {
  checkDraws("logits", logits);
  const total = logSumExp(logits);
  return Float64Array.from(logits, (x) => Math.exp(x - total));
}

/** The rule by which a forecast is worth a trade. */
export interface EdgeRule {
  /** Cost of getting in and out, basis points of what is traded: `roundTripBps`. */
  readonly costBps: number;
  /** Expected gain that a trade needs, in multiples of that cost. */
  readonly minEdgeMultiple: number;
  /** Standard deviations of model uncertainty taken off the expected gain first. */
  readonly epistemicPenalty: number;
}

/**
 * LONG or SHORT, of size ±1, when |mean| − penalty · √(latent + epistemic) exceeds `minEdgeMultiple` times the cost; otherwise HOLD.
 *
 * `probability` is P(r > 0) and `confidence` the probability of a return on the side of the mean. A probability decides nothing: 0.51
 * can be worth a trade at low cost, 0.9 not.
 * @throws RangeError when a number of the rule is negative or not finite.
 */
export function edgeSignal(row: ForecastRow, rule: EdgeRule): Signal {
  for (const name of ["costBps", "minEdgeMultiple", "epistemicPenalty"] as const) {
    if (!(rule[name] >= 0 && Number.isFinite(rule[name])))
      throw new RangeError(`${name}: expected zero or more, got ${rule[name]}`);
  }
  const edge = Math.abs(row.mean) - rule.epistemicPenalty * Math.sqrt(modelUncertainty(row));
  return sideOfMean(row, edge > (rule.minEdgeMultiple * rule.costBps) / 1e4);
}

/** The side of the mean, always: HOLD at a mean of exactly zero. */
export function signSignal(row: ForecastRow): Signal {
  return sideOfMean(row, row.mean !== 0);
}

function sideOfMean(row: ForecastRow, trades: boolean): Signal {
  const probability = row.probabilityUp;
  const base = { probability, ...variancesOf(row) };
  const confidence = row.mean < 0 ? 1 - probability : probability;
  if (!trades) return { ...base, confidence, direction: "HOLD", size: 0 };
  return row.mean < 0
    ? { ...base, confidence, direction: "SHORT", size: -1 }
    : { ...base, confidence, direction: "LONG", size: 1 };
}

function variancesOf({ aleatoric, latent, epistemic }: RowMoments) {
  return { aleatoric, latent, epistemic };
}

function checkDraws(name: string, draws: ArrayLike<number>): void {
  if (draws.length === 0) throw new RangeError(`${name}: expected at least one number, got none`);
  checkFinite(name, draws);
}

function checkThreshold(threshold: number): void {
  if (!(threshold >= 0.5 && threshold < 1))
    throw new RangeError(`threshold: expected a probability in [0.5, 1), got ${threshold}`);
}

function checkClassDraws({ up, neutral, down }: ClassDraws): void {
  checkDraws("up", up);
  checkLength("neutral", neutral, up.length);
  checkLength("down", down, up.length);
  for (let s = 0; s < up.length; s++) {
    const draw = [up[s]!, neutral[s]!, down[s]!];
    if (!draw.every((p) => p >= 0) || !(Math.abs(draw[0]! + draw[1]! + draw[2]! - 1) <= 1e-6))
      throw new RangeError(`draw ${s}: expected three probabilities of sum 1, got ${draw.join(", ")}`);
  }
}
