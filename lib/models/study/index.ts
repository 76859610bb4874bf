export {
  constantForecast,
  type ForecastScores,
  type OutcomePart,
  rowNll,
  scoreForecasts,
} from "./scoreForecasts.js";
export { bnn, type StudyBnnOptions } from "./studyBnn.js";
export type { NetworkSettings, PredictSettings, StudyFit } from "./studyFit.js";
export type { DrawSettings, StudyData, StudyDraws, StudyModel, StudyPart } from "./studyModel.js";
export { plain, type StudyPlainOptions } from "./studyPlain.js";
export { type StudyTraining, train } from "./studyTraining.js";
export type { StudyTraversal, TraversalOptions } from "./studyTraversal.js";
export { type StudyVaeOptions, vae } from "./studyVae.js";
export { type MethodOptions, type UncertaintyMethod, uncertaintyMethods } from "./uncertaintyMethods.js";
