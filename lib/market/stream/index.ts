/**
 * Live candles from Bybit, checked and in order.
 * @module
 */
export { openStream, type StreamOptions } from "./stream.js";
export type { MarketStream, StreamEvent, StreamQuery } from "./types.js";
