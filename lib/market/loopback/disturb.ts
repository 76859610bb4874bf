/** What can go wrong with the messages of a WebSocket. */
import type { BookRows } from "./book.js";
import type { Message } from "./feed.js";

/**
 * `skip-sequence`: a change of a book is never sent. `stale-delta`: a change is sent again under an older number.
 * `crossed-book`: a change brings a bid above the best ask. `duplicate-trades`: a trade is sent twice.
 * `bad-json`: a message is cut in half.
 */
export type StreamFault = "skip-sequence" | "stale-delta" | "crossed-book" | "duplicate-trades" | "bad-json";

export const STREAM_FAULTS: readonly StreamFault[] = [
  "skip-sequence",
  "stale-delta",
  "crossed-book",
  "duplicate-trades",
  "bad-json",
];

/** The texts that a message becomes under the fault; undefined where the fault cannot befall it. */
export function disturbed(fault: StreamFault, message: Message): string[] | undefined {
  const text = JSON.stringify(message);
  if (fault === "bad-json") return [text.slice(0, Math.floor(text.length / 2))];
  if (fault === "duplicate-trades")
    return message.topic.startsWith("publicTrade.") ? [text, text] : undefined;
  if (!message.topic.startsWith("orderbook.") || message.type !== "delta") return undefined;
  const data = message.data as BookRows & { u: number };
  if (fault === "skip-sequence") return [];
  if (fault === "stale-delta")
    return [text, JSON.stringify({ ...message, data: { ...data, u: data.u - 1 } })];
  return [JSON.stringify({ ...message, data: { ...data, b: [[CROSSING, "1"], ...data.b] } })];
}

/** A bid that no ask is above. */
const CROSSING = "99999999";
