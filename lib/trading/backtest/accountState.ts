/** An account as plain data, so that it can be written down and opened again. */
import type { Account } from "./accountTypes.js";
import type { Liquidation } from "./ledger.js";

/** Survives JSON to the bit, but for the sign of zero: prices that are not known are null. Arrays are [A]. */
export interface AccountState {
  readonly bars: number;
  readonly cash: number;
  readonly equity: number;
  readonly gross: number;
  readonly positions: readonly number[];
  readonly marks: readonly (number | null)[];
  readonly executed: readonly number[];
  /** The open round trips. */
  readonly trips: {
    readonly side: readonly number[];
    readonly profit: readonly number[];
    readonly since: readonly number[];
  };
  readonly counts: { readonly orders: number; readonly scaledRows: number; readonly missedOrders: number };
  readonly liquidation: Liquidation | null;
}

/** A copy of what an account is between two events. */
export function accountState(account: Account): AccountState {
  const { bars, cash, equity, gross, positions, marks, executed, runs, counts, liquidation } = account;
  return {
    ...{ bars, cash, equity, gross },
    positions: Array.from(positions),
    marks: Array.from(marks, (price) => (Number.isNaN(price) ? null : price)),
    executed: Array.from(executed),
    trips: {
      side: Array.from(runs.side),
      profit: Array.from(runs.profit),
      since: Array.from(runs.since),
    },
    counts: { ...counts },
    liquidation: liquidation ?? null,
  };
}

/**
 * Puts a new account into a state; funding that fell due up to `time` counts as settled.
 *
 * Funding is found by its time, so a table that was fetched anew or got longer since is as good as the old one.
 */
export function restoreAccount(account: Account, state: AccountState, time: number): void {
  account.bars = state.bars;
  account.cash = state.cash;
  account.equity = state.equity;
  account.gross = state.gross;
  account.positions.set(state.positions);
  account.marks.set(state.marks.map((price) => price ?? Number.NaN));
  account.executed.set(state.executed);
  account.runs.side.set(state.trips.side);
  account.runs.profit.set(state.trips.profit);
  account.runs.since.set(state.trips.since);
  Object.assign(account.counts, state.counts);
  account.liquidation = state.liquidation ?? undefined;
  account.fundings.forEach((funding, a) => {
    account.nextFunding[a] = funding.time.filter((due) => due <= time).length;
  });
}
