/** From a closed bar to sized targets: features, windows, forecast, signal and size, each stage with its own reading of the clock. */
import { checkCount, checkPositive } from "../core/axes.js";
import type { Key } from "../core/random.js";
import type { Scaler } from "../features/scaler.js";
import type { Signal } from "../trading/signal.js";
import type { Outlook, Unit } from "./aggregate.js";
import type { LiveForecaster } from "./forecaster.js";
import { liveWindows } from "./liveWindows.js";
import type { RiskRule, ScreenRule, SignalRule } from "./rules.js";
import {
  aggregateAll,
  collect,
  computeFeatures,
  drawRows,
  type LiveInput,
  moveWindows,
  riskAll,
  type SizeLimits,
  screenedOut,
  screenRows,
  signalAll,
  sizeAll,
} from "./stages.js";
import type { BarStep, Decision, DecisionMaker, Readings, Stage } from "./types.js";

export interface PipelineOptions {
  readonly symbols: readonly string[];
  readonly stepMs: number;
  /** Makes the input of one symbol, such as `(stepMs) => marketInputStream(stepMs, { flow: false })`. */
  readonly input: (stepMs: number) => LiveInput;
  /** [F] of the training rows. */
  readonly scaler: Scaler;
  /** Scaled values are cut at ± so many deviations, as in training; not at all unless given. */
  readonly clip?: number;
  /** T rows a window. */
  readonly length: number;
  /** Bars from one decision to the next, counted from the epoch; 1 unless given. In between targets are NaN: nothing is to change. */
  readonly every?: number;
  readonly forecaster: LiveForecaster;
  /** How the target was scaled in training: 0 and 1 unless given. Comes before the unit of the input. */
  readonly target?: Unit;
  /** Symbols it refuses are not drawn and held flat; all are drawn unless given. */
  readonly screen?: ScreenRule;
  readonly rule: SignalRule;
  readonly risk: RiskRule;
  readonly limits: SizeLimits;
  /** Share of the law that the outlooks' intervals hold. */
  readonly level: number;
  /** A decision's draws come from this key, its time and the symbol's name: a run that was restarted decides the same. */
  readonly key: Key;
  /** Milliseconds, fractional. */
  readonly now: () => number;
  /** Sees what each decision rests on: the drawn symbols' outlooks, [A]. */
  readonly onOutlooks?: (time: number, outlooks: readonly (Outlook | undefined)[]) => void;
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
  every = 1,
}: PipelineOptions): State {
  checkCount("symbols", symbols.length);
  checkPositive("stepMs", stepMs);
  checkCount("every", every);
  const inputs = symbols.map(() => input(stepMs));
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
  const { symbols, rule, risk, limits } = options;
  const { time, ready, present, readings } = due;
  const timed = timer(options.now, readings);
  const signals: (Signal | undefined)[] = symbols.map(() => undefined);
  const outlooks: (Outlook | undefined)[] = symbols.map(() => undefined);
  if (ready.length > 0) {
    const { drawn, own, screened } = asked(options, state, due, timed);
    const sides = timed("signal", () => signalAll(own, rule));
    const sized = timed("risk", () => riskAll(sides, own, risk));
    screened?.forEach((outlook, row) => {
      signals[ready[row]!] = screenedOut(outlook);
    });
    drawn.forEach((row, n) => {
      signals[ready[row]!] = sized[n]!;
      outlooks[ready[row]!] = own[n]!;
    });
  }
  const targets = timed("size", () => sizeAll(signals, present, limits));
  options.onOutlooks?.(time, outlooks);
  return { time, targets, signals, drawn: outlooks.map((outlook) => outlook !== undefined), readings };
}

/** What the model says of the symbols that are ready; rows are places among these. */
interface Answer {
  /** Rows that were drawn, and their outlooks. */
  readonly drawn: readonly number[];
  readonly own: readonly Outlook[];
  /** Outlooks of all rows by the mean, where the mean decides who is drawn. */
  readonly screened?: readonly Outlook[];
}

function asked(options: PipelineOptions, { inputs, windows }: State, due: Due, timed: Timed): Answer {
  const { symbols, level, key, screen, forecaster, target = PLAIN } = options;
  const { time, ready } = due;
  const units = ready.map((a) => unitOf(target, inputs[a]!));
  const x = timed("window", () => windows.take(ready));
  const { look, screened } = timed("screen", () => {
    const look = forecaster.look(x);
    return { look, screened: screen && screenRows(look, { units, level, screen }) };
  });
  const drawn = screened ? screened.candidates : Array.from(ready.keys());
  const names = ready.map((a) => symbols[a]!);
  const said = timed("draws", () => drawRows(look, drawn, { symbols: names, key, time }));
  const of = drawn.map((row) => units[row]!);
  const own = timed("aggregate", () => (said ? aggregateAll(said, of, level) : []));
  return { drawn, own, ...(screened ? { screened: screened.outlooks } : {}) };
}

const PLAIN: Unit = { centre: 0, deviation: 1 };

function unitOf({ centre, deviation }: Unit, input: LiveInput): Unit {
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
