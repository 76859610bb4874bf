/**
 * A market whose truth is known: regimes, clustered volatility, market and sector factors, crashes and jumps, a small edge.
 *
 * Bar t depends on draws up to t only, so a longer simulation starts with the same bars; and on its own symbol's keys only,
 * so a market of other symbols holds the same BTC.
 */

import type { Bars } from "../../core/index.js";
import {
  barsPerYear,
  checkCount,
  checkPositive,
  fold,
  type Key,
  normals,
  uniforms,
} from "../../core/index.js";
import { type Asset, asset } from "./assets.js";
import { EDGE_WINDOW, type Known, knownAt } from "./edge.js";
import { autoregression, type Clock, type Hidden, hiddenState, seasonal } from "./hidden.js";
import { reach } from "./intrabar.js";
import { FLOW, INTRABAR, PERSISTENCE, REGIMES, SEASON, VOLATILITY, VOLUME } from "./parameters.js";
import { assetShocks } from "./shocks.js";
import { takerImbalance, tape } from "./tape.js";
import type { Truth } from "./truth.js";
import { type Path, truthOf } from "./truthOfPaths.js";

/** Settings of a simulated market. */
export interface Simulation {
  symbols: readonly string[];
  /** How many bars a symbol. */
  bars: number;
  key: Key;
  /**
   * Milliseconds of a bar (default an hour). Volatility follows its root; all memories are in hours, the edge's windows in bars.
   */
  stepMs?: number;
  /** Opening of the first bar, UTC milliseconds (default 2024-01-01). */
  start?: number;
  /** Factor on all that is predictable (default 1); 0 for a market that no one can predict. */
  edge?: number;
  /**
   * Factor, besides, on what only the hidden state tells of the mean: drift of the regime, persistence (default 1). With 0
   * `truth.forecast` is exactly the Bayes-optimal forecast, else any forecast of past bars earns between it and `truth.mean`.
   */
  hidden?: number;
}

const HOUR = 3_600_000;

/**
 * Bars of each symbol with tape and quotes, and what made them.
 * @throws RangeError when a count or length is not positive.
 */
export function simulate(simulation: Simulation): { bars: Bars[]; truth: Truth } {
  const { symbols, bars: count, key, stepMs = HOUR, start = Date.UTC(2024, 0, 1) } = simulation;
  checkCount("bars", count);
  checkCount("symbols", symbols.length);
  checkPositive("stepMs", stepMs);
  const openTime = Float64Array.from({ length: count }, (_, t) => start + t * stepMs);
  const clock = { openTime, hours: stepMs / HOUR };
  const hidden = hiddenState(key, clock);
  const range = autoregression(fold(key, "range"), count, INTRABAR.state, clock.hours);
  const { edge = 1, hidden: concealed = 1 } = simulation;
  const walk = { clock, hidden, range, key, edge, concealed: edge * concealed };
  const paths = symbols.map((symbol) => walkAsset(symbol, walk));
  return { bars: paths.map((path) => path.bars), truth: truthOf(paths, { hidden, range, edge, clock }) };
}

interface Walk {
  clock: Clock;
  hidden: Hidden;
  /** [T] log excess of the range. */
  range: Float64Array;
  key: Key;
  edge: number;
  concealed: number;
}

/** Walks one asset forward: each bar's mean comes from the bars before it. */
function walkAsset(symbol: string, walk: Walk): Path {
  const { clock, hidden, key, edge, concealed } = walk;
  const count = clock.openTime.length;
  const own = asset(symbol, key);
  const longRun = own.annualVolatility * Math.sqrt(clock.hours / barsPerYear(HOUR));
  const ownVolatility = autoregression(
    fold(key, "own volatility", symbol),
    count,
    VOLATILITY.own,
    clock.hours,
  );
  const centre = VOLATILITY.own.deviation ** 2;
  const volatility = hidden.volatility.map((v, t) => longRun * v * Math.exp(ownVolatility[t]! - centre));
  const { shock, mixture, jumped } = assetShocks(fold(key, "own", symbol), own, hidden, clock.hours);
  const variance = mixture.map((m, t) => m * volatility[t]! ** 2);
  const { logVolume, slow } = quietVolume(fold(key, "volume", symbol), own, walk, mixture);
  const surprise = normals(fold(key, "flow", symbol), count);
  const [mean, forecast, candles] = [
    new Float64Array(count),
    new Float64Array(count),
    new Float64Array(count),
  ];
  const scale = new Float64Array(count).fill(Number.NaN);
  const [returns, imbalance] = [new Float64Array(count), new Float64Array(count)];
  const [open, close] = [new Float64Array(count), new Float64Array(count)];
  const [high, low] = [uniforms(fold(key, "high", symbol), count), uniforms(fold(key, "low", symbol), count)];
  let known: Known | undefined;
  for (let t = 0; t < count; t++) {
    if (known) {
      scale[t] = known.scale;
      candles[t] = edge * known.mean;
      forecast[t] = edge * (known.mean + known.scale * FLOW.weight * surprise[t - 1]!);
    }
    const drift = REGIMES[hidden.regime[t]!]!.drift * Math.sqrt(clock.hours) * longRun;
    const goesOn = t === 0 ? 0 : PERSISTENCE.weight * hidden.persistence[t]! * returns[t - 1]!;
    mean[t] = forecast[t]! + concealed * (drift + goesOn);
    open[t] = t === 0 ? own.price : close[t - 1]!;
    close[t] = open[t]! * Math.exp(mean[t]! + volatility[t]! * shock[t]!);
    returns[t] = Math.log(close[t]! / open[t]!);
    const swing = variance[t]! * (INTRABAR.excess * Math.exp(walk.range[t]!)) ** 2;
    const [above, below] = [reach(returns[t]!, swing, high[t]!), reach(-returns[t]!, swing, low[t]!)];
    high[t] = Math.max(open[t]!, close[t]!, open[t]! * Math.exp(above));
    low[t] = Math.min(open[t]!, close[t]!, open[t]! * Math.exp(-below));
    logVolume[t]! += (VOLUME.swing * (above + below)) / Math.sqrt(variance[t]!);
    known = t < EDGE_WINDOW ? undefined : knownAt(returns, logVolume, t);
    imbalance[t] = takerImbalance(returns[t]! / (known?.scale ?? longRun), surprise[t]!);
  }
  const candle = { symbol, stepMs: clock.hours * HOUR, openTime: clock.openTime.slice() };
  const bars = { ...candle, open, high, low, close, volume: logVolume.map(Math.exp) };
  const flow = tape(fold(key, "book", symbol), own, bars, { hidden, imbalance, surprise });
  return {
    ...{ bars: { ...bars, flow }, own, mean, forecast, candles, volatility, scale, jumped },
    ...{ slowVolume: slow, longRun },
  };
}

/** Log volume before the bar's own swing adds to it, and the slow part of it. */
function quietVolume(k: Key, own: Asset, { clock, hidden }: Walk, mixture: Float64Array) {
  const count = clock.openTime.length;
  const slow = autoregression(fold(k, "slow"), count, VOLUME.slow, clock.hours);
  const fast = autoregression(fold(k, "fast"), count, VOLUME.fast, clock.hours);
  const season = seasonal(clock, SEASON.volume, SEASON.volumeWeekend);
  const logVolume = slow.map((x, t) => {
    const state = VOLUME.volatility * hidden.logVolatility[t]! + VOLUME.shock * 0.5 * Math.log(mixture[t]!);
    return Math.log(own.volume * clock.hours * season[t]!) + x + fast[t]! + state;
  });
  return { logVolume, slow };
}
