export { atMeanWeight } from "./atMeanWeight.js";
export { type BaselineOptions, type Baselines, baselines } from "./baselines.js";
export { type BinaryBet, binaryKelly, sourceKelly } from "./bet.js";
export { type CostAwareOptions, costAwareWeights, type ForecastParts } from "./costAware.js";
export { decide, type ForecastDecisions, size, type Universe, weightPanel } from "./decide.js";
export { type Decisions, heldPanel, heldWeights, ofMeanSize } from "./decisions.js";
export { fadingChain } from "./fadingChain.js";
export { type Exposure, exposureFraction, type RiskAction, riskAction } from "./hedge.js";
export {
  alwaysLong,
  type LevelOptions,
  levelRules,
  type SizeRow,
  sizeTable,
  withSignal,
} from "./levelRules.js";
export { type MeanSizeRow, meanSizes } from "./meanSizes.js";
export { moveOutcome } from "./moveOutcome.js";
export { moveProbability } from "./moveProbability.js";
export {
  type BandOptions,
  followBand,
  type NoTradeBand,
  noTradeBand,
  type SignalChain,
} from "./noTradeBand.js";
export {
  checkRules,
  DEFAULT_RULES,
  edgeScreen,
  type PositionRule,
  passesScreen,
  positionWeight,
  type SignalRule,
  type SizingRules,
  signalOf,
} from "./rules.js";
export { type Direction, type EdgeRule, type Signal, signSignal } from "./signal.js";
export { type ChainOptions, type FittedChain, fitSignalChain } from "./signalChain.js";
export { type SignalRecord, signalRecord } from "./signalRecord.js";
export { estimationShrinkage, gaussianKelly, growthUnderEstimationError, pessimisticSize } from "./size.js";
export { sizesByGroup } from "./sizesByGroup.js";
export { readingRows, type ThresholdReading, thresholdReadings } from "./thresholdReadings.js";
