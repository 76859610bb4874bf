/** Records of the journal of a paper run. Every record survives JSON; times are UTC milliseconds, what is not known is null. */
import { BOOK_DEPTH, TAPE_AND_QUOTES } from "../../core/index.js";
import type { BacktestOptions } from "../../trading/backtest/index.js";
import type { BrokerState, Fill, FundingDue } from "../broker/paperBroker.js";
import type { RiskState } from "../risk/riskLimits.js";
import type { BarStep, LiveBar } from "../types.js";

/** How a run began. */
export interface BeginRecord {
  readonly kind: "begin";
  readonly symbols: readonly string[];
  readonly stepMs: number;
  /** What closed up to here is history. */
  readonly from: number;
  readonly options: RunOptions;
}

/** The options of the account; funding apart, which may get longer while a run lasts. */
export type RunOptions = Omit<BacktestOptions, "costs"> & {
  readonly costs: Omit<BacktestOptions["costs"], "funding">;
};

/** A close: the candles, what was wanted, what is ordered and why. Written before the order is placed. */
export interface StepRecord {
  readonly kind: "step";
  readonly time: number;
  /** The clock's reading. */
  readonly at: number;
  /** [A] open, high, low, close, volume; where there is flow, its columns after them, in the order of `TAPE_AND_QUOTES`, `BOOK_DEPTH`. */
  readonly bars: readonly (readonly (number | null)[] | null)[];
  /** [A] */
  readonly wanted: readonly (number | null)[];
  readonly targets: readonly (number | null)[];
  /** [A] latent + epistemic variance; absent in journals of earlier versions, which call it `epistemic`. */
  readonly modelUncertainty?: readonly (number | null)[];
  readonly epistemic?: readonly (number | null)[];
  readonly reasons: readonly string[];
  /** Of a liquidation. */
  readonly fills: readonly Fill[];
  /** At this close. */
  readonly equity: number;
}

/** An open: the prices, and what was filled. */
export interface OpenRecord {
  readonly kind: "open";
  readonly time: number;
  readonly at: number;
  /** [A] */
  readonly prices: readonly (number | null)[];
  readonly fills: readonly Fill[];
}

/** The kill switch, or that risk may be taken again after the loss of a day. */
export interface CommandRecord {
  readonly kind: "kill" | "reset";
  readonly at: number;
  readonly why: string;
}

/** What happened to the stream or to the session, or funding that was told. */
export interface StatusRecord {
  readonly kind: "status";
  readonly at: number;
  readonly what: string;
  readonly detail: string;
  /** How often it happened, where that is not once: what repeats is written together. */
  readonly times?: number;
  readonly funding?: FundingDue & { readonly symbol: string };
}

/** All that must be known to go on. */
export interface SnapshotRecord {
  readonly kind: "snapshot";
  readonly begin: BeginRecord;
  readonly broker: BrokerState;
  readonly limits: RiskState;
  readonly lastClose: number;
}

/** A record of a paper trading run. */
export type LiveRecord =
  | BeginRecord
  | StepRecord
  | OpenRecord
  | CommandRecord
  | StatusRecord
  | SnapshotRecord;

/** Numbers for JSON: null where one is not known. */
export function toJson(values: ArrayLike<number>): (number | null)[] {
  return Array.from(values, (value) => (Number.isNaN(value) ? null : value));
}

/** The numbers of `toJson`. */
export function fromJson(values: readonly (number | null)[]): Float64Array {
  return Float64Array.from(values, (value) => value ?? Number.NaN);
}

/** The candles of a step for JSON. */
export function barsToJson({ bars }: BarStep): ((number | null)[] | null)[] {
  return bars.map((bar) => {
    if (!bar) return null;
    const candle = [bar.open, bar.high, bar.low, bar.close, bar.volume];
    const flow = FLOW.map((name) => bar[name] ?? Number.NaN);
    return flow.every(Number.isNaN) ? candle : [...candle, ...toJson(flow)];
  });
}

const FLOW = [...TAPE_AND_QUOTES, ...BOOK_DEPTH];

/** The model uncertainty [A] of a step's record, by whichever name it was written. */
export function modelUncertaintyOf({ modelUncertainty, epistemic = [] }: StepRecord): Float64Array {
  return fromJson(modelUncertainty ?? epistemic);
}

/** The step of a record. */
export function stepOf({ time, bars }: StepRecord, stepMs: number): BarStep {
  return { time, bars: bars.map((bar) => (bar ? candleOf(bar, time - stepMs) : undefined)) };
}

function candleOf(bar: readonly (number | null)[], time: number): LiveBar {
  const [open, high, low, close, volume, ...flow] = fromJson(bar);
  const candle = { time, open: open!, high: high!, low: low!, close: close!, volume: volume! };
  if (flow.length === 0) return candle;
  return { ...candle, ...Object.fromEntries(FLOW.map((name, i) => [name, flow[i] ?? Number.NaN])) };
}
