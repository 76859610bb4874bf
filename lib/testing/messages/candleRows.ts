/** Messages about candles as rows of a table. */
import type { CandleMessage } from "../recording.js";

/** A message about a candle: when it came, what it is, and its prices. */
export type CandleRow = {
  /** 1 for the first candle of the messages. */
  readonly candle: number;
  /** Seconds since the first candle opened. */
  readonly second: number;
  readonly what: "revision" | "closed bar";
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume: number;
};

/** Messages of one symbol, such as `candleMessages` returns them, as rows: revisions and closed bars in the order in which they came. */
export function candleRows(messages: readonly CandleMessage[]): CandleRow[] {
  const opened = messages[0]?.time ?? 0;
  const times = [...new Set(messages.map(({ time }) => time))].sort((a, b) => a - b);
  return messages.map(({ time, at, closed, open, high, low, close, volume }) => ({
    candle: 1 + times.indexOf(time),
    second: (at - opened) / 1000,
    what: closed ? "closed bar" : "revision",
    ...{ open, high, low, close, volume },
  }));
}
