export type { BarRow, FeatureSpec } from "./featureSpec.js";
export { emptyRow, featureStream, features, type LiveFeatures, readRow } from "./featureStream.js";
