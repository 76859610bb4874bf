/** Candles as named columns: joined, merged and taken apart without knowing each column. */
import { type Bars, BOOK_DEPTH, type Flow, flowColumns, TAPE_AND_QUOTES } from "../../core/index.js";

const BARS = ["openTime", "open", "high", "low", "close", "volume"] as const;

/** [T] each, by name; those of flow where the source tells. */
export type Columns = Readonly<Record<string, Float64Array>>;

/** The columns of candles, those of flow beside the others. */
export function columnsOf(bars: Bars): Columns {
  const own = BARS.map((name) => [name, bars[name]] as const);
  const { flow } = bars;
  const told = flow ? flowColumns(flow).map((name) => [name, flow[name]!] as const) : [];
  return Object.fromEntries([...own, ...told]);
}

/**
 * Candles from their columns.
 * @throws RangeError when a column is not there, or only some of those of flow are.
 */
export function barsOf(symbol: string, stepMs: number, columns: Columns): Bars {
  const [flow, depth] = [TAPE_AND_QUOTES, BOOK_DEPTH].map((names) => names.some((name) => name in columns));
  const told = [...(flow || depth ? TAPE_AND_QUOTES : []), ...(depth ? BOOK_DEPTH : [])];
  const absent = [...BARS, ...told].find((name) => !(name in columns));
  if (absent) throw new RangeError(`${symbol}: expected a column ${absent}, got ${Object.keys(columns)}`);
  const pick = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, columns[name]!]));
  const bars = { symbol, stepMs, ...pick(BARS) } as unknown as Bars;
  if (told.length > 0) bars.flow = pick(told) as unknown as Flow;
  return bars;
}

/** No candles at all. */
export function noBars(symbol: string, stepMs: number): Bars {
  return barsOf(symbol, stepMs, Object.fromEntries(BARS.map((name) => [name, new Float64Array()])));
}

/**
 * Candles of one symbol in order of time; where parts hold the same time, the later part wins.
 * @throws RangeError when some parts have flow and others have none.
 */
export function mergeBars(parts: readonly [Bars, ...Bars[]]): Bars {
  const [first] = parts;
  const filled = parts.filter((part) => part.openTime.length > 0);
  const columns = filled.map(columnsOf);
  const toldBy = (part: Columns): number => Object.keys(part).length;
  const odd = filled.find((_, i) => toldBy(columns[i]!) !== toldBy(columns[0]!));
  if (odd) throw new RangeError(`${odd.symbol}: expected flow in all bars or in none, got it in some`);
  const names = Object.keys(columns[0] ?? columnsOf(first));
  const joined = Object.fromEntries(names.map((name) => [name, join(columns.map((c) => c[name]!))]));
  const order = latestInOrder(joined.openTime ?? new Float64Array());
  if (!order) return barsOf(first.symbol, first.stepMs, joined);
  const merged = names.map((name) => [name, Float64Array.from(order, (row) => joined[name]![row]!)] as const);
  return barsOf(first.symbol, first.stepMs, Object.fromEntries(merged));
}

/** Rows `from` to before `to`, which may be none. */
export function rowsOf(bars: Bars, from: number, to: number): Bars {
  const cut = Object.entries(columnsOf(bars)).map(
    ([name, column]) => [name, column.slice(from, to)] as const,
  );
  return barsOf(bars.symbol, bars.stepMs, Object.fromEntries(cut));
}

/** The first row that opens at `time` or later. */
export function rowAt(openTime: Float64Array, time: number): number {
  let [low, high] = [0, openTime.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (openTime[middle]! < time) low = middle + 1;
    else high = middle;
  }
  return low;
}

function join(parts: readonly Float64Array[]): Float64Array {
  const joined = new Float64Array(parts.reduce((total, part) => total + part.length, 0));
  let at = 0;
  for (const part of parts) {
    joined.set(part, at);
    at += part.length;
  }
  return joined;
}

/** The rows in order of time, of equal times the last; undefined where they are in order already. */
function latestInOrder(time: Float64Array): Uint32Array | undefined {
  if (time.every((value, row) => row === 0 || value > time[row - 1]!)) return undefined;
  const rows = Uint32Array.from(time, (_, row) => row).sort((a, b) => time[a]! - time[b]! || a - b);
  return rows.filter((row, i) => i === rows.length - 1 || time[rows[i + 1]!] !== time[row]);
}
