/** The test for a unit root of Dickey and Fuller, augmented by lagged differences. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { checkCount, checkFinite, mean, powerOfTwo } from "../../core/index.js";

/** Options of the augmented Dickey–Fuller test. */
export interface DickeyFullerOptions {
  /** Lagged differences in the regression, or the number up to `most` that Akaike's criterion picks. */
  readonly lags: number | { readonly most: number };
  /** What is stationary under the alternative: around a level, or around a line. */
  readonly trend: "level" | "line";
}

/** A small p-value speaks against a unit root. */
export type DickeyFuller = {
  statistic: number;
  /** Approximate, by MacKinnon 1994; at statistics below the range of the approximation its least value, which is then a bound. */
  pValue: number;
  lags: number;
  /** Rows of the regression. */
  observations: number;
  /** Statistics below which a unit root is rejected at 1, 5 and 10 %, for so many rows (MacKinnon 2010). */
  critical1: number;
  critical5: number;
  critical10: number;
};

/** Of MacKinnon: limits of the approximation, polynomials of the p-value below and above `star`, surfaces of the critical values. */
const TABLES = {
  level: {
    ...{ star: -1.61, least: -18.83, most: 2.74 },
    small: [2.1659, 1.4412, 0.038269],
    large: [1.7339, 0.93202, -0.12745, -0.010368],
    critical: [
      [-3.43035, -6.5393, -16.786, -79.433],
      [-2.86154, -2.8903, -4.234, -40.04],
      [-2.56677, -1.5384, -2.809, 0],
    ],
  },
  line: {
    ...{ star: -2.89, least: -16.18, most: 0.7 },
    small: [3.2512, 1.6047, 0.049588],
    large: [2.5261, 0.61654, -0.37956, -0.060285],
    critical: [
      [-3.95877, -9.0531, -28.428, -134.155],
      [-3.41049, -4.3904, -9.036, -45.374],
      [-3.12705, -2.5856, -3.925, -22.38],
    ],
  },
} as const;

/**
 * The augmented Dickey–Fuller test of a series [T]: x_t − x_{t−1} regressed on x_{t−1}, its lagged differences and a level or line.
 *
 * Clustered volatility leaves the test roughly valid and takes some of its power. It looks at the whole series: a description of
 * history, never an input of a decision within it.
 * @throws RangeError when a value is not finite, or there are too few for the lags.
 * @see Said & Dickey 1984; MacKinnon 1994 and 2010
 */
export function dickeyFuller(series: ArrayLike<number>, options: DickeyFullerOptions): DickeyFuller {
  checkFinite("series", series);
  const most = typeof options.lags === "number" ? options.lags : options.lags.most;
  checkCount("lags", most, 0);
  checkCount("series", series.length, 2 * most + 12);
  const chosen = typeof options.lags === "number" ? most : byAkaike(series, most, options.trend);
  const { statistic, rows } = regression(series, chosen, chosen, options.trend);
  const table = TABLES[options.trend];
  const critical = table.critical.map((c) => polynomial(c, 1 / rows));
  return {
    statistic,
    pValue: pValue(statistic, options.trend),
    lags: chosen,
    observations: rows,
    critical1: critical[0]!,
    critical5: critical[1]!,
    critical10: critical[2]!,
  };
}

/** The lags of the least criterion, all regressions over the same rows. */
function byAkaike(series: ArrayLike<number>, most: number, trend: DickeyFullerOptions["trend"]): number {
  const criteria = Array.from(
    { length: most + 1 },
    (_, lags) => regression(series, lags, most, trend).akaike,
  );
  return criteria.indexOf(Math.min(...criteria));
}

function pValue(statistic: number, trend: DickeyFullerOptions["trend"]): number {
  const { star, least, most, small, large } = TABLES[trend];
  if (statistic > most) return 1;
  const known = Math.max(statistic, least);
  return normalCdf(polynomial(known <= star ? small : large, known), 0, 1);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, c) => sum * x + c, 0);
}

/**
 * Least squares with `lags` lagged differences over the rows that `skipped` of them would allow.
 *
 * The series is centred and put into a unit of its own first, and the regressors are made orthogonal one after the other: x_{t−1}
 * comes last, so that its coefficient over its error needs nothing but what of it the others leave.
 */
function regression(
  series: ArrayLike<number>,
  lags: number,
  skipped: number,
  trend: DickeyFullerOptions["trend"],
): { statistic: number; rows: number; akaike: number } {
  const { x, unit } = centred(series);
  const rows = x.length - 1 - skipped;
  const column = (of: (t: number) => number) =>
    Float64Array.from({ length: rows }, (_, i) => of(i + 1 + skipped));
  const difference = (t: number) => x[t]! - x[t - 1]!;
  const lagged = Array.from({ length: lags }, (_, k) => column((t) => difference(t - 1 - k)));
  const level = [column(() => 1), ...(trend === "line" ? [column((t) => t / rows)] : [])];
  const regressors = [...level, ...lagged, column((t) => x[t - 1]!)];
  const rest = column(difference);
  const own = orthogonalised(regressors).map((direction) => takeAway(rest, direction));
  const squares = dot(rest, rest);
  const error = Math.sqrt(squares / (rows - regressors.length));
  const akaike =
    rows * (Math.log((2 * Math.PI * squares) / rows) + 2 * Math.log(unit) + 1) + 2 * regressors.length;
  return { statistic: own[own.length - 1]! / error, rows, akaike };
}

function centred(series: ArrayLike<number>): { readonly x: Float64Array; readonly unit: number } {
  const centre = mean(series);
  const distance = Float64Array.from(series, (value) => value - centre);
  const unit = powerOfTwo(distance);
  return { x: distance.map((value) => value / unit), unit };
}

/** Unit vectors that span what the columns do, each column less its part along those before it (modified Gram–Schmidt, twice). */
function orthogonalised(columns: readonly Float64Array[]): Float64Array[] {
  const directions: Float64Array[] = [];
  columns.forEach((column, k) => {
    const rest = column.slice();
    for (const direction of [...directions, ...directions]) takeAway(rest, direction);
    const [length, whole] = [Math.sqrt(dot(rest, rest)), Math.sqrt(dot(column, column))];
    if (!(length > 1e-12 * whole))
      throw new RangeError(`regressor ${k}: expected one that does not follow from those before it`);
    directions.push(rest.map((value) => value / length));
  });
  return directions;
}

/** Takes from `x` its part along a unit vector, and returns how long that was. */
function takeAway(x: Float64Array, direction: Float64Array): number {
  const along = dot(x, direction);
  for (let i = 0; i < x.length; i++) x[i]! -= along * direction[i]!;
  return along;
}

function dot(a: Float64Array, b: Float64Array): number {
  let total = 0;
  for (let i = 0; i < a.length; i++) total += a[i]! * b[i]!;
  return total;
}
