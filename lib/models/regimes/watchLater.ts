/** States of a later series by a hidden Markov model of an earlier one, numbered by what they meant there. */
import { checkLength } from "../../core/index.js";
import { filteredStates } from "./forwardBackward.js";
import { likeliest } from "./gaussianMixture.js";
import { fitHiddenMarkov, type HiddenMarkovOptions } from "./hiddenMarkov.js";
import { watchRegimes } from "./regimeAlerts.js";

/** Rows of a series and their times. */
interface TimedSeries {
  /** [T,D] row-major, in order of time. */
  readonly values: Float64Array;
  /** [T] UTC milliseconds. */
  readonly time: ArrayLike<number>;
  /** Rows of each unbroken stretch. */
  readonly lengths: readonly number[];
}

/** A series with a quantity by which its states are numbered. */
export interface LevelledSeries extends TimedSeries {
  /** [T] such as the volatility of each row. */
  readonly level: ArrayLike<number>;
}

/** Options of `watchLater`. */
export interface WatchOptions extends Omit<HiddenMarkovOptions, "time" | "lengths"> {
  /** Probability from which a state is believed, in (½, 1). */
  readonly threshold: number;
}

/** States of the later rows, 0 … K − 1 by rising mean level in the earlier series. */
export interface WatchedStates {
  /** [T,K] filtered: each row's by the rows up to it. */
  readonly probability: Float64Array;
  /** [T] */
  readonly likeliest: Uint8Array;
  /** [T] as `watchRegimes`; −1 before any state was likely enough. */
  readonly believed: Int16Array;
  /** How often the believed state changed, the first belief counted. */
  readonly alarms: number;
}

/**
 * The states of a later series: a hidden Markov model is fitted on the earlier one and filtered row by row on the later.
 *
 * The later rows' level is not used: a state is named before it is seen again.
 * @throws RangeError as `fitHiddenMarkov`, `filteredStates` and `watchRegimes`, or when there is not one level a row.
 */
export function watchLater(
  earlier: LevelledSeries,
  later: TimedSeries,
  options: WatchOptions,
): WatchedStates {
  const { threshold, ...settings } = options;
  const { states } = options;
  const rows = earlier.values.length / options.columns;
  checkLength("earlier.level", earlier.level, rows);
  const layout = { time: earlier.time, lengths: earlier.lengths };
  const chain = fitHiddenMarkov(earlier.values, { ...settings, ...layout });
  const then = filteredStates(chain, earlier.values, layout).probability;
  const order = byLevel(then, earlier.level, states);
  const now = filteredStates(chain, later.values, { time: later.time, lengths: later.lengths }).probability;
  const probability = now.map((_, i) => now[i - (i % states) + order[i % states]!]!);
  const { state, alert } = watchRegimes(probability, { states, threshold });
  return {
    probability,
    likeliest: Uint8Array.from(likeliest(probability, states)),
    believed: state,
    alarms: alert.reduce((total, one) => total + one, 0),
  };
}

/** The states by rising mean of the level, weighted by their probabilities [T,K]. */
function byLevel(probability: Float64Array, level: ArrayLike<number>, states: number): number[] {
  const [weight, total] = [new Float64Array(states), new Float64Array(states)];
  probability.forEach((p, i) => {
    weight[i % states]! += p;
    total[i % states]! += p * level[Math.floor(i / states)]!;
  });
  const mean = (k: number) => total[k]! / weight[k]!;
  return Array.from({ length: states }, (_, k) => k).sort((a, b) => mean(a) - mean(b));
}
