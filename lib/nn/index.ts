/**
 * Networks as pure functions of flat parameter tensors [R,P], trained for R independent replicas at once, compiled.
 *
 * Main types: `Model`, `Weights`, `Fit`, `TrainOptions`.
 * @example
 * await nn.startBackend();
 * const fit = await nn.train(model, data, { keys, beta: nn.constant(1), … });
 */

export * as tf from "@tensorflow/tfjs";
export { type Backend, startBackend } from "./backend.js";
export * as compile from "./compile/index.js";
export * as layers from "./layers/index.js";
export * from "./training/index.js";
