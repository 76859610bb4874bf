/**
 * Factor models: principal components, factor analysis, a linear autoencoder, and what a portfolio's returns are made of.
 * @module
 */

export { type FactorModel, type FactorModelOptions, fitFactorModel } from "./factorModel.js";
export {
  type FactorAnalysis,
  factorAnalysis,
  type LinearFactors,
  linearFactorLogLikelihood,
  mostFactors,
  simulateLinearFactors,
  studentFactorLogLikelihood,
} from "./linear/factorAnalysis.js";
export { trainLinearAutoencoder } from "./linear/linearAutoencoder.js";
export { alignFactors, linearVae, meanJacobian } from "./linear/orderedFactors.js";
export {
  type PrincipalComponents,
  type ProbabilisticPca,
  principalComponents,
  principalScores,
  probabilisticPca,
  type WaterFilling,
  waterFilling,
} from "./linear/pca.js";
export { type LinearTruth, trueLoadings } from "./linear/trueLoadings.js";
export { type BetaRange, betasFor, predictSweep, type SweepPrediction } from "./linear/waterFilling.js";
export { type WaterFillingRow, waterFillingRows } from "./linear/waterFillingRows.js";
export { compareSlopes, type SlopeComparison, type SlopeRow } from "./loadings/compareSlopes.js";
export {
  type LoadingStability,
  loadingStability,
  procrustes,
  type Rotated,
} from "./loadings/factorAlignment.js";
export {
  averageLoadings,
  decoderGradients,
  type LoadingBands,
  type SidedLoadings,
  sidedLoadings,
} from "./loadings/factorLoadings.js";
export { type LoadingChange, type LoadingChangeOptions, loadingChanges } from "./loadings/loadingChange.js";
export { type SlopeRatios, slopeRatios, slopeRatiosOfData, trueSlopeRatios } from "./loadings/slopeRatios.js";
export { attributeReturns, type ReturnParts, windowContributions } from "./risk/attribution.js";
export { type CumulativeOptions, cumulativeBands } from "./risk/cumulativeBands.js";
export { type FactorReading, factorMonitor, type MonitorOptions } from "./risk/factorMonitor.js";
export {
  encodeAll,
  type FactorScenarios,
  factorScenarios,
  residuals,
  type ScenarioOptions,
} from "./risk/factorScenarios.js";
export {
  type FactorVariance,
  factorVariance,
  frozenFactorContributions,
  weightedReturns,
} from "./risk/factorVariance.js";
export { type RiskByWindow, type RiskRow, riskByWindow, type TimedPart } from "./risk/riskByWindow.js";
export { type ScenarioAgreement, scenarioAgreement } from "./risk/scenarioAgreement.js";
export { independentColumns, type Spanning, spanning } from "./risk/spanning.js";
export {
  drawScales,
  expectedScales,
  fitSharedScale,
  linearScaleDensities,
  type SharedScale,
  scaleDensities,
  sharedScaleLogLikelihood,
} from "./sharedScale.js";
