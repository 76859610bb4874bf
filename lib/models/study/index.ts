export { bnn, type StudyBnnOptions } from "./studyBnn.js";
export type { NetworkSettings, PredictSettings, StudyFit } from "./studyFit.js";
export { predictForward, trainForward } from "./studyForward.js";
export { type LatentPlane, latentPlane, type RestoredFeature, restoredFeatures } from "./studyLatents.js";
export type { DrawSettings, StudyData, StudyDraws, StudyModel, StudyPart } from "./studyModel.js";
export { type StudyTraining, train } from "./studyTraining.js";
export type { StudyTraversal, TraversalOptions } from "./studyTraversal.js";
export { type StudyVaeOptions, vae } from "./studyVae.js";
export {
  priorWindows,
  type ReconstructionOptions,
  reconstruct,
  type StudyWindows,
  windowsIn,
} from "./studyWindows.js";
