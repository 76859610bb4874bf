/** Answers to uncertainty: less exposure where the model does not know, and a hedge where the market is wild. */
import { checkFinite, checkPositive } from "../../core/index.js";

/**
 * The share of the exposure to keep at an epistemic standard deviation: 1 up to `full`, 0 from `none` on, straight in between.
 *
 * In the unit of the forecast: with probabilities, full = 0.05 and none = 0.25 keep all of 68 % ± 3 % and half of 65 % ± 15 %.
 * @throws RangeError when the deviation is negative, or `none` is not above `full`.
 */
export function exposureFraction(
  deviation: number,
  { full, none }: { readonly full: number; readonly none: number },
): number {
  checkFinite("full, none", [full, none]);
  if (!(deviation >= 0)) throw new RangeError(`deviation: expected zero or more, got ${deviation}`);
  if (!(none > full && full >= 0))
    throw new RangeError(`none: expected more than full = ${full}, got ${none}`);
  return Math.min(1, Math.max(0, (none - deviation) / (none - full)));
}

/** A position and the market that can hedge it. Returns and variances are of the holding period. */
export interface Exposure {
  /** Signed share of equity. */
  readonly weight: number;
  /** Expected return of the asset, and its aleatoric variance. */
  readonly mean: number;
  readonly aleatoric: number;
  /** Return of the asset for a unit of the market's, whose own variance follows and whose mean is taken as zero. */
  readonly beta: number;
  readonly marketVariance: number;
}

/** A decision about a position that is too risky, and the gain and risk that are expected of it. */
export interface RiskAction {
  readonly action: "accept" | "reduce" | "hedge";
  readonly weight: number;
  /** Share of equity in the market, opposite to the position. */
  readonly hedge: number;
  /** Standard deviation of equity, as a share. */
  readonly deviation: number;
  /** Expected gain less the cost of the hedge, as a share of equity. */
  readonly expected: number;
}

/**
 * Accepts a position whose aleatoric deviation is within the limit; else reduces or hedges it, whichever is expected to earn more.
 *
 * Reducing scales it to the limit. Hedging sells beta of the market against it, pays for that, and scales what is left only if it
 * is still too wild. More data would not remove this risk; for what the model does not know see `exposureFraction`.
 * @param options `limit`: largest standard deviation of equity; `costBps`: of getting in and out of the hedge
 * @throws RangeError when a number is not finite, or the market's part exceeds the aleatoric variance.
 */
export function riskAction(
  exposure: Exposure,
  options: { readonly limit: number; readonly costBps: number },
): RiskAction {
  const { weight, mean, aleatoric, beta, marketVariance } = exposure;
  checkFinite("exposure", [weight, mean, aleatoric, beta, marketVariance, options.costBps]);
  checkPositive("limit", options.limit);
  const own = aleatoric - beta ** 2 * marketVariance;
  if (!(marketVariance >= 0 && own >= -1e-12 * aleatoric))
    throw new RangeError(`aleatoric: expected at least beta² · marketVariance, got ${aleatoric}`);
  const deviation = Math.abs(weight) * Math.sqrt(aleatoric);
  if (deviation <= options.limit)
    return { action: "accept", weight, hedge: 0, deviation, expected: weight * mean };
  const keep = options.limit / deviation;
  const reduced = {
    weight: keep * weight,
    hedge: 0,
    deviation: options.limit,
    expected: keep * weight * mean,
  };
  const hedged = hedgedTo(exposure, Math.sqrt(Math.max(0, own)), options);
  return hedged.expected > reduced.expected
    ? { action: "hedge", ...hedged }
    : { action: "reduce", ...reduced };
}

function hedgedTo(
  { weight, mean, beta }: Exposure,
  ownDeviation: number,
  { limit, costBps }: { readonly limit: number; readonly costBps: number },
): Omit<RiskAction, "action"> {
  const left = Math.abs(weight) * ownDeviation;
  const keep = left > limit ? limit / left : 1;
  const hedge = keep === 0 ? 0 : -keep * weight * beta;
  const expected = keep * weight * mean - (Math.abs(hedge) * costBps) / 1e4;
  return { weight: keep * weight, hedge, deviation: keep * left, expected };
}
