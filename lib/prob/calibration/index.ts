/**
 * Calibration: reliability, coverage, recalibration and conformal prediction.
 * @module
 */
export {
  brierScore,
  type CalibrationBin,
  coverage,
  crpsNormal,
  nllNormal,
  reliabilityTable,
} from "./calibration.js";

export {
  type CalibrationBand,
  type CalibrationError,
  type ClassForecasts,
  type ClassScores,
  calibrationBand,
  calibrationError,
  classScores,
} from "./classCalibration.js";
export {
  compareProbabilities,
  type ProbabilityScores,
  recalibrated,
} from "./compareProbabilities.js";
export {
  type AdaptiveConformal,
  type AdaptiveOptions,
  absoluteScores,
  adaptiveConformal,
  type ConformalQuantile,
  type CoverageDistribution,
  conformalQuantile,
  coverageDistribution,
} from "./conformal.js";
export { coverageTable, type HeldRow } from "./coverageTable.js";
export { centralCoverage, meansBelow, probabilityBelow } from "./drawnForecasts.js";
export { calibrationByGroup, type GroupCalibration, groupEdges, groupOf } from "./groupCalibration.js";
export { type LevelCalibration, quantileCalibration } from "./levelCalibration.js";
export { type ProbabilityRow, probabilityRows } from "./probabilityRows.js";
export {
  applyIsotonic,
  applyTemperature,
  fitQuantileMap,
  fitSpread,
  fitTemperature,
  type IsotonicFit,
  inverseIsotonic,
  isotonicRegression,
} from "./recalibration.js";
