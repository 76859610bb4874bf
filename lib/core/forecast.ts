/** Forecasts made of draws, and their uncertainty by source: the one place where the law of total variance is computed. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { checkCount, checkFinite, checkLength, checkPositive } from "./axes.js";
import { fold, type Key } from "./random.js";
import type {
  ClassDraws,
  Forecast,
  ForecastMoments,
  ForecastRow,
  NormalDraws,
  ProbabilityDraws,
  RowMoments,
} from "./types.js";

/** Model uncertainty of a row, latent + epistemic: the variance of the predicted mean, which signals and sizes penalise. */
export function modelUncertainty({ latent, epistemic }: Pick<RowMoments, "latent" | "epistemic">): number {
  return latent + epistemic;
}

/** Variance of the target under the forecast of a row: aleatoric + model uncertainty. */
export function totalVariance(row: RowMoments): number {
  return row.aleatoric + modelUncertainty(row);
}

/** Model uncertainty of every row, [N]. */
export function modelUncertainties({ latent, epistemic }: ForecastMoments): Float64Array {
  return latent.map((variance, n) => modelUncertainty({ latent: variance, epistemic: epistemic[n]! }));
}

/** Variance of the target under the forecast, of every row, [N]. */
export function totalVariances(moments: ForecastMoments): Float64Array {
  return moments.mean.map((_, n) => totalVariance(momentsOfRow(moments, n)));
}

/** Sums over draws that come one by one, from which moments are made. */
export interface MomentSums {
  /** Takes mean and variance of one draw of a row; `set` is its set of parameters. */
  add(row: number, set: number, mean: number, variance: number): void;
  moments(): ForecastMoments;
}

/**
 * The law of total variance over draws that come one by one, in memory [N · G] whatever their number.
 *
 * `aleatoric` is the mean of the draws' variances, `latent` the mean over the sets of the variance of the means within a set,
 * `epistemic` the variance of the sets' means. Divisors are the numbers of draws and sets, so that the three add up to the variance of
 * the mixture where each set has as many draws.
 * @param rows           N
 * @param parameterSets  G; by default each draw is a set of its own, and all variance of the means is epistemic
 * @throws RangeError when `parameterSets` is not a positive integer.
 * @see Kendall & Gal 2017, equation 9; Depeweg et al. 2018
 */
export function momentSums(rows: number, parameterSets?: number): MomentSums {
  const sets = parameterSets ?? 1;
  checkCount("parameterSets", sets);
  const means = runningVariance(rows * sets);
  const aleatoric = runningVariance(rows);
  return {
    add(row, set, mean, variance) {
      means.add(row * sets + (parameterSets === undefined ? 0 : set), mean);
      aleatoric.add(row, variance);
    },
    moments() {
      if (parameterSets === undefined)
        return {
          ...{ mean: means.mean, aleatoric: aleatoric.mean },
          ...{ latent: new Float64Array(rows), epistemic: means.variance() },
        };
      const [between, within] = [runningVariance(rows), runningVariance(rows)];
      means.variance().forEach((variance, i) => {
        between.add(Math.floor(i / sets), means.mean[i]!);
        within.add(Math.floor(i / sets), variance);
      });
      return {
        ...{ mean: between.mean, aleatoric: aleatoric.mean },
        ...{ latent: within.mean, epistemic: between.variance() },
      };
    },
  };
}

/**
 * Mean and variances of every row by the law of total variance over its draws.
 * @throws RangeError when lengths disagree, a number is not finite, or the draws are not whole sets.
 */
export function momentsOf(of: NormalDraws): ForecastMoments {
  const rows = drawnRows(of);
  const { draws, mean, variance, parameterSets } = of;
  const sums = momentSums(rows, parameterSets);
  for (let i = 0; i < draws * rows; i++)
    sums.add(i % rows, Math.floor(i / rows) % (parameterSets ?? 1), mean[i]!, variance[i]!);
  return sums.moments();
}

/** The rows that a forecast is of, and what is known besides the draws. */
export interface ForecastPlaces {
  /** [N] */
  readonly asset: ArrayLike<number>;
  /** [N] UTC milliseconds. */
  readonly decidedAt: ArrayLike<number>;
  /** [A] symbols of the assets. */
  readonly names?: readonly string[];
  /** As in `Forecast`. */
  readonly atMean?: Float64Array;
  readonly classes?: ProbabilityDraws;
}

/**
 * The forecast that draws make, which it keeps: the predictive distribution of a row is the mixture of its draws' normals.
 * @param draws  in the unit of the target, as `unscaleDraws` returns them
 * @throws RangeError when lengths disagree, a mean is not finite or a variance not positive.
 */
export function forecastOf(draws: NormalDraws, { asset, decidedAt, ...rest }: ForecastPlaces): Forecast {
  const rows = drawnRows(draws);
  for (let i = 0; i < draws.variance.length; i++) checkPositive(`variance[${i}]`, draws.variance[i]!);
  const probabilityUp = new Float64Array(rows);
  for (let i = 0; i < draws.draws * rows; i++)
    probabilityUp[i % rows]! += normalCdf(draws.mean[i]! / Math.sqrt(draws.variance[i]!), 0, 1);
  return {
    ...placed(asset, decidedAt, rows),
    ...momentsOf(draws),
    probabilityUp: probabilityUp.map((total) => total / draws.draws),
    ...{ draws, ...rest },
  };
}

/**
 * The forecast that moments make: the predictive distribution of a row is the normal with its mean and its total variance.
 * @throws RangeError when lengths disagree, a number is not finite, or a total variance is not positive.
 */
export function normalForecast(
  moments: ForecastMoments,
  { asset, decidedAt, ...rest }: ForecastPlaces,
): Forecast {
  const { mean, aleatoric, latent, epistemic } = moments;
  checkFinite("mean", mean);
  const total = totalVariances(moments);
  total.forEach((variance, n) => {
    checkPositive(`variance[${n}]`, variance);
  });
  return {
    ...placed(asset, decidedAt, mean.length),
    ...{ mean, aleatoric, latent, epistemic },
    probabilityUp: mean.map((m, n) => normalCdf(m / Math.sqrt(total[n]!), 0, 1)),
    ...rest,
  };
}

/** The scale of a target: a scaled value v stands for centre + deviation · v. */
export interface TargetScale {
  readonly centre: number;
  readonly deviation: number;
}

/**
 * Draws of a scaled target in the unit of the target.
 * @param units  [N] a scale for each row
 * @throws RangeError when lengths disagree.
 */
export function unscaleDraws(of: NormalDraws, units: readonly TargetScale[]): NormalDraws {
  const rows = drawnRows(of);
  checkLength("units", units, rows);
  return {
    ...of,
    mean: Float64Array.from(of.mean, (m, i) => {
      const { centre, deviation } = units[i % rows]!;
      return centre + deviation * m;
    }),
    variance: Float64Array.from(of.variance, (v, i) => units[i % rows]!.deviation ** 2 * v),
  };
}

/** Row n of a forecast. @throws RangeError when it has no such row. */
export function forecastRow(forecast: Forecast, n: number): ForecastRow {
  const { asset, decidedAt, probabilityUp, atMean, draws, classes } = forecast;
  if (!(n >= 0 && n < asset.length)) throw new RangeError(`expected a row below ${asset.length}, got ${n}`);
  return {
    ...{ asset: asset[n]!, decidedAt: decidedAt[n]!, ...momentsOfRow(forecast, n) },
    probabilityUp: probabilityUp[n]!,
    ...(atMean ? { atMean: atMean[n]! } : {}),
    ...(draws ? { drawnMeans: everyNth(draws.mean, asset.length, n) } : {}),
    ...(classes ? { classes: classesOf(classes, asset.length, n) } : {}),
  };
}

/** The rows of a forecast one by one, [N]. */
export function forecastRows(forecast: Forecast): ForecastRow[] {
  return Array.from(forecast.asset, (_, n) => forecastRow(forecast, n));
}

function momentsOfRow({ mean, aleatoric, latent, epistemic }: ForecastMoments, n: number): RowMoments {
  return { mean: mean[n]!, aleatoric: aleatoric[n]!, latent: latent[n]!, epistemic: epistemic[n]! };
}

function everyNth(values: ArrayLike<number>, step: number, from: number): Float64Array {
  return Float64Array.from({ length: values.length / step }, (_, s) => values[s * step + from]!);
}

function classesOf({ classes, probability }: ProbabilityDraws, rows: number, n: number): ClassDraws {
  const of = (c: number) => everyNth(probability, rows * classes, n * classes + c);
  return { down: of(0), neutral: of(1), up: of(2) };
}

function placed(asset: ArrayLike<number>, decidedAt: ArrayLike<number>, rows: number) {
  checkLength("asset", asset, rows);
  checkLength("decidedAt", decidedAt, rows);
  return { asset: Uint16Array.from(asset), decidedAt: Float64Array.from(decidedAt) };
}

/** N */
function drawnRows({ draws, mean, variance, parameterSets = draws }: NormalDraws): number {
  checkCount("draws", draws);
  checkLength("variance", variance, mean.length);
  checkFinite("mean", mean);
  checkFinite("variance", variance);
  const rows = mean.length / draws;
  checkCount("rows", rows);
  checkCount("draws of a parameter set", draws / parameterSets);
  return rows;
}

/** Means and variances (divisor n) of numbers that come one by one, by Welford's updates. */
function runningVariance(size: number) {
  const [count, mean, squares] = [new Float64Array(size), new Float64Array(size), new Float64Array(size)];
  return {
    mean,
    add(i: number, value: number): void {
      const before = value - mean[i]!;
      count[i]! += 1;
      mean[i]! += before / count[i]!;
      squares[i]! += before * (value - mean[i]!);
    },
    variance: (): Float64Array => squares.map((total, i) => total / count[i]!),
  };
}

/** The key of the draws for a symbol at a decision's time: the same for a run that was restarted, and in a study of the past. */
export function decisionKey(key: Key, time: number, symbol: string): Key {
  return fold(key, "decision", time, symbol);
}
