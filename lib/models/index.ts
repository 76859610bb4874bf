/**
 * The models of the course and how they are fitted: variational inference, autoencoders, Bayesian networks, factor models, portfolio generators, regimes.
 *
 * One folder a family; the verbs of a study stand in the room itself.
 */
export * as bayesian from "./bnn/index.js";
export * as disentangle from "./disentangle/index.js";
export * as factor from "./factor/index.js";
export * as inference from "./inference/index.js";
export * as market from "./marketVae/index.js";
export * as portfolio from "./portfolioVae/index.js";
export * as regimes from "./regimes/index.js";
export * from "./study/index.js";
export * as autoencoder from "./vae/index.js";
