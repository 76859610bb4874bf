/** A paper run as bars and weights, read from its journal, so that `backtest` can be run on them and must give the same. */
import type { Bars, Panel } from "../../core/index.js";
import type { BacktestOptions, Funding } from "../../trading/backtest/index.js";
import type { Fill, FundingDue } from "../broker/paperBroker.js";
import { readJournal } from "./journal.js";
import type { BeginRecord, LiveRecord, OpenRecord, StepRecord } from "./records.js";

/** A paper run as the arguments of a backtest, with what the account made of them. */
export interface PaperRun {
  /** Of the account, with the funding that was told while it ran; NaN weights keep what is held. */
  readonly options: BacktestOptions;
  /** [A] as they were lived: NaN where a candle or an open was missing. */
  readonly bars: readonly Bars[];
  /** [T,A] what was ordered at each close; NaN where nothing was to change. */
  readonly weights: Panel;
  /** [T] at each close. */
  readonly equity: Float64Array;
  readonly fills: readonly Fill[];
}

interface Row {
  readonly open: OpenRecord;
  readonly step: StepRecord;
  readonly targets: (number | null)[];
}

/** What was read so far. */
interface Reading {
  readonly rows: Row[];
  /** By symbol. */
  readonly funding: Map<string, FundingDue[]>;
  begin: BeginRecord | undefined;
  open: OpenRecord | undefined;
}

/**
 * The paper run of a journal, from the first close that was decided on to the last; what a kill switch replaced reads as the flat that
 * replaced it.
 *
 * `backtest(run.weights, run.bars, run.options)`, with the funding that the account's costs had from the start, gives the run's
 * equity to the bit.
 * @throws Error when the journal is empty, or naming file and line where it is damaged.
 */
export async function readPaperRun(folder: string): Promise<PaperRun> {
  const reading: Reading = { rows: [], funding: new Map(), begin: undefined, open: undefined };
  for await (const { record } of readJournal(folder)) take(reading, record as LiveRecord);
  const { begin, rows, funding } = reading;
  if (!begin) throw new Error(`${folder}: expected the journal of a paper run, got an empty one`);
  const costs = { ...begin.options.costs, funding: Object.fromEntries(Array.from(funding, columnsOf)) };
  return {
    ...columnsOfRun(begin, rows),
    options: { ...begin.options, costs, nanWeights: "keep" },
    fills: rows.flatMap(({ open, step }) => [...open.fills, ...step.fills]),
  };
}

function take(reading: Reading, record: LiveRecord): void {
  const { rows, open } = reading;
  if (record.kind === "begin") reading.begin = record;
  if (record.kind === "open") reading.open = record;
  if (record.kind === "step") rows.push({ open: open!, step: record, targets: [...record.targets] });
  if (record.kind === "kill") flatten(reading);
  if (record.kind === "status" && record.funding) fund(reading, record.funding);
}

/** Makes flat what was ordered and not yet executed when the switch was thrown. */
function flatten({ rows, open, begin }: Reading): void {
  const opens = rows.length + (open !== undefined && open !== rows.at(-1)?.open ? 1 : 0);
  const executed = Math.max(0, opens - 1 - begin!.options.costs.latencyBars);
  for (const { targets } of rows.slice(executed)) targets.fill(0);
}

/** Adds funding that was told, due as `PaperBroker.fund` took it. */
function fund({ rows, open, funding }: Reading, told: FundingDue & { readonly symbol: string }): void {
  const last = Math.max(open?.time ?? -Infinity, rows.at(-1)?.step.time ?? -Infinity);
  const due = { time: Math.max(told.time, last + 1), rate: told.rate };
  funding.set(told.symbol, [...(funding.get(told.symbol) ?? []), due]);
}

function columnsOf([symbol, due]: [string, readonly FundingDue[]]): [string, Funding] {
  return [
    symbol,
    { time: Float64Array.from(due, (d) => d.time), rate: Float64Array.from(due, (d) => d.rate) },
  ];
}

function columnsOfRun(
  { symbols, stepMs }: BeginRecord,
  rows: readonly Row[],
): Omit<PaperRun, "fills" | "options"> {
  const openTime = Float64Array.from(rows, ({ step }) => step.time - stepMs);
  const column = (numberIn: (row: Row) => number | null | undefined): Float64Array =>
    Float64Array.from(rows, (row) => numberIn(row) ?? Number.NaN);
  const bars = symbols.map((symbol, a) => ({
    ...{ symbol, stepMs, openTime },
    open: column(({ open }) => open.prices[a]),
    high: column(({ step }) => step.bars[a]?.[1]),
    low: column(({ step }) => step.bars[a]?.[2]),
    close: column(({ step }) => step.bars[a]?.[3]),
    volume: column(({ step }) => step.bars[a]?.[4]),
  }));
  const values = Float64Array.from(
    rows.flatMap(({ targets }) => targets.map((target) => target ?? Number.NaN)),
  );
  const weights = { time: Float64Array.from(rows, ({ step }) => step.time), names: symbols, values };
  return { bars, weights, equity: column(({ step }) => step.equity) };
}
