/** The names of the columns of `Flow`. */
import type { Flow } from "./types.js";

/** The columns that every flow has: the takers' volumes and the best quotes. */
export const TAPE_AND_QUOTES = ["buyVolume", "sellVolume", "bid", "ask", "bidSize", "askSize"] as const;

/** The columns of a flow whose source tells of more than the best quotes. */
export const BOOK_DEPTH = ["bidDepth", "askDepth"] as const;

/** The name of a column of `Flow`. */
export type FlowColumn = (typeof TAPE_AND_QUOTES)[number] | (typeof BOOK_DEPTH)[number];

/** The columns that a flow has, in order. */
export function flowColumns(flow: Flow): readonly FlowColumn[] {
  return flow.bidDepth && flow.askDepth ? [...TAPE_AND_QUOTES, ...BOOK_DEPTH] : TAPE_AND_QUOTES;
}
