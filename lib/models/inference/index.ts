/**
 * Variational inference and its yardsticks: ADVI, CAVI, stochastic VI, Hamiltonian Monte Carlo and exact posteriors.
 * @module
 */

export {
  type PosteriorScore,
  type ScoreOptions,
  scoreEncoder,
  scoreOwnPosteriors,
} from "./comparison/amortisation.js";
export { type AmortisationRow, amortisationRows } from "./comparison/amortisationRows.js";
export { type BatchDensities, batchDensities } from "./comparison/batchDensities.js";
export { boundGap, boundGaps } from "./comparison/boundGaps.js";
export {
  type CompareOptions,
  compareMethods,
  type MethodComparison,
  ofChains,
  ofGaussian,
  type PosteriorEstimate,
} from "./comparison/compareMethods.js";
export {
  comparePairs,
  type PairComparison,
  type PairPosterior,
  pairPosterior,
} from "./comparison/comparePairs.js";
export { type CurveNetwork, curveOf, curveTarget } from "./comparison/curveNetwork.js";
export { forecastReturns, type ScaledRows, type WeightPosterior } from "./comparison/forecastReturns.js";
export {
  type CoverageRow,
  coverageRows,
  type EdgeRow,
  edgeRows,
  type ScaledOutcomes,
} from "./comparison/forecastTables.js";
export { type FamilyRow, judgeFamilies } from "./comparison/judgeFamilies.js";
export { type KhatCurve, khatByCorrelation } from "./comparison/khatByCorrelation.js";
export { type PosteriorRow, posteriorRows, sdRatios } from "./comparison/posteriorRows.js";
export { type PriorChoice, type PriorRow, priorByEvidence } from "./comparison/priorByEvidence.js";
export { priorOnLittleData, type SmallFits } from "./comparison/priorOnLittleData.js";
export {
  factorised,
  type WidthCoverage,
  type WidthCoverageRow,
  widthCoverage,
  widthCoverageRows,
} from "./comparison/widthCoverage.js";
export {
  bayesianLinearRegression,
  type LinearPosterior,
  type LinearPrediction,
  type MeanFieldOptimum,
  meanFieldOptimum,
  predictLinear,
} from "./exact/conjugate.js";
export { type EvidenceFit, maximiseEvidence } from "./exact/evidence.js";
export { type ExactPosterior, quadraturePosterior } from "./exact/exactPosterior.js";
export {
  type GaussianProcess,
  gaussianProcess,
  type Kernel,
  linearKernel,
  squaredExponential,
} from "./exact/gaussianProcess.js";
export { type LinearLatentModel, linearLatentModel } from "./exact/linearLatent.js";
export { type GaussianApproximation, laplaceLogistic, variationalLogistic } from "./exact/logistic.js";
export {
  type Design,
  linearPredictor,
  linearRegressionTarget,
  logisticRegressionTarget,
  sigmoid,
} from "./exact/regression.js";
export { type DataTarget, gaussianTarget, logDensity, type Target, tensorTarget } from "./exact/target.js";
export { type ToyDesignOptions, toyDesign } from "./exact/toyDesign.js";
export { asLabels, toyLabels } from "./exact/toyLabels.js";
export { type ChainRow, chainRows } from "./sampling/chainRows.js";
export { type HmcFit, type HmcOptions, hmc, parameterChains, parameterDraws } from "./sampling/hmc.js";
export {
  type AdviFit,
  type AdviOptions,
  advi,
  estimateElbo,
  type Family,
  fitCovariance,
  type GaussianFit,
  sampleFit,
} from "./variational/advi.js";
export { type CaviSweep, caviCorrelatedGaussian } from "./variational/cavi.js";
export { caviMixture, type MixtureFit } from "./variational/caviMixture.js";
export { type CaviPath, caviPath } from "./variational/caviPath.js";
export { evaluateFit, type FitEvaluation, meanFieldFit } from "./variational/evaluateFit.js";
export { type GradientDraws, gradientColumn, gradientDraws } from "./variational/gradientEstimators.js";
export { type GradientRow, gradientRows } from "./variational/gradientRows.js";
export { type MomentRow, momentRows } from "./variational/momentRows.js";
export {
  type LocalModel,
  type StochasticVi,
  stochasticVi,
  trainEncoder,
} from "./variational/stochasticVi.js";
