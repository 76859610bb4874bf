export { type ForwardTableRow, forwardTable } from "./forecasts/forwardTable.js";
export { scoreEnsembles } from "./forecasts/scoreEnsembles.js";
export {
  constantForecast,
  type ForecastScores,
  type OutcomePart,
  rowNll,
  scoreForecasts,
} from "./forecasts/scoreForecasts.js";
export { predictForward, trainForward } from "./forecasts/studyFolds.js";
export { type ForwardByBeta, forwardByBeta, type ReturnPart } from "./forecasts/studyForward.js";
export {
  type SizeOptions,
  type UncertaintyOfSize,
  uncertaintyBySize,
} from "./forecasts/uncertaintyBySize.js";
export {
  type MethodOptions,
  scoreMethods,
  type UncertaintyMethod,
  uncertaintyMethods,
} from "./forecasts/uncertaintyMethods.js";
export { type UncertaintyParts, uncertaintyParts } from "./forecasts/uncertaintyParts.js";
export {
  type DailyUncertainty,
  dailyUncertainty,
  errorOfMean,
  type MeanError,
  type SpanUncertainty,
  uncertaintyInSpans,
} from "./forecasts/uncertaintySpans.js";
export { type BetaVaeOptions, betaVae } from "./kinds/studyBetaVae.js";
export { bnn, type StudyBnnOptions } from "./kinds/studyBnn.js";
export {
  type FactorData,
  type FactorLoadings,
  type FactorPart,
  type FactorPath,
  type FactorStudy,
  type FactorStudyOptions,
  factorModel,
} from "./kinds/studyFactors.js";
export type { NetworkSettings, PredictSettings, StudyFit } from "./kinds/studyFit.js";
export type { DrawSettings, StudyData, StudyDraws, StudyModel, StudyPart } from "./kinds/studyModel.js";
export { plain, type StudyPlainOptions } from "./kinds/studyPlain.js";
export {
  type NetworkRow,
  type Sweep,
  type SweepOptions,
  type SweepRow,
  sweepTable,
} from "./kinds/studySweep.js";
export { type StudyTraining, train } from "./kinds/studyTraining.js";
export { type StudyVaeOptions, vae } from "./kinds/studyVae.js";
export {
  gaussianTable,
  type KnownFactorOptions,
  type KnownFactors,
  knownFactors,
} from "./latents/knownFactors.js";
export { type MatchRow, matchTable } from "./latents/matchTable.js";
export {
  bestComponent,
  type MovementShare,
  movementShares,
  type StrongestDimension,
  signalsByBeta,
  strongestDimensions,
} from "./latents/movementTables.js";
export { type EditedWindow, editWindow, type WindowAim } from "./latents/studyEdit.js";
export {
  type LatentPlane,
  latentMeans,
  latentPlane,
  type RestoredFeature,
  restoredFeatures,
} from "./latents/studyLatents.js";
export {
  activeLatents,
  componentMatch,
  type FactorMatch,
  type FactorMatches,
  factorMatches,
  linearScores,
} from "./latents/studyMatches.js";
export {
  type BestSignal,
  bestColumn,
  bestSignal,
  dimensionsByKl,
  movementsOf,
} from "./latents/studyMovements.js";
export { type LatentPlaces, latentPlaces } from "./latents/studyPlaces.js";
export { headRegimes } from "./latents/studyRegimes.js";
export { type TableData, tableData } from "./latents/studyTable.js";
export type { StudyTraversal, TraversalOptions } from "./latents/studyTraversal.js";
export { anomalies } from "./windows/studyAnomalies.js";
export { type Reconstruction, reconstruct } from "./windows/studyReconstruct.js";
export { restoredRows } from "./windows/studyRestored.js";
export {
  priorWindows,
  type ReconstructionOptions,
  reconstructWindows,
  type StudyWindows,
  windowsIn,
} from "./windows/studyWindows.js";
