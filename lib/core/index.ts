/**
 * Types that join the rooms, random keys, linear algebra, descriptive statistics and checks of shapes.
 *
 * Main types: `Bars`, `Panel`, `Windows`, `Forecast`, `Ledger`, `Key`, `Matrix`.
 * @module
 * @example
 * const root = core.key(2026);
 * core.mean(core.normals(core.fold(root, "sample"), 1000)); // near 0, the same in every run
 */
export { checkCount, checkFinite, checkLength, checkPositive, checkShape } from "./axes.js";
export { type Clock, systemClock } from "./clock.js";
export { columnsOf, correlations, evenly, percentWhere } from "./columns.js";
export { entryAt, openToRead, readSmall, readWhole, temporaryName, writeNew, writeWhole } from "./files.js";
export { BOOK_DEPTH, type FlowColumn, flowColumns, TAPE_AND_QUOTES } from "./flowColumns.js";
export {
  decisionKey,
  type ForecastPlaces,
  forecastOf,
  forecastRow,
  forecastRows,
  type MomentSums,
  modelUncertainties,
  modelUncertainty,
  momentSums,
  momentsOf,
  normalForecast,
  type TargetScale,
  totalVariance,
  totalVariances,
  unscaleDraws,
} from "./forecast.js";
export { type GrowthRow, growthRows, secondsOf, type Timings, timed } from "./growth.js";
export { type RegimeLabels, scoredLabels } from "./labels.js";
export {
  cholesky,
  choleskyFlat,
  columnOf,
  columnVector,
  crossProduct,
  diagonal,
  flatOf,
  fromFlat,
  fromRows,
  innerProducts,
  logDeterminant,
  Matrix,
  quadraticForm,
  solveCholesky,
  solveLower,
  solvePositive,
  symmetricEigen,
} from "./linalg.js";
export {
  fold,
  gammas,
  integers,
  type Key,
  key,
  normals,
  normals32,
  permutation,
  type Stream,
  stream,
  uniforms,
  writeNormals,
} from "./random.js";
export { readSealed, type SealedContent, type SealedKind, writeSealed } from "./sealedFile.js";
export {
  allowFusedOperations,
  type BackendChoice,
  backendChoice,
  budget,
  type ClaimMode,
  checkMode,
  claimMode,
  compiles,
  drawer,
  kernelChoice,
  marketSource,
  type ObjectStore,
  objectStore,
  proxyFor,
  queueCredentials,
  setNativeDefaults,
  threadLimit,
  truthIsKnown,
} from "./settings.js";
export { type Schema, shaped } from "./shape.js";
export {
  autocorrelation,
  autocorrelationError,
  clusteredError,
  correlation,
  covariance,
  fittedLine,
  logSumExp,
  mean,
  median,
  powerOfTwo,
  quantile,
  rootMeanSquare,
  standardDeviation,
  sum,
  variance,
} from "./stats.js";
export { type PrincipalAngles, principalAngles } from "./subspaces.js";
export {
  chiSquareSurvival,
  logChoose,
  logGammaRatio,
  standardNormalQuantile,
  studentQuantile,
} from "./tails.js";
export type {
  Bars,
  ClassDraws,
  Flow,
  Forecast,
  ForecastMoments,
  ForecastRow,
  Ledger,
  NormalDraws,
  Panel,
  ProbabilityDraws,
  RowMoments,
  Windows,
} from "./types.js";
export { ownVersion, versions } from "./versions.js";
export { visible, visibleJson, visibleLines } from "./visible.js";
export { fromYaml } from "./yaml.js";
export { barsPerYear } from "./year.js";
