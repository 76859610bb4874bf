/** Portfolios to learn from: optimised, of equal risk, bootstrapped or drawn, each with how it was made. */

import type { Matrix } from "../../core/index.js";
import { checkCount, checkLength, fold, type Key, mean } from "../../core/index.js";
import { expectedReturn } from "../../trading/performance/index.js";
import { stationaryBootstrapIndices } from "../../trading/significance/index.js";
import { type Limits, largestReturn } from "../constraints/limits.js";
import type { PortfolioSet } from "../evaluate/evaluator.js";
import type { Estimator } from "../optimise/covariance.js";
import { meanVariance, minimumVariance, targetReturn } from "../optimise/meanVariance.js";
import { riskParity } from "../optimise/riskParity.js";
import { sampleDirichlet } from "./dirichlet.js";

/** How a portfolio was made. */
export type Origin = {
  readonly source: string;
  /** What was set, such as "lambda 5, cap 0.3". */
  readonly setting: string;
  /** Rows of returns it was made from. */
  readonly lookBack: number;
  /** It knows the rows before this one, and no other. */
  readonly knownAt: number;
};

/** Portfolios with the origin of each. */
export interface TrainingSet extends PortfolioSet {
  /** One for each portfolio. */
  readonly origins: readonly Origin[];
}

/** Windows over returns [T,A]: the last `lookBack` rows at every `every`-th row that has them. */
export interface RollingWindows {
  readonly lookBacks: readonly number[];
  readonly every: number;
}

/** Options of `optimisedSet`. */
export interface OptimisedOptions extends RollingWindows {
  readonly estimator: Estimator;
  /** λ of `meanVariance`. */
  readonly riskAversions: readonly number[];
  /** Shares in [0, 1] of the way from the return of least variance to the largest return. */
  readonly targets: readonly number[];
  /** By name. */
  readonly limits: Readonly<Record<string, Limits>>;
}

/**
 * Mean-variance portfolios: every window × limits × (risk aversion or target).
 *
 * Expected returns are the averages of the window, as poor as such averages are: their spread is the variety wanted here.
 * @param returns [T,A] simple
 * @throws RangeError when no window fits, or as the optimisers.
 */
export function optimisedSet(returns: Matrix, options: OptimisedOptions): TrainingSet {
  const made = eachWindow(returns, options, (window, at) => {
    const covariance = options.estimator(window);
    const expected = columnMeans(window);
    return Object.entries(options.limits).flatMap(([name, limits]) => {
      const origin = (setting: string) => ({ source: "optimised", setting: `${setting}, ${name}`, ...at });
      const byAversion = options.riskAversions.map((riskAversion) => ({
        weights: meanVariance({ expected, covariance, riskAversion, limits }),
        origin: origin(`lambda ${riskAversion}`),
      }));
      const least =
        options.targets.length > 0 ? expectedReturn(minimumVariance(covariance, limits), expected) : 0;
      const most = largestReturn(expected, limits);
      const byTarget = options.targets.map((share) => ({
        weights: targetReturn({ expected, covariance, limits }, least + share * (most - least)),
        origin: origin(`target ${share}`),
      }));
      return [...byAversion, ...byTarget];
    });
  });
  return gathered(made, returns.columns);
}

/**
 * Portfolios of equal risk from returns [T,A]: every window × estimator of the covariance.
 * @throws RangeError as `optimisedSet`.
 */
export function riskParitySet(
  returns: Matrix,
  options: RollingWindows & { readonly estimators: Readonly<Record<string, Estimator>> },
): TrainingSet {
  const made = eachWindow(returns, options, (window, at) =>
    Object.entries(options.estimators).map(([setting, estimator]) => ({
      weights: riskParity(estimator(window)),
      origin: { source: "risk parity", setting, ...at },
    })),
  );
  return gathered(made, returns.columns);
}

/** Options of `bootstrappedSet`. */
export interface BootstrapSetOptions {
  readonly key: Key;
  readonly count: number;
  /** Mean length in rows of the blocks that are kept together. */
  readonly meanBlock: number;
  readonly estimator: Estimator;
  readonly riskAversion: number;
  readonly limits?: Limits;
}

/**
 * Mean-variance portfolios [count,A] of resampled rows of returns [T,A]: how far the optimum moves by the luck of the sample alone.
 * @throws RangeError as `meanVariance` and `stationaryBootstrapIndices`.
 * @see Politis & Romano 1994; Michaud 1998
 */
export function bootstrappedSet(returns: Matrix, options: BootstrapSetOptions): TrainingSet {
  const { key, count, meanBlock, estimator, riskAversion, limits } = options;
  checkCount("count", count);
  const made = Array.from({ length: count }, (_, n) => {
    const index = stationaryBootstrapIndices(fold(key, n), returns.rows, meanBlock);
    const sample = returns.subMatrixRow(Array.from(index));
    const [expected, covariance] = [columnMeans(sample), estimator(sample)];
    return {
      weights: meanVariance({ expected, covariance, riskAversion, ...(limits && { limits }) }),
      origin: {
        source: "bootstrapped",
        setting: `sample ${n}`,
        lookBack: returns.rows,
        knownAt: returns.rows,
      },
    };
  });
  return gathered(made, returns.columns);
}

/**
 * Portfolios [count,A] drawn from Dirichlet(α) with α [A]; they know no return at all.
 * @throws RangeError as `sampleDirichlet`.
 */
export function dirichletSet(
  key: Key,
  count: number,
  { alpha, name }: { readonly alpha: ArrayLike<number>; readonly name: string },
): TrainingSet {
  const origin = { source: "dirichlet", setting: name, lookBack: 0, knownAt: 0 };
  return {
    weights: sampleDirichlet(key, count, alpha),
    assets: alpha.length,
    origins: Array.from({ length: count }, () => origin),
  };
}

/** Sets one after another. @throws RangeError when they differ in assets, or there is none. */
export function joinSets(sets: readonly TrainingSet[]): TrainingSet {
  checkCount("sets", sets.length);
  const assets = sets[0]!.assets;
  const weights = new Float64Array(sets.reduce((total, set) => total + set.weights.length, 0));
  let at = 0;
  for (const set of sets) {
    if (set.assets !== assets) throw new RangeError(`sets: expected ${assets} assets, got ${set.assets}`);
    checkLength("origins", set.origins, set.weights.length / assets);
    weights.set(set.weights, at);
    at += set.weights.length;
  }
  return { weights, assets, origins: sets.flatMap((set) => set.origins) };
}

interface Made {
  readonly weights: Float64Array;
  readonly origin: Origin;
}

function eachWindow(
  returns: Matrix,
  { lookBacks, every }: RollingWindows,
  make: (window: Matrix, at: { readonly lookBack: number; readonly knownAt: number }) => readonly Made[],
): Made[] {
  checkCount("every", every);
  const made: Made[] = [];
  for (const lookBack of lookBacks) {
    checkCount("lookBack", lookBack, 2);
    for (let knownAt = lookBack; knownAt <= returns.rows; knownAt += every) {
      const window = returns.subMatrix(knownAt - lookBack, knownAt - 1, 0, returns.columns - 1);
      made.push(...make(window, { lookBack, knownAt }));
    }
  }
  return made;
}

function gathered(made: readonly Made[], assets: number): TrainingSet {
  checkCount("windows that fit", made.length);
  const weights = new Float64Array(made.length * assets);
  made.forEach((one, n) => {
    weights.set(one.weights, n * assets);
  });
  return { weights, assets, origins: made.map((one) => one.origin) };
}

function columnMeans(returns: Matrix): Float64Array {
  return Float64Array.from({ length: returns.columns }, (_, a) => mean(returns.getColumn(a)));
}
