/** Faults of the messages of a WebSocket. */

import type { CandleFault, StreamFault } from "./faults/streamFaults.js";
import type { Message } from "./feed.js";
import type { BookRows } from "./messages/book.js";

export { STREAM_FAULTS, type StreamFault } from "./faults/streamFaults.js";

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
