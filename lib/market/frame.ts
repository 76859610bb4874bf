/** Candles and panels as danfo data frames, for a notebook to look at. */
import type { Bars, Panel } from "../core/index.js";

/** One column of a frame. */
export interface FrameColumn {
  readonly values: unknown;
  mean(): number;
  std(): number;
  min(): number;
  max(): number;
  sum(): number;
  /** Which entries are greater, as `query` takes them. */
  gt(than: number): unknown;
  lt(than: number): unknown;
  eq(than: number | string): unknown;
}

/** Rows of a frame that share the values of some columns. */
export interface FrameGroups {
  mean(): DataFrame;
  std(): DataFrame;
  sum(): DataFrame;
  count(): DataFrame;
  agg(of: Readonly<Record<string, string | readonly string[]>>): DataFrame;
}

/**
 * A data frame of danfo, as far as it is said here: it is one of danfo's own and has all the rest; cast it to the `DataFrame` of
 * danfojs-node for that. So nobody who draws no frame needs danfo or its types.
 */
export interface DataFrame {
  readonly shape: number[];
  readonly columns: string[];
  readonly index: (string | number)[];
  readonly values: unknown;
  head(rows?: number): DataFrame;
  tail(rows?: number): DataFrame;
  describe(): DataFrame;
  column(name: string): FrameColumn;
  at(row: string | number, column: string): unknown;
  loc(where: {
    readonly rows?: readonly (string | number)[];
    readonly columns?: readonly string[];
  }): DataFrame;
  iloc(where: {
    readonly rows?: readonly (string | number)[];
    readonly columns?: readonly (string | number)[];
  }): DataFrame;
  query(condition: unknown): DataFrame;
  addColumn(name: string, values: readonly unknown[]): DataFrame;
  sortValues(column: string, options?: { readonly ascending?: boolean }): DataFrame;
  groupby(columns: readonly string[]): FrameGroups;
  print(): void;
}

/**
 * The bars as a danfo DataFrame, one row a bar: time as ISO UTC, open, high, low, close, volume.
 * @throws Error when danfojs-node is not installed.
 */
export async function barsFrame(bars: Bars): Promise<DataFrame> {
  const danfo = await openDanfo();
  const { openTime, open, high, low, close, volume } = bars;
  return new danfo.DataFrame({
    time: isoTimes(openTime),
    ...{ open: [...open], high: [...high], low: [...low], close: [...close], volume: [...volume] },
  }) as unknown as DataFrame;
}

/**
 * A data frame of one row a bar and symbol, by symbol, then by time: time as ISO UTC, symbol, open, high, low, close, volume.
 * @throws Error when danfo is not installed.
 */
export async function marketFrame(market: { readonly bars: readonly Bars[] }): Promise<DataFrame> {
  const danfo = await openDanfo();
  const column = (name: "open" | "high" | "low" | "close" | "volume") =>
    market.bars.flatMap((bars) => [...bars[name]]);
  return new danfo.DataFrame({
    time: market.bars.flatMap(({ openTime }) => isoTimes(openTime)),
    symbol: market.bars.flatMap(({ symbol, openTime }) => Array.from(openTime, () => symbol)),
    ...{ open: column("open"), high: column("high"), low: column("low"), close: column("close") },
    volume: column("volume"),
  }) as unknown as DataFrame;
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
  const danfo = await openDanfo();
  const width = panel.names.length;
  const rows = isoTimes(panel.time).map((time, t) => [
    time,
    ...panel.values.subarray(t * width, (t + 1) * width),
  ]);
  return new danfo.DataFrame(rows, { columns }) as unknown as DataFrame;
}

/** danfo, which takes a second to load: only for those who ask, and only where it is installed. */
async function openDanfo() {
  try {
    return await import("danfojs-node");
  } catch (error) {
    throw new Error("a data frame: expected the package danfojs-node; run npm install danfojs-node", {
      cause: error,
    });
  }
}

function isoTimes(times: Float64Array): string[] {
  return Array.from(times, (time) => new Date(time).toISOString());
}
