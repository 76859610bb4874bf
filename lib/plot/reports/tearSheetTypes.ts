/** The input of a tear sheet. */
import type { Ledger } from "../../core/index.js";
import type { EquitySeries } from "../charts/accounts/equity.js";

/** A ledger with its capital, and the parts of its cost where they are known. Money is in one unit; arrays are [T]. */
export interface TearSheetLedger extends Ledger {
  /** Equity before the first bar. */
  readonly capital: number;
  readonly fees?: ArrayLike<number>;
  readonly spread?: ArrayLike<number>;
  readonly impact?: ArrayLike<number>;
}

/** A rolling annual Sharpe ratio with its interval. Arrays are [N]. */
export interface RollingSharpe {
  /** When each window is complete, UTC milliseconds. */
  readonly time: ArrayLike<number>;
  readonly value: ArrayLike<number>;
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
}

/** Options of `tearSheet`. */
export interface TearSheetOptions {
  readonly title: string;
  /** Of the strategy. */
  readonly name: string;
  readonly ledger: TearSheetLedger;
  readonly benchmark?: Pick<EquitySeries, "name" | "time" | "equity" | "capital">;
  /** [T] ends of an interval of the equity, such as quantiles over resampled blocks. */
  readonly band?: Required<Pick<EquitySeries, "lower" | "upper">>;
  /** By default returns by month stand in its place. */
  readonly rollingSharpe?: RollingSharpe;
  readonly width?: number;
}
