/** The stylised facts of hourly candles: what a simulated market must share with real ones (Cont 2001). */

import type { Bars } from "../../core/index.js";
import {
  autocorrelation,
  barsPerYear,
  correlation,
  mean,
  quantile,
  rootMeanSquare,
  standardDeviation,
} from "../../core/index.js";
import { logReturns } from "../returns.js";
import { blockSums, hillIndex, leverage, rawKurtosis, spearman, winsorised } from "./dependence.js";

const DAY = 24;
const WINSOR = 0.001;

/** Numbers without unit, of log returns r of hours, but for the annual volatility (√year). */
export type StylisedFacts = {
  annualVolatility: number;
  skewness: number;
  excessKurtosis: number;
  /** Of the returns with 0.1 % of each side drawn in. */
  winsorisedKurtosis: number;
  /** Standard deviation over the normal-consistent median absolute deviation. */
  deviationOverMad: number;
  /** Autocorrelations of r, 1, 2 and 24 hours apart. */
  returnAutocorrelation1: number;
  returnAutocorrelation2: number;
  returnAutocorrelation24: number;
  /** Autocorrelations of |r|. */
  sizeAutocorrelation1: number;
  sizeAutocorrelation6: number;
  sizeAutocorrelation24: number;
  sizeAutocorrelation48: number;
  sizeAutocorrelation168: number;
  winsorisedAutocorrelation1: number;
  winsorisedAutocorrelation24: number;
  winsorisedAutocorrelation168: number;
  /** Correlation of r with the mean |r| of the next day, and of winsorised returns. */
  leverage: number;
  winsorisedLeverage: number;
  /** Hill's index of the 2.5 % largest falls, rises and moves, and of the 1 % largest moves. */
  hillLeft: number;
  hillRight: number;
  hillSize: number;
  hillFarSize: number;
  /** Mean log high/low over mean |r|: 2 for a Brownian path. */
  rangeOverSize: number;
  parkinsonOverClose: number;
  bodyOverRange: number;
  rangeAutocorrelation1: number;
  volumeSizeCorrelation: number;
  volumeSizeSpearman: number;
  rangeVolumeCorrelation: number;
  logVolumeDeviation: number;
  logVolumeAutocorrelation1: number;
  logVolumeAutocorrelation24: number;
  logVolumeAutocorrelation168: number;
  /** Of sums over 24 hours, and of the log of their realised volatility. */
  dailyKurtosis: number;
  dailyLogVolatilityDeviation: number;
  dailyLogVolatilityAutocorrelation1: number;
  dailyLogVolatilityAutocorrelation7: number;
  varianceRatio24: number;
};

/**
 * All facts of one symbol's hourly candles, the first of which only gives the close before.
 *
 * Holes are not looked for, and volumes must be positive. 180 days are the least that give steady numbers.
 */
export function stylisedFacts(bars: Bars): StylisedFacts {
  const r = logReturns(bars).subarray(1);
  const calm = winsorised(r, WINSOR);
  return {
    annualVolatility: standardDeviation(r) * Math.sqrt(barsPerYear(bars.stepMs)),
    ...shapeFacts(r, calm),
    ...memoryFacts(r, calm),
    ...tailFacts(r),
    ...candleFacts(bars, r),
    ...dailyFacts(r),
  };
}

function shapeFacts(r: Float64Array, calm: Float64Array) {
  const [centre, middle] = [mean(r), quantile(r, 0.5)];
  const deviation = standardDeviation(r, 0);
  const scatter = quantile(
    r.map((x) => Math.abs(x - middle)),
    0.5,
  );
  return {
    skewness: mean(r.map((x) => ((x - centre) / deviation) ** 3)),
    excessKurtosis: rawKurtosis(r) - 3,
    winsorisedKurtosis: rawKurtosis(calm) - 3,
    deviationOverMad: standardDeviation(r) / (1.4826 * scatter),
  };
}

function memoryFacts(r: Float64Array, calm: Float64Array) {
  const [size, calmSize] = [r.map(Math.abs), calm.map(Math.abs)];
  return {
    returnAutocorrelation1: autocorrelation(r, 1),
    returnAutocorrelation2: autocorrelation(r, 2),
    returnAutocorrelation24: autocorrelation(r, DAY),
    sizeAutocorrelation1: autocorrelation(size, 1),
    sizeAutocorrelation6: autocorrelation(size, 6),
    sizeAutocorrelation24: autocorrelation(size, DAY),
    sizeAutocorrelation48: autocorrelation(size, 2 * DAY),
    sizeAutocorrelation168: autocorrelation(size, 7 * DAY),
    winsorisedAutocorrelation1: autocorrelation(calmSize, 1),
    winsorisedAutocorrelation24: autocorrelation(calmSize, DAY),
    winsorisedAutocorrelation168: autocorrelation(calmSize, 7 * DAY),
    leverage: leverage(r, DAY),
    winsorisedLeverage: leverage(calm, DAY),
  };
}

function tailFacts(r: Float64Array) {
  const share = (x: Float64Array, of: number) => Math.floor(of * x.filter((value) => value > 0).length);
  const [falls, size] = [r.map((x) => -x), r.map(Math.abs)];
  return {
    hillLeft: hillIndex(falls, share(falls, 0.025)),
    hillRight: hillIndex(r, share(r, 0.025)),
    hillSize: hillIndex(size, share(size, 0.025)),
    hillFarSize: hillIndex(size, share(size, 0.01)),
  };
}

function candleFacts(bars: Bars, r: Float64Array) {
  const size = r.map(Math.abs);
  const volume = bars.volume.subarray(1);
  const logVolume = volume.map(Math.log);
  const range = bars.high.map((high, t) => Math.log(high / bars.low[t]!)).subarray(1);
  return {
    rangeOverSize: mean(range) / mean(size),
    parkinsonOverClose: rootMeanSquare(range) / Math.sqrt(4 * Math.LN2) / standardDeviation(r),
    bodyOverRange: mean(size.map((x, t) => x / range[t]!)),
    rangeAutocorrelation1: autocorrelation(range, 1),
    volumeSizeCorrelation: correlation(volume, size),
    volumeSizeSpearman: spearman(volume, size),
    rangeVolumeCorrelation: correlation(range, volume),
    logVolumeDeviation: standardDeviation(logVolume),
    logVolumeAutocorrelation1: autocorrelation(logVolume, 1),
    logVolumeAutocorrelation24: autocorrelation(logVolume, DAY),
    logVolumeAutocorrelation168: autocorrelation(logVolume, 7 * DAY),
  };
}

function dailyFacts(r: Float64Array) {
  const daily = blockSums(r, DAY);
  const variance = blockSums(
    r.map((x) => x * x),
    DAY,
  ).map((x) => 0.5 * Math.log(x));
  return {
    dailyKurtosis: rawKurtosis(daily) - 3,
    dailyLogVolatilityDeviation: standardDeviation(variance),
    dailyLogVolatilityAutocorrelation1: autocorrelation(variance, 1),
    dailyLogVolatilityAutocorrelation7: autocorrelation(variance, 7),
    varianceRatio24: (standardDeviation(daily) / standardDeviation(r)) ** 2 / DAY,
  };
}
