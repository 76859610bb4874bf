/** The simulated market of a test, at once: what `market.open` would resolve to. */
import { key } from "../../lib/core/random.js";
import type { Market } from "../../lib/market/open.js";
import { simulate } from "../../lib/market/simulate/simulate.js";

export function simulatedMarket(query: {
  readonly symbols: readonly string[];
  readonly bars: number;
}): Market & {
  readonly truth: NonNullable<Market["truth"]>;
} {
  const { bars, truth } = simulate({ ...query, key: key(2024) });
  return {
    source: "simulated",
    simulated: true,
    stepMs: bars[0]!.stepMs,
    symbols: query.symbols,
    bars,
    truth,
  };
}
