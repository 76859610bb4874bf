/**
 * Portfolios optimised and generated in the latent space of a decoder.
 * @module
 */
export {
  compareSets,
  type Nearest,
  nearestPortfolios,
  pathSmoothness,
  type SetAgreement,
  type Smoothness,
} from "./coverage.js";
export {
  atVolatility,
  boundaryLatent,
  type PortfolioDecoder,
  type PortfolioGenerator,
  portfolioGenerator,
} from "./generator.js";
export { compareHalfway, type HalfwayRow } from "./halfway.js";
export {
  diversificationObjective,
  linearSoftmaxDecoder,
  lowVolatilityObjective,
  sharpeObjective,
} from "./latentObjectives.js";
export {
  type DifferentiableDecoder,
  type LatentOptimum,
  type LatentSearch,
  latentOptimise,
  type WeightObjective,
} from "./latentOptimise.js";
export { type VolatilityMixer, volatilityMixer } from "./volatilityMixer.js";
