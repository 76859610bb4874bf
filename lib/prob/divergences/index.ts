export {
  decomposeKl,
  gaussianTotalCorrelation,
  type KlDecomposition,
  klDecomposition,
  type LogWeights,
  minibatchWeights,
  stratifiedWeights,
} from "./decompose.js";
export {
  type ElboEstimates,
  gaussianLogLikelihood,
  impliedNoiseVar,
  minibatchElbo,
  monteCarloElbo,
} from "./elbo.js";
export {
  classEntropy,
  classMutualInformation,
  equalWidthBins,
  gaussianMutualInformation,
  neighbourMutualInformation,
} from "./mutualInformation.js";
export { constant, cyclical, defaultWarmUp, linear, type Schedule, warmUp } from "./schedule.js";
export { type ClassUncertainty, classUncertainty, varianceConfidence } from "./uncertainty.js";
