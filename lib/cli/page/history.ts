/** The past of a run as its journal tells it, for a page that is opened when the run goes on. */
import { existsSync } from "node:fs";
import type { LiveRecord } from "../../live/journal/index.js";
import { readJournal } from "../../live/journal/index.js";
import { eventsOf, type LiveEvent } from "../tasks/liveEvents.js";

/** The events of all records of a journal, oldest first; none where there is no journal. */
export async function* pastEvents(folder: string): AsyncGenerator<LiveEvent> {
  if (!existsSync(folder)) return;
  let symbols: readonly string[] = [];
  for await (const entry of readJournal(folder)) {
    const record = entry.record as LiveRecord;
    if (record.kind === "begin") symbols = record.symbols;
    if (record.kind === "snapshot") symbols = record.begin.symbols;
    yield* eventsOf(symbols, record);
  }
}
