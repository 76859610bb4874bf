/** Portfolios of forecasts, each with the covariance of the bars before it. */
import { type Forecast, fromRows, type Panel } from "../core/index.js";
import { sampleCovariance, variationalPortfolio } from "../portfolio/index.js";

/** Settings of `portfoliosAlong`. */
export interface PortfoliosOptions {
  /** Bars before a decision of which the covariance is taken. */
  readonly past: number;
  /** Bars over which the forecasts are made. */
  readonly horizon: number;
  readonly riskAversion: number;
}

/** A portfolio and when it was decided. */
export interface DatedPortfolio {
  /** UTC milliseconds. */
  readonly time: number;
  /** [A] */
  readonly weights: Float64Array;
}

/**
 * Long-only portfolios of `variationalPortfolio`, one for each forecast of all assets: its means, its epistemic standard deviations, and the
 * covariance of the last bars up to its time, over the horizon.
 * @param returns  [T,A] log returns by close
 * @throws RangeError when a forecast is at no close of the returns or has too few of them behind it, or as `variationalPortfolio`.
 */
export function portfoliosAlong(
  forecasts: readonly Forecast[],
  { time, names, values }: Panel,
  { past, horizon, riskAversion }: PortfoliosOptions,
): DatedPortfolio[] {
  const width = names.length;
  const whole = forecasts.filter(({ asset }) => asset.length === width);
  return whole.map(({ decidedAt, mean, epistemic }) => {
    const end = time.indexOf(decidedAt[0]!) + 1;
    if (end < past) throw new RangeError(`past: expected ${past} bars before a forecast, got ${end}`);
    const rows = Array.from({ length: past }, (_, i) => {
      const t = end - past + i;
      return Array.from(values.subarray(t * width, (t + 1) * width));
    });
    const covariance = sampleCovariance(fromRows(rows)).mul(horizon);
    const uncertainty = epistemic.map(Math.sqrt);
    const weights = variationalPortfolio({ expected: mean, riskAversion, covariance, uncertainty });
    return { time: decidedAt[0]!, weights };
  });
}
