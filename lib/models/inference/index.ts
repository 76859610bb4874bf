/**
 * Variational inference and its yardsticks: ADVI, CAVI, stochastic VI, Hamiltonian Monte Carlo and exact posteriors.
 * @module
 */
export {
  type AdviFit,
  type AdviOptions,
  advi,
  estimateElbo,
  type Family,
  fitCovariance,
  type GaussianFit,
  sampleFit,
} from "./advi.js";
export { type PosteriorScore, type ScoreOptions, scoreEncoder, scoreOwnPosteriors } from "./amortisation.js";
export { type AmortisationRow, amortisationRows } from "./amortisationRows.js";
export { type BatchDensities, batchDensities } from "./batchDensities.js";
export { boundGap, boundGaps } from "./boundGaps.js";
export { type CaviSweep, caviCorrelatedGaussian } from "./cavi.js";
export { caviMixture, type MixtureFit } from "./caviMixture.js";
export { type CaviPath, caviPath } from "./caviPath.js";
export { type ChainRow, chainRows } from "./chainRows.js";
export {
  type CompareOptions,
  compareMethods,
  type MethodComparison,
  ofChains,
  ofGaussian,
  type PosteriorEstimate,
} from "./compareMethods.js";
export { comparePairs, type PairComparison, type PairPosterior, pairPosterior } from "./comparePairs.js";
export {
  bayesianLinearRegression,
  type LinearPosterior,
  type LinearPrediction,
  type MeanFieldOptimum,
  meanFieldOptimum,
  predictLinear,
} from "./conjugate.js";
export { type CurveNetwork, curveOf, curveTarget } from "./curveNetwork.js";
export { evaluateFit, type FitEvaluation, meanFieldFit } from "./evaluateFit.js";
export { type EvidenceFit, maximiseEvidence } from "./evidence.js";
export { type ExactPosterior, quadraturePosterior } from "./exactPosterior.js";
export { forecastReturns, type ScaledRows, type WeightPosterior } from "./forecastReturns.js";

export {
  type CoverageRow,
  coverageRows,
  type EdgeRow,
  edgeRows,
  type ScaledOutcomes,
} from "./forecastTables.js";
export {
  type GaussianProcess,
  gaussianProcess,
  type Kernel,
  linearKernel,
  squaredExponential,
} from "./gaussianProcess.js";

export { type GradientDraws, gradientColumn, gradientDraws } from "./gradientEstimators.js";
export { type GradientRow, gradientRows } from "./gradientRows.js";
export { type HmcFit, type HmcOptions, hmc, parameterChains, parameterDraws } from "./hmc.js";
export { type FamilyRow, judgeFamilies } from "./judgeFamilies.js";
export { type KhatCurve, khatByCorrelation } from "./khatByCorrelation.js";
export { type LinearLatentModel, linearLatentModel } from "./linearLatent.js";
export { type GaussianApproximation, laplaceLogistic, variationalLogistic } from "./logistic.js";
export { type MomentRow, momentRows } from "./momentRows.js";
export { type PosteriorRow, posteriorRows, sdRatios } from "./posteriorRows.js";
export { type PriorChoice, type PriorRow, priorByEvidence } from "./priorByEvidence.js";
export { priorOnLittleData, type SmallFits } from "./priorOnLittleData.js";
export {
  type Design,
  linearPredictor,
  linearRegressionTarget,
  logisticRegressionTarget,
  sigmoid,
} from "./regression.js";
export { type LocalModel, type StochasticVi, stochasticVi, trainEncoder } from "./stochasticVi.js";
export { type DataTarget, gaussianTarget, logDensity, type Target, tensorTarget } from "./target.js";
export { type ToyDesignOptions, toyDesign } from "./toyDesign.js";
export { asLabels, toyLabels } from "./toyLabels.js";
export {
  factorised,
  type WidthCoverage,
  type WidthCoverageRow,
  widthCoverage,
  widthCoverageRows,
} from "./widthCoverage.js";
