/** One rule against each of its rivals, by the difference of what they earned and of what they were expected to earn. */
import type { BootstrapOptions } from "../significance/bootstrap.js";
import { expectedDifference, type RuleLedger, ruleDifference } from "./comparison.js";
import type { expectedReturns } from "./expectedReturns.js";

/** The rule less one rival, with half the widths of 90 % intervals. */
export type DifferenceOfRules = {
  readonly "less rule": string;
  /** Annual Sharpe ratios after costs; NaN where one of the two never trades. */
  readonly Sharpe: number;
  readonly "± Sharpe": number;
  /** Expected returns after costs by the true means, per cent a year; NaN where these are not known. */
  readonly expected: number;
  readonly "± expected": number;
};

/**
 * A row a rival: the difference of the annual Sharpe ratios and of the expected returns, each with half its 90 % interval over
 * resampled blocks, [rivals].
 * @param rivals  [rivals]
 * @throws RangeError as `ruleDifference` and `expectedDifference`.
 */
export function differenceRows(
  { ledger }: RuleLedger,
  rivals: readonly RuleLedger[],
  market: Parameters<typeof expectedReturns>[1],
  options: BootstrapOptions,
): DifferenceOfRules[] {
  return rivals.map((rival) => {
    const realised = ruleDifference(ledger, rival.ledger, options);
    const expected = market.truth
      ? expectedDifference(ledger, rival.ledger, market, options)
      : { difference: Number.NaN, half: Number.NaN };
    return {
      ...{ "less rule": rival.rule, Sharpe: realised.difference, "± Sharpe": realised.half },
      ...{ expected: expected.difference, "± expected": expected.half },
    };
  });
}
