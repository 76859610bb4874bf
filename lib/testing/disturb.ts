/** Faults of the messages of a WebSocket. */
import type { BookRows } from "./book.js";
import type { Message } from "./feed.js";

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

type CandleFault = "duplicate-candle" | "late-candle" | "lost-candle" | "corrected-candle" | "broken-candle";

/** All faults of the streams. */
export const STREAM_FAULTS: readonly StreamFault[] = [
  ...(["skip-sequence", "stale-delta", "crossed-book", "duplicate-trades", "bad-json"] as const),
  ...(["duplicate-candle", "late-candle", "lost-candle", "corrected-candle", "broken-candle"] as const),
];

/** What a message becomes: texts to be sent in its place, and one to be sent after the next message of its topic. */
export interface Disturbed {
  readonly texts: readonly string[];
  readonly later?: string;
}

/** What a message becomes under the fault; undefined where the fault cannot befall it. */
export function disturbed(fault: StreamFault, message: Message): Disturbed | undefined {
  const text = JSON.stringify(message);
  if (fault === "bad-json") return { texts: [text.slice(0, Math.floor(text.length / 2))] };
  if (fault.endsWith("-candle")) return candleDisturbed(fault as CandleFault, message, text);
  if (fault === "duplicate-trades")
    return message.topic.startsWith("publicTrade.") ? { texts: [text, text] } : undefined;
  if (!message.topic.startsWith("orderbook.") || message.type !== "delta") return undefined;
  const data = message.data as BookRows & { u: number };
  if (fault === "skip-sequence") return { texts: [] };
  if (fault === "stale-delta")
    return { texts: [text, JSON.stringify({ ...message, data: { ...data, u: data.u - 1 } })] };
  return { texts: [JSON.stringify({ ...message, data: { ...data, b: [[CROSSING, "1"], ...data.b] } })] };
}

function candleDisturbed(fault: CandleFault, message: Message, text: string): Disturbed | undefined {
  if (!message.topic.startsWith("kline.")) return undefined;
  const [candle] = message.data as { confirm: boolean; high: string; low: string }[];
  if (!candle!.confirm) return undefined;
  const { high, low } = candle!;
  const changed = (fields: object) => JSON.stringify({ ...message, data: [{ ...candle, ...fields }] });
  switch (fault) {
    case "duplicate-candle":
      return { texts: [text, text] };
    case "late-candle":
      return { texts: [], later: text };
    case "lost-candle":
      return { texts: [] };
    case "corrected-candle":
      return { texts: [text], later: changed({ close: high, volume: "1" }) };
    case "broken-candle":
      return { texts: [changed({ high: String(Number(low) / 2) })] };
  }
}

/** A bid that no ask is above. */
const CROSSING = "99999999";
