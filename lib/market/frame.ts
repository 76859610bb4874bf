/** Candles and panels as danfo data frames, for a notebook to look at. */
import type { DataFrame } from "danfojs-node";
import type { Bars, Panel } from "../core/types.js";

/** One row a bar: time as ISO UTC, open, high, low, close, volume. */
export async function barsFrame(bars: Bars): Promise<DataFrame> {
  const danfo = await import("danfojs-node"); // takes a second: only for those who ask
  const { openTime, open, high, low, close, volume } = bars;
  return new danfo.DataFrame({
    time: isoTimes(openTime),
    ...{ open: [...open], high: [...high], low: [...low], close: [...close], volume: [...volume] },
  });
}

/** One row a time of the panel, a column a name; `time` is when the row is known. */
export async function panelFrame(panel: Panel): Promise<DataFrame> {
  const danfo = await import("danfojs-node");
  const width = panel.names.length;
  const columns = panel.names.map((name, f) => [
    name,
    Array.from(panel.time, (_, t) => panel.values[t * width + f]!),
  ]);
  return new danfo.DataFrame({ time: isoTimes(panel.time), ...Object.fromEntries(columns) });
}

function isoTimes(times: Float64Array): string[] {
  return Array.from(times, (time) => new Date(time).toISOString());
}
