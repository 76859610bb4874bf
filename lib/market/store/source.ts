/** Sources of a download's bars: anything that answers in pages. */
import type { Bars } from "../../core/index.js";
import type { Gap } from "../bars.js";
import type { SnapshotInterval } from "../bybit/symbol.js";
import type { Category } from "../grid.js";

/** Bars asked for: opening times from `since` to before `until`, UTC milliseconds. */
export interface SourceQuery {
  symbol: string;
  /** Of Bybit V5: "1" … "720" minutes, "D", "W". */
  interval: SnapshotInterval;
  since: number;
  until: number;
  /** Default "linear". */
  category?: Category;
}

/** A part of the answer: all closed bars that open from `since` to before `until`. */
export interface SourcePage {
  bars: Bars;
  since: number;
  until: number;
  /** Pages so far and in all. */
  done: number;
  total: number;
}

/** A source of bars. Pages come in order of time, and before the answer. */
export interface BarSource {
  fetchBars(
    query: SourceQuery,
    hooks?: { onPage?: (page: SourcePage) => void | Promise<void>; signal?: AbortSignal },
  ): Promise<{ bars: Bars; gaps: readonly Gap[] }>;
}
