export { bnn, type StudyBnnOptions } from "./studyBnn.js";
export {
  type FactorData,
  type FactorLoadings,
  type FactorPart,
  type FactorPath,
  type FactorStudy,
  type FactorStudyOptions,
  factorModel,
} from "./studyFactors.js";
export type { NetworkSettings, PredictSettings, StudyFit } from "./studyFit.js";
export type { DrawSettings, StudyData, StudyDraws, StudyModel, StudyPart } from "./studyModel.js";
export { type StudyTraining, train } from "./studyTraining.js";
export type { StudyTraversal, TraversalOptions } from "./studyTraversal.js";
export { type StudyVaeOptions, vae } from "./studyVae.js";
