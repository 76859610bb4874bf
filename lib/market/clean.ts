/** Raw candles made sound: sorted, each once, on their grid, with every hole a hole. */

import type { Bars, Flow } from "../core/index.js";
import { checkCount, checkLength, checkPositive, median } from "../core/index.js";
import { type Finding, findings, isClockChange } from "./files/findings.js";
import { isoOf } from "./files/timeUnit.js";

/** Candles as they came: in any order, perhaps twice, perhaps wrong. */
export type RawBars = Bars;

/** Options of `clean`. */
export interface CleanOptions {
  /**
   * Trailing median moves by more than which a print leaves and comes back to be reported as an outlier (default 20).
   * Bars that did not move are passed over in that median: where most stand still, one tick is no outlier.
   */
  readonly outlier?: number;
  /**
   * True takes outliers out (default false). It needs the bar after them, so a cleaned history knows a bar more than was known at the time.
   */
  readonly removeOutliers?: boolean;
}

/**
 * Findings of one kind, a row of the report; `example` is the first. A finding about the series as a whole has a row only where there is one.
 */
export type CleaningRow = {
  symbol: string;
  found:
    | "out of order"
    | "repeated"
    | "contradicted"
    | "off the grid"
    | "bad row"
    | "missing"
    | "outlier"
    | Finding["found"];
  bars: number;
  /** ISO UTC and why; empty where there is none. */
  example: string;
};

/** Cleaned candles with a report. */
export interface Cleaned {
  /** On the complete grid from the first to the last sound bar: prices, volume and flow of what is missing are NaN. */
  readonly bars: Bars;
  readonly report: readonly CleaningRow[];
  /** [T] indices of outliers, whether removed or not. */
  readonly outliers: Uint32Array;
}

const COLUMNS = ["open", "high", "low", "close", "volume"] as const;
const MEMORY = 100;
const MOST_BARS = 10_000_000; // 19 years of minutes; half a gigabyte

/**
 * Sorts, drops repetitions, rejects bad and off-grid rows, and puts the rest on the complete grid. Nothing is filled or invented.
 *
 * Of two different rows of one time both are rejected: neither can be trusted. A bad row has a price that is not positive and finite,
 * a high below or a low above the others, or a volume below 0. Flow goes with its bar; whether it is sound is not looked at.
 * @throws RangeError when columns differ in length, no row is sound, or a stray time would make a grid of over ten million bars.
 */
export function clean(raw: RawBars, options: CleanOptions = {}): Cleaned {
  const { outlier = 20, removeOutliers = false } = options;
  checkPositive("outlier", outlier);
  checkPositive("stepMs", raw.stepMs);
  checkCount("bars", raw.openTime.length);
  for (const [name, column] of columnsOf(raw))
    checkLength(`${raw.symbol}: ${name}`, column, raw.openTime.length);
  const log = journal(raw.symbol);
  const rows = soundRows(raw, log);
  if (rows.length === 0)
    throw new RangeError(`${raw.symbol}: expected a sound row, got none of ${raw.openTime.length}`);
  const bars = onGrid(raw, rows, log);
  const outliers = findOutliers(bars.close, outlier);
  for (const t of outliers) {
    log.add("outlier", bars.openTime[t]!, `close ${bars.close[t]}`);
    if (removeOutliers) for (const [, column] of columnsOf(bars)) column[t] = Number.NaN;
  }
  const odd = findings(bars).map((finding): CleaningRow => ({ symbol: raw.symbol, ...finding }));
  return { bars, report: [...log.rows(), ...odd], outliers };
}

/** Every column but the time, by name. */
function columnsOf(bars: Bars): [string, Float64Array][] {
  return [
    ...COLUMNS.map((name): [string, Float64Array] => [name, bars[name]]),
    ...Object.entries(bars.flow ?? {}),
  ];
}

type Journal = ReturnType<typeof journal>;

function journal(symbol: string) {
  const kinds = [
    "out of order",
    "repeated",
    "contradicted",
    "off the grid",
    "bad row",
    "missing",
    "outlier",
  ] as const;
  const counts = new Map<string, { bars: number; example: string }>(
    kinds.map((kind) => [kind, { bars: 0, example: "" }]),
  );
  return {
    add(kind: CleaningRow["found"], time: number, why: string): void {
      const entry = counts.get(kind)!;
      if (entry.bars++ === 0) entry.example = `${isoOf(time)} ${why}`.trim();
    },
    rows: (): CleaningRow[] => kinds.map((found) => ({ symbol, found, ...counts.get(found)! })),
  };
}

/** Indices of the rows to keep, ascending in time. */
function soundRows(raw: RawBars, log: Journal): number[] {
  const time = raw.openTime;
  const order = timedRows(time, log).sort((i, j) => time[i]! - time[j]!);
  const columns = columnsOf(raw).map(([, column]) => column);
  const grid = gridOffset(
    order.map((i) => time[i]!),
    raw.stepMs,
  );
  const kept: number[] = [];
  for (let k = 0; k < order.length; ) {
    let end = k + 1;
    while (end < order.length && time[order[end]!] === time[order[k]!]) end++;
    const [first, ...others] = order.slice(k, end) as [number, ...number[]];
    k = end;
    const at = time[first]!;
    if ((at - grid) % raw.stepMs !== 0) {
      log.add("off the grid", at, "");
      continue;
    }
    const same = (i: number) => columns.every((column) => Object.is(column[i], column[first]));
    for (const i of others)
      log.add(same(i) ? "repeated" : "contradicted", at, `close ${raw.close[first]} and ${raw.close[i]}`);
    if (!others.every(same)) continue;
    const fault = rowFault(raw, first);
    if (fault) log.add("bad row", at, fault);
    else kept.push(first);
  }
  return kept;
}

/** Rows whose time is a time: sorting by NaN would leave the others in any order. */
function timedRows(time: Float64Array, log: Journal): number[] {
  const timed: number[] = [];
  for (let i = 0; i < time.length; i++) {
    const before = timed.at(-1);
    if (!Number.isSafeInteger(time[i])) log.add("off the grid", time[i]!, "");
    else if (timed.push(i) > 1 && time[i]! < time[before!]!) log.add("out of order", time[i]!, "");
  }
  return timed;
}

/** The offset of the grid that most times lie on. */
function gridOffset(time: readonly number[], stepMs: number): number {
  const counts = new Map<number, number>();
  for (const t of time) {
    const offset = ((t % stepMs) + stepMs) % stepMs;
    counts.set(offset, (counts.get(offset) ?? 0) + 1);
  }
  return [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0])[0];
}

function rowFault(raw: RawBars, i: number): string | undefined {
  for (const name of ["open", "high", "low", "close"] as const)
    if (!(raw[name][i]! > 0 && Number.isFinite(raw[name][i]))) return `${name} ${raw[name][i]}`;
  const [open, high, low, close] = [raw.open[i]!, raw.high[i]!, raw.low[i]!, raw.close[i]!];
  if (high < Math.max(open, close) || low > Math.min(open, close))
    return `open ${open}, high ${high}, low ${low}, close ${close}`;
  const volume = raw.volume[i]!;
  return volume >= 0 && Number.isFinite(volume) ? undefined : `volume ${volume}`;
}

function onGrid(raw: RawBars, rows: readonly number[], log: Journal): Bars {
  const [first, last] = [raw.openTime[rows[0]!]!, raw.openTime[rows.at(-1)!]!];
  const count = (last - first) / raw.stepMs + 1;
  if (count > MOST_BARS)
    throw new RangeError(
      `${raw.symbol}: expected at most ${MOST_BARS} bars, got times from ${isoOf(first)} to ${isoOf(last)}`,
    );
  const at = rows.map((i) => (raw.openTime[i]! - first) / raw.stepMs);
  const place = (column: Float64Array): Float64Array => {
    const out = new Float64Array(count).fill(Number.NaN);
    rows.forEach((i, k) => {
      out[at[k]!] = column[i]!;
    });
    return out;
  };
  const bars: Bars = {
    ...{ symbol: raw.symbol, stepMs: raw.stepMs },
    openTime: Float64Array.from({ length: count }, (_, t) => first + t * raw.stepMs),
    ...{ open: place(raw.open), high: place(raw.high), low: place(raw.low) },
    ...{ close: place(raw.close), volume: place(raw.volume) },
  };
  if (raw.flow) {
    const placed = Object.entries(raw.flow).map(([name, column]) => [name, place(column)]);
    bars.flow = Object.fromEntries(placed) as unknown as Flow;
  }
  const why = isClockChange(bars) ? "an hour: perhaps a change of clocks, times must be UTC" : "";
  bars.close.forEach((close, t) => {
    if (Number.isNaN(close)) log.add("missing", bars.openTime[t]!, why);
  });
  return bars;
}

/** Bars whose close leaves and comes back by more than `limit` trailing median moves. */
function findOutliers(close: Float64Array, limit: number): Uint32Array {
  const found: number[] = [];
  const sizes: number[] = [];
  for (let t = 1; t < close.length; t++) {
    const move = Math.log(close[t]! / close[t - 1]!);
    const usual = sizes.length >= 20 ? median(sizes) : Number.NaN;
    const back = t + 1 < close.length ? Math.log(close[t + 1]! / close[t]!) : Number.NaN;
    const leaves = Math.abs(move) > limit * usual && Math.abs(back) > limit * usual && move * back < 0;
    if (leaves && Math.abs(move + back) < 0.5 * Math.abs(move)) found.push(t);
    if (!Number.isFinite(move) || move === 0) continue;
    sizes.push(Math.abs(move));
    if (sizes.length > MEMORY) sizes.shift();
  }
  return Uint32Array.from(found);
}
