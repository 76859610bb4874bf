/** The takers' side of a simulated bar and the quotes at its close. */

import type { Bars, Flow } from "../../core/index.js";
import { fold, type Key, normals } from "../../core/index.js";
import type { Asset } from "./assets.js";
import type { Hidden } from "./hidden.js";
import { FLOW, ORDER_BOOK } from "./parameters.js";

/** (buys − sells) / volume of a bar, which its own return moves and a surprise of unit variance. */
export function takerImbalance(scaledReturn: number, surprise: number): number {
  return Math.max(-0.99, Math.min(0.99, FLOW.response * scaledReturn + FLOW.surprise * surprise));
}

/**
 * Buys, sells and best quotes.
 * @param imbalance  [T] (buys − sells) / volume
 * @param surprise   [T] its part that the bar's return does not explain, of unit variance: the book leans with it
 */
export function tape(
  k: Key,
  own: Asset,
  bars: Omit<Bars, "flow">,
  state: { hidden: Hidden; imbalance: Float64Array; surprise: Float64Array },
): Flow {
  const { volume, close } = bars;
  const noise = (name: string) => normals(fold(k, name), volume.length).map((x) => ORDER_BOOK.noise * x);
  const [spreadNoise, depthNoise, leanNoise] = [noise("spread"), noise("depth"), noise("lean")];
  const level = state.hidden.logVolatility;
  const half = close.map(
    (price, t) => (price * own.spreadBps * Math.exp(ORDER_BOOK.spread * level[t]! + spreadNoise[t]!)) / 2e4,
  );
  const depth = level.map((x, t) => 0.01 * own.volume * Math.exp(ORDER_BOOK.depth * x + depthNoise[t]!));
  const lean = state.surprise.map((x, t) => Math.tanh(ORDER_BOOK.lean * x + 2 * leanNoise[t]!));
  return {
    buyVolume: volume.map((v, t) => (v * (1 + state.imbalance[t]!)) / 2),
    sellVolume: volume.map((v, t) => (v * (1 - state.imbalance[t]!)) / 2),
    bid: close.map((price, t) => price - half[t]!),
    ask: close.map((price, t) => price + half[t]!),
    bidSize: depth.map((size, t) => size * (1 + lean[t]!)),
    askSize: depth.map((size, t) => size * (1 - lean[t]!)),
  };
}
