/** The types that join the rooms of the live house: what came in, what was decided, and how long each stage took. */
import type { FlowCandle } from "../market/flow/index.js";
import type { Signal } from "../trading/decisions/index.js";

/** A closed candle, with what tape and book showed of it where the source tells. */
export type LiveBar = FlowCandle;

/** The closed candles of all symbols at one time; a symbol without a candle there has none. */
export interface BarStep {
  /** When the candles closed, UTC milliseconds. */
  readonly time: number;
  /** [A] in the order of the symbols. */
  readonly bars: readonly (LiveBar | undefined)[];
}

/** The stages from a closed candle to an order. */
export const STAGES = [
  "collect",
  "features",
  "window",
  "screen",
  "draws",
  "aggregate",
  "signal",
  "size",
  "order",
] as const;

/** A stage of a pipeline, as its timings name it. */
export type Stage = (typeof STAGES)[number];

/** Milliseconds spent in each stage; a stage that was not needed is absent. */
export type Readings = Partial<Record<Stage, number>>;

/** A decision of a pipeline after a step. */
export interface Decision {
  /** The close at which it was taken, UTC milliseconds. */
  readonly time: number;
  /** [A] signed weight wanted of each symbol, a share of equity; NaN where the symbol had no candle and nothing is to change. */
  readonly targets: Float64Array;
  /**
   * [A] what each rests on; none while warming up or where the symbol had no candle. Of a symbol that was screened out it is HOLD, and
   * its latent and epistemic variances are NaN: nothing was drawn.
   */
  readonly signals: readonly (Signal | undefined)[];
  /** Whether the full posterior was drawn for the symbol, [A]. */
  readonly drawn: readonly boolean[];
  readonly readings: Readings;
}

/** From steps to decisions; what it knows after a step depends on the steps so far and nothing else. */
export interface DecisionMaker {
  readonly symbols: readonly string[];
  readonly stepMs: number;
  /** Steps before its first decision can be anything but flat. */
  readonly warmUp: number;
  /**
   * Steps on which its next decision rests, to the bit. Default all since the run began, because a recursive mean, such as Wilder's,
   * never quite forgets; give it where history is finite and runs are long.
   */
  readonly memory?: number;
  /** Takes a step as history: features move on, nothing is decided. */
  learn(step: BarStep): void;
  /** Takes a step and decides. */
  decide(step: BarStep): Decision;
  dispose(): void;
}
