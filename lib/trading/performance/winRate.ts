/** Fraction of right signals by how sure they were, with intervals. */
import { checkCount, checkFinite, checkLength, quantile, standardNormalQuantile } from "../../core/index.js";

/** An interval of a share. */
export interface ProportionInterval {
  readonly share: number;
  readonly lower: number;
  readonly upper: number;
}

/**
 * Wilson's score interval of a share: within [0, 1], and of use at 0 or all successes.
 *
 * It takes the trials as independent: overlapping trades make it too narrow.
 * @throws RangeError when counts are not integers, successes outnumber trials, or `level` is not in (0, 1).
 * @see Wilson 1927
 */
export function wilsonInterval(successes: number, trials: number, level: number): ProportionInterval {
  checkCount("trials", trials);
  checkCount("successes", successes, 0);
  if (successes > trials) throw new RangeError(`successes: expected at most ${trials}, got ${successes}`);
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a number in (0, 1), got ${level}`);
  const share = successes / trials;
  const z2 = standardNormalQuantile((1 + level) / 2) ** 2;
  const centre = (share + z2 / (2 * trials)) / (1 + z2 / trials);
  const half = Math.sqrt((z2 * share * (1 - share)) / trials + (z2 / (2 * trials)) ** 2) / (1 + z2 / trials);
  return { share, lower: Math.max(0, centre - half), upper: Math.min(1, centre + half) };
}

/** Trades of like confidence. */
export type WinRateRow = {
  /** The least and the largest confidence in the bin. */
  from: number;
  to: number;
  trades: number;
  winRate: number;
  lower: number;
  upper: number;
};

/**
 * Win rates by confidence: trades sorted into `bins` of about equal number, lowest confidence first, with Wilson intervals.
 *
 * A result of zero counts on neither side and is left out first. Equal confidences share a bin, so there may be fewer bins.
 * For an uncertainty give it as it is: the first row then holds the surest trades.
 * @param confidence  [N] of each trade, as known when it was opened
 * @param results     [N] profit or return of each, costs included
 * @throws RangeError when lengths differ, a number is not finite, or no result differs from zero.
 */
export function winRateByConfidence(
  confidence: ArrayLike<number>,
  results: ArrayLike<number>,
  options: { readonly bins: number; readonly level: number },
): WinRateRow[] {
  const { bins, level } = options;
  checkCount("bins", bins);
  checkLength("results", results, confidence.length);
  checkFinite("confidence", confidence);
  checkFinite("results", results);
  const trades = Array.from(confidence, (sure, i) => ({ sure, win: results[i]! > 0, result: results[i]! }));
  const decided = trades.filter(({ result }) => result !== 0);
  if (decided.length === 0) throw new RangeError("results: expected one that is not zero, got none");
  const sure = decided.map((trade) => trade.sure);
  const edges = Array.from({ length: bins - 1 }, (_, b) => quantile(sure, (b + 1) / bins));
  const grouped = Array.from({ length: bins }, () => [] as typeof decided);
  for (const trade of decided) grouped[edges.filter((edge) => trade.sure > edge).length]!.push(trade);
  return grouped.filter((group) => group.length > 0).map((group) => rowOf(group, level));
}

function rowOf(
  group: readonly { readonly sure: number; readonly win: boolean }[],
  level: number,
): WinRateRow {
  const sure = group.map((trade) => trade.sure);
  const wins = group.filter((trade) => trade.win).length;
  const { share, lower, upper } = wilsonInterval(wins, group.length, level);
  const [from, to] = [quantile(sure, 0), quantile(sure, 1)];
  return { from, to, trades: group.length, winRate: share, lower, upper };
}
