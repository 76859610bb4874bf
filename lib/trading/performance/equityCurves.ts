/** Ledgers by name as lines of a figure. */
import type { BacktestLedger } from "../backtest/ledger.js";

/** The equity of one rule, as `plot.equity` draws it. */
export interface EquityCurve {
  readonly name: string;
  readonly time: Float64Array;
  readonly equity: Float64Array;
}

/**
 * The equity of some ledgers, in the order of `names`; of all of them by default.
 * @throws RangeError naming a rule that has no ledger.
 */
export function equityCurves(
  ledgers: Readonly<Record<string, Pick<BacktestLedger, "time" | "equity">>>,
  names: readonly string[] = Object.keys(ledgers),
): EquityCurve[] {
  return names.map((name) => {
    const ledger = ledgers[name];
    if (!ledger)
      throw new RangeError(`rule: expected one of ${Object.keys(ledgers).join(", ")}, got ${name}`);
    return { name, time: ledger.time, equity: ledger.equity };
  });
}
