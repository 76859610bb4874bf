/** The stationarity test of Kwiatkowski, Phillips, Schmidt and Shin, whose null hypothesis is that the series is stationary. */
import { checkCount, checkFinite, mean, powerOfTwo } from "../../core/index.js";

/** Options of `kpss`. */
export interface KpssOptions {
  /** What the series is stationary around, if it is. */
  readonly trend: "level" | "line";
  /** Autocovariances in the long-run variance, or as many as the rule of Hobijn, Franses and Ooms takes. */
  readonly lags: number | "automatic";
}

/** A small p-value speaks against stationarity: the opposite of `dickeyFuller`, which is read beside it. */
export type Kpss = {
  statistic: number;
  /** Interpolated in the paper's table: 0.01 means at most, and 0.1 at least that. */
  pValue: number;
  lags: number;
  /** Statistics above which stationarity is rejected at 1, 5 and 10 %. */
  critical1: number;
  critical5: number;
  critical10: number;
};

/** Table 1 of the paper: critical values at these levels. */
const LEVELS = [0.1, 0.05, 0.025, 0.01] as const;
const TABLES = {
  level: [0.347, 0.463, 0.574, 0.739],
  line: [0.119, 0.146, 0.176, 0.216],
} as const;

/**
 * The statistic Σ S_t² / (T² s²) of a series [T], with S_t the running sums of the deviations from the level or line and s² their
 * long-run variance.
 *
 * It looks at the whole series: a description of history, never an input of a decision within it.
 * @throws RangeError when a value is not finite, there are fewer than 12, as many lags as values, or nothing varies.
 * @see Kwiatkowski, Phillips, Schmidt & Shin 1992; Hobijn, Franses & Ooms 2004
 */
export function kpss(series: ArrayLike<number>, { trend, lags }: KpssOptions): Kpss {
  checkFinite("series", series);
  checkCount("length of the series", series.length, 12);
  const apart = deviations(series, trend);
  const scale = Float64Array.from(series, Math.abs).reduce((most, value) => Math.max(most, value));
  if (!apart.some((value) => Math.abs(value) > 1e-12 * scale))
    throw new RangeError(`series: expected values that vary around their ${trend}, got none that do`);
  const unit = powerOfTwo(apart); // squares of values of any size
  const e = apart.map((value) => value / unit);
  const chosen = lags === "automatic" ? automaticLags(e) : lags;
  checkCount("lags", chosen, 0);
  if (chosen >= e.length) throw new RangeError(`lags: expected fewer than ${e.length} values, got ${chosen}`);
  let [running, squares] = [0, 0];
  for (const value of e) {
    running += value;
    squares += running * running;
  }
  const statistic = squares / e.length ** 2 / longRunVariance(e, chosen);
  const [critical10, critical5, , critical1] = TABLES[trend];
  return { statistic, pValue: pValue(statistic, trend), lags: chosen, critical1, critical5, critical10 };
}

/** What least squares on a level, or on a level and the time, leave over. */
function deviations(series: ArrayLike<number>, trend: KpssOptions["trend"]): Float64Array {
  const centre = mean(series);
  const x = Float64Array.from(series, (value) => value - centre);
  if (trend === "level") return x;
  const middle = (x.length - 1) / 2;
  let [along, squares] = [0, 0];
  x.forEach((value, t) => {
    along += (t - middle) * value;
    squares += (t - middle) ** 2;
  });
  return x.map((value, t) => value - (along / squares) * (t - middle));
}

/** Σ e_t e_{t−k} / T */
function autocovariance(e: Float64Array, k: number): number {
  let total = 0;
  for (let t = k; t < e.length; t++) total += e[t]! * e[t - k]!;
  return total / e.length;
}

/** With Bartlett's weights. @see Newey & West 1987 */
function longRunVariance(e: Float64Array, lags: number): number {
  let total = autocovariance(e, 0);
  for (let k = 1; k <= lags; k++) total += 2 * (1 - k / (lags + 1)) * autocovariance(e, k);
  return total;
}

function automaticLags(e: Float64Array): number {
  let [level, slope] = [autocovariance(e, 0), 0];
  for (let k = 1; k <= Math.floor(e.length ** (2 / 9)); k++) {
    level += 2 * autocovariance(e, k);
    slope += 2 * k * autocovariance(e, k);
  }
  const lags = Math.floor(1.1447 * Math.cbrt((slope / level) ** 2) * Math.cbrt(e.length));
  return Math.min(lags, e.length - 1);
}

function pValue(statistic: number, trend: KpssOptions["trend"]): number {
  const table = TABLES[trend];
  const above = table.findIndex((critical) => statistic < critical);
  if (above === 0) return LEVELS[0];
  if (above < 0) return LEVELS[3];
  const share = (statistic - table[above - 1]!) / (table[above]! - table[above - 1]!);
  return LEVELS[above - 1]! + share * (LEVELS[above]! - LEVELS[above - 1]!);
}
