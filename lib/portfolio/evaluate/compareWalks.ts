/** Rules walked forward over the same bars, side by side. */
import type { Bars } from "../../core/index.js";
import { summarise } from "../../trading/index.js";
import { type Decide, type WalkOptions, walkTogether } from "./walkForward.js";

/** One rule, a row of a table; after costs. */
export type WalkedRow = {
  readonly rule: string;
  /** Annual, with half of its 95 % interval. */
  readonly sharpe: number;
  readonly half: number;
  /** Percent a year. */
  readonly volatility: number;
  /** The largest loss from a peak, percent. */
  readonly drawdown: number;
  /** Fees and half of the spread, percent of the capital. */
  readonly costs: number;
};

/** Half a 95 % interval in standard errors. */
const REACH = 1.96;

/** A row a rule, all over the same bars and windows. @throws RangeError as `walkForward`. */
export function compareWalks(
  rules: Readonly<Record<string, Decide>>,
  bars: readonly Bars[],
  options: Omit<WalkOptions, "decide">,
): WalkedRow[] {
  const ledgers = walkTogether(bars, Object.values(rules), options);
  return Object.keys(rules).map((rule, r) => {
    const { sharpe, sharpeError, annualVolatility, maxDrawdown, fees, spread } = summarise(ledgers[r]!);
    return {
      ...{ rule, sharpe, half: REACH * sharpeError },
      ...{ volatility: 100 * annualVolatility, drawdown: 100 * maxDrawdown, costs: 100 * (fees + spread) },
    };
  });
}
