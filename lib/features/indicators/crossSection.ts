/** Features of several symbols at one time. A hole in any of them makes all windows start again. */

import type { Bars, Panel } from "../../core/index.js";
import { barsPerYear, checkCount, checkFinite, checkLength } from "../../core/index.js";
import { barClock } from "../engine/barClock.js";
import { coMoments } from "../engine/coMoments.js";
import { slidingWindow } from "../engine/slidingWindow.js";

/** Options of the cross-section's features. */
export interface CrossSectionOptions {
  /** Length of the trailing windows, in bars. */
  readonly window: number;
  /** [A] of the portfolio, in the order of the symbols (default 1 / A each). */
  readonly weights?: ArrayLike<number>;
}

/** The cross-section bar by bar. What is returned is the caller's, [F]; NaN until defined. */
export interface CrossSectionStream {
  /** [F] */
  readonly names: readonly string[];
  /** The values with live closes [A] as the latest; nothing is kept. */
  preview(openTime: number, closes: ArrayLike<number>): Float64Array;
  /** The values of a bar that is final. A NaN among the closes is a hole. */
  push(openTime: number, closes: ArrayLike<number>): Float64Array;
}

/**
 * The cross-section of aligned symbols: row t holds what was known at the close of bar t.
 *
 * Columns, of log returns: `dispersion`, their sample deviation over the symbols at this bar; `marketReturn`, their mean; over the
 * window, `marketTrend`, the sign of the mean of `marketReturn`; `marketVolatility`, the root of the mean variance, annualised by the length of the bars;
 * `portfolioVolatility`, √(w'Σw), annualised; and a `correlation` of each pair, NaN where a close stands still.
 * @param bars  as `alignBars` returns them
 * @throws RangeError when there are fewer than two symbols, times differ, or as `crossSectionStream` does.
 */
export function crossSection(bars: readonly Bars[], options: CrossSectionOptions): Panel {
  checkAligned(bars);
  const { stepMs, openTime } = bars[0]!;
  const symbols = bars.map((b) => b.symbol);
  const { names, push } = crossSectionStream(symbols, stepMs, options);
  const values = new Float64Array(openTime.length * names.length);
  const closes = new Float64Array(bars.length);
  for (let t = 0; t < openTime.length; t++) {
    for (let a = 0; a < bars.length; a++) closes[a] = bars[a]!.close[t]!;
    values.set(push(openTime[t]!, closes), t * names.length);
  }
  return { time: openTime.map((time) => time + stepMs), names, values };
}

/**
 * The same bar by bar.
 * @throws RangeError when there are fewer than two symbols, the window is below 2, weights are not [A]; from `push` and `preview`
 *   when a bar is not after the last by whole steps, or a close is not positive.
 */
export function crossSectionStream(
  symbols: readonly string[],
  stepMs: number,
  options: CrossSectionOptions,
): CrossSectionStream {
  const weights = checkOptions(symbols, options);
  const names = [...MARKET, ...correlationNames(symbols)];
  const clock = barClock(stepMs);
  const start = (): Values => valuesOf(symbols.length, { ...options, stepMs, weights });
  const unused = start(); // never fed: what live closes after a hole are shown to
  let state = start();
  const values = (from: Values, closes: ArrayLike<number>, final: boolean): Float64Array => {
    const out = new Float64Array(names.length).fill(Number.NaN);
    if (isWhole(symbols, closes)) from(closes, final, out);
    return out;
  };
  return {
    names,
    preview: (openTime, closes) => values(clock.follows(openTime) ? state : unused, closes, false),
    push: (openTime, closes) => {
      const follows = clock.follows(openTime);
      const whole = isWhole(symbols, closes);
      if (!(follows && whole)) state = start();
      clock.keep(openTime);
      return values(state, closes, true);
    },
  };
}

const MARKET = ["dispersion", "marketReturn", "marketTrend", "marketVolatility", "portfolioVolatility"];

/** Names of the columns of pairwise correlations: first with second, first with third, …, second with third, …. */
export function correlationNames(symbols: readonly string[]): string[] {
  return symbols.flatMap((one, a) => symbols.slice(a + 1).map((other) => `correlation ${one} ${other}`));
}

/**
 * √(w'Σw), in the unit of the returns that Σ is of.
 * @param weights     [A]
 * @param covariance  [A,A] row-major
 * @see Markowitz 1952
 */
export function portfolioVolatility(weights: ArrayLike<number>, covariance: ArrayLike<number>): number {
  const count = weights.length;
  checkLength("covariance", covariance, count * count);
  let variance = 0;
  for (let a = 0; a < count; a++)
    for (let b = 0; b < count; b++) variance += weights[a]! * covariance[a * count + b]! * weights[b]!;
  return Math.sqrt(Math.max(variance, 0)); // a hedge that is perfect rounds to either side of zero
}

type Values = (closes: ArrayLike<number>, final: boolean, out: Float64Array) => void;

interface Known extends CrossSectionOptions {
  readonly stepMs: number;
  readonly weights: ArrayLike<number>;
}

/** Values of bars that follow one another; `out` comes filled with NaN. */
function valuesOf(count: number, { window, stepMs, weights }: Known): Values {
  const year = barsPerYear(stepMs);
  const { aggregate, lift, covariance } = coMoments(count);
  const trailing = slidingWindow(aggregate, window);
  const [before, returns] = [new Float64Array(count).fill(Number.NaN), new Float64Array(count)];
  const [item, sigma] = [new Float64Array(aggregate.width), new Float64Array(count * count)];
  return (closes, final, out) => {
    for (let a = 0; a < count; a++) returns[a] = Math.log(closes[a]! / before[a]!);
    if (final) before.set(closes);
    if (Number.isNaN(returns[0])) return;
    const [centre, deviation] = momentsOf(returns);
    out[0] = deviation;
    out[1] = centre;
    lift(returns, item);
    const found = trailing(item, final);
    if (!found) return;
    covariance(found, sigma);
    out[2] = Math.sign(momentsOf(found.subarray(1, 1 + count))[0]);
    out[3] = Math.sqrt((year * trace(sigma, count)) / count);
    out[4] = Math.sqrt(year) * portfolioVolatility(weights, sigma);
    writeCorrelations(sigma, count, out.subarray(MARKET.length));
  };
}

/** Mean and sample standard deviation of a few numbers. */
function momentsOf(x: Float64Array): [number, number] {
  let [sum, squares] = [0, 0];
  for (const value of x) sum += value;
  const mean = sum / x.length;
  for (const value of x) squares += (value - mean) ** 2;
  return [mean, Math.sqrt(squares / (x.length - 1))];
}

function trace(sigma: Float64Array, count: number): number {
  let total = 0;
  for (let a = 0; a < count; a++) total += sigma[a * count + a]!;
  return total;
}

function writeCorrelations(sigma: Float64Array, count: number, out: Float64Array): void {
  let at = 0;
  for (let a = 0; a < count; a++) {
    for (let b = a + 1; b < count; b++) {
      const scale = Math.sqrt(sigma[a * count + a]! * sigma[b * count + b]!);
      out[at++] = Math.max(-1, Math.min(1, sigma[a * count + b]! / scale));
    }
  }
}

function isWhole(symbols: readonly string[], closes: ArrayLike<number>): boolean {
  checkLength("closes", closes, symbols.length);
  let whole = true;
  for (let a = 0; a < symbols.length; a++) {
    const close = closes[a]!;
    if (Number.isNaN(close)) whole = false;
    else if (!(close > 0 && close < Number.POSITIVE_INFINITY))
      throw new RangeError(`${symbols[a]}: expected a positive close or NaN, got ${close}`);
  }
  return whole;
}

function checkOptions(symbols: readonly string[], options: CrossSectionOptions): ArrayLike<number> {
  const { window, weights = symbols.map(() => 1 / symbols.length) } = options;
  checkCount("number of symbols", symbols.length, 2);
  checkCount("window", window, 2);
  checkLength("weights", weights, symbols.length);
  checkFinite("weights", weights);
  return weights;
}

function checkAligned(bars: readonly Bars[]): void {
  checkCount("number of symbols", bars.length, 2);
  const first = bars[0]!;
  for (const { symbol, stepMs, openTime } of bars) {
    const odd =
      stepMs !== first.stepMs || openTime.length !== first.openTime.length
        ? 0
        : openTime.findIndex((time, t) => time !== first.openTime[t]);
    if (odd >= 0)
      throw new RangeError(
        `${symbol}, bar ${odd}: expected the times of ${first.symbol}; alignBars makes them equal`,
      );
  }
}
