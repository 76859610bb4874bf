/** Progress of a paper run, for whoever lets time pass; and each of its records told as events. */

import type { Decision } from "../../../live/index.js";
import type { LiveRecord } from "../../../live/journal/index.js";
import { eventsOf, type LiveEvent } from "../liveEvents.js";
import type { Heard } from "../sources/exchange.js";

export interface Progress extends Heard {
  /** Goes on where a run was: its last open and close, UTC milliseconds. */
  resume(last: { readonly open: number | null; readonly step: number }): void;
  see(record: LiveRecord, decision?: Decision): void;
  /** Nothing more will come. */
  end(): void;
  isOver(): boolean;
  counts(): { readonly decisions: number; readonly fills: number };
}

/** @param symbols [A] */
export function progressOf(symbols: readonly string[], tell: (event: LiveEvent) => void): Progress {
  const reached = { open: Number.NEGATIVE_INFINITY, step: Number.NEGATIVE_INFINITY };
  const waiting = new Set<() => void>();
  const counts = { decisions: 0, fills: 0 };
  let over = false;
  const until = (isReached: () => boolean): Promise<void> =>
    new Promise((resolve) => {
      const look = (): void => {
        if (!over && !isReached()) return;
        waiting.delete(look);
        resolve();
      };
      waiting.add(look);
      look();
    });
  const look = (): void => {
    for (const one of [...waiting]) one();
  };
  return {
    resume({ open, step }) {
      reached.open = open ?? reached.open;
      reached.step = step;
    },
    see(record, decision) {
      for (const event of eventsOf(symbols, record, decision)) {
        if (event.kind === "fill") counts.fills++;
        if (event.kind === "decision") counts.decisions++;
        tell(event);
      }
      if (record.kind === "open" || record.kind === "step") reached[record.kind] = record.time;
      look();
    },
    end() {
      over = true;
      look();
    },
    isOver: () => over,
    open: (time) => until(() => reached.open >= time || reached.step > time),
    close: (time) => until(() => reached.step >= time),
    counts: () => ({ ...counts }),
  };
}
