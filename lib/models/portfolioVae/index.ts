/**
 * The portfolio VAE: weights of portfolios, conditional on the market, generated from latents.
 * @module
 */
export { type Answer, answerRequests, type Requests } from "./answerRequests.js";
export { compareSets, type SetRow } from "./compareSets.js";
export { type ConditionedSet, conditionGain } from "./conditionGain.js";

export { type PortfolioAutoencoder, portfolioAutoencoder } from "./portfolioAutoencoder.js";
export { type Agreement, type BetaOptions, type BetaRow, bestBeta, betaRows } from "./portfolioBeta.js";
export { portfolioBounds } from "./portfolioBounds.js";
export {
  type Conditioner,
  type Conditions,
  conditionerOf,
  portfolioData,
  type WeightSet,
} from "./portfolioData.js";
export { type PortfolioRun, type PortfolioSweep, sweepBeta } from "./portfolioSweep.js";
export {
  fitPortfolios,
  latentInformation,
  type PortfolioFit,
  type PortfolioTraining,
  trainPortfolios as train,
} from "./portfolioTraining.js";
export { latentTraversal } from "./portfolioTraversal.js";
export { type PortfolioVae, type PortfolioVaeConfig, portfolioVae } from "./portfolioVae.js";
export { type SortedTraversal, sortedTraversals } from "./sortedTraversals.js";
