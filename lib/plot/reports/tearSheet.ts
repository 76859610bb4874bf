/** A backtest on one sheet. */

import { checkFinite, checkLength, checkPositive } from "../../core/index.js";
import { type EquitySeries, ruinEntry } from "../charts/accounts/equity.js";
import type { Figure } from "../figure.js";
import { panels } from "../panels.js";
import { utcDay } from "../time.js";
import {
  costPanel,
  equityPanel,
  exposurePanel,
  fallPanel,
  monthPanel,
  returnPanel,
  sharpePanel,
} from "./tearSheetPanels.js";
import type { TearSheetLedger, TearSheetOptions } from "./tearSheetTypes.js";

/**
 * Equity, drawdown, rolling Sharpe ratio or months, returns against a normal, exposure, and costs as six panels.
 *
 * Each panel's title is computed from what it shows. It takes the rolling Sharpe ratio and the intervals as they are given; windows
 * whose ratio is −∞ count as below zero and are not drawn. Of an account that came to nothing the title says when, and returns,
 * months and exposure are those up to then.
 * @param of  options, or a ledger alone
 * @throws RangeError when arrays of the ledger differ in length, a number of it is not finite, the capital is not positive, all
 *   returns are equal, or as the figures of the panels.
 */
export function tearSheetFigure(of: TearSheetOptions | TearSheetLedger): Figure {
  const options = "ledger" in of ? of : { title: "Tear sheet after costs", name: "strategy", ledger: of };
  const { name, ledger, title, width } = options;
  checkTearSheet(ledger);
  const strategy: EquitySeries = { name, time: ledger.time, equity: ledger.equity, capital: ledger.capital };
  return panels(
    [
      equityPanel({ ...strategy, ...options.band }, options.benchmark),
      fallPanel(strategy),
      options.rollingSharpe ? sharpePanel(name, options.rollingSharpe) : monthPanel(strategy),
      returnPanel(ledger),
      exposurePanel(ledger),
      costPanel(ledger),
    ],
    { title: titleOf(title, ledger), columns: 2, ...(width === undefined ? {} : { width }) },
  );
}

function titleOf(title: string, { time, equity }: TearSheetLedger): string {
  const t = ruinEntry(equity);
  if (t < 0) return title;
  return `${title}: ruined ${utcDay(time[t]!, time[time.length - 1]! - time[0]!)}, nothing was left`;
}

function checkTearSheet(ledger: TearSheetLedger): void {
  const { time, weights, capital } = ledger;
  checkPositive("capital", capital);
  for (const column of ["equity", "cost", "funding", "fees", "spread", "impact"] as const) {
    const values = ledger[column];
    if (values === undefined) continue;
    checkLength(`${column} of the ledger`, values, time.length);
    checkFinite(`${column} of the ledger`, values);
  }
  checkLength("weights of the ledger", weights.values, time.length * weights.names.length);
  checkFinite("weights of the ledger", weights.values);
}
