/** The state of a market of several symbols as a few numbers a bar. */
import type { Bars, Panel } from "../core/index.js";
import { compress, fitCompression } from "./compression.js";
import { correlationNames, crossSection } from "./indicators/index.js";
import { column, makePanel } from "./panel.js";

/** Settings of `marketState`: the rolling window, the bars that are fitted on, and the components that are kept. */
export interface MarketStateOptions {
  /** Bars of the rolling volatility, trend and correlations. */
  readonly window: number;
  /** Fraction of the bars, from the first, on which the components are fitted, such as 0.7. */
  readonly fitOn: number;
  /** Principal components of the pairwise correlations; as many as there are pairs at most. */
  readonly components: number;
}

/**
 * Row t holds what was known at the close of bar t: `marketVolatility`, `dispersion`, `marketTrend`, and the first principal components of
 * all pairwise correlations, which are fitted on the earlier bars alone.
 * @param bars  as `alignBars` returns them
 * @throws RangeError when the fraction is not in (0, 1), or as `indicators.crossSection` and `fitCompression`.
 */
export function marketState(bars: readonly Bars[], { window, fitOn, components }: MarketStateOptions): Panel {
  if (!(fitOn > 0 && fitOn < 1)) throw new RangeError(`fitOn: expected a fraction in (0, 1), got ${fitOn}`);
  const across = crossSection(bars, { window });
  const names = correlationNames(bars.map(({ symbol }) => symbol));
  const until = across.time[Math.floor(fitOn * across.time.length)]!;
  const fit = fitCompression(across, { names, until, components: Math.min(components, names.length) });
  const compressed = compress(across, fit);
  const of = (panel: Panel, wanted: readonly string[]) =>
    Object.fromEntries(wanted.map((name) => [name, column(panel, name)]));
  return makePanel(across.time, {
    ...of(across, ["marketVolatility", "dispersion", "marketTrend"]),
    ...of(compressed, compressed.names),
  });
}
