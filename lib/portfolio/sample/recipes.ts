/** The course's training portfolios: four sources of portfolios, from past returns alone. */
import { checkCount, fold, type Key, type Matrix, permutation } from "../../core/index.js";
import { holdableLimits, type Limits } from "../constraints/index.js";
import { factorCovariance, sampleCovariance, shrunkToIdentity } from "../optimise/covariance.js";
import { evenAlpha } from "./concentrations.js";
import {
  bootstrappedSet,
  dirichletSet,
  joinSets,
  optimisedSet,
  riskParitySet,
  type TrainingSet,
} from "./trainingSet.js";

/** Options of `recipePortfolios`. */
export interface RecipeOptions {
  readonly key: Key;
  /** Bars from one window to the next (default a week of hours). */
  readonly every?: number;
  /** Bootstrapped portfolios, and random ones of either kind (default 200). */
  readonly count?: number;
  /** Largest weight of the limited recipes (default 0.4). */
  readonly cap?: number;
}

/**
 * Portfolios of four sources: mean-variance over rolling windows of 480 and 1,440 bars, with and without a cap; risk parity over the same
 * windows with three covariances; mean-variance of resampled windows; and Dirichlet draws, concentrated and even, that know no return.
 * @param returns [T,A] simple; the training part
 * @throws RangeError as the sources, such as when no window fits.
 */
export function recipePortfolios(returns: Matrix, options: RecipeOptions): TrainingSet {
  const { key, every = 168, count = 200, cap: wanted = 0.4 } = options;
  const assets = returns.columns;
  const limits: Limits = { cap: holdableLimits(assets, { cap: wanted }).limits.cap ?? 1 };
  const shrunk = (r: Matrix) => shrunkToIdentity(r).covariance;
  const windows = { lookBacks: [480, 1440], every };
  const latest = returns.subMatrix(Math.max(0, returns.rows - 1440), returns.rows - 1, 0, assets - 1);
  const random = (name: string, alpha: number) =>
    dirichletSet(fold(key, name), count, { alpha: evenAlpha(assets, alpha), name });
  return joinSets([
    optimisedSet(returns, {
      ...windows,
      ...{
        estimator: shrunk,
        riskAversions: [3, 10, 40],
        targets: [0.3, 0.7],
        limits: { free: {}, capped: limits },
      },
    }),
    riskParitySet(returns, {
      ...windows,
      estimators: {
        sample: sampleCovariance,
        shrunk,
        factors: (r) => factorCovariance(r, Math.min(2, assets - 1)),
      },
    }),
    bootstrappedSet(latest, {
      ...{
        key: fold(key, "bootstrapped"),
        count,
        meanBlock: 24,
        estimator: shrunk,
        riskAversion: 10,
        limits,
      },
    }),
    random("concentrated", 0.3),
    random("even", 3),
  ]);
}

/**
 * Two parts of a set, mixed by the key: the first to learn from, the second, of the same population, as the yardstick.
 *
 * `first` is the share of the first part, in (0, 1).
 * @throws RangeError when a part is empty.
 */
export function splitSet(
  set: TrainingSet,
  { key, first }: { readonly key: Key; readonly first: number },
): { readonly first: TrainingSet; readonly second: TrainingSet } {
  const order = permutation(key, set.origins.length);
  const cut = Math.round(first * order.length);
  checkCount("portfolios of the first part", cut);
  checkCount("portfolios of the second part", order.length - cut);
  return { first: chosen(set, order.subarray(0, cut)), second: chosen(set, order.subarray(cut)) };
}

function chosen({ weights, assets, origins }: TrainingSet, places: ArrayLike<number>): TrainingSet {
  const out = new Float64Array(places.length * assets);
  Array.from(places).forEach((from, n) => {
    out.set(weights.subarray(from * assets, (from + 1) * assets), n * assets);
  });
  return { weights: out, assets, origins: Array.from(places, (from) => origins[from]!) };
}
