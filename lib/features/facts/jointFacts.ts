/** The stylised facts of several symbols together, and of the hours of the day. */

import type { Bars } from "../../core/index.js";
import { correlation, fromFlat, mean, quantile, symmetricEigen } from "../../core/index.js";
import { logReturns } from "../returns.js";

/** Of log returns at common times; pairs are averaged. */
export type JointFacts = {
  pairCorrelation: number;
  /** Of |r|. */
  sizeCorrelation: number;
  /** In the tenth of the hours in which the equally weighted market fell, and rose, most. */
  fallCorrelation: number;
  riseCorrelation: number;
  /** The first less the second. */
  asymmetry: number;
  /** Shares of the eigenvalues of the correlation matrix, largest first; NaN where there are fewer symbols. */
  component1: number;
  component2: number;
  component3: number;
  component4: number;
};

/**
 * The facts over all hours that have a return; the bar after a hole has none.
 * @param bars  as `alignBars` returns them, at least two symbols
 */
export function jointFacts(bars: readonly Bars[]): JointFacts {
  const returns = bars.map((b) => logReturns(b));
  const all = returns.map((r) => r.filter((_, t) => returns.every((own) => Number.isFinite(own[t]!))));
  const market = all[0]!.map((_, t) => mean(all.map((r) => r[t]!)));
  const [low, high] = [quantile(market, 0.1), quantile(market, 0.9)];
  const within = (keep: (m: number) => boolean) => all.map((r) => r.filter((_, t) => keep(market[t]!)));
  const [fall, rise] = [meanPair(within((m) => m <= low)), meanPair(within((m) => m >= high))];
  const shares = componentShares(all);
  const component = (k: number): number => shares[k] ?? Number.NaN;
  return {
    pairCorrelation: meanPair(all),
    sizeCorrelation: meanPair(all.map((r) => r.map(Math.abs))),
    fallCorrelation: fall,
    riseCorrelation: rise,
    asymmetry: fall - rise,
    component1: component(0),
    component2: component(1),
    component3: component(2),
    component4: component(3),
  };
}

/** The day of a symbol: means by hour, UTC, and at the weekend, relative to the mean of all bars. */
export interface DayFacts {
  /** [24] of |r|, and of volume. */
  readonly size: Float64Array;
  readonly volume: Float64Array;
  /** Saturday and Sunday over the other days. */
  readonly weekendSize: number;
  readonly weekendVolume: number;
}

/** The first bar, and the bar after a hole, only give the close before. */
export function dayFacts(bars: Bars): DayFacts {
  const returns = logReturns(bars);
  const known = (x: Float64Array) => x.filter((_, t) => Number.isFinite(returns[t]!));
  const size = known(returns).map(Math.abs);
  const volume = known(bars.volume);
  const open = Array.from(known(bars.openTime), (time) => new Date(time));
  const byHour = (x: Float64Array) =>
    Float64Array.from(
      { length: 24 },
      (_, h) => mean(x.filter((_, t) => open[t]!.getUTCHours() === h)) / mean(x),
    );
  const idle = (t: number) => open[t]!.getUTCDay() % 6 === 0;
  const ratio = (x: Float64Array) => mean(x.filter((_, t) => idle(t))) / mean(x.filter((_, t) => !idle(t)));
  return {
    size: byHour(size),
    volume: byHour(volume),
    weekendSize: ratio(size),
    weekendVolume: ratio(volume),
  };
}

function meanPair(series: readonly Float64Array[]): number {
  return mean(series.flatMap((x, i) => series.slice(0, i).map((y) => correlation(x, y))));
}

function componentShares(series: readonly Float64Array[]): Float64Array {
  const size = series.length;
  const matrix = Float64Array.from(
    series.flatMap((x) => series.map((y) => (x === y ? 1 : correlation(x, y)))),
  );
  return symmetricEigen(fromFlat(matrix, size, size))
    .values.map((value) => value / size)
    .sort()
    .reverse();
}
