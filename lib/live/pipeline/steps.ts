/** Puts the events of many symbols in one order: what closed together, then what opened together. */
import type { BarStep, LiveBar } from "../types.js";

/** A step of closed candles, or the opening prices of the bar after it. Times are UTC milliseconds. */
export type Moment =
  | { readonly kind: "close"; readonly step: BarStep }
  | { readonly kind: "open"; readonly time: number; readonly prices: Float64Array };

export interface StepOptions {
  readonly symbols: readonly string[];
  readonly stepMs: number;
  /** How long a step or an open waits for the symbols that are missing, from its first event on. */
  readonly waitMs: number;
  /** The same where the first event came by backfill, symbol after symbol. */
  readonly backfillWaitMs: number;
  /** Close that was last dealt with: opens before it are passed over. */
  readonly after: number;
  /** Open that was last dealt with; none where the one at `after` is still to come. */
  readonly opened?: number;
}

/** What came of one symbol. */
export interface Sighting {
  readonly asset: number;
  readonly candle: LiveBar;
  readonly closed: boolean;
  readonly backfilled: boolean;
}

export interface Steps {
  /** Takes a candle that came at `now`, milliseconds from any origin that never go back; false where its step is over and it comes too late. */
  see(sighting: Sighting, now: number): boolean;
  /** What is complete at `now`, in order: each close once, and before it the open of its bar. */
  ready(now: number): Moment[];
}

interface Waiting<Value> {
  readonly values: (Value | undefined)[];
  readonly until: number;
}

/** What waits, by time; the times ascend. */
interface Queue<Value> {
  readonly times: number[];
  readonly byTime: Map<number, Waiting<Value>>;
}

/**
 * Closes and opens in order of time, the close at a time before the open at it.
 *
 * A step is complete when each symbol has its candle or a later closed one, or when it waited long enough; an open likewise, and only
 * after the close at its time. Where no symbol has a candle there is no step. It holds what is incomplete and nothing else.
 */
export function openSteps(options: StepOptions): Steps {
  const desk: Desk = {
    options,
    closes: { times: [], byTime: new Map() },
    opens: { times: [], byTime: new Map() },
    frontier: options.symbols.map(() => Number.NEGATIVE_INFINITY),
    lastClose: Number.NEGATIVE_INFINITY,
    lastOpen: options.opened ?? Number.NEGATIVE_INFINITY,
  };
  return {
    see: (sighting, now) => see(desk, sighting, now),
    ready(now) {
      const moments: Moment[] = [];
      for (let next = take(desk, now); next; next = take(desk, now)) moments.push(next);
      return moments;
    },
  };
}

interface Desk {
  readonly options: StepOptions;
  /** By closing time. */
  readonly closes: Queue<LiveBar>;
  /** By opening time. */
  readonly opens: Queue<number>;
  /** [A] closing time of the last closed candle. */
  readonly frontier: number[];
  lastClose: number;
  lastOpen: number;
}

function see(desk: Desk, { asset, candle, closed, backfilled }: Sighting, now: number): boolean {
  const { options, frontier } = desk;
  const until = now + (backfilled ? options.backfillWaitMs : options.waitMs);
  const time = candle.time + options.stepMs;
  if (time > options.after && candle.time > desk.lastOpen)
    waiting(desk.opens, { time: candle.time, until }, options).values[asset] ??= candle.open;
  if (!closed) return true;
  frontier[asset] = Math.max(frontier[asset]!, time);
  if (time <= desk.lastClose) return false;
  waiting(desk.closes, { time, until }, options).values[asset] = candle;
  return true;
}

/** What waits for a time, which is made where it is not there: mostly at the end. */
function waiting<Value>(
  { times, byTime }: Queue<Value>,
  { time, until }: { readonly time: number; readonly until: number },
  { symbols }: StepOptions,
): Waiting<Value> {
  const found = byTime.get(time);
  if (found) return found;
  let at = times.length;
  while (at > 0 && times[at - 1]! > time) at--;
  times.splice(at, 0, time);
  const made: Waiting<Value> = { values: symbols.map(() => undefined), until };
  byTime.set(time, made);
  return made;
}

/** The earliest moment if it is complete. */
function take(desk: Desk, now: number): Moment | undefined {
  const open = desk.opens.times[0] ?? Number.POSITIVE_INFINITY;
  const close = desk.closes.times[0] ?? Number.POSITIVE_INFINITY;
  if (open < close)
    return mayOpen(desk, open, now) || mayClose(desk, close, now) ? takeOpen(desk) : undefined;
  return mayClose(desk, close, now) ? takeClose(desk) : undefined;
}

function takeClose(desk: Desk): Moment {
  const { time, values } = shift(desk.closes);
  desk.lastClose = time;
  return { kind: "close", step: { time, bars: values } };
}

function takeOpen(desk: Desk): Moment {
  const { time, values } = shift(desk.opens);
  desk.lastOpen = time;
  return { kind: "open", time, prices: Float64Array.from(values, (price) => price ?? Number.NaN) };
}

function shift<Value>({ times, byTime }: Queue<Value>): { time: number; values: (Value | undefined)[] } {
  const time = times.shift()!;
  const { values } = byTime.get(time)!;
  byTime.delete(time);
  return { time, values };
}

function mayClose({ closes, frontier }: Desk, time: number, now: number): boolean {
  const found = closes.byTime.get(time);
  return (
    found !== undefined && (now >= found.until || found.values.every((bar, a) => bar || frontier[a]! > time))
  );
}

/** Whether all that will come at an open is there, and all that closed at its time is dealt with. */
function mayOpen({ opens, frontier, options, lastClose }: Desk, time: number, now: number): boolean {
  const { values, until } = opens.byTime.get(time)!;
  const settled = Math.max(lastClose, options.after) >= time || frontier.every((last) => last > time);
  return now >= until || (settled && values.every((price, a) => price !== undefined || frontier[a]! > time));
}
