/** Latency: what the readings of a run's stages add up to, against a budget. */
import { type Bars, checkCount, median, quantile, sum } from "../core/index.js";
import { decideAll } from "./pipeline/history.js";
import type { PipelineOptions } from "./pipeline/pipeline.js";
import type { Readings, Stage } from "./types.js";

/** Some stages and the milliseconds they may take together. */
export interface BudgetPart {
  readonly name: string;
  readonly stages: readonly Stage[];
  readonly budgetMs: number;
}

/** One row of a table of latencies, in milliseconds. */
export type LatencyRow = {
  readonly stage: string;
  readonly budget: number;
  readonly median: number;
  /** The 99 % quantile. */
  readonly p99: number;
};

/** Milliseconds that each decision spent in the stages, [N]; all stages that were read unless some are named. */
export function stageTimes(readings: readonly Readings[], stages?: readonly Stage[]): Float64Array {
  return Float64Array.from(readings, (own) =>
    sum(stages ? stages.map((stage) => own[stage] ?? 0) : Object.values(own)),
  );
}

/**
 * The parts of a budget with the median and the 99 % quantile of what was spent, and a last row for all stages together, whose budget is
 * the sum.
 * @throws RangeError when there is no reading.
 */
export function latencyRows(readings: readonly Readings[], budget: readonly BudgetPart[]): LatencyRow[] {
  checkCount("readings", readings.length);
  const row = (stage: string, times: Float64Array, budgetMs: number) => ({
    ...{ stage, budget: budgetMs },
    ...{ median: median(times), p99: quantile(times, 0.99) },
  });
  return [
    ...budget.map(({ name, stages, budgetMs }) => row(name, stageTimes(readings, stages), budgetMs)),
    row("in all", stageTimes(readings), sum(budget.map(({ budgetMs }) => budgetMs))),
  ];
}

/** The readings of every decision for which draws were made, over bars, with a decision at each close. The clock is that of the options. */
export function decisionReadings(options: PipelineOptions, bars: readonly Bars[]): Readings[] {
  return decideAll({ ...options, every: 1 }, bars)
    .map(({ readings }) => readings)
    .filter(({ draws }) => draws !== undefined);
}

/** Budget of the source chapter *Variational inference trading* from a candle to a signal of its VAE: 28 ms, which it rounds to 30. */
export const VAE_BUDGET: readonly BudgetPart[] = [
  { name: "data collection", stages: ["collect"], budgetMs: 10 },
  { name: "features", stages: ["features", "window"], budgetMs: 5 },
  { name: "forward pass", stages: ["screen"], budgetMs: 2 },
  { name: "100 samples", stages: ["draws"], budgetMs: 10 },
  { name: "signal", stages: ["aggregate", "signal", "size", "order"], budgetMs: 1 },
];

/** Budget of the source chapter *Bayesian neural networks* from a candle to a signal, with the lower end of its 50 to 100 ms for the passes. */
export const BNN_BUDGET: readonly BudgetPart[] = [
  { name: "data collection", stages: ["collect"], budgetMs: 10 },
  { name: "features", stages: ["features", "window"], budgetMs: 5 },
  { name: "100 forward passes", stages: ["screen", "draws"], budgetMs: 50 },
  { name: "uncertainty", stages: ["aggregate"], budgetMs: 5 },
  { name: "signal", stages: ["signal", "size", "order"], budgetMs: 2 },
];
