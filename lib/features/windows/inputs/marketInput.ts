/**
 * The features of each bar that a market model sees: candle, volume, indicators, profile and order flow, all free of price and size.
 */
import type { Bars, Panel } from "../../../core/index.js";
import {
  type BarRow,
  type FeatureSpec,
  type FeatureStream,
  singleFeature,
} from "../../engine/featureSpec.js";
import { featureStream, features, type LiveFeatures } from "../../engine/featureStream.js";
import { bookImbalance, spread, tradeImbalance } from "../../indicators/flow.js";
import { bollinger, rsi } from "../../indicators/indicators.js";
import { slidingDrawdown } from "../../indicators/losses.js";
import { momentum, trend } from "../../indicators/momentum.js";
import { historicalVolatility } from "../../indicators/volatility.js";
import { volumeRatio } from "../../indicators/volume.js";
import { volumeProfile } from "../../indicators/volumeProfile.js";

/** The rows of a market model as its bars come in. */
export interface MarketInputStream extends LiveFeatures {
  /** How many bars come before the first whose row is whole. */
  readonly warmUp: number;
  /** How many bars with flow come before it, where the candles before them have none. */
  readonly flowWarmUp: number;
}

/**
 * The input of a market model, [T,F]: F = 14, or 11 where the bars tell of no tape and quotes.
 *
 * The candle as log ratios (close to the close before, high and low to the own close; in a market that never shuts a bar opens where
 * the last one closed), log volume against its mean of 20 bars, log volatility, and indicators. The first bars, and those after a
 * hole, are NaN. Row t is of bars ≤ t; nothing is scaled.
 * @throws RangeError as `features`.
 */
export function marketInput(bars: Bars): Panel {
  return features(bars, columns(bars.flow !== undefined));
}

/**
 * The same rows bar by bar, to the bit.
 * @param options `flow`: the bars tell of tape and quotes; a row without them is then NaN in their columns
 * @throws RangeError as `featureStream` does.
 */
export function marketInputStream(stepMs: number, options: { readonly flow: boolean }): MarketInputStream {
  const specs = columns(options.flow);
  const longest = (of: readonly FeatureSpec[]): number => Math.max(0, ...of.map((spec) => spec.warmUp));
  const flowWarmUp = longest(specs.filter(({ needs }) => needs !== undefined));
  return { ...featureStream(specs, stepMs), warmUp: longest(specs), flowWarmUp };
}

function columns(flow: boolean): readonly FeatureSpec[] {
  return [
    ...[candleReturn(), toClose("high"), toClose("low")],
    ...[logOf(volumeRatio(20)), logOf(historicalVolatility(20)), ...(flow ? [logOf(spread())] : [])],
    ...[rsi(14), only(bollinger(20, 2), "bollingerPosition20"), momentum(20), trend(20, 60)],
    ...[slidingDrawdown(60), only(volumeProfile({ window: 60, bins: 24, share: 0.7 }), "profilePosition60")],
    ...(flow ? [tradeImbalance(20), bookImbalance()] : []),
  ];
}

/** Log ratio of the close to the close before. */
function candleReturn(): FeatureSpec {
  return singleFeature({ name: "return", warmUp: 1 }, () => {
    let before = Number.NaN;
    return ({ close }, final) => {
      const value = Math.log(close / before);
      if (final) before = close;
      return value;
    };
  });
}

/** Log ratio of a price of the candle to its close. */
function toClose(name: "high" | "low"): FeatureSpec {
  return singleFeature({ name, warmUp: 0 }, () => (bar) => Math.log(bar[name] / bar.close));
}

/** A feature of one column in logarithms; NaN where there is nothing to take the logarithm of. */
function logOf(spec: FeatureSpec): FeatureSpec {
  const log = (value: number) => (value > 0 ? Math.log(value) : Number.NaN);
  return derived(spec, `log ${spec.names[0]}`, ([value]) => log(value!));
}

/** One column of a feature of several. */
function only(spec: FeatureSpec, name: string): FeatureSpec {
  const f = spec.names.indexOf(name);
  if (f < 0) throw new RangeError(`expected a column of ${spec.names.join(", ")}, got ${name}`);
  return derived(spec, name, (values) => values[f]!);
}

/** One column made of the columns of a feature. */
function derived(spec: FeatureSpec, name: string, of: (values: Float64Array) => number): FeatureSpec {
  const create = (): FeatureStream => {
    const inner = spec.create();
    const values = new Float64Array(spec.names.length);
    const via = (write: (bar: BarRow, out: Float64Array, offset: number) => void) => {
      return (bar: BarRow, out: Float64Array, offset: number): void => {
        write(bar, values, 0);
        out[offset] = of(values);
      };
    };
    return { names: [name], preview: via(inner.preview), push: via(inner.push), reset: inner.reset };
  };
  return { ...spec, names: [name], create };
}
