/** Forecasts of the same rows side by side: proper scores, coverage, and paired differences with their errors. */
import {
  clusteredError,
  type Forecast,
  mean,
  normalForecast,
  standardDeviation,
  totalVariances,
} from "../../../core/index.js";
import { nllNormal } from "../../../prob/calibration/index.js";
import { normalCoverage, normalScores } from "../../../prob/scores/index.js";
import type { StudyPart } from "../kinds/studyModel.js";

const DAY = 86_400_000;

/** Rows of a part with what came. */
export interface OutcomePart extends Pick<StudyPart, "asset" | "decidedAt"> {
  /** [N] log returns. */
  readonly returns: Float64Array;
}

/** Scores of forecasts on one part. */
export type ForecastScores = {
  readonly model: string;
  /** Mean negative log-likelihood of the returns, nats. */
  readonly nll: number;
  /** Continuous ranked probability score, basis points. */
  readonly crps: number;
  /** Percentage of returns inside the central 90 % interval. */
  readonly coverage: number;
  /** NLL less that of the first forecast, and the standard error of the difference over days. */
  readonly difference: number;
  readonly error: number;
};

/**
 * Scores of the normal distributions with each forecast's mean and total variance; differences are paired by row.
 * @param forecasts  of the rows of `part`, by name; the first is the reference
 */
export function scoreForecasts(
  forecasts: Readonly<Record<string, Forecast>>,
  { returns: value, decidedAt }: OutcomePart,
): ForecastScores[] {
  const days = Array.from(decidedAt, (time) => Math.floor((time - 1) / DAY));
  let first: Float64Array | undefined;
  return Object.entries(forecasts).map(([model, forecast]) => {
    const sd = totalVariances(forecast).map(Math.sqrt);
    const nll = rowNll(forecast, value);
    first ??= nll;
    const worse = nll.map((own, n) => own - first![n]!);
    const normal = { mean: forecast.mean, sd, value };
    return {
      ...{ model, nll: mean(nll), crps: 1e4 * normalScores(normal).crps },
      ...{
        coverage: 100 * normalCoverage(normal, 0.9),
        difference: mean(worse),
        error: clusteredError(worse, days),
      },
    };
  });
}

/** Negative log-likelihood of each return under its row's normal distribution, [N] nats. */
export function rowNll(forecast: Forecast, returns: ArrayLike<number>): Float64Array {
  const variance = totalVariances(forecast);
  return forecast.mean.map((m, n) => nllNormal(returns[n]!, m, Math.sqrt(variance[n]!)));
}

/** The dull baseline: mean and variance of the training returns for every row of a part. */
export function constantForecast(train: OutcomePart, part: OutcomePart): Forecast {
  const of = (level: number) => part.returns.map(() => level);
  const variance = standardDeviation(train.returns) ** 2;
  return normalForecast(
    { mean: of(mean(train.returns)), aleatoric: of(variance), latent: of(0), epistemic: of(0) },
    { asset: part.asset, decidedAt: part.decidedAt },
  );
}
