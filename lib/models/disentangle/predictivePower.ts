/** Predictive power of each latent dimension alone, on rows that it was not chosen by. */
import { checkCount, checkFinite, checkLength, fold, type Key, variance } from "../../core/index.js";
import { againstNull, shiftNull } from "../../prob/diagnostics/index.js";
import { rankCorrelation } from "../../prob/scores/index.js";
import { entriesAt } from "./labelledLatents.js";

/** One dimension beside the outcome. */
export type PredictivePower = {
  readonly latent: number;
  /** Spearman's ρ on the early rows: it decides which way the dimension is read. */
  readonly early: number;
  /** Spearman's ρ on the late rows, with the sign of the early ones: negative where the direction did not last. */
  readonly late: number;
  /** Share of the shifted late rows, the data themselves counted with them, that reach `late`. */
  readonly p: number;
};

/** Options of `predictivePower`. */
export interface PowerOptions {
  /** Rows at the beginning that decide the direction. */
  readonly earlyRows: number;
  /** Rows left out after them: at least as many as an outcome looks ahead, so that none is known in both parts. */
  readonly gap: number;
  readonly key: Key;
  /** Circular shifts of the null. */
  readonly replicates: number;
}

/**
 * The rank correlation of each dimension with an outcome that follows it, such as the next return: an information coefficient.
 *
 * Rows are of one series in order of time; the null turns the outcome on itself, so that the memory of both sides stays. The
 * p-values are of single dimensions: of 20 dimensions one is below 0.05 by chance. A sleeping dimension has power 0.
 * @param codes    K columns [N]
 * @param outcome  [N] known only after the row it stands in
 * @throws RangeError when lengths differ, a value is not finite, or a part has fewer than three rows.
 */
export function predictivePower(
  codes: readonly Float64Array[],
  outcome: Float64Array,
  options: PowerOptions,
): PredictivePower[] {
  const { earlyRows, gap, key, replicates } = options;
  checkFinite("outcome", outcome);
  checkCount("earlyRows", earlyRows, 3);
  checkCount("gap", gap, 0);
  checkCount("late rows", outcome.length - earlyRows - gap, 3);
  const late = outcome.subarray(earlyRows + gap);
  return codes.map((code, latent) => {
    checkLength(`codes[${latent}]`, code, outcome.length);
    const before = dependence(code.subarray(0, earlyRows), outcome.subarray(0, earlyRows));
    const sign = before < 0 ? -1 : 1;
    const seen = code.subarray(earlyRows + gap);
    const of = (following: Float64Array) => sign * dependence(seen, following);
    const nulls = shiftNull(late.length, (order) => of(entriesAt(late, order)), {
      key: fold(key, latent),
      replicates,
    });
    const { value, p } = againstNull(of(late), nulls);
    return { latent, early: before, late: value, p };
  });
}

function dependence(a: Float64Array, b: Float64Array): number {
  return variance(a) > 0 && variance(b) > 0 ? rankCorrelation(a, b) : 0;
}
