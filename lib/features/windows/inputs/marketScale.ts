/** The expected volatility of a market's next bar, told by the bars before it and the hour it falls in. */

import type { Panel } from "../../../core/index.js";
import {
  checkCount,
  checkFinite,
  checkLength,
  checkPositive,
  cholesky,
  columnVector,
  crossProduct,
  fromRows,
  mean,
  solveCholesky,
} from "../../../core/index.js";

/** The scale of a market's returns, learnt on the training rows. */
export interface MarketScaleModel {
  /** [A] root of the mean square of each asset's returns. */
  readonly typical: Float64Array;
  /** [168] by the hour of the week, UTC, the bar opens in: how large its moves are, 1 on geometric average. */
  readonly season: Float64Array;
  /** [H] half-lives in bars, ascending. */
  readonly halfLives: readonly number[];
  /** [H] exponents of the averages of the same length. */
  readonly exponents: Float64Array;
  readonly stepMs: number;
}

/** The scale bar by bar. */
export interface MarketScaleStream {
  /** Expected relative volatility of the bar that opens at `openTime` (UTC ms), from the returns pushed so far. */
  expect(openTime: number): number;
  /** Takes the returns [A] of the bar that opened at `openTime`; a bar with a NaN changes nothing. */
  push(openTime: number, returns: ArrayLike<number>): void;
}

const HOURS = 168;
const HOUR = 3_600_000;
/** Of a mean square: log of nothing would be no number. */
const LEAST = 1e-6;

/**
 * The heterogeneous autoregression of the log of the assets' mean squared return, hours of the week taken out before.
 *
 * One scale serves all assets. Only the rows before `rows` are read.
 * @param returns  [T,A] as `returnMatrix` gives them
 * @param options  `stepMs` of a bar; `halfLives` of the averages in bars (default 4, 24 and 168)
 * @throws RangeError when fewer than 1,000 whole rows are to learn from or a half-life is not positive.
 * @see Corsi 2009, with averages that fade instead of windows
 */
export function fitMarketScale(
  returns: Panel,
  rows: number,
  options: { readonly stepMs: number; readonly halfLives?: readonly number[] },
): MarketScaleModel {
  const { stepMs, halfLives = [4, 24, 168] } = options;
  checkPositive("stepMs", stepMs);
  for (const halfLife of halfLives) checkPositive("halfLives", halfLife);
  const width = returns.names.length;
  const whole = wholeRows(returns, rows);
  checkCount("whole rows to learn from", whole.length, 1000);
  const typical = Float64Array.from({ length: width }, (_, a) =>
    Math.sqrt(mean(whole.map((t) => returns.values[t * width + a]! ** 2))),
  );
  const level = whole.map((t) => meanSquare(row(returns, t), typical));
  const hours = whole.map((t) => hourOf(returns.time[t]! - stepMs));
  const season = seasonOf(level, hours);
  const quiet = level.map((value, i) => value / season[hours[i]!]! ** 2);
  const exponents = regress(quiet, halfLives);
  return { typical, season, halfLives, exponents, stepMs };
}

/**
 * The scale from bar to bar, without the bars before its first: it starts at the typical level.
 *
 * Its `push` throws a RangeError when the returns are not one an asset.
 */
export function marketScaleStream(model: MarketScaleModel): MarketScaleStream {
  const { typical, season, halfLives, exponents } = model;
  const averages = new Float64Array(halfLives.length).fill(1);
  return {
    expect(openTime) {
      const log = averages.reduce((total, value, h) => total + exponents[h]! * Math.log(value), 0);
      return season[hourOf(openTime)]! * Math.exp(0.5 * log);
    },
    push(openTime, returns) {
      checkLength("returns", returns, typical.length);
      const square = meanSquare(returns, typical);
      if (!Number.isFinite(square)) return;
      const now = square / season[hourOf(openTime)]! ** 2;
      halfLives.forEach((halfLife, h) => {
        averages[h]! += (1 - 2 ** (-1 / halfLife)) * (now - averages[h]!);
      });
    },
  };
}

/**
 * [T] the scale expected for each row's bar before it began: times `typical` it is the volatility of an asset.
 * @param returns  [T,A] of the assets that the model was fitted on
 */
export function marketScale(model: MarketScaleModel, returns: Panel): Float64Array {
  const stream = marketScaleStream(model);
  return returns.time.map((time, t) => {
    const open = time - model.stepMs;
    const expected = stream.expect(open);
    stream.push(open, row(returns, t));
    return expected;
  });
}

/**
 * Returns over scale and typical size, [T,A]: of about unit variance at all times.
 * @throws RangeError when there is not one scale a time.
 */
export function descaled(model: MarketScaleModel, returns: Panel, scale: ArrayLike<number>): Panel {
  checkLength("scale", scale, returns.time.length);
  const width = returns.names.length;
  const values = returns.values.map(
    (r, i) => r / (scale[Math.floor(i / width)]! * model.typical[i % width]!),
  );
  return { ...returns, values };
}

/** Exponents of the averages, by least squares of the log of the next level. */
function regress(level: Float64Array, halfLives: readonly number[]): Float64Array {
  const averages = new Float64Array(halfLives.length).fill(1);
  const settled = Math.min(200, Math.floor(level.length / 4));
  const [rows, next]: [number[][], number[]] = [[], []];
  level.forEach((value, t) => {
    if (t >= settled) {
      rows.push([1, ...Array.from(averages, Math.log)]);
      next.push(Math.log(Math.max(value, LEAST)));
    }
    halfLives.forEach((halfLife, h) => {
      averages[h]! += (1 - 2 ** (-1 / halfLife)) * (value - averages[h]!);
    });
  });
  const x = fromRows(rows);
  const moments = cholesky(crossProduct(x), "moments of the averages");
  const found = solveCholesky(moments, crossProduct(x, columnVector(next))).to1DArray();
  checkFinite("exponents", found);
  return Float64Array.from(found.slice(1));
}

function seasonOf(level: Float64Array, hours: ArrayLike<number>): Float64Array {
  const [total, count] = [new Float64Array(HOURS), new Float64Array(HOURS)];
  level.forEach((value, i) => {
    total[hours[i]!]! += 0.5 * Math.log(Math.max(value, LEAST));
    count[hours[i]!]! += 1;
  });
  const seen = total.map((value, h) => (count[h]! > 0 ? value / count[h]! : Number.NaN));
  const centre = mean(seen.filter(Number.isFinite));
  return seen.map((value) => (Number.isFinite(value) ? Math.exp(value - centre) : 1));
}

function meanSquare(returns: ArrayLike<number>, typical: Float64Array): number {
  let total = 0;
  for (let a = 0; a < typical.length; a++) total += (returns[a]! / typical[a]!) ** 2;
  return total / typical.length;
}

function wholeRows({ names, values }: Panel, rows: number): Float64Array {
  const width = names.length;
  const at = Array.from({ length: rows }, (_, t) => t);
  return Float64Array.from(
    at.filter((t) => values.subarray(t * width, (t + 1) * width).every(Number.isFinite)),
  );
}

function row({ names, values }: Panel, t: number): Float64Array {
  return values.subarray(t * names.length, (t + 1) * names.length);
}

function hourOf(openTime: number): number {
  const hour = Math.floor(openTime / HOUR) % HOURS;
  return (hour + HOURS) % HOURS;
}
