export { type RowPlaces, valuesAt } from "./barsOfRows.js";
export { type CandleDataset, type CandleDatasetOptions, candleDataset } from "./candles/candleDataset.js";
export {
  type CandleReading,
  type CandleScale,
  candleReadings,
  decodedCandles,
  traversedCandles,
} from "./candles/candleReadings.js";
export { CANDLE_COLUMNS, candlesOf, candleWindows } from "./candles/candleWindows.js";
export { reconstructedCandles, type ScaledView } from "./candles/reconstructedCandles.js";
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
export {
  type DecisionChanges,
  type DecisionMeans,
  decisionChanges,
  decisionMeans,
} from "./inputs/acrossAssets.js";
export { type AlongInput, alongInput } from "./inputs/alongInput.js";
export { type MarketInputStream, marketInput, marketInputStream } from "./inputs/marketInput.js";
export {
  descaled,
  fitMarketScale,
  type MarketScaleModel,
  type MarketScaleStream,
  marketScale,
  marketScaleStream,
} from "./inputs/marketScale.js";
export {
  fitTargetScaler,
  type MarketTargetOptions,
  marketTargets,
  scaleTargets,
  TARGETS,
  type TargetScaler,
} from "./inputs/marketTargets.js";
export { type MemoryFault, type MemoryOptions, memoryFault } from "./inputs/memoryFault.js";
export { type PanelStream, type PanelStreamOptions, panelStream } from "./inputs/panelStream.js";
export { returnInput } from "./inputs/returnInput.js";
export { type PreviewedInput, previewedInput, streamedInput } from "./inputs/streamedInput.js";
export { lastValues } from "./lastValues.js";
export { latestRows } from "./latestRows.js";
export { describeFolds, type FoldRow, testReturns } from "./parts/describeFolds.js";
export { type ForwardOptions, forwardDatasets } from "./parts/forwardDatasets.js";
export { halves } from "./parts/halves.js";
export { type LostWindows, lostWindows } from "./parts/lostWindows.js";
export { type PartRow, partTable, spanOf, type TimeSpan } from "./parts/parts.js";
export { type SamePlaces, samePlaces } from "./parts/samePlaces.js";
export { type SplitRow, splitTable } from "./parts/splitTable.js";
export {
  barsNeeded,
  type PreparedWindows,
  prepareWindows,
  type WindowSettings,
} from "./prepareWindows.js";
export { trueRegimes, windowRegimes } from "./regimeLabels.js";
export { rowsPanel, rowsPanels, trailingReturns, trueMeans } from "./rowsPanel.js";
export { applyScaler, type FeatureMatrix, fitScaler, invertScaler, type Scaler, takeRows } from "./scaler.js";
export { type SeriesOrder, seriesOrder } from "./seriesOrder.js";
export { fitWindowScaler, scaleWindows, unscaleWindows, type WindowScaler } from "./windowScaler.js";
export {
  takeWindows,
  type WindowSource,
  type WindowSpec,
  windowStarts,
  windows,
  withoutStraddlers,
} from "./windows.js";
