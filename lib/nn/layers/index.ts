/**
 * Layers as pure functions of parameter tensors [R,P]: dense, Bayesian, LSTM, attention, dropout, normalisation.
 * @module
 */
export { writtenTensor } from "../numbers.js";
export { type AttentionOptions, positions, transformerBlock } from "./attention.js";
export { type BayesDenseOptions, type BayesLayer, bayesDense, SOURCE_INITIAL_SD } from "./bayes.js";
export { type DenseOptions, dense } from "./dense.js";
export { dropout } from "./dropout.js";
export { elementwise, type Feed, type Layer, type Noise, type NoiseSpec, sequence } from "./layer.js";
export { lstm } from "./lstm.js";
export { drawNoise, feedOf, type Layouts, layoutsOf, type Model, type Weights, writeNoise } from "./model.js";
export { batchNormalisation } from "./normalise.js";
export { filled, type Layout, type ParameterSpec, scaledNormal, type Views, viewsOf } from "./parameters.js";
export type { WeightPrior } from "./weightPrior.js";
