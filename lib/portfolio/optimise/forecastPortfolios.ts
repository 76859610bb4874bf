/** Portfolios from forecasts, one at each decision time, with a stated part of the forecast's uncertainty in the covariance. */
import {
  checkLength,
  type ForecastMoments,
  type Matrix,
  modelUncertainties,
  totalVariances,
} from "../../core/index.js";
import type { Limits } from "../constraints/limits.js";
import { variationalPortfolio } from "./meanVariance.js";

/** Settings of `forecastPortfolios`: covariance, risk aversion and the uncertainty that is added. */
export interface ForecastPortfolioOptions {
  /** [A,A] of the returns over the forecasts' horizon. */
  readonly covariance: Matrix;
  /** λ */
  readonly riskAversion: number;
  /**
   * What is added to the diagonal: nothing; `mean`, the latent and epistemic variance, which is the error of the predicted mean; or
   * `predictive`, which counts a second time the aleatoric variance that the covariance holds already.
   */
  readonly uncertainty: "none" | "mean" | "predictive";
  /** κ of `variationalPortfolio`; 0 by default. */
  readonly penalty?: number;
  /** Long-only by default. */
  readonly limits?: Limits;
}

/** Weights by row, [N], as `trading.heldWeights` takes them. */
export interface PortfolioDecisions {
  readonly asset: Uint16Array;
  readonly decidedAt: Float64Array;
  readonly weight: Float64Array;
}

/**
 * Weights of `variationalPortfolio` from forecasts [N] at every time at which all A assets have one; other times are left out.
 * @throws RangeError as `variationalPortfolio`, or when there is no such time.
 */
export function forecastPortfolios(
  forecast: ForecastMoments & { readonly asset: Uint16Array; readonly decidedAt: Float64Array },
  { covariance, riskAversion, uncertainty, penalty = 0, limits }: ForecastPortfolioOptions,
): PortfolioDecisions {
  const { mean, asset, decidedAt } = forecast;
  checkLength("decidedAt", decidedAt, mean.length);
  const assets = covariance.rows;
  const rows = wholeTimes(forecast, assets);
  if (rows.length === 0)
    throw new RangeError(`forecast: expected a time with all ${assets} assets, got none`);
  const variance = {
    none: () => mean.map(() => 0),
    mean: () => modelUncertainties(forecast),
    predictive: () => totalVariances(forecast),
  }[uncertainty]();
  const weight = rows.flatMap((own) =>
    Array.from(
      variationalPortfolio({
        expected: own.map((n) => mean[n]!),
        uncertainty: own.map((n) => Math.sqrt(variance[n]!)),
        ...{ covariance, riskAversion, penalty },
        ...(limits && { limits }),
      }),
    ),
  );
  const flat = rows.flat();
  return {
    asset: Uint16Array.from(flat, (n) => asset[n]!),
    decidedAt: Float64Array.from(flat, (n) => decidedAt[n]!),
    weight: Float64Array.from(weight),
  };
}

/** Rows of each time at which every asset has one, in order of time; rows of a time in order of assets. */
function wholeTimes(
  { asset, decidedAt }: { readonly asset: Uint16Array; readonly decidedAt: Float64Array },
  assets: number,
): number[][] {
  const byTime = new Map<number, number[]>();
  decidedAt.forEach((time, n) => {
    const own = byTime.get(time) ?? [];
    own.push(n);
    byTime.set(time, own);
  });
  return [...byTime.entries()]
    .filter(([, rows]) => new Set(rows.map((n) => asset[n])).size === assets)
    .sort(([a], [b]) => a - b)
    .map(([, rows]) => rows.sort((a, b) => asset[a]! - asset[b]!));
}
