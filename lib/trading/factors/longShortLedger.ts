/** The backtest of a signal of several assets, held long where it is high and short where it is low. */
import type { Bars, Panel } from "../../core/index.js";
import { backtest } from "../backtest/backtest.js";
import type { Costs } from "../backtest/costs.js";
import type { BacktestLedger } from "../backtest/ledger.js";
import { longShortPanel } from "./longShort.js";

/**
 * The ledger of a signal: long the assets of its largest `quantile`, short those of its smallest, half the equity on each side.
 * @param signal  [T,A] at some closes, NaN where it is not known
 * @param of      the bars, or a market with its bars
 * @throws RangeError as `longShortPanel` and `backtest`.
 */
export function longShortLedger(
  signal: Panel,
  of: readonly Bars[] | { readonly bars: readonly Bars[] },
  { costs, quantile = 0.4 }: { readonly costs: Costs; readonly quantile?: number },
): BacktestLedger {
  return backtest(longShortPanel(signal, quantile), of, { costs, leverageLimit: 1 });
}
