export { type PortfolioAutoencoder, portfolioAutoencoder } from "./portfolioAutoencoder.js";
export { portfolioBounds } from "./portfolioBounds.js";
export {
  type Conditioner,
  type Conditions,
  conditionerOf,
  portfolioData,
  type WeightSet,
} from "./portfolioData.js";
export {
  fitPortfolios,
  latentInformation,
  type PortfolioFit,
  type PortfolioTraining,
  trainPortfolios as train,
} from "./portfolioTraining.js";
export { type PortfolioVae, type PortfolioVaeConfig, portfolioVae } from "./portfolioVae.js";
