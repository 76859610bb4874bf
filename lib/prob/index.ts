/**
 * Distributions, divergences, the ELBO and its schedules; calibration, scores and diagnostics of forecasts and samplers.
 *
 * Numbers are float64 and in nats; functions named with Tensor work on float32 tensors.
 * @module
 * @example
 * prob.klNormal(0, 1, 1, 2); // KL(N(0, 1²) ‖ N(1, 2²)), nats
 */
export * as calibration from "./calibration/index.js";
export * as diagnostics from "./diagnostics/index.js";
export * from "./distributions/index.js";
export * from "./divergences/index.js";
export * as scores from "./scores/index.js";
