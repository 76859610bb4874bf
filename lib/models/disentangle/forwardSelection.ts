/** The best of several candidates fold by fold, and whether it predicts once it is charged for how many there were. */
import {
  checkCount,
  checkFinite,
  checkLength,
  correlation,
  fold,
  type Key,
  mean,
  standardDeviation,
} from "../../core/index.js";
import { againstNull, checkLengths, shiftedOrder } from "../../prob/diagnostics/index.js";
import { normalProbability } from "../../prob/distributions/index.js";
import { averageRanks } from "../../prob/scores/index.js";
import { entriesAt } from "./labelledLatents.js";

/** The latent dimension that went best with an outcome, and the way it faced. */
export type BestDimension = {
  readonly unit: number;
  /** 1, or −1 where the dimension went against the outcome. */
  readonly sign: number;
  /** |Spearman's ρ| of the rows it was chosen on. */
  readonly coefficient: number;
};

/**
 * The unit of largest |Spearman's ρ| with the outcome on the rows given: all of them must be known when it is put to use.
 * @param codes    K columns [N]; a collapsed one counts as 0
 * @param outcome  [N]
 * @throws RangeError when there is no column, lengths differ, a value is not finite, or there are fewer than three rows.
 */
export function bestDimension(codes: readonly Float64Array[], outcome: Float64Array): BestDimension {
  checkCount("columns", codes.length);
  checkCount("rows", outcome.length, 3);
  const ranks = averageRanks(outcome);
  const rho = codes.map((code) => correlation(averageRanks(code), ranks) || 0);
  const size = rho.map(Math.abs);
  const unit = size.indexOf(Math.max(...size));
  return { unit, sign: rho[unit]! < 0 ? -1 : 1, coefficient: size[unit]! };
}

/** One forward fold: what each candidate said of its rows before they happened, and what happened. */
export interface ForwardPart {
  /** Candidates × seeds of columns [N]: high says that a high outcome follows. */
  readonly signals: readonly (readonly Float64Array[])[];
  /** [N] */
  readonly outcome: Float64Array;
  /** Rows of each series, one series after the other; default a single series. */
  readonly lengths?: readonly number[];
}

/** A candidate over all folds. */
export type ForwardCandidate = {
  /** Information coefficient of each fold: Spearman's ρ, mean over seeds. */
  readonly folds: readonly number[];
  /** Standard error of each, from outcomes that are turned in time. */
  readonly foldErrors: readonly number[];
  /** Mean over folds, and its standard error. */
  readonly mean: number;
  readonly standardError: number;
};

/** The best candidate, judged against the best of as many that know nothing. */
export interface ForwardSelection {
  readonly candidates: readonly ForwardCandidate[];
  /** Index of the largest mean. */
  readonly best: number;
  /** What the largest mean is expected to be where no candidate predicts. */
  readonly benchmark: number;
  /** Φ((largest mean − benchmark) / its standard error): the probability that the true mean lies above the benchmark. */
  readonly probability: number;
  /** Share of turned outcomes, the data themselves counted with them, whose best candidate does as well. */
  readonly p: number;
}

/**
 * The mean information coefficient of each candidate over forward folds, and the best of them deflated for their number.
 *
 * The null turns the outcomes of each fold on themselves, so that memory, what series have in common, and what candidates have in
 * common all stay: five copies of one candidate are charged as one, five strangers as five. What made the signals of a fold must
 * have been known before it; nothing here can see whether it was.
 * @throws RangeError when there is no fold or no candidate, folds differ in their candidates, a length is wrong, a value is not
 *   finite, or the best candidate stands still.
 * @see Bailey & López de Prado 2014, for the benchmark, which they have from a formula for independent trials
 */
export function forwardSelection(
  parts: readonly ForwardPart[],
  options: { readonly key: Key; readonly replicates: number },
): ForwardSelection {
  const { key, replicates } = options;
  checkParts(parts);
  checkCount("replicates", replicates, 2);
  const scored = parts.map(({ signals, outcome }) => ({
    signals: signals.map(meanRanks),
    outcome: standardRanks(outcome),
  }));
  const values = scored.map(({ signals, outcome }) => signals.map((signal) => product(signal, outcome)));
  const nulls = Array.from({ length: replicates }, (_, r) =>
    scored.map(({ signals, outcome }, f) => {
      const { lengths } = parts[f]!;
      const order = shiftedOrder(fold(key, r, f), outcome.length, lengths ? { lengths } : {});
      const turned = entriesAt(outcome, order);
      return signals.map((signal) => product(signal, turned));
    }),
  );
  return judged(values, nulls);
}

/** @param values  folds × candidates, and the same for each rearrangement */
function judged(values: readonly number[][], nulls: readonly number[][][]): ForwardSelection {
  const meanOf = (folds: readonly (readonly number[])[], c: number) => mean(folds.map((of) => of[c]!));
  const candidates = values[0]!.map((_, c): ForwardCandidate => {
    const error = (of: (folds: readonly number[][]) => number) => standardDeviation(nulls.map(of));
    return {
      folds: values.map((of) => of[c]!),
      foldErrors: values.map((_, f) => error((folds) => folds[f]![c]!)),
      mean: meanOf(values, c),
      standardError: error((folds) => meanOf(folds, c)),
    };
  });
  const largest = (folds: readonly number[][]) => Math.max(...candidates.map((_, c) => meanOf(folds, c)));
  const best = candidates.findIndex((one) => one.mean === largest(values));
  const { mean: top, standardError } = candidates[best]!;
  if (!(standardError > 0))
    throw new RangeError(`candidate ${best}: expected signals that vary, got a coefficient of ${top} always`);
  const { nullMean, p } = againstNull(top, Float64Array.from(nulls, largest));
  return {
    candidates,
    best,
    benchmark: nullMean,
    probability: normalProbability(top, nullMean, standardError),
    p,
  };
}

/** Ranks of mean 0 and sum of squares 1, so that a product of two is a correlation; zeros where all are equal. */
function standardRanks(x: Float64Array): Float64Array {
  const ranks = averageRanks(x);
  const centre = (x.length + 1) / 2;
  const norm = Math.sqrt(ranks.reduce((total, rank) => total + (rank - centre) ** 2, 0));
  return ranks.map((rank) => (norm > 0 ? (rank - centre) / norm : 0));
}

/** Mean of the seeds' standard ranks: its product with an outcome's is the mean of their correlations. */
function meanRanks(seeds: readonly Float64Array[]): Float64Array {
  const ranks = seeds.map(standardRanks);
  return ranks[0]!.map((_, n) => mean(ranks.map((of) => of[n]!)));
}

function product(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let n = 0; n < a.length; n++) total += a[n]! * b[n]!;
  return total;
}

function checkParts(parts: readonly ForwardPart[]): void {
  checkCount("folds", parts.length);
  checkCount("candidates", parts[0]!.signals.length);
  parts.forEach(({ signals, outcome, lengths }, f) => {
    checkCount(`fold ${f}: rows`, outcome.length, 3);
    checkFinite(`fold ${f}: outcome`, outcome);
    checkLength(`fold ${f}: candidates`, signals, parts[0]!.signals.length);
    signals.forEach((seeds, c) => {
      checkCount(`fold ${f}, candidate ${c}: seeds`, seeds.length);
      for (const seed of seeds) checkLength(`fold ${f}, candidate ${c}: rows`, seed, outcome.length);
    });
    if (lengths) checkLengths(lengths, outcome.length, 2);
  });
}
