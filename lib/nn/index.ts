/**
 * Networks as pure functions of flat parameter tensors [R,P], trained for R independent replicas at once, compiled.
 *
 * Main types: `Model`, `Weights`, `Fit`, `TrainOptions`.
 * @module
 * @example
 * await nn.startBackend();
 * const options = { keys: [core.key(1)], epochs: 10, batchSize: 64, beta: () => 1, learningRate: () => 1e-3 };
 * const fit = await nn.train(model, data, options);
 */

export { type Backend, startBackend } from "./backend.js";
export * as compile from "./compile/index.js";
export * as layers from "./layers/index.js";
/** TensorFlow.js itself, for those who write a method out in tensors: the instance that the backend was started for. */
export { tf } from "./tensors.js";
export * from "./training/index.js";
