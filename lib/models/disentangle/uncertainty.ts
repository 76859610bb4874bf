/** Uncertainty of a score of labelled latents: its interval, and what chance gives. */
import {
  checkCount,
  checkFinite,
  fold,
  type Key,
  quantile,
  standardDeviation,
  stream,
} from "../../core/index.js";
import { againstNull, type NullTest, type ShiftOptions, shiftNull } from "../../prob/diagnostics/index.js";
import { checkLabelled, entriesAt, type LabelledLatents, labelledRows } from "./labelledLatents.js";

/** A score from latents and factors, such as `(data) => mutualInformationGap(data).mig`. */
export type Metric = (data: LabelledLatents) => number;

/** A score with its interval. */
export type MetricInterval = {
  value: number;
  lower: number;
  upper: number;
  /** Standard deviation of the resampled scores. */
  standardError: number;
  /** Mean of the resampled scores less the value: what repeated rows add, and the interval takes away. */
  bias: number;
};

/** Options of `withInterval`. */
export interface IntervalOptions {
  readonly key: Key;
  readonly replicates: number;
  /** Rows of a block: 1 for independent rows, more where neighbours depend on each other; a block may run over the end. */
  readonly block: number;
  /** Such as 0.95. */
  readonly level: number;
}

/**
 * The score with its basic bootstrap interval over rows: the percentiles of the resampled scores, reflected about the value.
 *
 * Rows that come twice shift scores of information: they flatter the second-best latent most, so that gaps shrink. The reflection
 * takes that out, where the percentiles themselves would mostly miss the truth. The interval may leave [0, 1].
 * @throws RangeError when an option or the data make no sense, or a score is not finite.
 * @see Davison & Hinkley 1997, chapter 5
 */
export function withInterval(
  metric: Metric,
  data: LabelledLatents,
  options: IntervalOptions,
): MetricInterval {
  checkLabelled(data);
  const { key, replicates, block, level } = options;
  const rows = data.codes[0]!.length;
  checkCount("replicates", replicates, 2);
  checkCount("block", block);
  if (block > rows) throw new RangeError(`block: expected at most the ${rows} rows, got ${block}`);
  if (!(level > 0 && level < 1)) throw new RangeError(`level: expected a number in (0, 1), got ${level}`);
  const value = metric(data);
  checkFinite("score", [value]);
  const scores = Float64Array.from({ length: replicates }, (_, r) =>
    metric(labelledRows(data, blockIndices(fold(key, r), rows, block))),
  );
  checkFinite("resampled score", scores);
  return {
    value,
    lower: 2 * value - quantile(scores, (1 + level) / 2),
    upper: 2 * value - quantile(scores, (1 - level) / 2),
    standardError: standardDeviation(scores),
    bias: scores.reduce((a, b) => a + b, 0) / replicates - value,
  };
}

/**
 * The score beside those of latents that know nothing of the factors: the factors are turned together against the latents.
 *
 * With `blocks` equal to the number of rows single rows are shuffled: right for independent rows only.
 * @throws RangeError when the data make no sense, or as `shiftedOrder`.
 */
export function permutationNull(metric: Metric, data: LabelledLatents, options: ShiftOptions): NullTest {
  checkLabelled(data);
  const { codes, factors } = data;
  const nulls = shiftNull(
    codes[0]!.length,
    (order) => metric({ codes, factors: factors.map((factor) => entriesAt(factor, order)) }),
    options,
  );
  return againstNull(metric(data), nulls);
}

/** Rows of one resample: blocks of equal length that start anywhere; the last is cut, the end is followed by the beginning. */
function blockIndices(key: Key, rows: number, block: number): Uint32Array {
  const random = stream(key);
  const index = new Uint32Array(rows);
  for (let from = 0; from < rows; from += block) {
    const start = random.integer(rows);
    for (let i = from; i < Math.min(from + block, rows); i++) index[i] = (start + i - from) % rows;
  }
  return index;
}
