export { closeBar, openAccount, openBar } from "./account.js";
export { addFunding } from "./accountFunding.js";
export { type AccountState, accountState, restoreAccount } from "./accountState.js";
export type { Account, AccountFill, AccountListener, Closing, Opening } from "./accountTypes.js";
export { backtest } from "./backtest.js";
export { type BacktestOptions, checkBacktestOptions, LARGEST_WEIGHT } from "./backtestInput.js";
export { backtestSignal } from "./backtestSignal.js";
export { type CausalityOptions, findLookAhead, type LookAhead, type SignalOf } from "./causality.js";
export {
  BYBIT_COSTS,
  BYBIT_FEES,
  type Costs,
  constantFunding,
  type Fees,
  type Funding,
  NO_COSTS,
  roundTripBps,
} from "./costs.js";
export { type BacktestLedger, checkLedger, ledgerReturns } from "./ledger.js";
export { type Columns, clearColumns } from "./ledgerColumns.js";
export type { RoundTrip } from "./runs.js";
