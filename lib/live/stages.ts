/** The stages between a closed candle and a target, each a plain function; what they share is given to them. */
import { checkLength } from "../core/axes.js";
import { fold, type Key } from "../core/random.js";
import type { BarRow } from "../features/featureSpec.js";
import { emptyRow } from "../features/featureStream.js";
import type { Signal } from "../trading/signal.js";
import { capped, cappedGross } from "../trading/size.js";
import { aggregate, type Outlook, type Unit } from "./aggregate.js";
import type { Foretold, Look } from "./forecaster.js";
import type { LiveWindows } from "./liveWindows.js";
import type { RiskRule, ScreenRule, SignalRule } from "./rules.js";
import type { BarStep } from "./types.js";

/** The rows of one symbol as its bars come in, such as `marketInputStream` or `featureStream` with its warm-up. */
export interface LiveInput {
  /** [F] */
  readonly names: readonly string[];
  /** How many bars come before the first whose row is whole. */
  readonly warmUp: number;
  /** [F], of a bar that is final. */
  push(row: Readonly<BarRow>): Float64Array;
  /** What one unit of the foretold target is of a return, known at the last bar: 1 unless given. */
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

/** Takes the rows into the windows; the symbols whose window is whole, ascending. */
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

/** Outlooks of all rows that were drawn, [N]. @param units [N] */
export function aggregateAll(said: Foretold, units: readonly Unit[], level: number): readonly Outlook[] {
  return units.map((unit, row) => aggregate(said, row, { unit, level }));
}

/** Outlooks by the mean forecast [N], and which rows are worth more. */
export function screenRows(
  look: Look,
  of: { readonly units: readonly Unit[]; readonly level: number; readonly screen: ScreenRule },
): { readonly outlooks: readonly Outlook[]; readonly candidates: readonly number[] } {
  const outlooks = aggregateAll(look.screen(), of.units, of.level);
  return { outlooks, candidates: Array.from(outlooks.keys()).filter((n) => of.screen(outlooks[n]!)) };
}

/** Draws of the posterior for some rows; undefined where there are none. @param symbols [N] of all rows */
export function drawRows(
  look: Look,
  rows: readonly number[],
  of: { readonly symbols: readonly string[]; readonly key: Key; readonly time: number },
): Foretold | undefined {
  if (rows.length === 0) return undefined;
  const own = fold(of.key, "decision", of.time);
  const rowKeys = rows.map((row) => fold(own, of.symbols[row]!));
  return look.draw({ rows, rowKeys, time: of.time });
}

/** What a symbol that was screened out says: nothing to be done; what nobody drew is not known. */
export function screenedOut({ probabilityAbove, aleatoric }: Outlook): Signal {
  const probability = probabilityAbove(0);
  return { direction: "HOLD", probability, confidence: 0.5, epistemic: Number.NaN, aleatoric, size: 0 };
}

/** Sides, [N]. */
export function signalAll(outlooks: readonly Outlook[], rule: SignalRule): readonly Signal[] {
  return outlooks.map((outlook) => rule(outlook));
}

/** The signals with sizes as signed shares of equity: the rule's own size times the share that the risk allows, [N]. */
export function riskAll(
  signals: readonly Signal[],
  outlooks: readonly Outlook[],
  risk: RiskRule,
): readonly Signal[] {
  return signals.map((signal, n) => {
    if (signal.direction === "HOLD") return signal;
    const size = signal.size * Math.abs(risk(outlooks[n]!));
    return size === 0 ? { ...signal, direction: "HOLD", size: 0 } : { ...signal, size };
  });
}

/** What no position and no book may exceed, shares of equity. */
export interface SizeLimits {
  readonly perSymbol: number;
  /** Σ |share| */
  readonly gross: number;
}

/** Targets [A]: the signals' sizes cut to the limits, 0 without a signal, NaN where there was no candle. */
export function sizeAll(
  signals: readonly (Signal | undefined)[],
  present: readonly boolean[],
  { perSymbol, gross }: SizeLimits,
): Float64Array {
  const sizes = signals.map((signal) => (signal ? capped(signal.size, perSymbol) : 0));
  return cappedGross(sizes, gross).map((size, a) => (present[a] ? size : Number.NaN));
}

function iso(time: number): string {
  return Number.isFinite(time) ? new Date(time).toISOString() : String(time);
}
