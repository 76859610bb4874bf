/** Paths of many portfolios bar by bar, a few at a time: the part of an evaluation that takes its time. */

import { returnKernel, TOGETHER } from "./returnKernel.js";

/** Bars at a time: what eight portfolios earn in them stays in the nearest cache. */
const STRETCH = 128;

/** Weights [N,A] and simple returns [T,A], both row-major. */
export interface Paths {
  readonly weights: Float64Array;
  readonly returns: Float64Array;
  readonly assets: number;
}

/** [N] each. */
export interface PathResults {
  /** Equity after the last bar, of 1 before the first; 0 after ruin. */
  readonly equity: Float64Array;
  /** Share of the peak lost at worst. */
  readonly maxDrawdown: Float64Array;
  /** √ mean(min(r, 0)²) */
  readonly downside: Float64Array;
}

/** Each portfolio held at constant weights, brought back to them at every bar without cost. */
export function followPaths({ weights, returns, assets }: Paths): PathResults {
  const [count, bars] = [weights.length / assets, returns.length / assets];
  const results = {
    equity: new Float64Array(count),
    maxDrawdown: new Float64Array(count),
    downside: new Float64Array(count),
  };
  const { side, earned, multiply } = returnKernel(returns, assets, STRETCH);
  const states = new Float64Array(TOGETHER * STATE);
  for (let first = 0; first < count; first += TOGETHER) {
    const here = Math.min(TOGETHER, count - first);
    for (let k = 0; k < here; k++) {
      for (let a = 0; a < assets; a++) side[a * TOGETHER + k] = weights[(first + k) * assets + a]!;
      states.set(START, k * STATE);
    }
    for (let from = 0; from < bars; from += STRETCH) {
      const steps = Math.min(STRETCH, bars - from);
      multiply(from, steps);
      for (let k = 0; k < here; k++) followOne(earned, k, { steps, states });
    }
    for (let k = 0; k < here; k++) {
      const at = k * STATE;
      results.equity[first + k] = states[at]!;
      results.maxDrawdown[first + k] = 1 - states[at + 2]!;
      results.downside[first + k] = 0.5 * Math.sqrt(states[at + 4]! / bars);
    }
  }
  return results;
}

/** Equity, its peak, the smallest share of a peak kept, the equity at which less would be kept, and 4 Σ min(r, 0)². */
const START = [1, 1, 1, 1, 0];
const STATE = START.length;

function followOne(
  earned: Float64Array,
  column: number,
  { steps, states }: { readonly steps: number; readonly states: Float64Array },
): void {
  const own = column * STATE;
  let equity = states[own]!;
  let peak = states[own + 1]!;
  let kept = states[own + 2]!;
  let floor = states[own + 3]!;
  let squares = states[own + 4]!;
  const [end, stride] = [steps * TOGETHER, TOGETHER]; // to read an imported constant takes longer than a number of the loop
  for (let i = column; i < end; i += stride) {
    const r = earned[i]!;
    equity *= 1 + r;
    if (equity < floor) {
      if (equity <= 0) equity = 0;
      kept = equity / peak;
      floor = equity;
    } else if (equity > peak) {
      peak = equity;
      floor = kept * peak;
    }
    const twice = r - Math.abs(r); // 2 min(r, 0), three times as fast
    squares += twice * twice;
  }
  states[own] = equity;
  states[own + 1] = peak;
  states[own + 2] = kept;
  states[own + 3] = floor;
  states[own + 4] = squares;
}
