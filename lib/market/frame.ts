/** Candles and panels as danfo data frames, for a notebook to look at. */
import type { DataFrame } from "danfojs-node";
import type { Bars, Panel } from "../core/index.js";

/** One row a bar: time as ISO UTC, open, high, low, close, volume. */
export async function barsFrame(bars: Bars): Promise<DataFrame> {
  const danfo = await import("danfojs-node"); // takes a second: only for those who ask
  const { openTime, open, high, low, close, volume } = bars;
  return new danfo.DataFrame({
    time: isoTimes(openTime),
    ...{ open: [...open], high: [...high], low: [...low], close: [...close], volume: [...volume] },
  });
}

/**
 * One row a time of the panel, a column a name after `time`, which is when the row is known.
 * @throws RangeError when a column is named twice, or `time`: one would silently take the place of the other.
 */
export async function panelFrame(panel: Panel): Promise<DataFrame> {
  const columns = ["time", ...panel.names];
  const twice = columns.find((name, i) => columns.indexOf(name) !== i);
  if (twice !== undefined)
    throw new RangeError(`panel: expected every column to have a name of its own, got ${twice} twice`);
  const danfo = await import("danfojs-node");
  const width = panel.names.length;
  const rows = isoTimes(panel.time).map((time, t) => [
    time,
    ...panel.values.subarray(t * width, (t + 1) * width),
  ]);
  return new danfo.DataFrame(rows, { columns });
}

function isoTimes(times: Float64Array): string[] {
  return Array.from(times, (time) => new Date(time).toISOString());
}
