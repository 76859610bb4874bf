/** Technical indicators of one symbol, by the conventions of TA-Lib. Periods are in bars. */
import { checkCount, checkPositive } from "../../core/index.js";
import { type FeatureSpec, feature, singleFeature } from "../engine/featureSpec.js";
import { exponentialMean, lag, slidingMean, wilderMean } from "../engine/followers.js";
import { extremes, moments, slidingStatistic } from "../engine/slidingWindow.js";

/** Simple moving average of the close, in units of price. */
export function sma(period: number): FeatureSpec {
  checkCount("period", period);
  return singleFeature({ name: `sma${period}`, warmUp: period - 1 }, () => {
    const mean = slidingMean(period);
    return (bar, final) => mean(bar.close, final);
  });
}

/** Exponential moving average of the close, seeded by the simple one, in units of price. */
export function ema(period: number): FeatureSpec {
  checkCount("period", period);
  return singleFeature({ name: `ema${period}`, warmUp: period - 1 }, () => {
    const mean = exponentialMean(period);
    return (bar, final) => mean(bar.close, final);
  });
}

/**
 * Relative strength index in [0, 100]: 100 · gains / (gains + losses), each in Wilder's mean.
 *
 * 0 where no close has moved, as TA-Lib has it; other packages give 50 or 100 there.
 * @throws RangeError when the period is not a positive integer.
 * @see Wilder 1978
 */
export function rsi(period: number): FeatureSpec {
  checkCount("period", period);
  return singleFeature({ name: `rsi${period}`, warmUp: period }, () => {
    const [before, gains, losses] = [lag(1), wilderMean(period), wilderMean(period)];
    return (bar, final) => {
      const change = bar.close - before(bar.close, final);
      const gain = gains(Math.max(change, 0), final);
      const loss = losses(Math.max(-change, 0), final);
      return gain + loss === 0 ? 0 : (100 * gain) / (gain + loss);
    };
  });
}

/**
 * Moving average convergence/divergence in units of price: line, signal and histogram, all from the bar where the signal begins.
 *
 * The seeds of the fast and the slow mean end on the same bar, as in TA-Lib.
 * @throws RangeError when `fast` is not below `slow`.
 */
export function macd(fast: number, slow: number, signal: number): FeatureSpec {
  checkCount("fast", fast);
  checkCount("slow", slow, fast + 1);
  checkCount("signal", signal);
  const label = `${fast}_${slow}_${signal}`;
  const names = [`macd${label}`, `macdSignal${label}`, `macdHistogram${label}`];
  return feature({ names, warmUp: slow + signal - 2 }, () => {
    const means = {
      fast: exponentialMean(fast),
      slow: exponentialMean(slow),
      signal: exponentialMean(signal),
    };
    let early = slow - fast; // bars that the fast mean passes over
    return ({ close }, final, out, offset) => {
      const quick = early > 0 ? Number.NaN : means.fast(close, final);
      if (early > 0 && final) early--;
      const line = quick - means.slow(close, final);
      const smooth = means.signal(line, final);
      out[offset] = Number.isNaN(smooth) ? Number.NaN : line;
      out[offset + 1] = smooth;
      out[offset + 2] = line - smooth;
    };
  });
}

/**
 * Bollinger bands, `width` population deviations around the mean: where the close lies in them, 0 below to 1 above, and how wide
 * they are as a share of the mean.
 *
 * Where the closes are all equal the width is 0 and the position 0.5.
 */
export function bollinger(period: number, width: number): FeatureSpec {
  checkCount("period", period, 2);
  checkPositive("width", width);
  const names = [`bollingerPosition${period}`, `bollingerWidth${period}`];
  return feature({ names, warmUp: period - 1 }, () => {
    const window = slidingStatistic(moments, period);
    return ({ close }, final, out, offset) => {
      const found = window(close, final);
      const mean = found?.[1] ?? Number.NaN;
      const half = width * Math.sqrt((found?.[2] ?? Number.NaN) / period);
      out[offset] = half === 0 ? 0.5 : 0.5 + (close - mean) / (2 * half);
      out[offset + 1] = (2 * half) / mean;
    };
  });
}

/** (close − mean) / sample deviation over the last `period` closes; 0 where they are all equal. */
export function zScore(period: number): FeatureSpec {
  checkCount("period", period, 2);
  return singleFeature({ name: `zScore${period}`, warmUp: period - 1 }, () => {
    const window = slidingStatistic(moments, period);
    return ({ close }, final) => {
      const found = window(close, final);
      if (!found) return Number.NaN;
      const deviation = Math.sqrt(found[2]! / (period - 1));
      return deviation === 0 ? 0 : (close - found[1]!) / deviation;
    };
  });
}

/** Where the close lies between the lowest and the highest of the last `period` closes, 0 to 1; 0.5 where they are equal. */
export function pricePosition(period: number): FeatureSpec {
  checkCount("period", period, 2);
  return singleFeature({ name: `pricePosition${period}`, warmUp: period - 1 }, () => {
    const window = slidingStatistic(extremes, period);
    return ({ close }, final) => positionIn(window(close, final), close);
  });
}

/**
 * Where the close lies between the lowest and the highest of the `period` closes before it: below 0 or above 1 where it breaks
 * out; 0.5 where those are equal.
 */
export function breakout(period: number): FeatureSpec {
  checkCount("period", period, 2);
  return singleFeature({ name: `breakout${period}`, warmUp: period }, () => {
    const [before, window] = [lag(1), slidingStatistic(extremes, period)];
    return ({ close }, final) => positionIn(window(before(close, final), final), close);
  });
}

function positionIn(found: Float64Array | undefined, close: number): number {
  if (!found) return Number.NaN;
  const [least, most] = [found[0]!, found[1]!];
  return most === least ? 0.5 : (close - least) / (most - least);
}

/** Greatest of high − low and the distances of both from the close before, in units of price. @see Wilder 1978 */
export function trueRange(): FeatureSpec {
  return singleFeature({ name: "trueRange", warmUp: 1 }, trueRangeOf);
}

/** Average true range: Wilder's mean of the true range, in units of price. @see Wilder 1978 */
export function atr(period: number): FeatureSpec {
  checkCount("period", period);
  return singleFeature({ name: `atr${period}`, warmUp: period }, () => {
    const [range, mean] = [trueRangeOf(), wilderMean(period)];
    return (bar, final) => mean(range(bar, final), final);
  });
}

function trueRangeOf(): (bar: { high: number; low: number; close: number }, final: boolean) => number {
  const before = lag(1);
  return ({ high, low, close }, final) => {
    const last = before(close, final);
    return Math.max(high - low, Math.abs(high - last), Math.abs(low - last));
  };
}

/**
 * On-balance volume in units of the base asset: volume counted up when the close rises and down when it falls.
 *
 * Starts at the volume of the first bar, as in TA-Lib, and afresh after a gap: only its changes mean anything.
 * @see Granville 1963
 */
export function obv(): FeatureSpec {
  return singleFeature({ name: "obv", warmUp: 0 }, () => {
    const before = lag(1);
    let balance = 0;
    return ({ close, volume }, final) => {
      const last = before(close, final);
      const value = Number.isNaN(last) ? volume : balance + Math.sign(close - last) * volume;
      if (final) balance = value;
      return value;
    };
  });
}
