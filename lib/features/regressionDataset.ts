/** The parts of a regression of the next hour's return: split by time, scaled by the first part. */
import type { Market } from "../market/index.js";
import { type RegressionOptions, type ReturnRegression, returnRegression } from "./regression.js";
import { type Fractions, splitByTime } from "./splits/index.js";
import { applyScaler, fitScaler, type Scaler, takeRows } from "./windows/index.js";

/** Options of `regressionDataset`. */
export interface RegressionDatasetOptions extends RegressionOptions {
  /** Fractions of the decision times, 70, 15 and 15 % by default. */
  readonly split?: Fractions;
}

/** N rows of one part; a `Design` of `models.inference` as it stands. */
export interface RegressionPart {
  /** N */
  readonly rows: number;
  /** F */
  readonly columns: number;
  /** [A] */
  readonly symbols: readonly string[];
  /** [N,F] row-major, scaled as in training. */
  readonly x: Float64Array;
  /** [N] next hour's log return / `scale`. */
  readonly y: Float64Array;
  /** [N] index of the asset. */
  readonly asset: Uint16Array;
  /** [N] close of the hour at which the features are known, UTC milliseconds. */
  readonly decidedAt: Float64Array;
  /** [N] trailing volatility of an hour's log return, known at `decidedAt`. */
  readonly scale: Float64Array;
  /** [N] mean of the next hour's log return given past candles; only a simulated market has it, and its columns must be among the features. */
  readonly trueMean?: Float64Array;
}

/** A regression of the next hour's return in three parts. */
export interface RegressionDataset {
  /** [F] names of the features. */
  readonly features: readonly string[];
  readonly train: RegressionPart;
  readonly validation: RegressionPart;
  readonly test: RegressionPart;
  /** Fitted on the training part alone. */
  readonly scaler: Scaler;
  /** Rows in no part, as their target is known only in the next. */
  readonly leftOut: number;
}

const DEFAULT_SPLIT: Fractions = { train: 0.7, validation: 0.15, test: 0.15 };

/**
 * Features at the close of each hour and the next hour's return, as `returnRegression` makes them, in parts that follow one another.
 * @throws RangeError when the market is not hourly, there are too few hours for the parts, or a feature does not vary in training.
 */
export function regressionDataset(market: Market, options: RegressionDatasetOptions = {}): RegressionDataset {
  const { split: fractions = DEFAULT_SPLIT, ...rest } = options;
  const all = returnRegression(market, rest);
  const rows = splitByTime(all, fractions);
  const scaler = fitScaler(all, rows.train);
  const scaled = applyScaler(scaler, all);
  const part = (own: Uint32Array): RegressionPart => ({
    ...partOf(all, market, own),
    x: takeRows(scaled, own).x,
  });
  return {
    ...{ features: all.names, scaler, leftOut: rows.purged.length },
    ...{ train: part(rows.train), validation: part(rows.validation), test: part(rows.test) },
  };
}

function partOf(all: ReturnRegression, market: Market, own: Uint32Array): Omit<RegressionPart, "x"> {
  const pick = (values: ArrayLike<number>) => Float64Array.from(own, (n) => values[n]!);
  const trueMean = trueMeans(all, market, own);
  return {
    ...{ rows: own.length, columns: all.names.length, symbols: market.symbols },
    y: pick(all.y),
    ...{
      asset: Uint16Array.from(own, (n) => all.asset[n]!),
      decidedAt: pick(all.decidedAt),
      scale: pick(all.scale),
    },
    ...(trueMean ? { trueMean } : {}),
  };
}

/** The linear part of the truth: Σ coefficient · feature, times the scale. */
function trueMeans(all: ReturnRegression, { truth }: Market, own: Uint32Array): Float64Array | undefined {
  const places = truth?.edge.names.map((name) => all.names.indexOf(name)) ?? [];
  if (!truth || places.some((place) => place < 0)) return undefined;
  const { coefficients } = truth.edge;
  return Float64Array.from(own, (n) => {
    const row = all.x.subarray(n * all.names.length, (n + 1) * all.names.length);
    return all.scale[n]! * places.reduce((total, place, k) => total + coefficients[k]! * row[place]!, 0);
  });
}

/** One row a part: its hours and the days of its first and last decision. */
export function describeRegression(
  of: RegressionDataset,
): Record<"part" | "hours" | "from" | "to", string | number>[] {
  return (["train", "validation", "test"] as const).map((name) => {
    const { rows, decidedAt } = of[name];
    const day = (n: number) => new Date(decidedAt[n]!).toISOString().slice(0, 10);
    return { part: name, hours: rows, from: rows > 0 ? day(0) : "–", to: rows > 0 ? day(rows - 1) : "–" };
  });
}
