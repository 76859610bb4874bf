/**
 * Scores of forecasts: proper scores, ranking and distances between samples.
 * @module
 */
export { energyDistance, tailDependence } from "./energyDistance.js";
export { errorReductions, type ReductionRow } from "./errorReduction.js";
export { type NormalForecasts, type NormalScores, normalCoverage, normalScores } from "./normalForecasts.js";
export {
  auroc,
  averagePrecision,
  averageRanks,
  type RocCurve,
  rankCorrelation,
  rocCurve,
  type Separation,
  separation,
} from "./ranking.js";
export {
  type AreaComparison,
  type AreaInterval,
  aurocBlockInterval,
  aurocInterval,
  type BlockOptions,
  compareAuroc,
  separationInterval,
} from "./rankingIntervals.js";
