/** Signals cut into states, and how one state follows another. */
import { checkCount, checkLength, quantile } from "../../core/index.js";
import type { SignalChain } from "./noTradeBand.js";

/** Settings of `fitSignalChain`: states of each signal and the rows that estimate them. */
export interface ChainOptions {
  /** [K] states of each signal: parts of equal frequency. */
  readonly bins: readonly number[];
  /** The first so many entries estimate quantiles, means and transitions; later ones are only given a state. */
  readonly train: number;
}

/** A chain that was estimated, and the state of every entry. */
export interface FittedChain extends SignalChain {
  /** [T] index of the state, −1 where a signal is not finite. */
  readonly states: Int32Array;
  /** [K][bins − 1] the quantiles that cut each signal. */
  readonly cuts: readonly Float64Array[];
}

/**
 * The chain of several signals of one asset, counted on the first entries. A state that they never leave keeps to itself.
 * @param signals  [K], each [T] and known at the close of bar t; the last signal's bin varies fastest
 * @param forecast [T] expected return of the bar that follows
 * @throws RangeError when lengths differ or there are fewer training entries than states.
 */
export function fitSignalChain(
  signals: readonly ArrayLike<number>[],
  forecast: ArrayLike<number>,
  { bins, train }: ChainOptions,
): FittedChain {
  checkLength("bins", bins, signals.length);
  signals.forEach((signal, k) => {
    checkLength(`signals[${k}]`, signal, forecast.length);
  });
  const size = bins.reduce((product, own) => product * own, 1);
  checkCount("train", train, size);
  const cuts = signals.map((signal, k) => cutsOf(signal, bins[k]!, train));
  const states = Int32Array.from({ length: forecast.length }, (_, t) => stateAt(signals, cuts, t));
  const counts = new Float64Array(size);
  const means = new Float64Array(size);
  const moves = new Float64Array(size * size);
  for (let t = 0; t + 1 < Math.min(train, forecast.length); t++) {
    const [from, to] = [states[t]!, states[t + 1]!];
    if (from < 0 || to < 0) continue;
    counts[from]! += 1;
    means[from]! += forecast[t]!;
    moves[from * size + to]! += 1;
  }
  for (let s = 0; s < size; s++) {
    if (counts[s] === 0) moves[s * size + s] = 1;
    for (let z = 0; z < size; z++) moves[s * size + z]! /= counts[s] || 1;
    means[s]! /= counts[s] || 1;
  }
  return { states, cuts, means, transitions: moves };
}

function cutsOf(signal: ArrayLike<number>, bins: number, train: number): Float64Array {
  checkCount("bins", bins);
  const known = Array.from(signal).slice(0, train).filter(Number.isFinite);
  return Float64Array.from({ length: bins - 1 }, (_, i) => quantile(known, (i + 1) / bins));
}

/** The state of entry t, −1 where a signal is not finite. */
function stateAt(signals: readonly ArrayLike<number>[], cuts: readonly Float64Array[], t: number): number {
  let state = 0;
  for (let k = 0; k < signals.length; k++) {
    const value = signals[k]![t]!;
    if (!Number.isFinite(value)) return -1;
    let bin = 0;
    while (bin < cuts[k]!.length && value >= cuts[k]![bin]!) bin++;
    state = state * (cuts[k]!.length + 1) + bin;
  }
  return state;
}
