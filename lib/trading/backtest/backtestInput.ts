/** The input of a backtest, and the checks it must pass. */

import type { Bars, Panel } from "../../core/index.js";
import { checkLength, checkPositive } from "../../core/index.js";
import type { Costs } from "./costs.js";

/**
 * When an asset is traded. "every bar": to its weight at every open, so that drift is undone. "when changed": only when its weight
 * differs from the one last executed; in between the units stay and the weight drifts. `band`: only when the weight held is
 * further than that from the target; a target of 0 is executed at once.
 */
export type Rebalance = "every bar" | "when changed" | { readonly band: number };

/** Options of a backtest. */
export interface BacktestOptions {
  readonly costs: Costs;
  /** Equity before the first bar, in the unit of the prices (default 1); it must be given with an impact. */
  readonly capital?: number;
  /** When targets are traded (default "every bar"). */
  readonly rebalance?: Rebalance;
  /** Rows whose Σ|w| exceeds it are scaled down to it (default no limit). It binds orders, not what drifts afterwards. */
  readonly leverageLimit?: number;
  /** Share of Σ|position · price| that equity must exceed at every price of a bar, or all is closed and lost (default 0). */
  readonly maintenanceMargin?: number;
  /** Meaning of NaN as a weight at a close that is known: an error ("refuse", the default), or no change ("keep"). */
  readonly nanWeights?: "refuse" | "keep";
}

/**
 * Checks the options of a backtest.
 * @throws RangeError naming an option that is out of range.
 */
export function checkBacktestOptions({
  costs,
  capital,
  leverageLimit,
  maintenanceMargin = 0,
  ...rest
}: BacktestOptions): void {
  if (costs.impact && capital === undefined)
    throw new RangeError("capital: expected one with an impact, which depends on how much is traded");
  checkPositive("capital", capital ?? 1);
  if (leverageLimit !== undefined) checkPositive("leverageLimit", leverageLimit);
  if (!(maintenanceMargin >= 0 && maintenanceMargin < 1))
    throw new RangeError(`maintenanceMargin: expected a share in [0, 1), got ${maintenanceMargin}`);
  if (maintenanceMargin * (leverageLimit ?? 0) >= 1) {
    throw new RangeError(
      `leverageLimit: expected less than 1 / maintenanceMargin = ${1 / maintenanceMargin}, got ${leverageLimit}`,
    );
  }
  if (typeof rest.rebalance === "object") checkPositive("band", rest.rebalance.band);
}

/** Largest size of a weight: beyond a million times the equity, float64 no longer keeps what an account is worth. */
export const LARGEST_WEIGHT = 1e6;

/**
 * Throws a RangeError naming asset and time where weights and bars do not fit, a price is not positive, or a weight is missing or
 * larger than `LARGEST_WEIGHT`.
 */
export function checkBacktestInputs(
  weights: Panel,
  bars: readonly Bars[],
  { nanWeights }: Pick<BacktestOptions, "nanWeights"> = {},
): void {
  const first = bars[0];
  if (!first) throw new RangeError("bars: expected at least one asset, got none");
  const symbols = bars.map((b) => b.symbol);
  if (symbols.join() !== weights.names.join())
    throw new RangeError(`weights: expected columns ${symbols.join(", ")}, got ${weights.names.join(", ")}`);
  const count = first.openTime.length;
  checkLength("weights: time", weights.time, count);
  checkLength("weights: values", weights.values, count * bars.length);
  checkTimes(weights, first);
  for (const asset of bars) checkAsset(asset, first);
  checkWeights(weights, bars, nanWeights === "keep");
}

function checkTimes({ time }: Panel, { symbol, openTime, stepMs }: Bars): void {
  checkPositive(`${symbol}: stepMs`, stepMs);
  for (let t = 0; t < openTime.length; t++) {
    if (t > 0 && !(openTime[t]! > openTime[t - 1]!))
      throw new RangeError(
        `${symbol}, bar ${t}: expected a time after ${iso(openTime[t - 1]!)}, got ${iso(openTime[t]!)}`,
      );
    if (time[t] !== openTime[t]! + stepMs)
      throw new RangeError(
        `weights, row ${t}: expected the close ${iso(openTime[t]! + stepMs)}, got ${iso(time[t]!)}`,
      );
  }
}

function checkAsset(bars: Bars, { symbol, openTime, stepMs }: Bars): void {
  if (bars.stepMs !== stepMs)
    throw new RangeError(`${bars.symbol}: expected bars of ${stepMs} ms as ${symbol}, got ${bars.stepMs}`);
  for (const name of ["openTime", "open", "high", "low", "close", "volume"] as const)
    checkLength(`${bars.symbol}: ${name}`, bars[name], openTime.length);
  if (bars.openTime !== openTime) checkSameTimes(bars, symbol, openTime);
  // Bar by bar, so that the first fault in time is named.
  const faults = PRICES.map((name) => firstFault(bars[name]));
  const t = Math.min(...faults);
  if (t === Number.POSITIVE_INFINITY) return;
  const name = PRICES[faults.indexOf(t)]!;
  throw new RangeError(
    `${bars.symbol}, ${iso(openTime[t]!)}: expected positive prices or NaN, got ${name} ${bars[name][t]!}`,
  );
}

const PRICES = ["open", "high", "low", "close"] as const;

/** The first bar whose price is neither positive nor missing; Infinity where there is none. */
function firstFault(prices: Float64Array): number {
  for (let t = 0; t < prices.length; t++) {
    const price = prices[t]!;
    if (!(price > 0 && price < Number.POSITIVE_INFINITY) && !Number.isNaN(price)) return t;
  }
  return Number.POSITIVE_INFINITY;
}

function checkSameTimes(bars: Bars, symbol: string, openTime: Float64Array): void {
  for (let t = 0; t < openTime.length; t++) {
    if (bars.openTime[t] === openTime[t]) continue;
    throw new RangeError(
      `${bars.symbol}, bar ${t}: expected ${iso(openTime[t]!)} as ${symbol}, got ${iso(bars.openTime[t]!)}`,
    );
  }
}

function checkWeights({ values, names }: Panel, bars: readonly Bars[], keepsAll: boolean): void {
  for (let i = 0; i < values.length; i++) {
    const weight = values[i]!;
    if (Math.abs(weight) <= LARGEST_WEIGHT) continue;
    const { symbol, openTime, stepMs, close } = bars[i % names.length]!;
    const t = Math.floor(i / names.length);
    if (Number.isNaN(weight) && (keepsAll || Number.isNaN(close[t]!))) continue;
    const wanted = Number.isFinite(weight)
      ? `at most ${LARGEST_WEIGHT} in size`
      : "a finite number (0 for flat)";
    throw new RangeError(
      `weight of ${symbol} decided ${iso(openTime[t]! + stepMs)}: expected ${wanted}, got ${weight}`,
    );
  }
}

function iso(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : String(time);
}
