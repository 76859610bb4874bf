/**
 * Networks as pure functions of flat parameter tensors [R,P], trained for R independent replicas at once, compiled.
 *
 * Main types: `Model`, `Weights`, `Fit`, `TrainOptions`.
 * @example
 * await nn.startBackend();
 * const fit = await nn.train(model, data, { keys, beta: nn.constant(1), … });
 */

export { type Backend, startBackend } from "./backend.js";
export * as compile from "./compile/index.js";
export * as layers from "./layers/index.js";
/** TensorFlow.js itself, for those who write a method out in tensors: the instance that the backend was started for. */
export { tf } from "./tensors.js";
export * from "./training/index.js";
