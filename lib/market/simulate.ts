/**
 * A market whose truth is known: regimes, clustered volatility, one common factor, fat tails, a small edge.
 *
 * Bar t depends on draws up to t only, so a longer simulation starts with the same bars; and on its own symbol's keys only,
 * so a market of other symbols holds the same BTC.
 */
import { checkCount, checkPositive } from "../core/axes.js";
import { fold, type Key } from "../core/random.js";
import type { Bars } from "../core/types.js";
import { EDGE, EDGE_WINDOW, knownAt } from "./edge.js";
import { autoregression, type Hidden, hiddenState, seasonal, studentShocks } from "./hidden.js";
import { extremes } from "./intrabar.js";
import { type Asset, asset, REGIMES, SEASON, TAIL, VOLUME } from "./parameters.js";
import { expectedCorrelation, type Truth } from "./truth.js";

export interface Simulation {
  symbols: readonly string[];
  /** How many bars a symbol. */
  bars: number;
  key: Key;
  /** An hour unless given. Volatility follows its root; all memories stay as many bars. */
  stepMs?: number;
  /** Opening of the first bar, UTC milliseconds; 2024-01-01 unless given. */
  start?: number;
  /** Multiplies all that is predictable, drift and edge: 1 unless given, 0 for a market that no one can foretell. */
  edge?: number;
}

/** One asset's bars and the truth of each. All [T]. */
interface Path {
  bars: Bars;
  mean: Float64Array;
  drift: Float64Array;
  volatility: Float64Array;
  /** Trailing volatility known before the bar; NaN before the edge starts. */
  scale: Float64Array;
  loading: number;
}

const HOUR = 3_600_000;
const YEAR = 365 * 24 * HOUR;

/**
 * Bars of each symbol, and what made them.
 * @throws RangeError when a count or length is not positive.
 */
export function simulate(simulation: Simulation): { bars: Bars[]; truth: Truth } {
  const { symbols, bars: count, key, stepMs = HOUR, start = Date.UTC(2024, 0, 1), edge = 1 } = simulation;
  checkCount("bars", count);
  checkCount("symbols", symbols.length);
  checkPositive("stepMs", stepMs);
  const openTime = Float64Array.from({ length: count }, (_, t) => start + t * stepMs);
  const hidden = hiddenState(key, openTime);
  const paths = symbols.map((symbol) => walk({ symbol, stepMs, openTime, hidden, key, edge }));
  return { bars: paths.map((path) => path.bars), truth: truthOf(paths, hidden, edge) };
}

interface Walk {
  symbol: string;
  stepMs: number;
  openTime: Float64Array;
  hidden: Hidden;
  key: Key;
  edge: number;
}

/** Walks one asset forward: each bar's mean comes from the bars before it. */
function walk({ symbol, stepMs, openTime, hidden, key, edge }: Walk): Path {
  const count = openTime.length;
  const own = asset(symbol, key);
  const longRun = own.annualVolatility * Math.sqrt(stepMs / YEAR);
  const volatility = hidden.volatility.map((v) => longRun * v);
  const drift = Float64Array.from(hidden.regime, (r) => edge * longRun * REGIMES[r]!.drift);
  const { shock, variance } = shocks(fold(key, "own", symbol), own, hidden, volatility);
  const logVolume = quietVolume(fold(key, "volume", symbol), own, hidden, { openTime, volatility, variance });
  const mean = Float64Array.from(drift);
  const scale = new Float64Array(count).fill(Number.NaN);
  const returns = new Float64Array(count);
  const [open, close] = [new Float64Array(count), new Float64Array(count)];
  for (let t = 0; t < count; t++) {
    if (t > EDGE_WINDOW) {
      const known = knownAt(returns, logVolume, t - 1);
      scale[t] = known.scale;
      mean[t]! += edge * known.mean;
    }
    open[t] = t === 0 ? own.price : close[t - 1]!;
    close[t] = open[t]! * Math.exp(mean[t]! + shock[t]!);
    returns[t] = Math.log(close[t]! / open[t]!);
    logVolume[t]! += (VOLUME.move * Math.abs(returns[t]!)) / Math.sqrt(variance[t]!);
  }
  const { high, low } = extremes(fold(key, "extremes", symbol), open, close, variance);
  const volume = logVolume.map(Math.exp);
  const bars = { symbol, stepMs, openTime: openTime.slice(), open, high, low, close, volume };
  return { bars, mean, drift, volatility, scale, loading: own.common * longRun };
}

/** The asset's shocks, common and own, and the variance each was drawn with. */
function shocks(
  k: Key,
  { common }: Asset,
  hidden: Hidden,
  volatility: Float64Array,
): { shock: Float64Array; variance: Float64Array } {
  const own = studentShocks(k, volatility.length, TAIL.own);
  const rest = Math.sqrt(1 - common * common);
  const shock = volatility.map((v, t) => v * (common * hidden.shock[t]! + rest * own.shock[t]!));
  const variance = volatility.map(
    (v, t) => v * v * (common ** 2 * hidden.mixture[t]! + rest ** 2 * own.mixture[t]!),
  );
  return { shock, variance };
}

/** Log volume before the bar's own move adds to it. */
function quietVolume(
  k: Key,
  own: Asset,
  hidden: Hidden,
  {
    openTime,
    volatility,
    variance,
  }: { openTime: Float64Array; volatility: Float64Array; variance: Float64Array },
): Float64Array {
  const slow = autoregression(fold(k, "slow"), openTime.length, VOLUME.slow);
  const fast = autoregression(fold(k, "fast"), openTime.length, VOLUME.fast);
  const season = seasonal(openTime, SEASON.volume, SEASON.volumeWeekend);
  return slow.map((x, t) => {
    const shock = 0.5 * Math.log(variance[t]! / volatility[t]! ** 2);
    const state = VOLUME.volatility * hidden.logVolatility[t]! + VOLUME.shock * shock;
    return Math.log(own.volume * season[t]!) + x + fast[t]! + state;
  });
}

function truthOf(paths: readonly Path[], hidden: Hidden, edge: number): Truth {
  const drawn = (pick: (path: Path) => Float64Array) => interleave(paths.map(pick));
  const [mean, drift, volatility] = [drawn((p) => p.mean), drawn((p) => p.drift), drawn((p) => p.volatility)];
  const variance = volatility.map((v) => v * v);
  const scale = drawn((p) => p.scale);
  return {
    regime: hidden.regime,
    regimeNames: REGIMES.map((regime) => regime.name),
    mean,
    drift,
    volatility,
    factor: hidden.shock.map((shock, t) => shock * hidden.volatility[t]!),
    loadings: Float64Array.from(paths, (path) => path.loading),
    ic: expectedCorrelation(mean, mean, variance),
    edge: {
      names: Object.keys(EDGE),
      coefficients: Float64Array.from(Object.values(EDGE), (c) => c * edge),
      window: EDGE_WINDOW,
      ic: edgeCorrelation({ mean, drift, variance, scale }),
    },
  };
}

/** Expected correlation of edge and return, both over the trailing volatility, where that exists. All [T,A]. */
function edgeCorrelation(x: Record<"mean" | "drift" | "variance" | "scale", Float64Array>): number {
  const rows = Uint32Array.from(x.scale.keys()).filter((i) => x.scale[i]! > 0);
  return expectedCorrelation(
    Float64Array.from(rows, (i) => (x.mean[i]! - x.drift[i]!) / x.scale[i]!),
    Float64Array.from(rows, (i) => x.mean[i]! / x.scale[i]!),
    Float64Array.from(rows, (i) => x.variance[i]! / x.scale[i]! ** 2),
  );
}

/** [A] series of T into [T,A], row-major. */
function interleave(series: readonly Float64Array[]): Float64Array {
  const assets = series.length;
  const out = new Float64Array(assets * series[0]!.length);
  series.forEach((x, a) => {
    for (let t = 0; t < x.length; t++) out[t * assets + a] = x[t]!;
  });
  return out;
}
