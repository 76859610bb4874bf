/**
 * Factor models: principal components, factor analysis, a linear autoencoder, and what a portfolio's returns are made of.
 * @module
 */
export { attributeReturns, type ReturnParts, windowContributions } from "./attribution.js";
export { compareSlopes, type SlopeComparison, type SlopeRow } from "./compareSlopes.js";
export { type CumulativeOptions, cumulativeBands } from "./cumulativeBands.js";
export { type LoadingStability, loadingStability, procrustes, type Rotated } from "./factorAlignment.js";
export {
  type FactorAnalysis,
  factorAnalysis,
  type LinearFactors,
  linearFactorLogLikelihood,
  mostFactors,
  simulateLinearFactors,
  studentFactorLogLikelihood,
} from "./factorAnalysis.js";
export {
  averageLoadings,
  decoderGradients,
  type LoadingBands,
  type SidedLoadings,
  sidedLoadings,
} from "./factorLoadings.js";
export { type FactorModel, type FactorModelOptions, fitFactorModel } from "./factorModel.js";
export { type FactorReading, factorMonitor, type MonitorOptions } from "./factorMonitor.js";
export {
  encodeAll,
  type FactorScenarios,
  factorScenarios,
  residuals,
  type ScenarioOptions,
} from "./factorScenarios.js";
export {
  type FactorVariance,
  factorVariance,
  frozenFactorContributions,
  weightedReturns,
} from "./factorVariance.js";
export { trainLinearAutoencoder } from "./linearAutoencoder.js";
export { type LoadingChange, type LoadingChangeOptions, loadingChanges } from "./loadingChange.js";
export { alignFactors, linearVae, meanJacobian } from "./orderedFactors.js";
export {
  type PrincipalComponents,
  type ProbabilisticPca,
  principalComponents,
  principalScores,
  probabilisticPca,
  type WaterFilling,
  waterFilling,
} from "./pca.js";
export { type RiskByWindow, type RiskRow, riskByWindow, type TimedPart } from "./riskByWindow.js";
export { type ScenarioAgreement, scenarioAgreement } from "./scenarioAgreement.js";
export {
  drawScales,
  expectedScales,
  fitSharedScale,
  linearScaleDensities,
  type SharedScale,
  scaleDensities,
  sharedScaleLogLikelihood,
} from "./sharedScale.js";
export { type SlopeRatios, slopeRatios, slopeRatiosOfData, trueSlopeRatios } from "./slopeRatios.js";
export { independentColumns, type Spanning, spanning } from "./spanning.js";
export { type LinearTruth, trueLoadings } from "./trueLoadings.js";
export { type BetaRange, betasFor, predictSweep, type SweepPrediction } from "./waterFilling.js";
export { type WaterFillingRow, waterFillingRows } from "./waterFillingRows.js";
