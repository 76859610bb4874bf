/**
 * Market regimes: mixtures, hidden Markov models, clusters and how far labellings agree.
 * @module
 */
export { type AccuracyRow, type AgreementRow, accuracyRows, agreementRows } from "./agreement.js";
export {
  adjustedRandIndex,
  adjustedRandTest,
  type LabelRuns,
  labelRuns,
  type SilhouetteOptions,
  silhouetteTest,
} from "./clusterScores.js";
export { type ClusterStability, type ClusterStabilityRows, clusterStability } from "./clusterStability.js";
export { type Clustering, type KMeansOptions, kMeans, nearestCentres } from "./clusters.js";
export { emergentClusterTest } from "./emergentClusters.js";
export {
  type Filtered,
  filteredStates,
  filterStep,
  type HiddenMarkov,
  type StateBefore,
  smoothedStates,
  viterbi,
} from "./forwardBackward.js";
export {
  fitGaussianMixture,
  type GaussianMixture,
  type GaussianMixtureFit,
  type GaussianMixtureOptions,
  gaussianMixtureLogDensity,
  gaussianMixtureResponsibilities,
  likeliest,
} from "./gaussianMixture.js";
export { fitHiddenMarkov, type HiddenMarkovFit, type HiddenMarkovOptions } from "./hiddenMarkov.js";
export { type Matching, matchClusters } from "./matching.js";
export { type PlantedOptions, type PlantedRegimes, plantedRegimes } from "./plantedRegimes.js";
export { type RegimeWatch, watchRegimes } from "./regimeAlerts.js";
export { type SeriesLayout, unbrokenLengths } from "./seriesLayout.js";
export { type LevelledSeries, type WatchedStates, type WatchOptions, watchLater } from "./watchLater.js";
