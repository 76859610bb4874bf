/** Bars made of what a user has at hand: arrays, records or a data frame. */
import type { Bars } from "../core/index.js";
import { clean } from "./clean.js";
import { EARLIEST, unitOf } from "./files/timeUnit.js";

/** Columns of one length, or a data frame of danfo with these columns. Times are numbers, dates or ISO text. */
export interface BarColumns {
  readonly time: ArrayLike<number | string | Date>;
  readonly open: ArrayLike<number>;
  readonly high: ArrayLike<number>;
  readonly low: ArrayLike<number>;
  readonly close: ArrayLike<number>;
  readonly volume: ArrayLike<number>;
}

/** One bar. */
export type BarRecord = { readonly [Name in keyof BarColumns]: BarColumns[Name][number] };

interface FrameLike {
  readonly columns: readonly string[];
  readonly values: unknown;
}

const NAMES = ["time", "open", "high", "low", "close", "volume"] as const;
/** Times beyond the year 2100 are in no unit that this reads. */
const LATEST = Date.UTC(2100, 0, 1);

/**
 * Bars of arrays, of one record a bar, or of a data frame: sorted, each once, on their grid, holes as NaN, as `clean` makes them.
 *
 * `time` is the opening of a bar: seconds, milliseconds or microseconds since 1970, told by their size, or dates, or ISO text, which is
 * taken as UTC where it names no zone. The length of a bar is the smallest distance between two.
 * @throws RangeError naming symbol, column and row when a column is missing, lengths differ, a time cannot be read or times differ in unit,
 *   and as `clean`.
 */
export function barsFrom(symbol: string, of: BarColumns | readonly BarRecord[] | FrameLike): Bars {
  const columns = columnsOf(symbol, of);
  const count = columns.time.length;
  if (count < 2) throw new RangeError(`${symbol}: expected at least two bars, got ${count}`);
  for (const name of NAMES)
    if (columns[name].length !== count)
      throw new RangeError(
        `${symbol}: expected ${count} values of ${name} as of time, got ${columns[name].length}`,
      );
  const openTime = timesOf(symbol, columns.time);
  const numbers = (name: Exclude<keyof BarColumns, "time">) => Float64Array.from(columns[name], Number);
  const raw: Bars = {
    ...{ symbol, stepMs: stepOf(openTime), openTime, open: numbers("open"), high: numbers("high") },
    ...{ low: numbers("low"), close: numbers("close"), volume: numbers("volume") },
  };
  return clean(raw).bars;
}

function columnsOf(symbol: string, of: BarColumns | readonly BarRecord[] | FrameLike): BarColumns {
  if (Array.isArray(of)) return columnsOfRecords(of as readonly BarRecord[]);
  if ("columns" in of) return columnsOfFrame(symbol, of);
  const own = of as BarColumns;
  for (const name of NAMES) if (own[name] === undefined) throw missing(symbol, name, Object.keys(own));
  return own;
}

function columnsOfRecords(records: readonly BarRecord[]): BarColumns {
  const column = <Name extends keyof BarColumns>(name: Name) => records.map((record) => record[name]);
  return {
    ...{ time: column("time"), open: column("open"), high: column("high") },
    ...{ low: column("low"), close: column("close"), volume: column("volume") },
  };
}

function columnsOfFrame(symbol: string, { columns, values }: FrameLike): BarColumns {
  const rows = values as readonly (readonly unknown[])[];
  const column = (name: string) => {
    const c = columns.indexOf(name);
    if (c < 0) throw missing(symbol, name, columns);
    return rows.map((row) => row[c]);
  };
  return Object.fromEntries(NAMES.map((name) => [name, column(name)])) as unknown as BarColumns;
}

function missing(symbol: string, name: string, there: readonly string[]): RangeError {
  return new RangeError(
    `${symbol}: expected columns ${NAMES.join(", ")}; ${name} is not among ${there.join(", ")}`,
  );
}

/** UTC milliseconds. */
function timesOf(symbol: string, times: BarColumns["time"]): Float64Array {
  const first = times[0]!;
  const unit = typeof first === "number" ? unitOf(first, LATEST) : undefined;
  return Float64Array.from(times, (time, t) => {
    const ms = typeof time === "number" ? time / (unit?.perMs ?? Number.NaN) : dateOf(time);
    if (ms >= EARLIEST && ms <= LATEST) return ms;
    throw new RangeError(
      `${symbol}, row ${t}: expected a time from 2009 to 2100 in the unit of the first row (${unit?.name ?? "dates"}), got ${time}`,
    );
  });
}

/** Text without a zone is UTC: what a machine's own zone is must not move a bar. */
function dateOf(time: string | Date): number {
  if (time instanceof Date) return time.getTime();
  const zoned = /(z|[+-]\d\d:?\d\d)$/i.test(time) || /^\d{4}-\d\d-\d\d$/.test(time);
  return Date.parse(zoned ? time : `${time.replace(" ", "T")}Z`);
}

function stepOf(openTime: Float64Array): number {
  const sorted = openTime.slice().sort();
  let least = Number.POSITIVE_INFINITY;
  for (let t = 1; t < sorted.length; t++)
    if (sorted[t]! > sorted[t - 1]!) least = Math.min(least, sorted[t]! - sorted[t - 1]!);
  return least;
}
