/** The bars of a backtest, one after the other. Internal to `backtest`. */
import type { Bars, Panel } from "../../core/index.js";
import { closeBar, openBar } from "./account.js";
import type { Account, Closing, Opening } from "./accountTypes.js";
import { impactFactors } from "./impact.js";

/** Takes the account through the bars; row t of the weights is executed at the open of bar t + 1 + latencyBars. */
export function walkBars(account: Account, weights: Panel, bars: readonly Bars[]): void {
  const { impact, latencyBars } = account.options.costs;
  const { openTime } = bars[0]!;
  const closing: Closing = {
    high: table(bars.map((b) => b.high)),
    low: table(bars.map((b) => b.low)),
    close: table(bars.map((b) => b.close)),
  };
  const opening: Opening = {
    time: 0,
    prices: table(bars.map((b) => b.open)),
    targets: weights.values,
    due: -1,
    impacts: impact && table(bars.map((b) => impactFactors(b, impact))),
  };
  for (let t = 0; t < openTime.length; t++) {
    account.row = t;
    opening.time = openTime[t]!;
    opening.due = t - 1 - latencyBars;
    openBar(account, opening);
    closeBar(account, weights.time[t]!, closing);
  }
}

/** [T,A] of columns [A] each [T]. */
function table(columns: readonly Float64Array[]): Float64Array {
  if (columns.length === 1) return columns[0]!;
  const rows = new Float64Array(columns.length * columns[0]!.length);
  columns.forEach((column, a) => {
    for (let t = 0; t < column.length; t++) rows[t * columns.length + a] = column[t]!;
  });
  return rows;
}
