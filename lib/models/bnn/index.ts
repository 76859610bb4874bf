/**
 * Bayesian neural networks and the peers they are compared with: dropout, ensembles, Laplace, least squares, forests.
 * @module
 */

export { averageDraws } from "./averageDraws.js";
export { type Bnn, type BnnConfig, bnn, type LayerPrior, STANDARD_NORMAL, widthScaledPrior } from "./bnn.js";
export { bostonHousing, type ScoredData } from "./bostonHousing.js";
export { type CurveBand, type CurveStudy, type CurveStudyOptions, curveStudy } from "./curveStudy.js";
export { ensembleForecasts, firstMembers, memberKeys } from "./ensemble.js";
export {
  type DrawOptions,
  drawForecasts,
  type ForecastDraws,
  type Forecaster,
  openForecaster,
} from "./forecastDraws.js";
export { DIRECTIONS, type ForecastNetwork, type NetworkConfig, sourceNetwork } from "./forecastNetwork.js";
export { type LastLayerLaplace, lastLayerLaplace } from "./lastLayerLaplace.js";
export { type LineExample, lineExample } from "./lineExample.js";
export { mcDropout } from "./mcDropout.js";
export { type PlainConfig, plainNetwork } from "./plainNetwork.js";
export { forestPoint, leastSquares, linearPoint, neuralPoint, type PointModel } from "./pointEstimates.js";
export { type PosteriorSamples, posteriorSamples } from "./posteriorSamples.js";
export {
  type CurveRow,
  curveTable,
  type WeightMoments,
  type WeightRow,
  weightTable,
} from "./posteriorTables.js";
export { type SplitDesign, type SplitScore, scoreSplit, splitDesign, stackedSplits } from "./scoredSplits.js";
export { type LayerFeed, type LayerTerms, singleLayer } from "./singleLayer.js";
export { readSourceRecord, type SourceRecord } from "./sourceRecord.js";
export {
  directionOf,
  SOURCE_TRAINING,
  type SourceOptions,
  type SourcePart,
  trainSourceNetwork,
} from "./sourceStudy.js";
export { type WeightPosterior, weightPosteriors } from "./weightPosterior.js";
