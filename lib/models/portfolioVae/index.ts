/**
 * The portfolio VAE: weights of portfolios, conditional on the market, generated from latents.
 * @module
 */
export { type PortfolioAutoencoder, portfolioAutoencoder } from "./portfolioAutoencoder.js";
export { portfolioBounds } from "./portfolioBounds.js";
export {
  type Conditioner,
  type Conditions,
  conditionerOf,
  portfolioData,
  type WeightSet,
} from "./portfolioData.js";
export { latentInformation, type PortfolioTraining, trainPortfolios as train } from "./portfolioTraining.js";
export { type PortfolioVae, type PortfolioVaeConfig, portfolioVae } from "./portfolioVae.js";
