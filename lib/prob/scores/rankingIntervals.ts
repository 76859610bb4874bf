/** Errors of an area under the ROC curve, and tests of whether one score ranks better than another. */
import {
  checkCount,
  checkLength,
  covariance,
  fold,
  type Key,
  quantile,
  standardDeviation,
  stream,
} from "../../core/index.js";
import { normalProbability, normalQuantile } from "../distributions/gaussian.js";
import { auroc, averageRanks, checkScores } from "./ranking.js";

/** An area under the ROC curve with its interval. */
export type AreaInterval = { value: number; lower: number; upper: number; standardError: number };

/**
 * The area with its normal interval, cut to [0, 1], for independent rows; windows that overlap want `aurocBlockInterval`.
 * @param score    [N] higher says 1 is likelier
 * @param outcome  [N] 0 or 1
 * @throws RangeError as `auroc`, when there are fewer than two of either outcome, or `level` is not in (0, 1).
 * @see DeLong, DeLong & Clarke-Pearson 1988
 */
export function aurocInterval(
  score: ArrayLike<number>,
  outcome: ArrayLike<number>,
  level: number,
): AreaInterval {
  checkLevel(level);
  const value = auroc(score, outcome);
  const own = placements(score, outcome);
  const standardError = Math.sqrt(placementCovariance(own, own));
  const half = normalQuantile((1 + level) / 2, 0, 1) * standardError;
  return { value, lower: Math.max(0, value - half), upper: Math.min(1, value + half), standardError };
}

/** Two areas on the same rows. */
export type AreaComparison = { difference: number; standardError: number; p: number };

/**
 * Area of scores `a` [N] less area of `b` [N] over the same independent rows, with the two-sided p-value of no difference.
 * @throws RangeError as `aurocInterval`.
 * @see DeLong, DeLong & Clarke-Pearson 1988
 */
export function compareAuroc(
  a: ArrayLike<number>,
  b: ArrayLike<number>,
  outcome: ArrayLike<number>,
): AreaComparison {
  const difference = auroc(a, outcome) - auroc(b, outcome);
  const [first, second] = [placements(a, outcome), placements(b, outcome)];
  const variance =
    placementCovariance(first, first) +
    placementCovariance(second, second) -
    2 * placementCovariance(first, second);
  const standardError = Math.sqrt(Math.max(0, variance));
  const p = difference === 0 ? 1 : 2 * normalProbability(-Math.abs(difference) / standardError, 0, 1);
  return { difference, standardError, p };
}

/** Options of an interval by resampled blocks. */
export interface BlockOptions {
  readonly key: Key;
  readonly replicates: number;
  /** Rows that are resampled together: as long as windows overlap or regimes last. */
  readonly block: number;
  /** Such as 0.95. */
  readonly level: number;
}

/**
 * The area with its percentile interval over resamples of blocks of rows, for rows in order of time that depend on one another.
 *
 * A resample without both outcomes is drawn anew.
 * @param score    [N] higher says 1 is likelier
 * @param outcome  [N] 0 or 1
 * @throws RangeError as `auroc`, or when an option is out of range.
 * @see Künsch 1989, with blocks that go on from the last row to the first
 */
export function aurocBlockInterval(
  score: ArrayLike<number>,
  outcome: ArrayLike<number>,
  options: BlockOptions,
): AreaInterval {
  const { key, replicates, block, level } = options;
  const value = auroc(score, outcome);
  checkCount("replicates", replicates, 2);
  checkCount("block", block);
  checkCount("rows", score.length, block);
  checkLevel(level);
  const areas = Float64Array.from({ length: replicates }, (_, r) =>
    resampledArea(score, outcome, fold(key, r), block),
  );
  return {
    value,
    lower: quantile(areas, (1 - level) / 2),
    upper: quantile(areas, (1 + level) / 2),
    standardError: standardDeviation(areas),
  };
}

/**
 * The area between scores of usual rows [N] and of unusual rows [N] at the same places in order of time, with its percentile interval
 * over resamples of blocks of `block` places: usual and unusual rows of a place are resampled together.
 * @throws RangeError when lengths differ, or as `aurocBlockInterval`.
 */
export function separationInterval(
  usual: ArrayLike<number>,
  unusual: ArrayLike<number>,
  options: BlockOptions,
): AreaInterval {
  checkLength("unusual", unusual, usual.length);
  checkCount("block", options.block);
  const rows = 2 * usual.length;
  const score = Float64Array.from({ length: rows }, (_, i) => (i % 2 ? unusual : usual)[i >> 1]!);
  const outcome = Uint8Array.from({ length: rows }, (_, i) => i % 2);
  return aurocBlockInterval(score, outcome, { ...options, block: 2 * options.block });
}

/** The area of circular blocks of rows drawn until there are as many rows; drawn anew until both outcomes are there. */
function resampledArea(
  score: ArrayLike<number>,
  outcome: ArrayLike<number>,
  key: Key,
  block: number,
): number {
  const rows = score.length;
  const draw = stream(key);
  const [scores, outcomes] = [new Float64Array(rows), new Uint8Array(rows)];
  for (;;) {
    for (let n = 0, from = 0; n < rows; n++) {
      if (n % block === 0) from = draw.integer(rows);
      const at = (from + (n % block)) % rows;
      scores[n] = score[at]!;
      outcomes[n] = outcome[at]!;
    }
    if (outcomes.includes(0) && outcomes.includes(1)) return auroc(scores, outcomes);
  }
}

/** Of each row, the share of the other outcome's rows that it stands on the right side of, ties counted half. */
interface Placements {
  readonly positive: Float64Array;
  readonly negative: Float64Array;
}

function placements(score: ArrayLike<number>, outcome: ArrayLike<number>): Placements {
  const { positives, negatives } = checkScores(score, outcome);
  checkCount("rows of outcome 1", positives, 2);
  checkCount("rows of outcome 0", negatives, 2);
  const side = (which: number) => Float64Array.from(Array.from(score).filter((_, n) => outcome[n] === which));
  const [high, low] = [side(1), side(0)];
  const among = averageRanks([...high, ...low]);
  const [inHigh, inLow] = [averageRanks(high), averageRanks(low)];
  return {
    positive: inHigh.map((rank, i) => (among[i]! - rank) / negatives),
    negative: inLow.map((rank, j) => 1 - (among[positives + j]! - rank) / positives),
  };
}

function placementCovariance(a: Placements, b: Placements): number {
  return (
    covariance(a.positive, b.positive) / a.positive.length +
    covariance(a.negative, b.negative) / a.negative.length
  );
}

function checkLevel(level: number): void {
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a number in (0, 1), got ${level}`);
}
