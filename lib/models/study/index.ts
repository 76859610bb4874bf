export { type ForwardTableRow, forwardTable } from "./forwardTable.js";
export { gaussianTable, type KnownFactorOptions, type KnownFactors, knownFactors } from "./knownFactors.js";
export { type MatchRow, matchTable } from "./matchTable.js";
export {
  bestComponent,
  type MovementShare,
  movementShares,
  type StrongestDimension,
  signalsByBeta,
  strongestDimensions,
} from "./movementTables.js";
export { scoreEnsembles } from "./scoreEnsembles.js";
export {
  constantForecast,
  type ForecastScores,
  type OutcomePart,
  rowNll,
  scoreForecasts,
} from "./scoreForecasts.js";
export { anomalies } from "./studyAnomalies.js";
export { type BetaVaeOptions, betaVae } from "./studyBetaVae.js";
export { bnn, type StudyBnnOptions } from "./studyBnn.js";
export { type EditedWindow, editWindow, type WindowAim } from "./studyEdit.js";
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
export { predictForward, trainForward } from "./studyFolds.js";
export { type ForwardByBeta, forwardByBeta, type ReturnPart } from "./studyForward.js";
export {
  type LatentPlane,
  latentMeans,
  latentPlane,
  type RestoredFeature,
  restoredFeatures,
} from "./studyLatents.js";
export {
  activeLatents,
  componentMatch,
  type FactorMatch,
  type FactorMatches,
  factorMatches,
  linearScores,
} from "./studyMatches.js";
export type { DrawSettings, StudyData, StudyDraws, StudyModel, StudyPart } from "./studyModel.js";
export { type BestSignal, bestColumn, bestSignal, dimensionsByKl, movementsOf } from "./studyMovements.js";
export { type LatentPlaces, latentPlaces } from "./studyPlaces.js";
export { plain, type StudyPlainOptions } from "./studyPlain.js";
export { type Reconstruction, reconstruct } from "./studyReconstruct.js";
export { headRegimes } from "./studyRegimes.js";
export { restoredRows } from "./studyRestored.js";
export { type NetworkRow, type Sweep, type SweepOptions, type SweepRow, sweepTable } from "./studySweep.js";
export { type TableData, tableData } from "./studyTable.js";
export { type StudyTraining, train } from "./studyTraining.js";
export type { StudyTraversal, TraversalOptions } from "./studyTraversal.js";
export { type StudyVaeOptions, vae } from "./studyVae.js";
export {
  priorWindows,
  type ReconstructionOptions,
  reconstructWindows,
  type StudyWindows,
  windowsIn,
} from "./studyWindows.js";
export { type SizeOptions, type UncertaintyOfSize, uncertaintyBySize } from "./uncertaintyBySize.js";
export {
  type MethodOptions,
  scoreMethods,
  type UncertaintyMethod,
  uncertaintyMethods,
} from "./uncertaintyMethods.js";
export { type UncertaintyParts, uncertaintyParts } from "./uncertaintyParts.js";
export {
  type DailyUncertainty,
  dailyUncertainty,
  errorOfMean,
  type MeanError,
  type SpanUncertainty,
  uncertaintyInSpans,
} from "./uncertaintySpans.js";
