/** Every feature of one symbol at its customary settings. */
import type { FeatureSpec } from "../engine/featureSpec.js";
import { bookImbalance, buySellRatio, depth, signedVolume, spread, tradeImbalance } from "./flow.js";
import { HORIZONS, isWholeHorizon, logReturn, simpleReturn } from "./horizonReturns.js";
import { atr, bollinger, breakout, ema, macd, obv, pricePosition, rsi, sma, zScore } from "./indicators.js";
import { slidingDrawdown, slidingTailRisk } from "./losses.js";
import { meanReturn, momentum, trend } from "./momentum.js";
import { garmanKlass, historicalVolatility, parkinson, rogersSatchell } from "./volatility.js";
import { volumeRatio, vwap } from "./volume.js";
import { volumeProfile } from "./volumeProfile.js";

/** Short, middle and long windows of the returns' mean and volatility, in bars. */
const WINDOWS = [5, 20, 60];

/** Options of the standard features. */
export interface StandardOptions {
  /** Whether the bars tell of tape and quotes: without them their features are left out. */
  readonly flow: boolean;
}

/**
 * All features of one symbol for bars of `stepMs`; of the horizons, those that are whole numbers of bars.
 *
 * Windows are in bars whatever a bar is: 5, 20 and 60 are days where the bars are days. sma, ema, macd, vwap and atr are in units
 * of price, obv and signedVolume in those of volume: scale or difference them before a model sees them.
 */
export function standardFeatures(stepMs: number, { flow }: StandardOptions): readonly FeatureSpec[] {
  const horizons = HORIZONS.filter((minutes) => isWholeHorizon(minutes, stepMs));
  return [
    ...horizons.map((minutes) => logReturn(minutes, stepMs)),
    ...horizons.map((minutes) => simpleReturn(minutes, stepMs)),
    ...[sma(20), ema(20), rsi(14), macd(12, 26, 9), bollinger(20, 2), atr(14), obv()],
    ...[zScore(20), pricePosition(20), breakout(20)],
    ...WINDOWS.flatMap((window) => [meanReturn(window), historicalVolatility(window), momentum(window)]),
    ...[parkinson(20), garmanKlass(20), rogersSatchell(20), trend(20, 60)],
    ...[slidingDrawdown(60), slidingTailRisk(60, 0.05)],
    ...[volumeRatio(20), vwap(24), vwap("day"), volumeProfile({ window: 60, bins: 24, share: 0.7 })],
    ...(flow ? flowFeatures() : []),
  ];
}

function flowFeatures(): FeatureSpec[] {
  const tape = [1, 20].flatMap((window) => [tradeImbalance(window), signedVolume(window)]);
  return [buySellRatio(20), ...tape, bookImbalance(), spread(), depth()];
}
