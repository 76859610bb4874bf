/** The stages between a closed candle and a target, each a plain function; what they share is given to them. */

import type { Forecast, Key, NormalDraws } from "../../core/index.js";
import { checkLength, decisionKey, forecastOf, type TargetScale, unscaleDraws } from "../../core/index.js";
import type { BarRow } from "../../features/engine/index.js";
import { emptyRow } from "../../features/engine/index.js";
import type { Signal } from "../../trading/decisions/index.js";
import type { BarStep } from "../types.js";
import type { ForecastInput, ReturnDraws } from "./forecaster.js";
import type { LiveWindows } from "./liveWindows.js";

/** The rows of one symbol as its bars come in, such as `marketInputStream`, `panelStream` or `featureStream` with its warm-up. */
export interface LiveInput {
  /** [F] */
  readonly names: readonly string[];
  /** How many bars come before the first whose row is whole. */
  readonly warmUp: number;
  /** [F], of a bar that is final. */
  push(row: Readonly<BarRow>): Float64Array;
  /** What one unit of the predicted target is of a return, known at the last bar: 1 by default. */
  unit?(): number;
}

/**
 * The candles of a step as rows, [A]; undefined where a symbol has none.
 * @throws RangeError naming symbol and time when a candle does not close with the step, or the step is not after `last` by whole bars.
 */
export function collect(
  { time, bars }: BarStep,
  of: { readonly symbols: readonly string[]; readonly stepMs: number; readonly last: number | undefined },
): readonly (BarRow | undefined)[] {
  const { symbols, stepMs, last } = of;
  checkLength("step", bars, symbols.length);
  const elapsed = last === undefined ? stepMs : time - last;
  if (!(Number.isSafeInteger(time) && elapsed > 0 && elapsed % stepMs === 0))
    throw new RangeError(`step: expected a time after ${last} by whole steps of ${stepMs} ms, got ${time}`);
  return bars.map((bar, a) => {
    if (!bar) return undefined;
    const { time: openTime, ...rest } = bar;
    if (openTime + stepMs !== time)
      throw new RangeError(
        `${symbols[a]}: expected the candle that closed at ${iso(time)}, got that of ${iso(openTime + stepMs)}`,
      );
    return Object.assign(emptyRow(), { openTime }, rest);
  });
}

/** The features of each symbol's bar, [A][F]; a symbol without one has none. */
export function computeFeatures(
  rows: readonly (BarRow | undefined)[],
  inputs: readonly LiveInput[],
): readonly (Float64Array | undefined)[] {
  return rows.map((row, a) => row && inputs[a]!.push(row));
}

/** Takes the rows [A] of features [F] into the windows and returns the symbols whose window is whole, ascending. */
export function moveWindows(
  features: readonly (Float64Array | undefined)[],
  windows: LiveWindows,
  time: number,
): readonly number[] {
  features.forEach((row, a) => {
    if (row) windows.push(a, time, row);
  });
  return Array.from(features.keys()).filter((a) => windows.ready(a, time));
}

/** Draws of the posterior for some rows; undefined where there are none; `of.symbols` [N] are those of all rows. */
export function drawRows(
  look: ForecastInput,
  rows: readonly number[],
  of: { readonly symbols: readonly string[]; readonly key: Key; readonly time: number },
): ReturnDraws | undefined {
  if (rows.length === 0) return undefined;
  const rowKeys = rows.map((row) => decisionKey(of.key, of.time, of.symbols[row]!));
  return look.draw({ rows, rowKeys, time: of.time });
}

/** Rows whose draws make a forecast. */
export interface DrawnRows {
  /** [N] index of each row's symbol. */
  readonly asset: ArrayLike<number>;
  /** [N] of the decision, UTC milliseconds. */
  readonly decidedAt: ArrayLike<number>;
  /** [N] */
  readonly units: readonly TargetScale[];
  /** [N] in returns, where rows were screened by it. */
  readonly atMean?: Float64Array;
}

/** The forecast that draws of scaled returns make, in returns. */
export function forecastOfDraws(
  { returns, direction }: { readonly returns: NormalDraws } & Pick<ReturnDraws, "direction">,
  { asset, decidedAt, units, atMean }: DrawnRows,
): Forecast {
  return forecastOf(unscaleDraws(returns, units), {
    ...{ asset, decidedAt },
    ...(direction ? { classes: direction } : {}),
    ...(atMean ? { atMean } : {}),
  });
}

/** The signal of a row that did not pass the screen: HOLD; as nothing was drawn, the model uncertainty is not known. */
export function undrawnSignal({ probabilityUp, aleatoric }: Forecast, row: number): Signal {
  return {
    ...{ direction: "HOLD", probability: probabilityUp[row]!, confidence: 0.5, size: 0 },
    ...{ aleatoric: aleatoric[row]!, latent: Number.NaN, epistemic: Number.NaN },
  };
}

function iso(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : String(time);
}
