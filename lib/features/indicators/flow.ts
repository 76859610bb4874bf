/**
 * Order flow of one symbol: the takers' volumes and the best quotes at the close. Windows are in bars.
 *
 * Over arrays these need bars with flow. A bar without it has NaN, and windows start again after it.
 */
import { checkCount } from "../../core/index.js";
import { type FeatureSpec, singleFeature } from "../engine/featureSpec.js";
import { slidingStatistic, total } from "../engine/slidingWindow.js";

/**
 * Volume that takers bought over the volume they sold, in the last `window` bars; NaN where they sold nothing.
 * @throws RangeError when the window is not a positive integer.
 */
export function buySellRatio(window: number): FeatureSpec {
  return tapeFeature(`buySellRatio${window}`, window, (buys, sells) => {
    return sells === 0 ? Number.NaN : buys / sells;
  });
}

/**
 * Trade imbalance (bought − sold) / (bought + sold) of the last `window` bars, in [−1, 1]; 0 where nothing was traded.
 * @throws RangeError when the window is not a positive integer.
 */
export function tradeImbalance(window: number): FeatureSpec {
  return tapeFeature(`tradeImbalance${window}`, window, imbalance);
}

/**
 * Signed volume: bought − sold of the last `window` bars, in units of the base asset.
 * @throws RangeError when the window is not a positive integer.
 */
export function signedVolume(window: number): FeatureSpec {
  return tapeFeature(`signedVolume${window}`, window, (buys, sells) => buys - sells);
}

/** Order-book imbalance (bid size − ask size) / (bid size + ask size) at the best quotes, in [−1, 1]; 0 where both are empty. */
export function bookImbalance(): FeatureSpec {
  return singleFeature({ name: "bookImbalance", warmUp: 0, needs: "book" }, () => {
    return ({ bidSize, askSize }) => imbalance(bidSize, askSize);
  });
}

/** Order-book imbalance over the best five levels of each side, in [−1, 1]; 0 where both are empty. */
export function depthImbalance(): FeatureSpec {
  return singleFeature({ name: "depthImbalance", warmUp: 0, needs: "depth" }, () => {
    return ({ bidDepth, askDepth }) => imbalance(bidDepth, askDepth);
  });
}

/** Bid–ask spread in basis points of the middle of the quotes; NaN where both quotes are 0. */
export function spread(): FeatureSpec {
  return singleFeature({ name: "spreadBps", warmUp: 0, needs: "book" }, () => {
    return ({ bid, ask }) => (1e4 * (ask - bid)) / ((ask + bid) / 2);
  });
}

/** Order-book depth: what rests at the best quotes on both sides, in units of the quote currency. */
export function depth(): FeatureSpec {
  return singleFeature({ name: "depth", warmUp: 0, needs: "book" }, () => {
    return ({ bid, ask, bidSize, askSize }) => bid * bidSize + ask * askSize;
  });
}

/** A feature of what takers bought and sold in the last `window` bars. */
function tapeFeature(name: string, window: number, of: (buys: number, sells: number) => number): FeatureSpec {
  checkCount("window", window);
  return singleFeature({ name, warmUp: window - 1, needs: "tape" }, () => {
    const [bought, sold] = [slidingStatistic(total, window), slidingStatistic(total, window)];
    return ({ buyVolume, sellVolume }, final) => {
      const buys = bought(buyVolume, final);
      const sells = sold(sellVolume, final);
      return buys && sells ? of(buys[0]!, sells[0]!) : Number.NaN;
    };
  });
}

function imbalance(one: number, other: number): number {
  return one + other === 0 ? 0 : (one - other) / (one + other);
}
