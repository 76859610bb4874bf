export { betaAbove } from "./beta.js";
export { closestNormal, mixtureMoments } from "./closestNormal.js";
export {
  checkDiagonalGaussians,
  type DiagonalGaussians,
  drawDiagonalGaussians,
} from "./diagonalGaussians.js";
export { type Intervals, mixtureInterval, mixtureNll } from "./drawMixture.js";
export {
  type Estimate,
  gaussianEntropy,
  klGaussian,
  klMonteCarlo,
  klNormal,
  klQuadrature,
  klToStandardNormal,
  type Normal,
  type NormalSummary,
  normalDensity,
  normalEntropy,
  normalLogDensity,
  normalProbability,
  normalQuantile,
  normalSummary,
} from "./gaussian.js";
export { klNormalToMixture, type Mixture, mixtureLogDensity, scaleMixture } from "./mixture.js";
export { type InverseGamma, inverseSoftplus, softplus } from "./priors.js";
export { expectNormal, gaussHermite, type QuadratureRule } from "./quadrature.js";
export { gaussianLogLikelihoodTensor, klToStandardNormalTensor, reparameterise } from "./tensorGaussian.js";
export {
  expectedScales,
  hardGates,
  klBernoulliTensor,
  klNormalTensor,
  klToHierarchicalTensor,
  klToMixtureDraw,
} from "./tensorPriors.js";
