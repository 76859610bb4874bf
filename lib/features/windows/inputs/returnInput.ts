/**
 * The features of one bar for a network that predicts the next bar's return: returns and indicators in units of recent volatility.
 */
import type { Bars, Panel } from "../../../core/index.js";
import { features } from "../../engine/featureStream.js";
import { bookImbalance, depth, spread, tradeImbalance } from "../../indicators/flow.js";
import { logReturn } from "../../indicators/horizonReturns.js";
import { atr, bollinger, macd, rsi } from "../../indicators/indicators.js";
import { historicalVolatility } from "../../indicators/volatility.js";
import { vwap } from "../../indicators/volume.js";
import { column, makePanel } from "../../panel.js";
import { rollingMean, rollingStandardDeviation } from "../../returns.js";

/** Bars of the trailing volatility and of the trailing volume. */
const WINDOW = 168;

/**
 * The input row of a return network, [T,F]: F = 17, or 12 where the bars have no tape and quotes.
 *
 * Returns of 1, 4 and 24 bars, MACD histogram, average true range and the deviation from the volume-weighted price are divided by the
 * volatility of the last 168 bars; volume and depth are logarithms less their mean over those bars, over their deviation; the signed
 * volume has the sign of the bar's return. Row t is of bars ≤ t; the first bars are NaN.
 */
export function returnInput(bars: Bars): Panel {
  const { close, stepMs } = bars;
  const minutes = stepMs / 60_000;
  const flow = bars.flow !== undefined;
  const panel = features(bars, [
    ...[1, 4, 24].map((count) => logReturn(count * minutes, stepMs)),
    ...[historicalVolatility(20), historicalVolatility(WINDOW), macd(12, 26, 9), atr(14), vwap(24)],
    ...[rsi(14), bollinger(20, 2)],
    ...(flow ? [tradeImbalance(1), tradeImbalance(20), bookImbalance(), spread(), depth()] : []),
  ]);
  const of = (name: string) => column(panel, name);
  const unit = of(`volatility${WINDOW}`);
  const inUnits = (values: Float64Array, bars: number) =>
    values.map((v, t) => v / (unit[t]! * Math.sqrt(bars)));
  const overPrice = (values: Float64Array) =>
    inUnits(
      values.map((v, t) => v / close[t]!),
      1,
    );
  const last = of(`logReturn${minutes}m`);
  const volume = surprise(bars.volume);
  return makePanel(panel.time, {
    return1: inUnits(last, 1),
    return4: inUnits(of(`logReturn${4 * minutes}m`), 4),
    return24: inUnits(of(`logReturn${24 * minutes}m`), 24),
    volume,
    signedVolume: volume.map((v, t) => Math.sign(last[t]!) * v),
    volatility: unit.map(Math.log),
    volatilityRatio: of("volatility20").map((v, t) => Math.log(v / unit[t]!)),
    macd: overPrice(of("macdHistogram12_26_9")),
    range: overPrice(of("atr14")),
    vwapDeviation: inUnits(of("vwapDeviation24"), 1),
    rsi: of("rsi14"),
    bollinger: of("bollingerPosition20"),
    ...(flow ? flowColumns(of) : {}),
  });
}

function flowColumns(of: (name: string) => Float64Array): Readonly<Record<string, Float64Array>> {
  return {
    tradeImbalance1: of("tradeImbalance1"),
    tradeImbalance20: of("tradeImbalance20"),
    bookImbalance: of("bookImbalance"),
    spread: of("spreadBps"),
    depth: surprise(of("depth")),
  };
}

/** Logarithm less its mean over the last bars, over its deviation there. */
function surprise(values: Float64Array): Float64Array {
  const log = values.map(Math.log);
  const [mean, deviation] = [rollingMean(log, WINDOW), rollingStandardDeviation(log, WINDOW)];
  return log.map((v, t) => (v - mean[t]!) / deviation[t]!);
}
