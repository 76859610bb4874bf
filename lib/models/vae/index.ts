/**
 * Variational autoencoders: encoders, latents, traversals, bounds and anomaly scores.
 * @module
 */
export { type AnomalyScores, anomalyScores } from "./anomaly.js";
export { betaTcVae, type PartWeights } from "./betaTcVae.js";
export { finiteJacobian } from "./decoderJacobian.js";
export { amortizedEncoder, type Encoder } from "./encoder.js";
export { type RowBounds, rowBounds } from "./importanceBound.js";
export { type EditedLatent, editLatent, type LatentTarget } from "./latentEditing.js";
export { decodeLatents, encodeRows, type RowLatents } from "./latents.js";
export { linearElbo } from "./linearElbo.js";
export { type PlainVae, plainVae } from "./plainVae.js";
export { type LinearTraining, trainLinear } from "./trainLinear.js";
export {
  type LatentSpread,
  type Movement,
  movements,
  type Reading,
  rowSpread,
  strongestMovements,
  type Traversal,
  traverse,
} from "./traversal.js";
export { type Vae, type VaeConfig, vae } from "./vae.js";
