/**
 * The models of the course and how they are fitted: variational inference, autoencoders, Bayesian networks, factor models, portfolio generators, regimes.
 *
 * One folder a family; the verbs of a study (`vae`, `bnn`, `train` and their like) stand in the room itself.
 *
 * Main types: `StudyModel`, `StudyFit`.
 * @module
 * @example
 * const dataset = features.dataset(bars, { length: 60, horizon: 5 });
 * const fit = await models.train(models.vae({ data: dataset, latent: 8 }), dataset, { beta: 4, epochs: 40, seeds: 3 });
 * fit.predict(dataset.test).epistemic;
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
