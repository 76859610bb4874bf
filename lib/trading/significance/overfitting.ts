/** Backtest overfitting: how often the best trial of one half of the time is a poor one in the other, and how many trials there were. */
import {
  checkCount,
  checkFinite,
  checkLength,
  covariance,
  mean,
  powerOfTwo,
  standardDeviation,
  variance,
} from "../../core/index.js";
import { sharpeOfSums } from "./bootstrap.js";

/** Results of combinatorially symmetric cross-validation; arrays are [C], a half each, in lexicographic order. */
export interface Overfitting {
  /** Share of halves whose best trial ranks no better than the median in the other half. */
  readonly probability: number;
  /** log(w / (1 − w)) of the best trial's relative rank w = rank / (N + 1) out of sample; above 0 is better than the median. */
  readonly logits: Float64Array;
  /** Index of the best trial in sample. */
  readonly chosen: Uint32Array;
  /** Sharpe ratio per bar of the chosen trial where it was chosen. */
  readonly inSample: Float64Array;
  /** Sharpe ratio per bar of the chosen trial in the other half. */
  readonly outOfSample: Float64Array;
  /** Share of halves whose best trial has a negative Sharpe ratio in the other half. */
  readonly lossProbability: number;
  /** Slope of `outOfSample` on `inSample`; NaN where `inSample` does not vary. */
  readonly degradationSlope: number;
}

/**
 * Probability of backtest overfitting by combinatorially symmetric cross-validation on the Sharpe ratio.
 *
 * The first T mod `blocks` bars are left out. Trials that tie share the mean of their ranks; of trials that tie for the best the
 * first is chosen; one that never moves has a Sharpe ratio of 0. Memory across the edges of the blocks is not removed.
 * @param trials  N series of returns per bar, each [T]: everything that was tried, not the survivors
 * @param blocks  the number of blocks S: even, from 2 to 20; there are S! / (S/2)!² halves
 * @throws RangeError when there are fewer than 2 trials, lengths differ, a return is not finite, a trial is constant but not 0,
 *   S is odd or out of range, or a block would have fewer than 2 bars.
 * @see Bailey, Borwein, López de Prado & Zhu 2017
 */
export function backtestOverfitting(trials: readonly Float64Array[], blocks: number): Overfitting {
  checkTrials(trials, blocks);
  const sums = trials.map((returns) => blockSums(returns, blocks));
  const halves = combinations(blocks, blocks / 2);
  const logits = new Float64Array(halves.length);
  const chosen = new Uint32Array(halves.length);
  const inSample = new Float64Array(halves.length);
  const outOfSample = new Float64Array(halves.length);
  halves.forEach((half, c) => {
    const rest = Array.from({ length: blocks }, (_, b) => b).filter((b) => !half.includes(b));
    const inside = Float64Array.from(sums, (s) => sharpeOver(s, half));
    const outside = Float64Array.from(sums, (s) => sharpeOver(s, rest));
    const best = indexOfLargest(inside);
    const share = rankOf(outside, best) / (trials.length + 1);
    chosen[c] = best;
    inSample[c] = inside[best]!;
    outOfSample[c] = outside[best]!;
    logits[c] = Math.log(share / (1 - share));
  });
  return {
    probability: mean(logits.map((logit) => (logit <= 0 ? 1 : 0))),
    logits,
    chosen,
    inSample,
    outOfSample,
    lossProbability: mean(outOfSample.map((sharpe) => (sharpe < 0 ? 1 : 0))),
    degradationSlope: covariance(inSample, outOfSample) / variance(inSample),
  };
}

/**
 * The number of independent trials that N correlated ones stand for, ρ + (1 − ρ) N with ρ their mean correlation: N where they share
 * nothing, 1 where all are the same.
 *
 * It overstates clusters of near copies, which is the safe side. The number of directions in which the trials differ would be far too
 * few: the best of many mixtures of K returns without skill lies near √K standard errors, well above the best of K. Trials that were
 * thrown away count too, and are not seen here.
 * @param trials  N series of returns per bar, each [T]: everything that was tried, not the survivors
 * @throws RangeError when there is no trial, lengths differ, a return is not finite, or a trial does not vary.
 * @see Bailey & López de Prado 2014, appendix 3
 */
export function effectiveTrials(trials: readonly Float64Array[]): number {
  checkCount("number of trials", trials.length);
  const count = trials.length;
  const together = new Float64Array(trials[0]!.length);
  trials.forEach((returns, i) => {
    checkLength(`trial ${i}`, returns, together.length);
    checkFinite(`trial ${i}`, returns);
    const [centre, deviation] = [mean(returns), standardDeviation(returns, 0)];
    if (!(deviation > 0))
      throw new RangeError(`trial ${i}: expected returns that vary, got ${returns[0]} throughout`);
    for (let t = 0; t < together.length; t++) together[t]! += (returns[t]! - centre) / deviation;
  });
  if (count === 1) return 1;
  const shared = variance(together, 0) / count; // 1 + (N − 1) ρ, of N series of variance 1
  const correlation = (shared - 1) / (count - 1);
  return Math.min(count, Math.max(1, correlation + (1 - correlation) * count));
}

/** Sums of a trial's distances to `centre` and of their squares, block by block, in a unit of the trial's own. */
interface BlockSums {
  readonly centre: number;
  readonly bars: number;
  readonly sums: Float64Array;
  readonly squares: Float64Array;
}

function blockSums(returns: Float64Array, blocks: number): BlockSums {
  const bars = Math.floor(returns.length / blocks);
  const skipped = returns.length % blocks;
  const unit = powerOfTwo(returns);
  const centre = mean(returns) / unit;
  const sums = new Float64Array(blocks);
  const squares = new Float64Array(blocks);
  for (let t = 0; t < bars * blocks; t++) {
    const deviation = returns[skipped + t]! / unit - centre;
    const block = Math.floor(t / bars);
    sums[block]! += deviation;
    squares[block]! += deviation * deviation;
  }
  return { centre, bars, sums, squares };
}

function sharpeOver({ centre, bars, sums, squares }: BlockSums, blocks: readonly number[]): number {
  let sum = 0;
  let square = 0;
  for (const b of blocks) {
    sum += sums[b]!;
    square += squares[b]!;
  }
  const count = bars * blocks.length;
  return centre + sum / count === 0 ? 0 : sharpeOfSums(centre, sum, square, count);
}

/** Every choice of `size` of 0 … `count` − 1, ascending, in lexicographic order. */
function combinations(count: number, size: number): number[][] {
  const all: number[][] = [];
  const extend = (chosen: readonly number[], from: number): void => {
    if (chosen.length === size) all.push([...chosen]);
    else for (let i = from; i <= count - size + chosen.length; i++) extend([...chosen, i], i + 1);
  };
  extend([], 0);
  return all;
}

function indexOfLargest(x: Float64Array): number {
  let best = 0;
  for (let i = 1; i < x.length; i++) if (x[i]! > x[best]!) best = i;
  return best;
}

/** Rank of entry `index`, 1 for the smallest; ties share the mean of their ranks. */
function rankOf(x: Float64Array, index: number): number {
  let below = 0;
  let equal = 0;
  for (const value of x) {
    if (value < x[index]!) below++;
    else if (value === x[index]) equal++;
  }
  return below + (equal + 1) / 2;
}

function checkTrials(trials: readonly Float64Array[], blocks: number): void {
  checkCount("number of trials", trials.length, 2);
  checkCount("blocks", blocks, 2);
  if (blocks % 2 !== 0 || blocks > 20) {
    throw new RangeError(`blocks: expected an even number from 2 to 20, got ${blocks}`);
  }
  const length = trials[0]!.length;
  if (length < 2 * blocks) {
    throw new RangeError(`trials: expected at least ${2 * blocks} bars for ${blocks} blocks, got ${length}`);
  }
  trials.forEach((returns, i) => {
    if (returns.length !== length) {
      throw new RangeError(`trial ${i}: expected ${length} returns, got ${returns.length}`);
    }
    checkFinite(`trial ${i}`, returns);
    if (returns[0] !== 0 && returns.every((r) => r === returns[0])) {
      throw new RangeError(`trial ${i}: expected returns that vary, got ${returns[0]} throughout`);
    }
  });
}
