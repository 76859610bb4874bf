export { type BaselineOptions, type Baselines, baselines } from "./baselines.js";
export { type BinaryBet, binaryKelly, sourceKelly } from "./bet.js";
export { decide, type ForecastDecisions, size, type Universe, weightPanel } from "./decide.js";
export { type Decisions, heldPanel, heldWeights, ofMeanSize } from "./decisions.js";
export { exposureFraction } from "./hedge.js";
export { moveProbability } from "./moveProbability.js";
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
export { type SignalRecord, signalRecord } from "./signalRecord.js";
export { estimationShrinkage, gaussianKelly, growthUnderEstimationError, pessimisticSize } from "./size.js";
