/** Rows brought into the order of time, each once, on one grid. */
import type { Bars } from "../../../core/index.js";
import { barFault } from "../../bars.js";
import { isoOf } from "../timeUnit.js";
import type { Rows } from "./rows.js";

const DAY = 86_400_000;

/** Bars of rows, and what was done to them, in words. */
export interface OrderedBars {
  readonly bars: Bars;
  readonly notes: readonly string[];
}

/**
 * Candles in order of time, without the holes; equal rows once.
 * @throws Error naming file and lines where two rows of one time differ, a time is off the step, or prices cannot be.
 */
export function orderedBars(symbol: string, rows: Rows, file: string): OrderedBars {
  const [time] = rows.columns as [Float64Array];
  const order = Uint32Array.from({ length: rows.count }, (_, i) => i);
  const moved = order.reduce((count, i) => count + (i > 0 && time[i]! < time[i - 1]! ? 1 : 0), 0);
  if (moved > 0) order.sort((i, j) => time[i]! - time[j]! || i - j);
  const once = order.filter((i, k) => k === 0 || !isAgain(rows, order[k - 1]!, i, file));
  const stepMs = stepOf(rows, once, file);
  const kept = once.filter((i) => !Number.isNaN(rows.columns[4]![i]));
  if (kept.length === 0) throw new Error(`${file}: expected a row with prices, got none of ${once.length}`);
  const [openTime, open, high, low, close, volume] = rows.columns.map((column) =>
    Float64Array.from(kept, (i) => column[i]!),
  ) as [Float64Array, Float64Array, Float64Array, Float64Array, Float64Array, Float64Array];
  const bars: Bars = { symbol, stepMs, openTime, open, high, low, close, volume };
  kept.forEach((i, t) => {
    const fault = barFault(bars, t);
    if (fault) throw new Error(`${file} line ${rows.lines[i]}: ${fault}`);
  });
  return { bars, notes: notesOf(moved, order.length - once.length) };
}

function notesOf(moved: number, equal: number): string[] {
  const counted = (count: number, what: string) => `${count} ${count === 1 ? "row" : "rows"} ${what}`;
  return [
    ...(moved > 0 ? [counted(moved, "out of order, sorted")] : []),
    ...(equal > 0 ? [counted(equal, "repeated, dropped")] : []),
  ];
}

/** Whether row `i` says the time of row `before` again. @throws Error when it says something else. */
function isAgain({ columns, lines }: Rows, before: number, i: number, file: string): boolean {
  const [time] = columns as [Float64Array];
  if (time[i] !== time[before]) return false;
  if (columns.every((column) => Object.is(column[i], column[before]))) return true;
  const close = columns[4]!;
  throw new Error(
    `${file} lines ${lines[before]} and ${lines[i]}: expected one bar at ${isoOf(time[i]!)}, got two that differ, close ${close[before]} and ${close[i]}`,
  );
}

/** The smallest distance of two rows, of which every other must be a multiple. */
function stepOf({ columns, lines }: Rows, order: Uint32Array, file: string): number {
  if (order.length < 2) throw new Error(`${file}: expected at least two bars, got ${order.length}`);
  const time = Float64Array.from(order, (i) => columns[0]![i]!);
  const elapsed = time.subarray(1).map((now, t) => now - time[t]!);
  const step = elapsed.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  if (
    elapsed.every((value) => value >= 28 * DAY && value <= 31 * DAY) &&
    elapsed.some((value) => value !== step)
  )
    throw new Error(`${file}: expected bars of one length, got months; take days or weeks`);
  const off = elapsed.findIndex((value) => value % step !== 0);
  if (off < 0) return step;
  throw new Error(
    `${file} line ${lines[order[off + 1]!]}: expected a multiple of the step ${step} ms since the bar before, got ${elapsed[off]}`,
  );
}
