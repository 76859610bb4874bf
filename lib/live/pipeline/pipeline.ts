/** From a closed bar to sized targets: features, windows, forecast, signal and size, each stage with its own reading of the clock. */

import type { Forecast, Key, TargetScale } from "../../core/index.js";
import { checkCount, checkPositive } from "../../core/index.js";
import type { Scaler } from "../../features/windows/index.js";
import type { Signal } from "../../trading/decisions/index.js";
import {
  checkRules,
  decide,
  type ForecastDecisions,
  passesScreen,
  type SizingRules,
  weightPanel,
} from "../../trading/decisions/index.js";
import type { BarStep, Decision, DecisionMaker, Readings, Stage } from "../types.js";
import type { LiveForecaster } from "./forecaster.js";
import { liveWindows } from "./liveWindows.js";
import {
  collect,
  computeFeatures,
  type DrawnRows,
  drawRows,
  forecastOfDraws,
  type LiveInput,
  moveWindows,
  undrawnSignal,
} from "./stages.js";

/** Options of `livePipeline`. */
export interface PipelineOptions {
  readonly symbols: readonly string[];
  readonly stepMs: number;
  /** Makes the input of one symbol, such as `(stepMs) => marketInputStream(stepMs, { flow: false })`, or a `panelStream` of it. */
  readonly input: (stepMs: number, symbol: string) => LiveInput;
  /** [F] of the training rows. */
  readonly scaler: Scaler;
  /** Scaled values are cut at ± so many deviations, as in training; default not at all. */
  readonly clip?: number;
  /** T rows a window. */
  readonly length: number;
  /** Bars from one decision to the next, counted from the epoch; default 1. In between targets are NaN: nothing is to change. */
  readonly every?: number;
  readonly forecaster: LiveForecaster;
  /** Scale of the target in training; default 0 and 1. Comes before the unit of the input. */
  readonly target?: TargetScale;
  /** From forecasts to weights, as in a backtest. With `screenAbove`, symbols that do not pass are not drawn and held flat. */
  readonly rules: SizingRules;
  /** A decision's draws come from this key, its time and the symbol's name: a run that was restarted decides the same. */
  readonly key: Key;
  /** Milliseconds, fractional. */
  readonly now: () => number;
  /** Takes the forecast on which each decision rests, in returns: the symbols that were drawn, at one time. */
  readonly onForecast?: (forecast: Forecast) => void;
}

/**
 * The pipeline, owner of its forecaster from now on.
 *
 * A symbol whose window is not whole is flat; after a missing candle its features and its window start again. It knows nothing of
 * positions: what limits them over time, and what orders cost, is the business of who trades.
 * @throws RangeError when the forecaster takes rows of another size, or a number makes no sense.
 */
export function livePipeline(options: PipelineOptions): DecisionMaker {
  const { symbols, stepMs, length, forecaster, every = 1 } = options;
  const state = openState(options);
  const learn = (step: BarStep, readings: Readings) => {
    const timed = timer(options.now, readings);
    const rows = timed("collect", () => collect(step, { symbols, stepMs, last: state.last }));
    state.last = step.time;
    const features = timed("features", () => computeFeatures(rows, state.inputs));
    const ready = timed("window", () => moveWindows(features, state.windows, step.time));
    return { ready, present: rows.map((row) => row !== undefined) };
  };
  return {
    symbols,
    stepMs,
    warmUp: state.inputs[0]!.warmUp + length - 1,
    learn: (step) => void learn(step, {}),
    decide(step) {
      const readings: Readings = {};
      const { ready, present } = learn(step, readings);
      if ((step.time / stepMs) % every !== 0) return unchanged(step.time, symbols.length, readings);
      return decided(options, state, { time: step.time, ready, present, readings });
    },
    dispose: forecaster.dispose,
  };
}

interface State {
  readonly inputs: readonly LiveInput[];
  readonly windows: ReturnType<typeof liveWindows>;
  last: number | undefined;
}

function openState({
  symbols,
  stepMs,
  input,
  scaler,
  clip,
  length,
  forecaster,
  rules,
  every = 1,
}: PipelineOptions): State {
  checkCount("symbols", symbols.length);
  checkPositive("stepMs", stepMs);
  checkCount("every", every);
  checkRules(rules);
  const inputs = symbols.map((symbol) => input(stepMs, symbol));
  const count = inputs[0]!.names.length;
  if (scaler.mean.length !== count)
    throw new RangeError(`scaler: expected ${count} features as the input has, got ${scaler.mean.length}`);
  if (forecaster.inputs !== count * length)
    throw new RangeError(
      `forecaster: expected rows of ${length} · ${count} numbers, got ${forecaster.inputs}`,
    );
  const clipped = clip === undefined ? {} : { clip };
  const windows = liveWindows({ symbols: symbols.length, length, stepMs, scaler, ...clipped });
  return { inputs, windows, last: undefined };
}

/** What is known when a decision is due. */
interface Due {
  readonly time: number;
  /** Symbols whose window is whole. */
  readonly ready: readonly number[];
  /** [A] */
  readonly present: readonly boolean[];
  readonly readings: Readings;
}

function decided(options: PipelineOptions, state: State, due: Due): Decision {
  const { symbols, rules } = options;
  const { time, ready, present, readings } = due;
  const timed = timer(options.now, readings);
  const { forecast, screenedOut } = ready.length > 0 ? asked(options, state, due, timed) : NOTHING;
  const decisions = forecast ? timed("signal", () => decide(forecast, rules)) : NO_DECISIONS;
  const signals: (Signal | undefined)[] = symbols.map(() => undefined);
  for (const [a, signal] of screenedOut) signals[a] = signal;
  decisions.asset.forEach((a, n) => {
    signals[a] = decisions.signals[n];
  });
  const universe = { names: symbols, times: [time], traded: (a: number) => present[a]! };
  const targets = timed("size", () => weightPanel(decisions, universe).values);
  if (forecast) options.onForecast?.(forecast);
  const drawn = new Set(forecast?.asset);
  return { time, targets, signals, drawn: symbols.map((_, a) => drawn.has(a)), readings };
}

/** The forecast of the symbols that were drawn, and the signals of those that were not. */
interface Answer {
  readonly forecast: Forecast | undefined;
  readonly screenedOut: ReadonlyMap<number, Signal>;
}

const NOTHING: Answer = { forecast: undefined, screenedOut: new Map() };
const NO_DECISIONS: ForecastDecisions = {
  ...{ asset: new Uint16Array(0), decidedAt: new Float64Array(0), weight: new Float64Array(0) },
  signals: [],
};

function asked(options: PipelineOptions, { inputs, windows }: State, due: Due, timed: Timed): Answer {
  const { symbols, key, rules, forecaster, target = PLAIN } = options;
  const { time, ready } = due;
  const units = ready.map((a) => unitOf(target, inputs[a]!));
  const x = timed("window", () => windows.take(ready));
  const { look, still } = timed("screen", () => {
    const look = forecaster.look(x);
    const all = { asset: ready, decidedAt: ready.map(() => time), units };
    return { look, still: rules.screenAbove === undefined ? undefined : forecastOfDraws(look.atMean(), all) };
  });
  const passes = (row: number) => !still || passesScreen(still.mean[row]!, rules);
  const all = Array.from(ready.keys());
  const rows = all.filter(passes);
  const names = ready.map((a) => symbols[a]!);
  const draws = timed("draws", () => drawRows(look, rows, { symbols: names, key, time }));
  const drawn: DrawnRows = {
    ...{ asset: rows.map((row) => ready[row]!), decidedAt: rows.map(() => time) },
    units: rows.map((row) => units[row]!),
    ...(still ? { atMean: Float64Array.from(rows, (row) => still.mean[row]!) } : {}),
  };
  const forecast = timed("aggregate", () => draws && forecastOfDraws(draws, drawn));
  const screenedOut = still
    ? all.filter((row) => !passes(row)).map((row) => [ready[row]!, undrawnSignal(still, row)] as const)
    : [];
  return { forecast, screenedOut: new Map(screenedOut) };
}

const PLAIN: TargetScale = { centre: 0, deviation: 1 };

function unitOf({ centre, deviation }: TargetScale, input: LiveInput): TargetScale {
  const unit = input.unit?.() ?? 1;
  checkPositive("unit of the input", unit);
  return { centre: centre * unit, deviation: deviation * unit };
}

function unchanged(time: number, count: number, readings: Readings): Decision {
  return {
    time,
    targets: new Float64Array(count).fill(Number.NaN),
    signals: Array.from({ length: count }, () => undefined),
    drawn: Array.from({ length: count }, () => false),
    readings,
  };
}

/** Runs a stage and adds what it took to its reading. */
type Timed = <T>(stage: Stage, run: () => T) => T;

function timer(now: () => number, readings: Readings): Timed {
  return (stage, run) => {
    const from = now();
    const value = run();
    readings[stage] = (readings[stage] ?? 0) + now() - from;
    return value;
  };
}
