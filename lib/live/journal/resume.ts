/** The resumption of a paper run: its account from the journal, its maker from warm-up bars. */
import type { BacktestOptions } from "../../trading/backtest/index.js";
import type { RiskLimitOptions } from "../risk/riskOptions.js";
import type { BarStep, DecisionMaker } from "../types.js";
import { type Journal, readBackwards } from "./journal.js";
import { type BeginRecord, type LiveRecord, type RunOptions, type StepRecord, stepOf } from "./records.js";
import { beginIn, openRun, type Run, replay } from "./replay.js";

export interface ResumeOptions {
  readonly maker: DecisionMaker;
  readonly account: BacktestOptions;
  readonly limits?: RiskLimitOptions;
  readonly journal: Journal;
  readonly now: () => number;
  readonly from?: number;
}

export interface Resumed {
  readonly run: Run;
  /** Opening time of the first candle wanted of each symbol, UTC milliseconds. */
  readonly since: Readonly<Record<string, number>>;
  /** Takes a step as history, unless it is past the last close or the run has lived through it itself. */
  learn(step: BarStep): void;
  /** Takes the steps through which the run has lived, after all that came before them; once. */
  relive(): void;
}

/**
 * The run of a journal, a new one where it is empty.
 *
 * Steps that the run lived through are learned as they were lived, also where a symbol was missing that the exchange has by now.
 * @throws Error when the journal tells of other symbols, bars or costs, or its replay does not agree with it.
 */
export async function resume(options: ResumeOptions): Promise<Resumed> {
  const { maker, account, limits, journal } = options;
  const settings = { broker: { ...account, symbols: maker.symbols }, ...(limits ? { limits } : {}) };
  const begin = beginOf(options);
  const entries = await journal.tail();
  if (entries[0]) checkSame(beginIn(entries[0]), begin);
  else await journal.append(begin);
  const run = replay(entries, settings) ?? openRun(settings, { begin });
  const memory = Math.max(maker.warmUp, maker.memory ?? Number.POSITIVE_INFINITY);
  const lived = await livedSteps(journal.folder, maker.stepMs, memory);
  const first = lived[0]?.time ?? run.lastClose + maker.stepMs;
  const missing = Math.min(maker.warmUp, Math.max(0, memory - lived.length));
  const since = missing > 0 ? first - (missing + 1) * maker.stepMs : run.lastClose;
  let waiting: readonly BarStep[] = lived;
  return {
    run,
    since: Object.fromEntries(maker.symbols.map((symbol) => [symbol, since])),
    learn(step) {
      if (step.time < first && step.time <= run.lastClose) maker.learn(step);
    },
    relive() {
      for (const step of waiting) maker.learn(step);
      waiting = [];
    },
  };
}

function beginOf({ maker, account, now, from }: ResumeOptions): BeginRecord {
  const { symbols, stepMs } = maker;
  const { costs, ...rest } = account;
  const { funding: _, ...others } = costs;
  const options: RunOptions = { ...rest, costs: others };
  return { kind: "begin", symbols, stepMs, from: from ?? Math.floor(now() / stepMs) * stepMs, options };
}

function checkSame(written: BeginRecord, wanted: BeginRecord): void {
  for (const name of ["symbols", "stepMs", "options"] as const) {
    const [then, now] = [sorted(written[name]), sorted(wanted[name])];
    if (then !== now)
      throw new Error(`journal: expected the ${name} with which the run began, ${then}, got ${now}`);
  }
}

/** JSON that does not depend on the order of the keys. */
function sorted(value: unknown): string {
  return JSON.stringify(value, (_, v) =>
    v && typeof v === "object" && !Array.isArray(v)
      ? Object.fromEntries(Object.entries(v).sort(([a], [b]) => (a < b ? -1 : 1)))
      : v,
  );
}

/** The last steps in the journal, `most` of them or all, oldest first. */
async function livedSteps(folder: string, stepMs: number, most: number): Promise<BarStep[]> {
  const files: BarStep[][] = [];
  let count = 0;
  for await (const entries of readBackwards(folder)) {
    if (count >= most) break;
    const here = entries.flatMap(({ record }) => {
      const found = record as LiveRecord;
      return found.kind === "step" ? [stepOf(found as StepRecord, stepMs)] : [];
    });
    files.unshift(here);
    count += here.length;
  }
  return files.flat().slice(Math.max(0, count - most));
}
