export { openStream, type StreamOptions } from "./stream.js";
export type { MarketStream, StreamEvent } from "./types.js";
