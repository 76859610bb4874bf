/** Scores of a ranking: whether what happened had a higher score than what did not. */
import { checkFinite, checkLength, correlation } from "../../core/index.js";

/** Points from (0, 0) to (1, 1), one more than there are different scores. */
export interface RocCurve {
  /** Share of the outcomes 0 with a score of at least the threshold. */
  readonly falsePositive: Float64Array;
  /** Share of the outcomes 1 with a score of at least the threshold. */
  readonly truePositive: Float64Array;
  /** Descending; the first is infinite. */
  readonly threshold: Float64Array;
}

/** Points of falling threshold; the first is (0, 1). */
export interface PrecisionRecall {
  readonly precision: Float64Array;
  readonly recall: Float64Array;
  readonly threshold: Float64Array;
}

/**
 * Ranks from 1, tied values sharing their mean rank, [N].
 * @throws RangeError when a value is not finite.
 */
export function averageRanks(x: ArrayLike<number>): Float64Array {
  checkFinite("x", x);
  const order = Uint32Array.from({ length: x.length }, (_, i) => i).sort((a, b) => x[a]! - x[b]!);
  const ranks = new Float64Array(x.length);
  for (let i = 0; i < order.length; ) {
    let end = i + 1;
    while (end < order.length && x[order[end]!] === x[order[i]!]) end++;
    for (let k = i; k < end; k++) ranks[order[k]!] = (i + 1 + end) / 2;
    i = end;
  }
  return ranks;
}

/**
 * Spearman's rank correlation of x [N] and y [N]; NaN where one side does not vary.
 * @throws RangeError when lengths differ or a value is not finite.
 */
export function rankCorrelation(x: ArrayLike<number>, y: ArrayLike<number>): number {
  checkLength("y", y, x.length);
  return correlation(averageRanks(x), averageRanks(y));
}

/**
 * The area under the ROC curve: the chance that an outcome 1 has a higher score than an outcome 0, ties counted half.
 * @param score    [N] higher says 1 is likelier
 * @param outcome  [N] 0 or 1
 * @throws RangeError when lengths differ, a score is not finite, or the outcomes are not both 0 and 1.
 * @see Mann & Whitney 1947; Hanley & McNeil 1982
 */
export function auroc(score: ArrayLike<number>, outcome: ArrayLike<number>): number {
  const { positives, negatives } = checkScores(score, outcome);
  const ranks = averageRanks(score);
  let total = 0;
  for (let n = 0; n < ranks.length; n++) if (outcome[n] === 1) total += ranks[n]!;
  return (total - (positives * (positives + 1)) / 2) / (positives * negatives);
}

/**
 * The ROC curve of scores [N] and outcomes [N], 0 or 1.
 * @throws RangeError as `auroc`.
 */
export function rocCurve(score: ArrayLike<number>, outcome: ArrayLike<number>): RocCurve {
  const { positives, negatives } = checkScores(score, outcome);
  const steps = countsByThreshold(score, outcome);
  return {
    falsePositive: Float64Array.from([0, ...steps.map((s) => s.falsePositives / negatives)]),
    truePositive: Float64Array.from([0, ...steps.map((s) => s.truePositives / positives)]),
    threshold: Float64Array.from([Number.POSITIVE_INFINITY, ...steps.map((s) => s.threshold)]),
  };
}

/** ROC curve between two samples of a score, and the area under it. */
export interface Separation extends RocCurve {
  readonly area: number;
}

/**
 * The ROC curve between scores of usual rows [N] and of unusual rows [M], and the area under it: 1 where every unusual row scores higher.
 * @throws RangeError when a sample is empty or a score is not finite.
 */
export function separation(usual: ArrayLike<number>, unusual: ArrayLike<number>): Separation {
  const score = Float64Array.from([...Array.from(usual), ...Array.from(unusual)]);
  const outcome = Uint8Array.from(score, (_, n) => (n < usual.length ? 0 : 1));
  return { ...rocCurve(score, outcome), area: auroc(score, outcome) };
}

/**
 * Precision and recall at every threshold of scores [N] with outcomes [N], 0 or 1.
 * @throws RangeError as `auroc`.
 */
export function precisionRecall(score: ArrayLike<number>, outcome: ArrayLike<number>): PrecisionRecall {
  const { positives } = checkScores(score, outcome);
  const steps = countsByThreshold(score, outcome);
  const precision = steps.map((s) => s.truePositives / (s.truePositives + s.falsePositives));
  return {
    precision: Float64Array.from([1, ...precision]),
    recall: Float64Array.from([0, ...steps.map((s) => s.truePositives / positives)]),
    threshold: Float64Array.from([Number.POSITIVE_INFINITY, ...steps.map((s) => s.threshold)]),
  };
}

/**
 * Average precision of scores [N] with outcomes [N], 0 or 1: the mean over the gains of recall, without interpolation.
 *
 * Of random scores it is the share of outcomes 1, of perfect ones 1.
 * @throws RangeError as `auroc`.
 */
export function averagePrecision(score: ArrayLike<number>, outcome: ArrayLike<number>): number {
  const { precision, recall } = precisionRecall(score, outcome);
  return precision.reduce((total, p, i) => total + (i === 0 ? 0 : p * (recall[i]! - recall[i - 1]!)), 0);
}

/**
 * How many rows had either outcome.
 * @throws RangeError as `auroc`.
 */
export function checkScores(
  score: ArrayLike<number>,
  outcome: ArrayLike<number>,
): { positives: number; negatives: number } {
  checkLength("outcome", outcome, score.length);
  checkFinite("score", score);
  let positives = 0;
  for (let n = 0; n < outcome.length; n++) {
    if (outcome[n] !== 0 && outcome[n] !== 1)
      throw new RangeError(`outcome[${n}]: expected 0 or 1, got ${outcome[n]}`);
    positives += outcome[n]!;
  }
  const negatives = outcome.length - positives;
  if (positives === 0 || negatives === 0)
    throw new RangeError(`outcome: expected both 0 and 1, got ${outcome.length} rows of one of them`);
  return { positives, negatives };
}

interface Step {
  readonly threshold: number;
  readonly truePositives: number;
  readonly falsePositives: number;
}

/** Rows of either outcome with a score of at least each threshold, the highest first. */
function countsByThreshold(score: ArrayLike<number>, outcome: ArrayLike<number>): Step[] {
  const order = Uint32Array.from({ length: score.length }, (_, i) => i).sort((a, b) => score[b]! - score[a]!);
  const steps: Step[] = [];
  let [truePositives, falsePositives] = [0, 0];
  order.forEach((n, i) => {
    if (outcome[n] === 1) truePositives++;
    else falsePositives++;
    if (i + 1 < order.length && score[order[i + 1]!] === score[n]) return;
    steps.push({ threshold: score[n]!, truePositives, falsePositives });
  });
  return steps;
}
