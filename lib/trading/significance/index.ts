/**
 * Tests of whether a backtest could be luck: errors of Sharpe ratios, overfitting, placebos and tests of value at risk.
 * @module
 */
export { type AnnualSharpe, annualSharpe } from "./annualSharpe.js";
export { type AnnualSharpeDifference, annualSharpeDifference } from "./annualSharpeDifference.js";
export { automaticBlockLength } from "./blockLength.js";
export { type BootstrapInterval, type BootstrapOptions, stationaryBootstrapIndices } from "./bootstrap.js";
export { compareValueAtRisk, type ValueAtRiskRow } from "./compareValueAtRisk.js";
export { type DeflatedBest, deflatedBest } from "./deflatedBest.js";
export { meanDifference, statisticInterval, studentisedSharpeInterval } from "./intervals.js";
export { backtestOverfitting, effectiveTrials, type Overfitting } from "./overfitting.js";
export { type PairedDifference, pairedDifference } from "./pairedDifference.js";
export { compareSizing, type SizingComparison, shiftedSignal, shuffledUncertainty } from "./placebo.js";
export { type ResultRow, resultTable } from "./resultTable.js";
export { sharpeHacError, sharpeInfluence } from "./sharpeError.js";
export {
  bootstrapSharpeDifference,
  type CountedTrials,
  type DeflatedSharpe,
  deflatedSharpe,
  expectedMaxSharpe,
  type SharpeDifference,
  type SharpeMoments,
  sharpeMoments,
  type Trials,
} from "./sharpeInference.js";
export {
  type SizingPlacebo,
  type SizingPlaceboOptions,
  type SizingRow,
  sizingPlacebo,
} from "./sizingPlacebo.js";
export {
  backtestValueAtRisk,
  type ClusterTest,
  christoffersenTest,
  conditionalCoverageTest,
  type Exceedances,
  kupiecTest,
  type LikelihoodRatio,
  type VarBacktest,
} from "./varTests.js";
