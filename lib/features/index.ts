/**
 * Causal features of bars, look-back windows, scalers fitted on the training part, splits by time: the input of a model.
 *
 * Main types: `Dataset`, `Split`. Every feature at t depends on bars up to t alone.
 * @module
 * @example
 * const data = features.dataset(bars, { length: 60, horizon: 5 });
 * data.train.rows;
 */
export { type Characteristics, characteristics } from "./characteristics.js";
export { type Compression, type CompressionOptions, compress, fitCompression } from "./compression.js";
export * from "./engine/index.js";
export * as facts from "./facts/index.js";
export * as indicators from "./indicators/index.js";
export { type MarketStateOptions, marketState } from "./marketState.js";
export { column, latestRow, makePanel, panelRows, rowsAt, wholeRows } from "./panel.js";
export { type RegressionOptions, type ReturnRegression, returnRegression } from "./regression.js";
export {
  describeRegression,
  type RegressionDataset,
  type RegressionDatasetOptions,
  type RegressionPart,
  regressionDataset,
} from "./regressionDataset.js";
export {
  describeReturns,
  type ReturnDataset,
  type ReturnDatasetOptions,
  type ReturnPart,
  type ReturnPartRow,
  returnDataset,
} from "./returnDataset.js";
export { panelCovariance, returnMatrix } from "./returnMatrix.js";
export { logReturns, rollingMean } from "./returns.js";
export { type ScalingRow, scalingFacts } from "./scalingFacts.js";
export { signalAgreement } from "./signalAgreement.js";
export * from "./splits/index.js";
export * from "./windows/index.js";
