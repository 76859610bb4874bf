/** The backtest of a signal of one asset's closes. */
import { type Bars, checkLength } from "../../core/index.js";
import { backtest } from "./backtest.js";
import type { BacktestOptions } from "./backtestInput.js";
import type { SignalOf } from "./causality.js";
import type { BacktestLedger } from "./ledger.js";

/**
 * The ledger of an account that holds, from the open after each close on, the weight that the signal said at that close.
 * @param signal  of the closes alone, [T] to [T] weights: the function that `findLookAhead` takes
 * @throws RangeError when it gives not one weight a bar, or as `backtest`.
 */
export function backtestSignal(signal: SignalOf, bars: Bars, options: BacktestOptions): BacktestLedger {
  const values = signal([bars.close.slice()]);
  checkLength("signal", values, bars.close.length);
  const time = bars.openTime.map((open) => open + bars.stepMs);
  return backtest({ time, names: [bars.symbol], values }, [bars], options);
}
