/** Parts of the Brier score of yes-or-no forecasts. */
import { checkCount, mean } from "../../core/index.js";
import { unitBin } from "../calibration/bins.js";
import { brierScore } from "../calibration/calibration.js";

/** reliability − resolution + uncertainty is the Brier score of forecasts that are equal within each bin. */
export type MurphyParts = {
  /** How far the bins' outcomes lie from what was said: 0 is best. */
  readonly reliability: number;
  /** How far they lie from the base rate: the larger the better. */
  readonly resolution: number;
  /** Variance of the outcomes: what a forecast of the base rate scores. */
  readonly uncertainty: number;
};

/**
 * Murphy's decomposition in `bins` of equal width.
 *
 * Where forecasts differ within a bin a small remainder is left.
 * @throws RangeError as `brierScore`.
 * @see Murphy 1973
 */
export function murphyParts(
  probability: ArrayLike<number>,
  outcome: ArrayLike<number>,
  bins = 10,
): MurphyParts {
  brierScore(probability, outcome); // refuses what is no forecast
  checkCount("bins", bins);
  const rows = outcome.length;
  const base = mean(outcome);
  const [said, came, count] = [0, 1, 2].map(() => new Float64Array(bins)) as [
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  for (let n = 0; n < rows; n++) {
    const b = unitBin(probability[n]!, bins);
    said[b]! += probability[n]!;
    came[b]! += outcome[n]!;
    count[b]!++;
  }
  let [reliability, resolution] = [0, 0];
  count.forEach((size, b) => {
    if (size === 0) return;
    reliability += ((said[b]! - came[b]!) / size) ** 2 * (size / rows);
    resolution += (came[b]! / size - base) ** 2 * (size / rows);
  });
  return { reliability, resolution, uncertainty: base * (1 - base) };
}

/** 1 − Brier / uncertainty: the share of the base rate's score that is saved; 0 for a forecast no better than it. NaN or −∞ where all outcomes are equal: nothing is left to explain. */
export function brierSkill(probability: ArrayLike<number>, outcome: ArrayLike<number>): number {
  const base = mean(outcome);
  return 1 - brierScore(probability, outcome) / (base * (1 - base));
}

/** Mean negative log likelihood of yes-or-no outcomes, nats; infinite when the impossible came. */
export function binaryNll(probability: ArrayLike<number>, outcome: ArrayLike<number>): number {
  brierScore(probability, outcome);
  let total = 0;
  for (let n = 0; n < outcome.length; n++)
    total -= outcome[n] === 1 ? Math.log(probability[n]!) : Math.log1p(-probability[n]!);
  return total / outcome.length;
}
