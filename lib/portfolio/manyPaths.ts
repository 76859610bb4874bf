/** What many portfolios go through bar by bar, eight at a time: the part of an evaluation that takes its time. */

const TOGETHER = 8;

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
  const side = new Float64Array(TOGETHER * assets);
  const earned = new Float64Array(TOGETHER * bars);
  for (let first = 0; first < count; first += TOGETHER) {
    const here = Math.min(TOGETHER, count - first);
    for (let k = 0; k < here; k++) {
      for (let a = 0; a < assets; a++) side[a * TOGETHER + k] = weights[(first + k) * assets + a]!;
    }
    multiply(returns, side, earned);
    for (let k = 0; k < here; k++) followOne(earned, k, { results, at: first + k });
  }
  return results;
}

/** earned[t, k] = Σ returns[t, a] side[a, k]: eight sums at once keep every load of a return for eight products. */
function multiply(returns: Float64Array, side: Float64Array, earned: Float64Array): void {
  const width = side.length;
  for (let out = 0, at = 0; out < earned.length; out += TOGETHER) {
    let s0 = 0;
    let s1 = 0;
    let s2 = 0;
    let s3 = 0;
    let s4 = 0;
    let s5 = 0;
    let s6 = 0;
    let s7 = 0;
    for (let j = 0; j < width; j += TOGETHER, at++) {
      const r = returns[at]!;
      s0 += r * side[j]!;
      s1 += r * side[j + 1]!;
      s2 += r * side[j + 2]!;
      s3 += r * side[j + 3]!;
      s4 += r * side[j + 4]!;
      s5 += r * side[j + 5]!;
      s6 += r * side[j + 6]!;
      s7 += r * side[j + 7]!;
    }
    earned[out] = s0;
    earned[out + 1] = s1;
    earned[out + 2] = s2;
    earned[out + 3] = s3;
    earned[out + 4] = s4;
    earned[out + 5] = s5;
    earned[out + 6] = s6;
    earned[out + 7] = s7;
  }
}

interface Place {
  readonly results: PathResults;
  readonly at: number;
}

function followOne(earned: Float64Array, column: number, { results, at }: Place): void {
  let [equity, peak, kept, floor, squares] = [1, 1, 1, 1, 0];
  for (let i = column; i < earned.length; i += TOGETHER) {
    const r = earned[i]!;
    equity += equity * r;
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
  results.equity[at] = equity;
  results.maxDrawdown[at] = 1 - kept;
  results.downside[at] = 0.5 * Math.sqrt((squares * TOGETHER) / earned.length);
}
