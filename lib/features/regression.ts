/** The design of the regression of the next hour's return on what is known now. */

import type { Bars } from "../core/index.js";
import { checkCount } from "../core/index.js";
import type { Market } from "../market/index.js";
import { features as featuresOf } from "./engine/index.js";
import { bookImbalance, tradeImbalance } from "./indicators/index.js";
import { logReturns, rollingMean, rollingStandardDeviation } from "./returns.js";

/** Rows of features with their targets, sorted by time, then asset. Nothing in it is NaN. */
export interface ReturnRegression {
  /** [F] column names. */
  names: readonly string[];
  /** [N, F] */
  shape: readonly [number, number];
  /** [N,F] row-major; in units of trailing volatility or trailing deviation. */
  x: Float64Array;
  /** [N] the next bar's log return / `scale`. */
  y: Float64Array;
  /** [N] index into the market's symbols. */
  asset: Uint16Array;
  /** [N] when the features are known: close of bar t, UTC milliseconds. */
  decidedAt: Float64Array;
  /** [N] when the target is known: close of bar t + 1. */
  resolvedAt: Float64Array;
  /** [N] trailing volatility at t of an hour's log return: y · scale is the log return. */
  scale: Float64Array;
}

/** Options of `returnRegression`. */
export interface RegressionOptions {
  /** Trailing bars of volatility, volume and range (default a week), at least 48. */
  window?: number;
  /** Hours of the momentum columns, ascending (default 6, 24 and 48); none longer than `window`. */
  momentumHours?: readonly number[];
  /** Whether the order flow of the bar is told too, as `tradeImbalance` and `bookImbalance`; not unless given. */
  flow?: boolean;
}

/** The features of one asset, each [T]. */
type Columns = Readonly<Record<string, Float64Array>>;

const HOUR = 3_600_000;

/**
 * Features at the close of each hour and the return of the hour that follows, for every symbol of an hourly market.
 *
 * With r log returns of closes and scale = √(mean of r² over the window): `return1h` = r / scale; `momentum6h`, `24h`, `48h`
 * = (sum of the last h r) / (scale √h), strongly correlated with one another; `volumeSurprise` = log volume less its mean over
 * the window, over its deviation there; `rangeSurprise` = (log high − log low less its mean over the window) / scale;
 * `signedVolume` = sign(r) · volumeSurprise; with `flow`, `tradeImbalance` = (bought − sold) / (bought + sold) of the bar and
 * `bookImbalance` = that of the sizes at the best quotes at its close. Each window ends with the bar just closed.
 *
 * Left out: the first `window` bars, the last, any row whose window or target straddles a gap, and rows that have no value
 * (no trade, no movement). It does not centre or scale columns: see `fitScaler`.
 * @throws RangeError when the market is not hourly, `window` is below 48, or flow is wanted that the bars do not have.
 */
export function returnRegression(market: Market, options: RegressionOptions = {}): ReturnRegression {
  const { window = 168, momentumHours = [6, 24, 48], flow = false } = options;
  checkCount("window", window, Math.max(48, ...momentumHours));
  for (const hours of momentumHours) checkCount("momentumHours", hours, 2);
  if (market.stepMs !== HOUR) {
    throw new RangeError(`market: expected bars of an hour (${HOUR} ms), got ${market.stepMs} ms`);
  }
  const assets = market.bars.map((bars) => {
    return assetRows(bars, window, momentumHours, flow ? flowColumnsOf(bars) : {});
  });
  const count = assets.reduce((total, rows) => total + rows.at.length, 0);
  const names = Object.keys(assets[0]!.columns);
  const out = emptyDesign(names, count);
  const next = assets.map(() => 0);
  for (let n = 0; n < count; n++) {
    const a = earliest(assets, next);
    copyRow(out, n, a, assets[a]!, assets[a]!.at[next[a]!]!);
    next[a]!++;
  }
  return out;
}

interface AssetRows {
  bars: Bars;
  columns: Columns;
  scale: Float64Array;
  /** [T] the target: the next bar's log return / scale. */
  target: Float64Array;
  /** Bars t that give a row. */
  at: number[];
}

function assetRows(bars: Bars, window: number, momentumHours: readonly number[], flow: Columns): AssetRows {
  const returns = logReturns(bars);
  const scale = rollingMean(
    returns.map((r) => r * r),
    window,
  ).map(Math.sqrt);
  const columns = { ...features(bars, returns, scale, window, momentumHours), ...flow };
  const target = returns.map((_, t) => returns[t + 1]! / scale[t]!);
  const all = [...Object.values(columns), target];
  const at: number[] = [];
  for (let t = window; t < returns.length - 1; t++) {
    const elapsed = bars.openTime[t + 1]! - bars.openTime[t - window]!;
    if (elapsed === (window + 1) * bars.stepMs && all.every((x) => Number.isFinite(x[t]!))) at.push(t);
  }
  return { bars, columns, scale, target, at };
}

/** The imbalances of the bar itself. */
function flowColumnsOf(bars: Bars): Columns {
  const { values } = featuresOf(bars, [tradeImbalance(1), bookImbalance()]);
  return {
    tradeImbalance: values.filter((_, i) => i % 2 === 0),
    bookImbalance: values.filter((_, i) => i % 2 === 1),
  };
}

function features(
  bars: Bars,
  returns: Float64Array,
  scale: Float64Array,
  window: number,
  momentumHours: readonly number[],
): Columns {
  const momentum = (hours: number) =>
    rollingMean(returns, hours).map((mean, t) => (mean * Math.sqrt(hours)) / scale[t]!);
  const logVolume = bars.volume.map(Math.log);
  const volumeMean = rollingMean(logVolume, window);
  const volumeDeviation = rollingStandardDeviation(logVolume, window);
  const volumeSurprise = logVolume.map((v, t) => (v - volumeMean[t]!) / volumeDeviation[t]!);
  const range = bars.high.map((high, t) => Math.log(high / bars.low[t]!));
  const rangeMean = rollingMean(range, window);
  return {
    return1h: momentum(1),
    ...Object.fromEntries(momentumHours.map((hours) => [`momentum${hours}h`, momentum(hours)])),
    volumeSurprise,
    rangeSurprise: range.map((x, t) => (x - rangeMean[t]!) / scale[t]!),
    signedVolume: volumeSurprise.map((v, t) => Math.sign(returns[t]!) * v),
  };
}

function emptyDesign(names: readonly string[], count: number): ReturnRegression {
  return {
    names,
    shape: [count, names.length],
    x: new Float64Array(count * names.length),
    y: new Float64Array(count),
    asset: new Uint16Array(count),
    decidedAt: new Float64Array(count),
    resolvedAt: new Float64Array(count),
    scale: new Float64Array(count),
  };
}

/** The asset whose next row is first in time; of equal ones the first. */
function earliest(assets: readonly AssetRows[], next: readonly number[]): number {
  let best = -1;
  let time = Number.POSITIVE_INFINITY;
  assets.forEach(({ bars, at }, a) => {
    const opened = next[a]! < at.length ? bars.openTime[at[next[a]!]!]! : Number.POSITIVE_INFINITY;
    if (opened < time) [best, time] = [a, opened];
  });
  return best;
}

function copyRow(out: ReturnRegression, n: number, a: number, rows: AssetRows, t: number): void {
  const { bars, columns, scale, target } = rows;
  out.names.forEach((name, f) => {
    out.x[n * out.names.length + f] = columns[name]![t]!;
  });
  out.y[n] = target[t]!;
  out.asset[n] = a;
  out.decidedAt[n] = bars.openTime[t]! + bars.stepMs;
  out.resolvedAt[n] = bars.openTime[t + 1]! + bars.stepMs;
  out.scale[n] = scale[t]!;
}
