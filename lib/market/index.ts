/**
 * Candles from a simulation with a known truth, from files, from Bybit, or live; checked, cleaned and aligned.
 *
 * Main types: `Bars`, `Market`.
 * @module
 * @example
 * const { bars, symbols, stepMs } = await market.open({ symbols: ["BTCUSDT", "ETHUSDT"] });
 */

export {
  type AlignAt,
  type Alignment,
  type AlignmentRow,
  alignBars,
  alignmentLines,
  barFault,
  checkBars,
  coarserBars,
  type Gap,
  gaps,
  longestStretch,
  sliceBars,
  timeFault,
} from "./bars.js";
export { type BarColumns, type BarRecord, barsFrom } from "./barsFrom.js";
export * as bybit from "./bybit/index.js";
export { candlesOnly } from "./candlesOnly.js";
export { type Cleaned, type CleaningRow, type CleanOptions, clean, type RawBars } from "./clean.js";
export * as files from "./files/index.js";
export * as flow from "./flow/index.js";
export {
  barsFrame,
  type DataFrame,
  type FrameColumn,
  type FrameGroups,
  marketFrame,
  panelFrame,
} from "./frame.js";
export {
  type Category,
  countBefore,
  INTERVALS,
  intervalOf,
  isMadeOf,
  openingAfter,
  openingOf,
} from "./grid.js";
export {
  describeMarket as describe,
  type Market,
  type MarketQuery,
  type MarketRow,
  openMarket as open,
} from "./open.js";
export { readRealResults as realResults } from "./readRealResults.js";
export type { RealResults } from "./realResults.js";
export * as simulate from "./simulate/index.js";
export * as store from "./store/index.js";
export * as stream from "./stream/index.js";
