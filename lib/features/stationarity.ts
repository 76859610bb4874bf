/** Whether a series has a unit root: the test of Dickey and Fuller, augmented by lagged differences. */
import normalCdf from "@stdlib/stats-base-dists-normal-cdf";
import { checkCount, checkFinite } from "../core/axes.js";
import { cholesky, columnVector, fromRows, Matrix, solveCholesky } from "../core/linalg.js";

export interface DickeyFullerOptions {
  /** Lagged differences in the regression, or the number up to `most` that Akaike's criterion picks. */
  readonly lags: number | { readonly most: number };
  /** What is stationary under the alternative: around a level, or around a line. */
  readonly trend: "level" | "line";
}

/** A small p-value speaks against a unit root. */
export type DickeyFuller = {
  statistic: number;
  /** Approximate, by MacKinnon 1994. */
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
 * Regresses x_t − x_{t−1} on x_{t−1}, its lagged differences and a level or line, and judges the coefficient of x_{t−1}.
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
  if (statistic < least) return 0;
  return normalCdf(polynomial(statistic <= star ? small : large, statistic), 0, 1);
}

function polynomial(coefficients: readonly number[], x: number): number {
  return coefficients.reduceRight((sum, c) => sum * x + c, 0);
}

/** Least squares with `lags` lagged differences over the rows that `skipped` of them would allow. */
function regression(
  x: ArrayLike<number>,
  lags: number,
  skipped: number,
  trend: DickeyFullerOptions["trend"],
): { statistic: number; rows: number; akaike: number } {
  const rows = x.length - 1 - skipped;
  const difference = (t: number) => x[t]! - x[t - 1]!;
  const design = fromRows(
    Array.from({ length: rows }, (_, i) => {
      const t = i + 1 + skipped;
      const lagged = Array.from({ length: lags }, (_, k) => difference(t - 1 - k));
      return [x[t - 1]!, ...lagged, 1, ...(trend === "line" ? [(i + 1) / rows] : [])];
    }),
  );
  const target = columnVector(Float64Array.from({ length: rows }, (_, i) => difference(i + 1 + skipped)));
  const scale = design
    .transpose()
    .to2DArray()
    .map((column) => Math.hypot(...column) || 1);
  const scaled = design.clone().divRowVector(scale); // prices and differences differ by orders of magnitude
  const lower = cholesky(scaled.transpose().mmul(scaled), "regressors");
  const beta = solveCholesky(lower, scaled.transpose().mmul(target));
  const squares = Matrix.sub(target, scaled.mmul(beta))
    .to1DArray()
    .reduce((sum, e) => sum + e * e, 0);
  const unit = columnVector(Float64Array.from(scale, (_, i) => (i === 0 ? 1 : 0)));
  const variance = (squares / (rows - design.columns)) * solveCholesky(lower, unit).get(0, 0);
  const akaike = rows * (Math.log((2 * Math.PI * squares) / rows) + 1) + 2 * design.columns;
  return { statistic: beta.get(0, 0) / Math.sqrt(variance), rows, akaike };
}
