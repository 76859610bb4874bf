/**
 * Weights of several assets: optimisers, limits and projections, Dirichlet samples, generated portfolios and their evaluation.
 *
 * Main types: `Limits`, `Evaluation`.
 * @module
 * @example
 * portfolio.minimumVariance(covariance, { cap: 0.3 });
 */
export * from "./constraints/index.js";
export * from "./evaluate/index.js";
export * as latent from "./latent/index.js";
export * from "./optimise/index.js";
export * from "./sample/index.js";
