/**
 * Diagnostics of samplers and approximations: R̂ and effective sample size, Pareto k̂, simulation-based calibration.
 * @module
 */
export { type McmcDiagnostics, mcmcDiagnostics } from "./mcmc.js";
export { khatOfMeanField, type Psis, psis } from "./psis.js";
export { type EcdfBand, expectedRankPmf, type SbcTest, sbcEcdfBand, sbcRanks, sbcTest } from "./sbc.js";
export { type SbcNormal, sbcNormal } from "./sbcNormal.js";
export {
  againstNull,
  checkLengths,
  type NullTest,
  type ShiftLayout,
  type ShiftOptions,
  shiftedOrder,
  shiftNull,
} from "./shiftNull.js";
