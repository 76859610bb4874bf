export { type DecisionChanges, type DecisionMeans, decisionChanges, decisionMeans } from "./acrossAssets.js";
export { type AlongInput, alongInput } from "./alongInput.js";
export { type RowPlaces, valuesAt } from "./barsOfRows.js";
export { type CandleDataset, type CandleDatasetOptions, candleDataset } from "./candleDataset.js";
export {
  type CandleReading,
  type CandleScale,
  candleReadings,
  decodedCandles,
  traversedCandles,
} from "./candleReadings.js";
export { CANDLE_COLUMNS, candlesOf, candleWindows } from "./candleWindows.js";
export {
  checkCausal,
  type Dataset,
  type DatasetOptions,
  type DatasetPart,
  dataset,
  datasetPart,
  FEATURE_LIMIT,
  scaledFeatures,
} from "./dataset.js";
export { describeFolds, type FoldRow, testReturns } from "./describeFolds.js";
export { type ForwardOptions, forwardDatasets } from "./forwardDatasets.js";
export { halves } from "./halves.js";
export { lastValues } from "./lastValues.js";
export { latestRows } from "./latestRows.js";
export { type LostWindows, lostWindows } from "./lostWindows.js";
export { type MarketInputStream, marketInput, marketInputStream } from "./marketInput.js";
export {
  descaled,
  fitMarketScale,
  type MarketScaleModel,
  type MarketScaleStream,
  marketScale,
  marketScaleStream,
} from "./marketScale.js";
export {
  fitTargetScaler,
  type MarketTargetOptions,
  marketTargets,
  scaleTargets,
  TARGETS,
  type TargetScaler,
} from "./marketTargets.js";
export { type PartRow, partTable, spanOf, type TimeSpan } from "./parts.js";
export {
  barsNeeded,
  type PreparedWindows,
  prepareWindows,
  type WindowSettings,
} from "./prepareWindows.js";
export { reconstructedCandles, type ScaledView } from "./reconstructedCandles.js";
export { trueRegimes, windowRegimes } from "./regimeLabels.js";
export { returnInput } from "./returnInput.js";
export { rowsPanel, rowsPanels, trailingReturns, trueMeans } from "./rowsPanel.js";
export { type SamePlaces, samePlaces } from "./samePlaces.js";
export { applyScaler, type FeatureMatrix, fitScaler, invertScaler, type Scaler, takeRows } from "./scaler.js";
export { type SeriesOrder, seriesOrder } from "./seriesOrder.js";
export { type SplitRow, splitTable } from "./splitTable.js";
export { type PreviewedInput, previewedInput, streamedInput } from "./streamedInput.js";
export { fitWindowScaler, scaleWindows, unscaleWindows, type WindowScaler } from "./windowScaler.js";
export {
  takeWindows,
  type WindowSource,
  type WindowSpec,
  windowStarts,
  windows,
  withoutStraddlers,
} from "./windows.js";
