/** Gaussian hidden Markov models by Baum–Welch: regimes that last. */
import { checkCount, checkLength, fold, fromFlat, type Key, Matrix } from "../../core/index.js";
import { bestRun, maximise } from "./expectationMaximisation.js";
import { type HiddenMarkov, smoothing } from "./forwardBackward.js";
import {
  byVolatility,
  type CovarianceKind,
  degenerateCount,
  refitted,
  type Standardised,
  scatteredComponents,
  standardised,
  unscaled,
} from "./gaussianComponents.js";
import { LEAST_GAIN } from "./gaussianMixture.js";
import { type SeriesLayout, spacingOf } from "./seriesLayout.js";

/** The model of the best start; states are ordered from calm to volatile, each column counted in its own units. */
export interface HiddenMarkovFit extends HiddenMarkov {
  /** Of the rows it was fitted on: rows to be filtered must be as far apart. */
  readonly stepMs: number;
  /** Of all rows together, nats. */
  readonly logLikelihood: number;
  /** Log likelihood of the start and after each sweep; never falls. */
  readonly history: readonly number[];
  readonly converged: boolean;
  /** −2 logLikelihood + parameters · log T: less is better. */
  readonly bic: number;
  /** States that collapsed onto a few rows and were held at the least variance: with any, compare no likelihoods. */
  readonly degenerate: number;
}

/** Options of `fitHiddenMarkov`. */
export interface HiddenMarkovOptions extends SeriesLayout {
  /** [T] UTC milliseconds of each row, equally far apart within a series. */
  readonly time: ArrayLike<number>;
  /** D */
  readonly columns: number;
  /** K */
  readonly states: number;
  readonly covariance: CovarianceKind;
  readonly key: Key;
  /** How often to start anew. */
  readonly starts: number;
  /** Sweeps of each start at most. */
  readonly sweeps: number;
}

/** Rows a state lasts where a start begins: regimes last, and the data say how long. */
const FIRST_DURATION = 20;

/**
 * The hidden Markov model of greatest likelihood among several starts from k-means++ rows.
 *
 * The fit sees all rows at once, so even the filtered states of the rows it was fitted to know the future through the parameters:
 * fit on training rows, then filter later ones, as far apart as these: how long a state lasts is counted in rows. States are no narrower than those of `fitGaussianMixture`.
 * @param x [T,D] row-major, in order of time, without gaps inside a series
 * @throws RangeError when a value is not finite, a column does not vary, fewer rows differ than there are states, lengths do not add up, or
 *   rows of a series are not equally far apart.
 * @see Baum, Petrie, Soules & Weiss 1970; Rabiner 1989
 */
export function fitHiddenMarkov(x: Float64Array, options: HiddenMarkovOptions): HiddenMarkovFit {
  checkCount("states", options.states);
  checkCount("starts", options.starts);
  checkLength("time", options.time, x.length / options.columns);
  const stepMs = spacingOf(options.time, options.lengths);
  const data = standardised(x, options.columns);
  const runs = Array.from({ length: options.starts }, (_, start) => runFrom(data, start, options));
  return { ...bestRun(runs), stepMs };
}

function runFrom(
  data: Standardised,
  start: number,
  options: HiddenMarkovOptions,
): Omit<HiddenMarkovFit, "stepMs"> {
  const { columns, states, covariance: kind } = options;
  const rows = data.x.length / columns;
  const first: HiddenMarkov = {
    ...scatteredComponents(data.x, columns, states, { key: fold(options.key, start), kind }),
    initial: new Float64Array(states).fill(1 / states),
    transition: stickyTransition(states),
  };
  const { state, history, converged } = maximise(first, (model) => sweep(model, data.x, options), {
    sweeps: options.sweeps,
    least: LEAST_GAIN * rows,
  });
  const order = byVolatility(state);
  const units = rows * data.scale.reduce((total, s) => total + Math.log(s), 0); // of the standardised rows' density
  const logLikelihood = history.at(-1)! - units;
  return {
    ...unscaled(state, data, order),
    initial: Float64Array.from(order, (k) => state.initial[k]!),
    transition: state.transition.selection(order, order),
    logLikelihood,
    history: history.map((value) => value - units),
    converged,
    bic: -2 * logLikelihood + parameterCount(options) * Math.log(rows),
    degenerate: degenerateCount(state),
  };
}

/** One sweep of Baum–Welch. */
function sweep(
  model: HiddenMarkov,
  x: Float64Array,
  options: HiddenMarkovOptions,
): { logLikelihood: number; next: HiddenMarkov } {
  const { probability, moves, beginning, logLikelihood } = smoothing(model, x, options);
  const { states } = options;
  const transition = fromFlat(moves, states, states);
  for (let k = 0; k < states; k++) {
    const total = transition.getRow(k).reduce((a, b) => a + b, 0);
    const row = total < 1e-9 ? model.transition.getRow(k) : transition.getRow(k).map((n) => n / total);
    transition.setRow(k, row); // a state that is never left or never visited stays as it was
  }
  const components = refitted(x, probability, model, options.covariance);
  return { logLikelihood, next: { ...components, initial: beginning, transition } };
}

function stickyTransition(states: number): Matrix {
  if (states === 1) return Matrix.ones(1, 1);
  const leave = 1 / FIRST_DURATION;
  const transition = Matrix.ones(states, states).mul(leave / (states - 1));
  for (let k = 0; k < states; k++) transition.set(k, k, 1 - leave);
  return transition;
}

function parameterCount({ columns, states, covariance }: HiddenMarkovOptions): number {
  const spread = covariance === "full" ? (columns * (columns + 1)) / 2 : columns;
  return states * (columns + spread) + states - 1 + states * (states - 1);
}
