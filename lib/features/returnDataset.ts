/** The data set of a factor model: returns of all assets in the same bars, scaled to about unit variance, in parts that follow one another. */
import type { Bars } from "../core/index.js";
import { checkCount, mean } from "../core/index.js";
import { wholeRows } from "./panel.js";
import { returnMatrix } from "./returnMatrix.js";
import type { Fractions } from "./splits/index.js";
import { descaled, fitMarketScale, type MarketScaleModel, marketScale } from "./windows/index.js";

/** One part of the rows: N bars, row-major. */
export interface ReturnPart {
  /** N */
  readonly rows: number;
  /** [N] close of each bar, UTC milliseconds. */
  readonly time: Float64Array;
  /** [N,A] log returns over `scale` and `unit`. */
  readonly x: Float64Array;
  /** [N,A] log returns. */
  readonly returns: Float64Array;
  /** [N] the relative volatility of the market expected for each bar from the bars before it. */
  readonly scale: Float64Array;
}

/** Scaled returns of several assets in three parts. */
export interface ReturnDataset {
  /** [A] */
  readonly symbols: readonly string[];
  /** [A] the symbols without their quote currency. */
  readonly names: readonly string[];
  readonly stepMs: number;
  readonly train: ReturnPart;
  readonly validation: ReturnPart;
  readonly test: ReturnPart;
  /** [A] typical size of a bar's return of each asset. */
  readonly unit: Float64Array;
  /** Fitted on the training part. */
  readonly scaleModel: MarketScaleModel;
}

/** Options of `returnDataset`. */
export interface ReturnDatasetOptions {
  /** Fractions of the rows, 60, 20 and 20 % by default. */
  readonly split?: Fractions;
  /** First rows that are left out while the averages of the scale settle, 200 by default. */
  readonly settle?: number;
}

/**
 * The rows x[t,a] = log return / (scale[t] · unit[a]), with scale and unit fitted on the training part and scale known before the bar.
 *
 * Bars next to a gap are left out of all parts.
 * @param of  bars of the same times, as `market.open` returns them
 * @throws RangeError when the fractions are no fractions or a part would be empty, except validation.
 */
export function returnDataset(
  of: readonly Bars[] | { readonly bars: readonly Bars[] },
  { split = { train: 0.6, validation: 0.2, test: 0.2 }, settle = 200 }: ReturnDatasetOptions = {},
): ReturnDataset {
  const bars = "bars" in of ? of.bars : of;
  const returns = wholeRows(returnMatrix(bars, "log"));
  const { stepMs } = bars[0]!;
  const rows = returns.time.length;
  const ends = endsOf(split, rows);
  checkCount("settle", settle, 0);
  checkCount("rows of the training part", ends.train - settle);
  const scaleModel = fitMarketScale(returns, ends.train, { stepMs });
  const scale = marketScale(scaleModel, returns);
  const { values } = descaled(scaleModel, returns, scale);
  const width = bars.length;
  const part = (from: number, to: number): ReturnPart => ({
    rows: to - from,
    time: returns.time.slice(from, to),
    x: values.slice(from * width, to * width),
    returns: returns.values.slice(from * width, to * width),
    scale: scale.slice(from, to),
  });
  const symbols = bars.map(({ symbol }) => symbol);
  return {
    ...{ symbols, names: symbols.map((symbol) => symbol.replace(/USD[TC]?$/, "")), stepMs, scaleModel },
    train: part(settle, ends.train),
    validation: part(ends.train, ends.validation),
    test: part(ends.validation, rows),
    unit: scaleModel.typical.slice(),
  };
}

/** One part of a data set as a table shows it. */
export type ReturnPartRow = {
  readonly part: string;
  /** Close of the first and last bar, UTC days. */
  readonly first: string;
  readonly last: string;
  readonly rows: number;
  /** Log return of equal weights in its worst bar. */
  readonly worst: number;
};

/** One row a part: what the data set holds. */
export function describeReturns({ train, validation, test, symbols }: ReturnDataset): ReturnPartRow[] {
  const day = (time: number) => new Date(time).toISOString().slice(0, 10);
  const width = symbols.length;
  return Object.entries({ training: train, validation, test })
    .filter(([, { rows }]) => rows > 0)
    .map(([part, { rows, time, returns }]) => {
      const together = Array.from({ length: rows }, (_, n) =>
        mean(returns.subarray(n * width, (n + 1) * width)),
      );
      const worst = together.reduce((a, b) => Math.min(a, b));
      return { part, first: day(time[0]!), last: day(time[rows - 1]!), rows, worst };
    });
}

function endsOf({ train, validation, test }: Fractions, rows: number): { train: number; validation: number } {
  const whole = train + validation + test;
  if (!(train > 0 && validation >= 0 && test > 0 && Math.abs(whole - 1) < 1e-9))
    throw new RangeError(
      `split: expected fractions that sum to 1, got ${train}, ${validation} and ${test}, which sum to ${whole}`,
    );
  const ends = { train: Math.floor(train * rows), validation: Math.floor((train + validation) * rows) };
  checkCount("rows of the test part", rows - ends.validation);
  return ends;
}
