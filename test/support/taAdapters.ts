import type { Bars, Panel } from "../../lib/core/types.js";
import type { FeatureSpec } from "../../lib/features/engine/featureSpec.js";
import { features } from "../../lib/features/engine/featureStream.js";
import { logReturn } from "../../lib/features/indicators/horizonReturns.js";
import * as indicators from "../../lib/features/indicators/indicators.js";
import { garmanKlass, historicalVolatility, parkinson } from "../../lib/features/indicators/volatility.js";
import { vwap } from "../../lib/features/indicators/volume.js";
import { column } from "../../lib/features/panel.js";
import type { Adapter, Inputs } from "./vectors.js";

const HOUR = 3_600_000;
const { atr, bollinger, breakout, ema, macd, obv, pricePosition, rsi, sma, trueRange, zScore } = indicators;

/** Columns of the library's features under the names of the reference. */
const COLUMNS: Readonly<Record<string, string>> = {
  sma20: "sma20",
  ema20: "ema20",
  rsi14: "rsi14",
  macd: "macd12_26_9",
  macd_signal: "macdSignal12_26_9",
  macd_hist: "macdHistogram12_26_9",
  bb_mid: "sma20",
  true_range: "trueRange",
  atr14: "atr14",
  obv: "obv",
  vwap_cumulative: "vwapStart",
  vwap_rolling24: "vwap24",
  vwap_session_utc: "vwapDay",
  log_return: "logReturn60m",
  minmax20_incl: "pricePosition20",
  minmax20_prev_only: "breakout20",
  zscore20: "zScore20",
  realised_vol24: "volatility24",
  parkinson24: "parkinson24",
  garman_klass24: "garmanKlass24",
};

const SPECS: readonly FeatureSpec[] = [
  ...[sma(20), ema(20), rsi(14), macd(12, 26, 9), bollinger(20, 2), trueRange(), atr(14), obv(), zScore(20)],
  ...[vwap("start"), vwap(24), vwap("day"), logReturn(60, HOUR), pricePosition(20), breakout(20)],
  ...[historicalVolatility(24), parkinson(24), garmanKlass(24)],
];

export const taAdapters: Record<string, Adapter> = {
  indicators: (input) => {
    const panel = features(hourly(input), SPECS);
    const named = Object.entries(COLUMNS).map(([name, own]) => [name, column(panel, own)]);
    return { ...Object.fromEntries(named), ...bands(panel) };
  },
  rsi: (input) => {
    const period = input.number("period");
    return { rsi: column(features(hourly(input), [rsi(period)]), `rsi${period}`) };
  },
};

/** The bands from their width; that the position lies between them is a test of its own. */
function bands(panel: Panel): Record<string, Float64Array> {
  const [mid, width] = [column(panel, "sma20"), column(panel, "bollingerWidth20")];
  return {
    bb_upper: mid.map((price, t) => price * (1 + width[t]! / 2)),
    bb_lower: mid.map((price, t) => price * (1 - width[t]! / 2)),
  };
}

function hourly(input: Inputs): Bars {
  const close = input.vector("close");
  const or = (name: string, other: Float64Array): Float64Array =>
    input.has(name) ? input.vector(name) : other;
  return {
    symbol: "reference",
    stepMs: HOUR,
    openTime: close.map((_, t) => t * HOUR),
    open: or("open", close),
    high: or("high", close),
    low: or("low", close),
    close,
    volume: or(
      "volume",
      close.map(() => 1),
    ),
  };
}
