/**
 * Disentanglement: active dimensions, scores of alignment with known factors, stability, and their uncertainty.
 * @module
 */
export { type ActiveDimensions, activeDimensions, replicaLatents } from "./activeDimensions.js";
export { type Association, type AssociationOptions, associations, type Quantity } from "./associations.js";
export type { BoostingOptions } from "./boostedClassifier.js";
export { type BottleneckRow, bottleneckRows } from "./bottleneck.js";
export { type Criterion, type Elbow, elbow, type Selection, selectByCriteria } from "./elbow.js";
export { type FactorVaeScore, factorVaeOfRows } from "./factorVae.js";
export { type FiveScores, fiveScores } from "./fiveScores.js";
export {
  type BestDimension,
  bestDimension,
  type ForwardPart,
  type ForwardSelection,
  forwardSelection,
} from "./forwardSelection.js";
export {
  correlatedLatents,
  type KnownLatents,
  knownLatents,
  type LinearCauses,
  linearCauses,
  linearWeights,
} from "./knownLatents.js";
export {
  entriesAt,
  type LabelledLatents,
  labelledRows,
  latentColumns,
  quantileClasses,
} from "./labelledLatents.js";
export { type MutualInformationGap, mutualInformationGap } from "./mig.js";
export { type PowerOptions, type PredictivePower, predictivePower } from "./predictivePower.js";
export { type SeparatedPredictability, separatedPredictability } from "./sap.js";
export {
  alignLatents,
  type LatentAlignment,
  type LatentStability,
  latentStability,
  laterAgreement,
  type PairedSight,
  traversalAgreement,
} from "./stability.js";
export { type ToyMarket, type ToyStrengths, toyMarket } from "./toyMarket.js";
export { type TreeDci, treeDci } from "./treeDci.js";
export {
  type IntervalOptions,
  type Metric,
  type MetricInterval,
  permutationNull,
  withInterval,
} from "./uncertainty.js";
