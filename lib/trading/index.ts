/**
 * From a forecast to money: sizes, costs, a backtest whose books balance, performance with its errors.
 *
 * Main types: `SizingRules`, `Costs`, `BacktestLedger`, `Summary`. Decided at the close of bar t, executed at the open of bar t + 1.
 * @module
 * @example
 * const ledger = trading.backtest(weights, bars, { costs: trading.BYBIT_COSTS });
 * trading.summarise(ledger).sharpe;
 */
export * from "./backtest/index.js";
export * from "./decisions/index.js";
export * as factors from "./factors/index.js";
export * from "./performance/index.js";
export * as significance from "./significance/index.js";
