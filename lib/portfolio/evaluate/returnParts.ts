/** Past returns of several assets, the earlier part to learn from and the later part to evaluate on. */
import {
  type Bars,
  barsPerYear,
  checkCount,
  columnVector,
  fromRows,
  type Matrix,
  mean,
} from "../../core/index.js";
import { sampleCovariance } from "../optimise/covariance.js";

/** Simple returns split by time; what is estimated is estimated on the earlier part. */
export interface ReturnParts {
  /** [T,A] simple returns of the earlier bars, and of the later ones. */
  readonly train: Matrix;
  readonly test: Matrix;
  /** Index of the first bar that no training return knows. */
  readonly firstTest: number;
  /** [A] mean and [A,A] covariance of a bar's return, training part. */
  readonly mean: Float64Array;
  readonly covariance: Matrix;
  readonly barsPerYear: number;
  /** [A] symbols without the currency they are quoted in. */
  readonly names: readonly string[];
  /** Volatility of weights [A] by the training covariance, percent a year. */
  volatility(weights: ArrayLike<number>): number;
}

/**
 * Close-to-close returns of aligned bars, split after the share `train` of them. A row that lacks an asset, or that follows a gap, is left
 * out.
 * @param market  bars of several symbols at the same times, such as `market.open` returns
 * @throws RangeError when the share is not in (0, 1) or a part has fewer than two rows.
 */
export function returnParts(
  { bars }: { readonly bars: readonly Bars[] },
  { train = 0.6 }: { readonly train?: number } = {},
): ReturnParts {
  if (!(train > 0 && train < 1)) throw new RangeError(`train: expected a share in (0, 1), got ${train}`);
  checkCount("symbols", bars.length);
  const { openTime, stepMs } = bars[0]!;
  const places = wholeRows(bars);
  const rows = places.map((t) => bars.map(({ close }) => close[t]! / close[t - 1]! - 1));
  const cut = Math.floor(train * rows.length);
  checkCount("training rows", cut, 2);
  checkCount("test rows", rows.length - cut, 2);
  const past = fromRows(rows.slice(0, cut).map((row) => Float64Array.from(row)));
  const covariance = sampleCovariance(past);
  const year = barsPerYear(stepMs);
  return {
    train: past,
    test: fromRows(rows.slice(cut).map((row) => Float64Array.from(row))),
    firstTest: Math.min(openTime.length - 1, places[cut - 1]! + 1),
    mean: Float64Array.from(bars, (_, a) => mean(past.getColumn(a))),
    covariance,
    barsPerYear: year,
    names: bars.map(({ symbol }) => symbol.replace(/(USDT|USDC|USD)$/, "")),
    volatility(weights) {
      const w = columnVector(weights);
      return 100 * Math.sqrt(year * w.transpose().mmul(covariance).mmul(w).get(0, 0));
    },
  };
}

/** Indices of the bars with a finite return of every asset. */
function wholeRows(bars: readonly Bars[]): number[] {
  const { openTime, stepMs } = bars[0]!;
  const finite = (t: number) => bars.every(({ close }) => Number.isFinite(close[t]! / close[t - 1]!));
  return Array.from(openTime.keys()).filter(
    (t) => t > 0 && openTime[t]! - openTime[t - 1]! === stepMs && finite(t),
  );
}
