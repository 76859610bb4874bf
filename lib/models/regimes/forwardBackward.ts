/** Posteriors of a hidden Markov model's states: as they pass, in hindsight, and as one path. */

import type { Matrix } from "../../core/index.js";
import { checkLength } from "../../core/index.js";
import { componentLogDensities, type GaussianComponents } from "./gaussianComponents.js";
import { checkSpacing, checkStep, forEachSeries, type SeriesLayout } from "./seriesLayout.js";

/** A Markov chain of K hidden states, each with a Gaussian of its own for the row that is seen. */
export interface HiddenMarkov extends GaussianComponents {
  /** [K] probability of each state at the first row of a series. */
  readonly initial: Float64Array;
  /** [K,K] probability of the column's state after the row's. */
  readonly transition: Matrix;
  /** Milliseconds between two rows of a series, of which `transition` tells; with it, rows must bring their times. A fit has it. */
  readonly stepMs?: number;
}

/** Filtered probabilities and what they cost. */
export interface Filtered {
  /** [T,K] p(state_t | rows up to t). */
  readonly probability: Float64Array;
  /** [T] log p(row_t | rows before it), nats; their sum is the log likelihood. */
  readonly logPredictive: Float64Array;
}

/**
 * Filtered states: row t of the answer is known at t, whatever comes later. The only states to trade on.
 * @param x [T,D] row-major
 * @throws RangeError when a value is not finite, lengths do not add up, or rows are not as far apart as those of the fit.
 * @see Rabiner 1989, with scaling
 */
export function filteredStates(model: HiddenMarkov, x: Float64Array, layout: SeriesLayout = {}): Filtered {
  checkSpacing(model, layout, x.length / model.columns);
  const logDensity = componentLogDensities(x, model);
  const states = model.initial.length;
  const rows = logDensity.length / states;
  const probability = new Float64Array(logDensity.length);
  const logPredictive = new Float64Array(rows);
  forEachSeries(rows, layout, (from, to) => {
    for (let t = from; t < to; t++) {
      const before = t === from ? undefined : probability.subarray((t - 1) * states, t * states);
      const here = probability.subarray(t * states, (t + 1) * states);
      here.set(predictedStates(model, before));
      logPredictive[t] = weigh(here, logDensity.subarray(t * states, (t + 1) * states));
    }
  });
  return { probability, logPredictive };
}

/** The filtered states [K] at the row before, and how long ago that was. */
export interface StateBefore {
  readonly filtered: Float64Array;
  readonly elapsedMs: number;
}

/**
 * The filtered states after one more row, from those before it: what a live feed calls. [K]
 * @param before  default the beginning of a series, as it must be after a gap
 * @throws RangeError when shapes disagree, a value is not finite, or the rows are not as far apart as those of the fit.
 */
export function filterStep(model: HiddenMarkov, row: Float64Array, before?: StateBefore): Float64Array {
  checkLength("row", row, model.columns);
  if (before) {
    checkLength("before", before.filtered, model.initial.length);
    checkStep("elapsedMs", before.elapsedMs, { stepMs: model.stepMs, as: "those of the fit" });
  }
  const here = predictedStates(model, before?.filtered);
  weigh(here, componentLogDensities(row, model));
  return here;
}

/** p(state at the next row | rows so far) from filtered states [K]; at the beginning of a series without them. [K] */
export function predictedStates(
  { initial, transition }: HiddenMarkov,
  filtered?: Float64Array,
): Float64Array {
  if (!filtered) return initial.slice();
  const out = new Float64Array(initial.length);
  for (let k = 0; k < out.length; k++) {
    for (let to = 0; to < out.length; to++) out[to]! += filtered[k]! * transition.get(k, to);
  }
  return out;
}

/**
 * Smoothed states p(state_t | all rows), [T,K]: hindsight, for reading history and for training, never for trading.
 * @param x [T,D]
 * @throws RangeError as `filteredStates`.
 */
export function smoothedStates(
  model: HiddenMarkov,
  x: Float64Array,
  layout: SeriesLayout = {},
): Float64Array {
  return smoothing(model, x, layout).probability;
}

/** Smoothed states with what training needs of them. */
export interface Smoothed {
  /** [T,K] */
  readonly probability: Float64Array;
  /** [K,K] row-major: expected number of moves from the row's state to the column's. */
  readonly moves: Float64Array;
  /** [K] mean of the smoothed states at the beginnings of the series. */
  readonly beginning: Float64Array;
  readonly logLikelihood: number;
}

/** Forward, then backward: p(state_t | all rows) from p(state_t | rows up to t) and p(state_{t+1} | all rows). */
export function smoothing(model: HiddenMarkov, x: Float64Array, layout: SeriesLayout): Smoothed {
  const { probability, logPredictive } = filteredStates(model, x, layout);
  const states = model.initial.length;
  const moves = new Float64Array(states * states);
  const beginning = new Float64Array(states);
  let series = 0;
  forEachSeries(logPredictive.length, layout, (from, to) => {
    for (let t = to - 2; t >= from; t--) {
      const here = probability.subarray(t * states, (t + 1) * states); // filtered, about to be smoothed
      smoothRow(model, here, probability.subarray((t + 1) * states, (t + 2) * states), moves);
    }
    for (let k = 0; k < states; k++) beginning[k]! += probability[from * states + k]!;
    series++;
  });
  return {
    probability,
    moves,
    beginning: beginning.map((total) => total / series),
    logLikelihood: logPredictive.reduce((a, b) => a + b, 0),
  };
}

/**
 * The likeliest path of states given all rows, [T]: hindsight too.
 * @param x [T,D]
 * @throws RangeError as `filteredStates`.
 * @see Viterbi 1967
 */
export function viterbi(model: HiddenMarkov, x: Float64Array, layout: SeriesLayout = {}): Uint16Array {
  checkSpacing(model, layout, x.length / model.columns);
  const score = componentLogDensities(x, model);
  const states = model.initial.length;
  const rows = score.length / states;
  const logMove = model.transition.to1DArray().map(Math.log);
  const from = new Uint16Array(score.length);
  const path = new Uint16Array(rows);
  forEachSeries(rows, layout, (first, end) => {
    for (let k = 0; k < states; k++) score[first * states + k]! += Math.log(model.initial[k]!);
    for (let t = first + 1; t < end; t++) {
      for (let k = 0; k < states; k++) {
        const into = (j: number) => score[(t - 1) * states + j]! + logMove[j * states + k]!;
        let best = 0;
        for (let j = 1; j < states; j++) if (into(j) > into(best)) best = j;
        from[t * states + k] = best;
        score[t * states + k]! += into(best);
      }
    }
    const last = score.subarray((end - 1) * states, end * states);
    path[end - 1] = last.indexOf(Math.max(...last));
    for (let t = end - 1; t > first; t--) path[t - 1] = from[t * states + path[t]!]!;
  });
  return path;
}

/** Multiplies `prior` [K] by exp(logDensity), makes it sum to one, and returns the log of what it summed to. */
function weigh(prior: Float64Array, logDensity: Float64Array): number {
  let top = Number.NEGATIVE_INFINITY;
  for (let k = 0; k < prior.length; k++) if (prior[k]! > 0) top = Math.max(top, logDensity[k]!);
  let total = 0;
  for (let k = 0; k < prior.length; k++) {
    prior[k] = prior[k]! > 0 ? prior[k]! * Math.exp(logDensity[k]! - top) : 0;
    total += prior[k]!;
  }
  for (let k = 0; k < prior.length; k++) prior[k]! /= total;
  return top + Math.log(total);
}

/** Turns filtered `here` into smoothed by the smoothed states `next` after it, and counts the expected moves. */
function smoothRow(model: HiddenMarkov, here: Float64Array, next: Float64Array, moves: Float64Array): void {
  const states = here.length;
  const predicted = predictedStates(model, here);
  for (let k = 0; k < states; k++) {
    let total = 0;
    for (let to = 0; to < states; to++) {
      const share = predicted[to]! > 0 ? (model.transition.get(k, to) * next[to]!) / predicted[to]! : 0;
      moves[k * states + to]! += here[k]! * share;
      total += share;
    }
    here[k]! *= total;
  }
}
