/** From a forecast to a decision: the two rules of the book as it writes them, and one that asks what a trade earns after costs. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { checkFinite, checkLength, checkPositive } from "../core/axes.js";
import { logSumExp, mean, variance } from "../core/stats.js";
import type { Forecast } from "./size.js";

export type Direction = "LONG" | "SHORT" | "HOLD";

/** A decision and what it rests on. */
export interface Signal {
  readonly direction: Direction;
  /** Of a return above zero, or of the chosen class. */
  readonly probability: number;
  /** In [0, 1]; what it is the probability of depends on the rule. */
  readonly confidence: number;
  /** Variance that more data would remove. */
  readonly epistemic: number;
  /** Variance that more data would not remove. */
  readonly aleatoric: number;
  /** Signed share of equity; zero for HOLD. */
  readonly size: number;
}

/**
 * The book's rule on draws [S] of the return: LONG when P(r > 0) > threshold and the deviation is below `sdThreshold`, SHORT in the mirror.
 *
 * Both comparisons are strict; the deviation has divisor S; HOLD has confidence ½; the size is all or nothing. Chapter 328 draws
 * *means* of the return: their share above zero goes to 0 or 1 as the model learns, whatever the noise, and `aleatoric` is 0 here.
 * @throws RangeError when there is no draw, one is not finite, `threshold` is not in [½, 1), or `sdThreshold` is not positive.
 */
export function bookSignal(
  draws: ArrayLike<number>,
  options: { readonly threshold: number; readonly sdThreshold: number },
): Signal {
  checkDraws("draws", draws);
  checkThreshold(options.threshold);
  checkPositive("sdThreshold", options.sdThreshold);
  const epistemic = variance(draws, 0);
  const positive = Array.from(draws).filter((r) => r > 0).length;
  const probability = positive / draws.length;
  const base = { probability, epistemic, aleatoric: 0 };
  const short = (draws.length - positive) / draws.length;
  if (Math.sqrt(epistemic) < options.sdThreshold) {
    if (probability > options.threshold)
      return { ...base, direction: "LONG", confidence: probability, size: 1 };
    if (short > options.threshold) return { ...base, direction: "SHORT", confidence: short, size: -1 };
  }
  return { ...base, direction: "HOLD", confidence: 0.5, size: 0 };
}

/** Draws [S] of each class probability, by name, so that no order of classes need be remembered. */
export interface ClassDraws {
  readonly up: ArrayLike<number>;
  readonly neutral: ArrayLike<number>;
  readonly down: ArrayLike<number>;
}

/**
 * The book's rule on classes: LONG when mean P(up) > threshold, SHORT when mean P(down) > threshold; confidence 1 / (1 + Σ Var p).
 *
 * The confidence never falls below 0.59, so as a size it hardly varies: chapter 327's rule, kept to be compared with.
 * `aleatoric` is the Gini impurity Σ E[p(1 − p)], which with `epistemic` adds up to that of the mean probabilities.
 * @param options `scaled`: the size is the confidence; otherwise it is 1
 * @throws RangeError when numbers of draws differ, a draw is not three probabilities of sum 1, or `threshold` is not in [½, 1).
 */
export function bookClassSignal(
  draws: ClassDraws,
  options: { readonly threshold: number; readonly scaled: boolean },
): Signal {
  checkThreshold(options.threshold);
  checkClassDraws(draws);
  const classes = [draws.up, draws.neutral, draws.down];
  const epistemic = classes.reduce((total, p) => total + variance(p, 0), 0);
  const aleatoric = classes.reduce((total, p) => total + mean(Array.from(p, (v) => v * (1 - v))), 0);
  const confidence = 1 / (1 + epistemic);
  const base = { confidence, epistemic, aleatoric };
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

/** A forecast whose shape is that of a mixture of normals, one a draw of the parameters. */
export interface PredictiveLaw extends Forecast {
  /** P(r > level) under the mixture. */
  probabilityAbove(level: number): number;
  /** P(r < level), which 1 − P(r > level) loses where it is small. */
  probabilityBelow(level: number): number;
}

/**
 * The full predictive of draws: means [S] and variances [S] of the return, one pair a draw of the parameters.
 *
 * Law of total variance: `aleatoric` is the mean variance, `epistemic` the variance of the means with divisor S.
 * @throws RangeError when lengths differ, there is no draw, or a variance is not positive.
 * @see Kendall & Gal 2017; Depeweg et al. 2018
 */
export function predictiveOf(means: ArrayLike<number>, variances: ArrayLike<number>): PredictiveLaw {
  checkDraws("means", means);
  checkLength("variances", variances, means.length);
  for (let s = 0; s < variances.length; s++) checkPositive(`variances[${s}]`, variances[s]!);
  const centres = Float64Array.from(means);
  const deviations = Float64Array.from(variances, Math.sqrt);
  return {
    mean: mean(centres),
    aleatoric: mean(variances),
    epistemic: variance(centres, 0),
    probabilityAbove: (level) => mean(centres.map((m, s) => normalCdf((m - level) / deviations[s]!, 0, 1))),
    probabilityBelow: (level) => mean(centres.map((m, s) => normalCdf((level - m) / deviations[s]!, 0, 1))),
  };
}

/** The full predictive as one normal with the total variance. */
export function normalPredictive(forecast: Forecast): PredictiveLaw {
  checkFinite("mean", [forecast.mean]);
  const total = forecast.aleatoric + forecast.epistemic;
  checkPositive("aleatoric + epistemic", total);
  return {
    ...forecast,
    probabilityAbove: (level) => normalCdf((forecast.mean - level) / Math.sqrt(total), 0, 1),
    probabilityBelow: (level) => normalCdf((level - forecast.mean) / Math.sqrt(total), 0, 1),
  };
}

/** When a forecast is worth a trade. */
export interface EdgeRule {
  /** Cost of getting in and out, basis points of what is traded. */
  readonly costBps: number;
  /** The expected gain that a trade needs, in units of that cost. */
  readonly edgeInCosts: number;
  /** Epistemic standard deviations taken off the expected gain first. */
  readonly caution: number;
  /** Share of equity for a forecast, such as `pessimisticSize` with a cap; its sign is not used. */
  readonly size: (forecast: Forecast) => number;
}

/**
 * LONG or SHORT when |mean| − caution · √epistemic exceeds `edgeInCosts` times the cost; otherwise it abstains.
 *
 * `probability` is P(r > 0) and `confidence` the probability that a trade on the side of the mean gains more than it costs,
 * both under the full predictive. A probability decides nothing: 0.51 can be worth a trade at low cost, 0.9 not.
 * @throws RangeError when a number of the rule is negative or not finite, or the size is not finite.
 */
export function edgeSignal(predictive: PredictiveLaw, rule: EdgeRule): Signal {
  for (const name of ["costBps", "edgeInCosts", "caution"] as const) {
    if (!(rule[name] >= 0 && Number.isFinite(rule[name])))
      throw new RangeError(`${name}: expected zero or more, got ${rule[name]}`);
  }
  const { mean: expected, epistemic, aleatoric } = predictive;
  const cost = rule.costBps / 1e4;
  const side = expected < 0 ? -1 : 1;
  const confidence = side > 0 ? predictive.probabilityAbove(cost) : predictive.probabilityBelow(-cost);
  const base = { probability: predictive.probabilityAbove(0), confidence, epistemic, aleatoric };
  const edge = Math.abs(expected) - rule.caution * Math.sqrt(epistemic);
  if (!(edge > rule.edgeInCosts * cost)) return { ...base, direction: "HOLD", size: 0 };
  const size = Math.abs(rule.size({ mean: expected, epistemic, aleatoric }));
  checkFinite("size", [size]);
  return size === 0
    ? { ...base, direction: "HOLD", size: 0 }
    : { ...base, direction: side > 0 ? "LONG" : "SHORT", size: side * size };
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
