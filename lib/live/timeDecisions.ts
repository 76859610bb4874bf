/** Decisions timed by several clocks, and what their times say of a budget. */
import { type Bars, checkCount, type Key } from "../core/index.js";
import type { StudyFit } from "../models/study/index.js";
import type { SizingRules } from "../trading/index.js";
import { type BudgetPart, decisionReadings, latencyRows, stageTimes } from "./latency.js";
import { withPipeline } from "./pipeline/withPipeline.js";
import type { Readings } from "./types.js";

/** Settings of `timeDecisions`: the clocks, and what the pipeline needs. */
export interface TimingOptions<Clock extends string> {
  /** By name: each reads milliseconds, such as of the wall or of the processor. */
  readonly clocks: Readonly<Record<Clock, () => number>>;
  readonly rules: SizingRules;
  readonly draws: number;
  readonly key: Key;
}

/**
 * Readings of each decision that drew, one run over the bars for each clock, all with the same draws.
 *
 * The runs follow one another: a decision is timed by two clocks at different moments.
 * @param bars  of the symbols of the fit; a decision is taken at each close
 * @throws RangeError as `withPipeline`.
 */
export function timeDecisions<Clock extends string>(
  fit: StudyFit,
  bars: readonly Bars[],
  { clocks, ...settings }: TimingOptions<Clock>,
): Record<Clock, Readings[]> {
  const { stepMs } = bars[0]!;
  const readingsBy = (now: () => number) =>
    withPipeline(fit, { ...settings, stepMs, now }, (pipeline) => decisionReadings(pipeline, bars));
  const names = Object.keys(clocks) as Clock[];
  return Object.fromEntries(names.map((name) => [name, readingsBy(clocks[name])])) as Record<
    Clock,
    Readings[]
  >;
}

/**
 * Percent of the decisions that took no more than so many milliseconds in all stages together.
 * @throws RangeError when there is no reading.
 */
export function withinBudget(readings: readonly Readings[], budgetMs: number): number {
  checkCount("readings", readings.length);
  return (100 * stageTimes(readings).filter((ms) => ms <= budgetMs).length) / readings.length;
}

/** A part of a budget with medians by two clocks, and the 99 % quantile of the elapsed time, milliseconds. */
export type ClockedRow = {
  readonly stage: string;
  readonly budget: number;
  readonly processor: number;
  readonly elapsed: number;
  readonly "99 %": number;
};

/**
 * Rows of a budget beside the medians of what was spent by two clocks; the last row is all stages together.
 * @throws RangeError when there is no reading.
 */
export function clockedRows(
  { processor, elapsed }: Readonly<Record<"processor" | "elapsed", readonly Readings[]>>,
  budget: readonly BudgetPart[],
): ClockedRow[] {
  const wall = latencyRows(elapsed, budget);
  return latencyRows(processor, budget).map(({ stage, budget: ms, median }, i) => ({
    ...{ stage, budget: ms, processor: median },
    ...{ elapsed: wall[i]!.median, "99 %": wall[i]!.p99 },
  }));
}
