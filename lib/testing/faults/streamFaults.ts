/** Names of the faults of a stream. */

/**
 * `skip-sequence`: a change of a book is never sent. `stale-delta`: a change is sent again under an older number.
 * `crossed-book`: a change brings a bid above the best ask. `duplicate-trades`: a trade is sent twice.
 * `bad-json`: a message is cut in half.
 *
 * Of a closed candle: `duplicate-candle`: it is sent twice; `late-candle`: after the message behind it; `lost-candle`: never;
 * `corrected-candle`: once more after the message behind it, with another close; `broken-candle`: with a high below its low.
 */
export type StreamFault =
  | "skip-sequence"
  | "stale-delta"
  | "crossed-book"
  | "duplicate-trades"
  | "bad-json"
  | CandleFault;

/** A fault of a closed candle. */
export type CandleFault =
  | "duplicate-candle"
  | "late-candle"
  | "lost-candle"
  | "corrected-candle"
  | "broken-candle";

/** All faults of the streams. */
export const STREAM_FAULTS: readonly StreamFault[] = [
  ...(["skip-sequence", "stale-delta", "crossed-book", "duplicate-trades", "bad-json"] as const),
  ...(["duplicate-candle", "late-candle", "lost-candle", "corrected-candle", "broken-candle"] as const),
];
