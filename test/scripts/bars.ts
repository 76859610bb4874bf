/** A folder of bars as a reader brings them. */
import { writeFileSync } from "node:fs";
import path from "node:path";
import { gzipSync } from "node:zlib";
import type { Bars } from "../../lib/core/types.js";

/** Writes SYMBOL.csv.gz; `hole` leaves 37 days out. */
export function writeBars(folder: string, bars: Bars, { hole = false } = {}): void {
  const { symbol, openTime, open, high, low, close, volume } = bars;
  const rows = Array.from(openTime.keys()).filter((t) => !(hole && t >= 600 && t < 600 + 37 * 24));
  const lines = rows.map((t) =>
    [openTime[t], open[t], high[t], low[t], close[t], volume[t]].map(String).join(","),
  );
  const text = ["timestamp,open,high,low,close,volume", ...lines].join("\n");
  writeFileSync(path.join(folder, `${symbol}.csv.gz`), gzipSync(`${text}\n`));
}
