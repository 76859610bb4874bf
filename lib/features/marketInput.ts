/** What a market model sees of each bar: candle, volume, indicators, profile and order flow, all free of price and size. */
import type { Bars, Panel } from "../core/types.js";
import type { FeatureSpec } from "./featureSpec.js";
import { features } from "./featureStream.js";
import { bookImbalance, spread, tradeImbalance } from "./flow.js";
import { bollinger, rsi } from "./indicators.js";
import { slidingDrawdown } from "./losses.js";
import { momentum, trend } from "./momentum.js";
import { column, makePanel } from "./panel.js";
import { historicalVolatility } from "./volatility.js";
import { volumeRatio } from "./volume.js";
import { volumeProfile } from "./volumeProfile.js";

const INDICATORS: readonly FeatureSpec[] = [
  volumeRatio(20),
  historicalVolatility(20),
  ...[rsi(14), bollinger(20, 2), momentum(20), trend(20, 60), slidingDrawdown(60)],
  volumeProfile({ window: 60, bins: 24, share: 0.7 }),
];
const FLOW: readonly FeatureSpec[] = [tradeImbalance(20), bookImbalance(), spread()];

/** Which columns of the indicators stay, and which go in as logarithms. */
const KEPT = ["rsi14", "bollingerPosition20", "momentum20", "trend20_60", "drawdown60", "profilePosition60"];
const KEPT_FLOW = ["tradeImbalance20", "bookImbalance"];
const IN_LOGS = ["volumeRatio20", "volatility20"];
const IN_LOGS_FLOW = ["spreadBps"];

/**
 * The input of a market model, [T,F]: F = 14, or 11 where the bars tell of no tape and quotes.
 *
 * The candle as log ratios (close to the close before, high and low to the own close; in a market that never shuts a bar opens where
 * the last one closed), log volume against its mean of 20 bars, log volatility, and indicators. The first bars are NaN. Row t is of bars ≤ t; nothing is scaled.
 */
export function marketInput(bars: Bars): Panel {
  const panel = features(bars, bars.flow ? [...INDICATORS, ...FLOW] : INDICATORS);
  const logs = [...IN_LOGS, ...(bars.flow ? IN_LOGS_FLOW : [])];
  const kept = [...KEPT, ...(bars.flow ? KEPT_FLOW : [])];
  const columns: [string, Float64Array][] = [
    ...candle(bars),
    ...logs.map((name): [string, Float64Array] => [`log ${name}`, column(panel, name).map(finiteLog)]),
    ...kept.map((name): [string, Float64Array] => [name, column(panel, name)]),
  ];
  return makePanel(panel.time, Object.fromEntries(columns));
}

function candle({ high, low, close }: Bars): [string, Float64Array][] {
  const before = (values: Float64Array) =>
    values.map((value, t) => (t > 0 ? Math.log(value / close[t - 1]!) : Number.NaN));
  const within = (values: Float64Array) => values.map((value, t) => Math.log(value / close[t]!));
  return [
    ["return", before(close)],
    ["high", within(high)],
    ["low", within(low)],
  ];
}

/** NaN where there is nothing to take the logarithm of. */
function finiteLog(value: number): number {
  return value > 0 ? Math.log(value) : Number.NaN;
}
