/** Portfolios mixed until their volatility is the one asked for. */
import { diagonal, type Matrix } from "../../core/index.js";
import type { Limits } from "../constraints/limits.js";
import { project } from "../constraints/projection.js";
import { minimumVariance } from "../optimise/meanVariance.js";
import { atVolatility } from "./generator.js";

/** A mixer of portfolios within limits, and how far it reaches. Volatilities are percent a year. */
export interface VolatilityMixer {
  /** Volatility of the portfolio of least variance. */
  readonly least: number;
  /** Volatility of the portfolio that holds as much as it may of the most volatile assets. */
  readonly most: number;
  /** The portfolio of least variance [A]. */
  readonly quietest: Float64Array;
  /** Portfolios [N][A] mixed with the one of either end until each has this volatility. @throws RangeError when it lies outside. */
  at(volatility: number, portfolios: readonly Float64Array[]): Float64Array[];
}

/** So many times the variances, projected, is the portfolio that fills the most volatile assets to the cap one after another. */
const FAR = 1e6;

/**
 * A mixer of portfolios within limits that a projection knows: long-only, a cap.
 * @param of  covariance [A,A] of a bar's returns, and what `returnParts` has besides
 * @throws RangeError as `minimumVariance` and `project`.
 */
export function volatilityMixer(
  of: {
    readonly covariance: Matrix;
    readonly barsPerYear: number;
    volatility(weights: ArrayLike<number>): number;
  },
  limits: Limits,
): VolatilityMixer {
  const { covariance, barsPerYear } = of;
  const { cap } = limits;
  const quietest = minimumVariance(covariance, limits);
  const far = diagonal(covariance).map((variance) => FAR * variance);
  const risky = project(far, cap === undefined ? {} : { cap });
  return {
    ...{ quietest, least: of.volatility(quietest), most: of.volatility(risky) },
    at(volatility, portfolios) {
      const target = volatility / 100 / Math.sqrt(barsPerYear);
      return portfolios.map((w) => atVolatility(w, { covariance, target, calm: quietest, risky }));
    },
  };
}
