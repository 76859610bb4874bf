/**
 * A paper trading run: closed candle to forecast to order, journalled, limited, resumable to the bit.
 *
 * Main types: `LivePipeline`, `Session`, `Journal`.
 * @module
 */

export * from "./broker/index.js";
export { compareRun, type RunComparison, type StudyRun, studyRun } from "./compareRun.js";
export { type DecisionRow, decisionTable } from "./decisionTable.js";
export * from "./journal/index.js";
export {
  BNN_BUDGET,
  type BudgetPart,
  decisionReadings,
  type LatencyRow,
  latencyRows,
  stageTimes,
  VAE_BUDGET,
} from "./latency.js";
export * from "./pipeline/index.js";
export { type DatedPortfolio, type PortfoliosOptions, portfoliosAlong } from "./portfoliosAlong.js";
export {
  type Rehearsal,
  type RehearsalExchange,
  type RehearsalOptions,
  rehearse,
} from "./rehearsal.js";
export * from "./risk/index.js";
export { type RiskOptions, type RiskRow, riskAlong } from "./riskAlong.js";
export { type ScreeningRow, screening } from "./screening.js";
export { openSession, type Session } from "./session.js";
export type { SessionOptions } from "./sessionOptions.js";
export {
  grossPath,
  type ReasonRow,
  reasonTable,
  type SessionCounts,
  sessionCounts,
  type TargetPath,
  targetPaths,
} from "./sessionTables.js";
export { type StressOptions, type StressOutcome, type StressResult, stressRules } from "./stress.js";
export {
  type ShapeResult,
  type StressComparison,
  type StressCurve,
  type StressDifference,
  type StressStudyOptions,
  stressDifferences,
  stressExposures,
  stressRises,
  stressStudy,
  stressVersus,
} from "./stressStudy.js";
export {
  type ClockedRow,
  clockedRows,
  type TimingOptions,
  timeDecisions,
  withinBudget,
} from "./timeDecisions.js";
export {
  type BarStep,
  type Decision,
  type DecisionMaker,
  type LiveBar,
  type Readings,
  STAGES,
  type Stage,
} from "./types.js";
