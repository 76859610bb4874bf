import { autocorrelation, correlation, mean, quantile, standardDeviation } from "../../lib/core/stats.js";
import type { Bars } from "../../lib/core/types.js";
import { logReturns } from "../../lib/features/returns.js";

/** Stylised facts of hourly candles, by the definitions of the reference numbers in simulate.test.ts. */
export function stylisedFacts(bars: Bars): Record<string, number> {
  const r = logReturns(bars).subarray(1);
  const size = r.map(Math.abs);
  const volume = bars.volume.subarray(1);
  const logVolume = volume.map(Math.log);
  const range = bars.high.map((high, t) => Math.log(high / bars.low[t]!)).subarray(1);
  const centre = quantile(r, 0.5);
  const dailyVariance = daily(r.map((x) => x * x)).map((x) => 0.5 * Math.log(x));
  return {
    annualVolatility: standardDeviation(r) * Math.sqrt(8760),
    excessKurtosis: excessKurtosis(r),
    winsorisedKurtosis: excessKurtosis(winsorised(r, 0.001)),
    deviationOverMad:
      standardDeviation(r) /
      (1.4826 *
        quantile(
          r.map((x) => Math.abs(x - centre)),
          0.5,
        )),
    returnAutocorrelation1: autocorrelation(r, 1),
    sizeAutocorrelation1: autocorrelation(size, 1),
    sizeAutocorrelation6: autocorrelation(size, 6),
    sizeAutocorrelation24: autocorrelation(size, 24),
    sizeAutocorrelation48: autocorrelation(size, 48),
    sizeAutocorrelation168: autocorrelation(size, 168),
    rangeOverSize: mean(range) / mean(size),
    parkinsonOverClose: Math.sqrt(mean(range.map((x) => x * x)) / (4 * Math.LN2)) / standardDeviation(r),
    bodyOverRange: mean(size.map((x, t) => x / range[t]!)),
    rangeAutocorrelation1: autocorrelation(range, 1),
    volumeSizeCorrelation: correlation(volume, size),
    rangeVolumeCorrelation: correlation(range, volume),
    logVolumeDeviation: standardDeviation(logVolume),
    logVolumeAutocorrelation1: autocorrelation(logVolume, 1),
    logVolumeAutocorrelation24: autocorrelation(logVolume, 24),
    logVolumeAutocorrelation168: autocorrelation(logVolume, 168),
    dailyKurtosis: excessKurtosis(daily(r)),
    dailyLogVolatilityDeviation: standardDeviation(dailyVariance),
    dailyLogVolatilityAutocorrelation1: autocorrelation(dailyVariance, 1),
    dailyLogVolatilityAutocorrelation7: autocorrelation(dailyVariance, 7),
    varianceRatio24: standardDeviation(daily(r)) ** 2 / (24 * standardDeviation(r) ** 2),
  };
}

/** Correlation of log returns, and of their sizes, averaged over pairs. */
export function pairFacts(bars: readonly Bars[]): { returns: number; sizes: number } {
  const all = bars.map((b) => logReturns(b).subarray(1));
  const pairs = all.flatMap((x, i) => all.slice(0, i).map((y) => [x, y] as const));
  return {
    returns: mean(pairs.map(([x, y]) => correlation(x, y))),
    sizes: mean(pairs.map(([x, y]) => correlation(x.map(Math.abs), y.map(Math.abs)))),
  };
}

export function excessKurtosis(x: Float64Array): number {
  const centre = mean(x);
  const square = mean(x.map((v) => (v - centre) ** 2));
  return mean(x.map((v) => (v - centre) ** 4)) / square ** 2 - 3;
}

function winsorised(x: Float64Array, share: number): Float64Array {
  const [low, high] = [quantile(x, share), quantile(x, 1 - share)];
  return x.map((v) => Math.min(high, Math.max(low, v)));
}

/** Sums over whole days of 24 entries. */
function daily(x: Float64Array): Float64Array {
  return Float64Array.from({ length: Math.floor(x.length / 24) }, (_, d) => {
    let total = 0;
    for (let h = 0; h < 24; h++) total += x[24 * d + h]!;
    return total;
  });
}
