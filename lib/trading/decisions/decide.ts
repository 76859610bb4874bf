/** From forecasts to weights: the one step that a backtest and a live run share. */

import type { Forecast, ForecastRow, Panel } from "../../core/index.js";
import { checkFinite, forecastRow } from "../../core/index.js";
import type { Decisions } from "./decisions.js";
import {
  checkRules,
  DEFAULT_RULES,
  passesScreen,
  positionWeight,
  type SizingRules,
  signalOf,
} from "./rules.js";
import type { Signal } from "./signal.js";
import { capped, cappedGross } from "./size.js";

/** The decision of each row of a forecast, [N]: `heldWeights` takes it. */
export interface ForecastDecisions extends Decisions {
  readonly asset: Uint16Array;
  readonly decidedAt: Float64Array;
  /** Signed share of the equity, within the limits. */
  readonly weight: Float64Array;
  /** Sides and sizes before the limits, and what they rest on. */
  readonly signals: readonly Signal[];
}

/**
 * Signal and weight of every row: the side by `signal`, its size times the weight by `position`, cut to `maxWeight`, then all rows of
 * one time shrunk to `maxGross`. Rows of other times take no part, and the order of the rows plays none.
 * @throws RangeError when the rules make no sense, or need draws or a prediction at the mean that the forecast has not.
 */
export function decide(forecast: Forecast, rules: SizingRules): ForecastDecisions {
  checkRules(rules);
  if (rules.screenAbove !== undefined && !forecast.atMean)
    throw new RangeError("screenAbove: expected a forecast with its prediction at the mean, atMean");
  const { asset, decidedAt } = forecast;
  const signals = Array.from(asset, (_, n) => decideRow(forecastRow(forecast, n), rules));
  const weight = Float64Array.from(signals, ({ size }) => capped(size, rules.maxWeight));
  if (rules.maxGross !== undefined) shrinkEachTime(weight, forecast, rules.maxGross);
  return { asset, decidedAt, weight, signals };
}

/** Assets and times of which weights are wanted. */
export interface Universe {
  /** [A] names of the assets; those of the forecast by default. */
  readonly names?: readonly string[];
  /** [T] ascending; the times of the forecast by default. */
  readonly times?: ArrayLike<number>;
  /** Whether an asset can be traded at a time; always by default. */
  readonly traded?: (asset: number, time: number) => boolean;
}

/**
 * Weights [T,A] by the rules: 0 for an asset that has no forecast at a time, NaN, which means unchanged, where it cannot be traded.
 * @throws RangeError as `decide` does, when nobody names the assets, and when the forecast has two rows of one asset and time, or one of neither.
 */
export function size(forecast: Forecast, rules: SizingRules, universe: Universe = {}): Panel {
  const names = universe.names ?? forecast.names;
  if (!names) throw new RangeError("names: expected those of the assets, as the forecast has none");
  return weightPanel(decide(forecast, rules), { ...universe, names });
}

/**
 * The weights [T,A] of decisions as a panel, as `size` returns it.
 * @throws RangeError when a row is of no asset or time that is wanted, or two are of the same.
 */
export function weightPanel(
  decisions: ForecastDecisions,
  { names, times, traded }: Universe & { readonly names: readonly string[] },
): Panel {
  const { asset, decidedAt, weight } = decisions;
  const time = times ? Float64Array.from(times) : Float64Array.from(new Set(decidedAt)).sort();
  const rowAt = new Map(Array.from(time, (value, t) => [value, t]));
  const values = new Float64Array(time.length * names.length).fill(Number.NaN);
  for (let n = 0; n < weight.length; n++) {
    const t = rowAt.get(decidedAt[n]!);
    const place = `${names[asset[n]!] ?? asset[n]} at ${decidedAt[n]}`;
    if (t === undefined || asset[n]! >= names.length)
      throw new RangeError(
        `row ${n}: expected one of the ${names.length} assets and ${time.length} times, got ${place}`,
      );
    const i = t * names.length + asset[n]!;
    if (!Number.isNaN(values[i])) throw new RangeError(`row ${n}: expected one for ${place}, got two`);
    values[i] = weight[n]!;
  }
  values.forEach((value, i) => {
    if (!Number.isNaN(value)) return;
    const [a, t] = [i % names.length, Math.floor(i / names.length)];
    if (traded === undefined || traded(a, time[t]!)) values[i] = 0;
  });
  return { time, names: [...names], values };
}

/** The signal of a row with its size as a signed weight before the limits. */
function decideRow(row: ForecastRow, rules: SizingRules): Signal {
  const signal = signalOf(row, rules.signal ?? DEFAULT_RULES.signal);
  if (signal.direction === "HOLD") return signal;
  const passes = row.atMean === undefined || passesScreen(row.atMean, rules);
  const size = passes ? signal.size * positionWeight(row, rules.position ?? DEFAULT_RULES.position) : 0;
  checkFinite("size", [size]);
  return size === 0 ? { ...signal, direction: "HOLD", size: 0 } : { ...signal, size };
}

/** Shrinks the weights of each time until Σ|weight| ≤ limit. */
function shrinkEachTime(weight: Float64Array, { asset, decidedAt }: Forecast, limit: number): void {
  const together = new Map<number, number[]>();
  decidedAt.forEach((time, n) => {
    const rows = together.get(time);
    if (rows) rows.push(n);
    else together.set(time, [n]);
  });
  for (const rows of together.values()) {
    rows.sort((i, j) => asset[i]! - asset[j]!); // so that sums do not depend on the order of the rows
    const cut = cappedGross(
      rows.map((n) => weight[n]!),
      limit,
    );
    rows.forEach((n, i) => {
      weight[n] = cut[i]!;
    });
  }
}
