/** The bars of a backtest, one after the other. Internal to `backtest`. */
import type { Bars, Panel } from "../../core/index.js";
import { closeBar, openBar } from "./account.js";
import type { Account } from "./accountTypes.js";
import { impactFactors } from "./impact.js";
import { hasPlainBars, type Walk, walkPlainBars } from "./plainBars.js";

/** Takes the account through the bars; row t of the weights is executed at the open of bar t + 1 + latencyBars. */
export function walkBars(account: Account, weights: Panel, bars: readonly Bars[]): void {
  const walk = walkOf(account, weights, bars);
  const { opens, closes, opening, closing } = walk;
  const { latencyBars } = account.options.costs;
  const plain = hasPlainBars(account, walk);
  for (let t = 0; t < opens.length; t++) {
    if (plain) t = walkPlainBars(account, t, walk);
    if (t === opens.length) return;
    account.row = t;
    opening.time = opens[t]!;
    opening.due = t - 1 - latencyBars;
    openBar(account, opening);
    closeBar(account, closes[t]!, closing);
  }
}

function walkOf({ options }: Account, weights: Panel, bars: readonly Bars[]): Walk {
  const { impact } = options.costs;
  return {
    opens: bars[0]!.openTime,
    closes: weights.time,
    opening: {
      time: 0,
      prices: table(bars.map((b) => b.open)),
      targets: weights.values,
      due: -1,
      impacts: impact && table(bars.map((b) => impactFactors(b, impact))),
    },
    closing: {
      high: table(bars.map((b) => b.high)),
      low: table(bars.map((b) => b.low)),
      close: table(bars.map((b) => b.close)),
    },
  };
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
