/** Gathers the truth of a simulated market from the paths of its assets. */
import type { Bars } from "../../core/index.js";
import { type Asset, SECTORS } from "./assets.js";
import { EDGE, EDGE_WINDOW } from "./edge.js";
import { type Clock, crashVariance, type Hidden, regimeShares } from "./hidden.js";
import { FLOW, REGIMES, TAIL } from "./parameters.js";
import { asymmetricDeviation, meanAbsoluteStudent } from "./shocks.js";
import { expectedCorrelation, type Truth } from "./truth.js";

/** One asset's bars and the truth of each. All [T]. */
export interface Path {
  bars: Bars;
  own: Asset;
  /** Volatility of a bar in the long run. */
  longRun: number;
  mean: Float64Array;
  forecast: Float64Array;
  /** The part of the forecast that candles alone tell. */
  candles: Float64Array;
  volatility: Float64Array;
  /** Trailing volatility known before the bar; NaN before the edge starts. */
  scale: Float64Array;
  slowVolume: Float64Array;
  jumped: Uint8Array;
}

interface Made {
  hidden: Hidden;
  range: Float64Array;
  edge: number;
  clock: Clock;
}

export function truthOf(paths: readonly Path[], { hidden, range, edge, clock }: Made): Truth {
  const drawn = (pick: (path: Path) => ArrayLike<number>) => interleave(paths.map(pick));
  const [mean, forecast, volatility] = [
    drawn((p) => p.mean),
    drawn((p) => p.forecast),
    drawn((p) => p.volatility),
  ];
  const variance = volatility.map((v) => v * v);
  const pooled = { mean, variance, scale: drawn((p) => p.scale) };
  const candles = drawn((p) => p.candles);
  return {
    regime: hidden.regime,
    regimeNames: REGIMES.map((regime) => regime.name),
    ...{ mean, forecast, volatility, range },
    logVolatility: hidden.logVolatility,
    slowVolatility: hidden.slow,
    fastVolatility: hidden.fast,
    persistence: hidden.persistence,
    volume: drawn((p) => p.slowVolume),
    marketVolatility: hidden.volatility,
    factor: hidden.shock.map((shock, t) => shock * hidden.volatility[t]!),
    crash: hidden.crashed,
    jump: Uint8Array.from(drawn((p) => p.jumped)),
    sectorFactors: interleave(hidden.sectors.map((s) => s.shock.map((x, t) => x * hidden.volatility[t]!))),
    sectorNames: SECTORS,
    sector: Uint8Array.from(paths, (p) => p.own.sector),
    ...loadings(paths, clock),
    ic: expectedCorrelation(mean, mean, variance),
    forecastIc: expectedCorrelation(forecast, mean, variance),
    edge: {
      names: Object.keys(EDGE),
      coefficients: Float64Array.from(Object.values(EDGE), (c) => c * edge),
      window: EDGE_WINDOW,
      ic: scaledCorrelation(candles, pooled),
    },
    flow: {
      response: FLOW.response,
      deviation: FLOW.surprise,
      coefficient: FLOW.weight * edge,
      ic: scaledCorrelation(
        forecast.map((m, i) => m - candles[i]!),
        pooled,
      ),
    },
  };
}

/** What each asset answers to its factors, and how the shocks of two assets correlate, in the long run. */
function loadings(paths: readonly Path[], clock: Clock) {
  const crash = regimeShares().reduce((sum, share, r) => sum + share * crashVariance(r, clock.hours), 0);
  const slope = ({ own }: Path, side: number) =>
    (own.common * (1 + side * own.asymmetry)) / asymmetricDeviation(own.asymmetry);
  const spread = 1 - meanAbsoluteStudent(TAIL.common) ** 2;
  const average = (p: Path) => (1 - crash) * slope(p, 0) + crash * p.own.common;
  const shared = (p: Path, q: Path) => {
    if (p === q) return 1;
    const everyday = slope(p, 0) * slope(q, 0) * (1 + p.own.asymmetry * q.own.asymmetry * spread);
    const sector = p.own.sector === q.own.sector ? p.own.sectoral * q.own.sectoral : 0;
    return (1 - crash) * everyday + crash * p.own.common * q.own.common + sector;
  };
  return {
    loadings: Float64Array.from(paths, (p) => p.longRun * average(p)),
    downLoadings: Float64Array.from(paths, (p) => p.longRun * slope(p, 1)),
    upLoadings: Float64Array.from(paths, (p) => p.longRun * slope(p, -1)),
    sectorLoadings: Float64Array.from(paths, (p) => p.longRun * p.own.sectoral),
    correlation: Float64Array.from(paths.flatMap((p) => paths.map((q) => shared(p, q)))),
  };
}

/** Expected correlation of a part of the mean and the return, both over the trailing volatility, where that exists. All [T,A]. */
function scaledCorrelation(
  part: Float64Array,
  { mean, variance, scale }: Record<"mean" | "variance" | "scale", Float64Array>,
): number {
  const [parts, means, variances] = [part.slice(), mean.slice(), variance.slice()];
  let count = 0;
  for (let i = 0; i < scale.length; i++) {
    if (!(scale[i]! > 0)) continue;
    parts[count] = part[i]! / scale[i]!;
    means[count] = mean[i]! / scale[i]!;
    variances[count++] = variance[i]! / scale[i]! ** 2;
  }
  const known = (values: Float64Array) => values.subarray(0, count);
  return expectedCorrelation(known(parts), known(means), known(variances));
}

/** [A] series of T into [T,A], row-major. */
function interleave(series: readonly ArrayLike<number>[]): Float64Array {
  const assets = series.length;
  const out = new Float64Array(assets * (series[0]?.length ?? 0));
  series.forEach((x, a) => {
    for (let t = 0; t < x.length; t++) out[t * assets + a] = x[t]!;
  });
  return out;
}
