/** The tail of a portfolio over scenarios of its assets' returns, and which asset brings it. */
import { checkCount, checkFinite, checkLength, standardDeviation } from "../../core/index.js";
import { expectedShortfall, tailCount, valueAtRisk } from "./tailRisk.js";

/** Losses are positive, in the unit of the returns. */
export interface ScenarioRisk {
  readonly volatility: number;
  readonly valueAtRisk: number;
  readonly expectedShortfall: number;
  /**
   * [A] parts of the mean loss of the worst scenarios: they add to it (Tasche 1999); a hedge's is negative. Scenarios that tie for the
   * last place among the worst share it.
   */
  readonly shortfallParts: Float64Array;
  /** Return of the worst scenario, and its number. */
  readonly worst: number;
  readonly worstScenario: number;
}

/**
 * Volatility, value at risk and expected shortfall of a portfolio over scenarios, with each asset's part of the shortfall.
 * @param weights    [A]
 * @param scenarios  [S,A] row-major
 * @param tail       probability of the bad end, such as 0.01
 * @throws RangeError when a length is wrong, a number is not finite, or `tail` is not in (0, 1).
 */
export function scenarioRisk(
  weights: ArrayLike<number>,
  scenarios: Float64Array,
  tail: number,
): ScenarioRisk {
  const assets = weights.length;
  const count = scenarios.length / assets;
  checkCount("scenarios", count, 2);
  checkLength("scenarios", scenarios, count * assets);
  checkFinite("weights", weights);
  const returns = new Float64Array(count);
  for (let s = 0; s < count; s++)
    for (let a = 0; a < assets; a++) returns[s]! += weights[a]! * scenarios[s * assets + a]!;
  const order = Uint32Array.from(returns.keys()).sort((p, q) => returns[p]! - returns[q]! || p - q);
  const size = Math.max(1, tailCount(tail, count));
  const last = returns[order[size - 1]!]!;
  const below = order.findIndex((s) => returns[s]! === last);
  const reached = order.filter((s) => returns[s]! <= last);
  const shared = (size - below) / (reached.length - below); // of those that tie for the last place
  const parts = Float64Array.from({ length: assets }, (_, a) => {
    let total = 0;
    for (const s of reached)
      total -= (returns[s]! < last ? 1 : shared) * weights[a]! * scenarios[s * assets + a]!;
    return total / size;
  });
  return {
    volatility: standardDeviation(returns),
    valueAtRisk: valueAtRisk(returns, tail),
    expectedShortfall: expectedShortfall(returns, tail),
    shortfallParts: parts,
    worst: returns[order[0]!]!,
    worstScenario: order[0]!,
  };
}
