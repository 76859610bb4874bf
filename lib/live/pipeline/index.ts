export {
  type BnnForecasterOptions,
  bnnForecaster,
  type ForecastInput,
  type LiveForecaster,
  type ReturnDraws,
  type VaeForecasterOptions,
  vaeForecaster,
} from "./forecaster.js";
export { forecastsAlong } from "./forecastsAlong.js";
export { barSteps, decideAll, targetPanel } from "./history.js";
export { type LiveWindowOptions, type LiveWindows, liveWindows } from "./liveWindows.js";
export { livePipeline, type PipelineOptions } from "./pipeline.js";
export {
  collect,
  computeFeatures,
  type DrawnRows,
  drawRows,
  forecastOfDraws,
  type LiveInput,
  moveWindows,
} from "./stages.js";
export { type StudyPipelineOptions, studyPipeline } from "./studyPipeline.js";
export { withPipeline } from "./withPipeline.js";
