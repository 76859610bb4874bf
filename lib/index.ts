/** Everything a notebook may import, by the room it comes from. */

export * from "./core/forecast.js";
export * from "./core/labels.js";
export * from "./core/linalg.js";
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
} from "./core/random.js";
export { budget } from "./core/settings.js";
export * from "./core/stats.js";
export { type PrincipalAngles, principalAngles } from "./core/subspaces.js";
export type * from "./core/types.js";
export { versions } from "./core/versions.js";
export { barsPerYear } from "./core/year.js";
export * from "./features/characteristics.js";
export * from "./features/compression.js";
export {
  type BarRow,
  type FeatureSpec,
  type FeatureStream,
  feature,
  singleFeature,
} from "./features/engine/featureSpec.js";
export * from "./features/engine/featureStream.js";
export * from "./features/facts/dependence.js";
export * from "./features/facts/jointFacts.js";
export * from "./features/facts/kpss.js";
export * from "./features/facts/rangesOfFacts.js";
export { REAL_RANGES } from "./features/facts/realRanges.js";
export { type DickeyFuller, type DickeyFullerOptions, dickeyFuller } from "./features/facts/stationarity.js";
export { type StylisedFacts, stylisedFacts } from "./features/facts/stylisedFacts.js";
export * from "./features/facts/weekFacts.js";
export * from "./features/indicators/crossSection.js";
export * from "./features/indicators/flow.js";
export * from "./features/indicators/horizonReturns.js";
export * from "./features/indicators/indicators.js";
export * from "./features/indicators/losses.js";
export { rollingMinMax } from "./features/indicators/minMax.js";
export * from "./features/indicators/momentum.js";
export * from "./features/indicators/rollingCorrelation.js";
export * from "./features/indicators/standardFeatures.js";
export * from "./features/indicators/volatility.js";
export * from "./features/indicators/volume.js";
export * from "./features/indicators/volumeProfile.js";
export { column, makePanel, wholeRows } from "./features/panel.js";
export { type RegressionOptions, type ReturnRegression, returnRegression } from "./features/regression.js";
export { panelCovariance, returnMatrix } from "./features/returnMatrix.js";
export { ewma, lagged, logReturns, rollingMean, rollingStandardDeviation } from "./features/returns.js";
export { type Fold, type PurgeOptions, purgedKFold } from "./features/splits/purgedKFold.js";
export {
  type CalibratedFractions,
  type CalibratedSplit,
  everyNth,
  type Fractions,
  type Split,
  splitByTime,
} from "./features/splits/split.js";
export { type ForwardFold, type WalkForwardOptions, walkForward } from "./features/splits/walkForward.js";
export * from "./features/windows/candleWindows.js";
export { type MarketInputStream, marketInput, marketInputStream } from "./features/windows/marketInput.js";
export * from "./features/windows/marketScale.js";
export * from "./features/windows/marketTargets.js";
export { trueRegimes, windowRegimes } from "./features/windows/regimeLabels.js";
export {
  applyScaler,
  type FeatureMatrix,
  fitScaler,
  invertScaler,
  type Scaler,
  takeRows,
} from "./features/windows/scaler.js";
export * from "./features/windows/windowScaler.js";
export {
  takeWindows,
  type WindowSource,
  type WindowSpec,
  windowStarts,
  windows,
  withoutStraddlers,
} from "./features/windows/windows.js";
export {
  type BrokerReport,
  type BrokerState,
  type Fill,
  openPaperBroker,
  orderId,
  type PaperBroker,
  type PaperBrokerOptions,
  type Targets,
} from "./live/broker/paperBroker.js";
export { type Journal, type JournalOptions, openJournal, readJournal } from "./live/journal/journal.js";
export type {
  BeginRecord,
  CommandRecord,
  LiveRecord,
  OpenRecord,
  SnapshotRecord,
  StatusRecord,
  StepRecord,
} from "./live/journal/records.js";
export * from "./live/pipeline/forecaster.js";
export * from "./live/pipeline/history.js";
export { type LiveWindowOptions, type LiveWindows, liveWindows } from "./live/pipeline/liveWindows.js";
export * from "./live/pipeline/pipeline.js";
export * from "./live/pipeline/stages.js";
export { type KillSwitch, killSwitch } from "./live/risk/killSwitch.js";
export {
  type Circumstances,
  type Limited,
  openRiskLimits,
  type RiskLimits,
  type RiskState,
} from "./live/risk/riskLimits.js";
export type { RiskLimitOptions } from "./live/risk/riskOptions.js";
export { openSession, type Session, type SessionOptions } from "./live/session.js";
export * from "./live/types.js";
export {
  alignBars,
  barsClosingAt,
  checkBars,
  coarserBars,
  type Gap,
  gaps,
  longestStretch,
  sliceBars,
} from "./market/bars.js";
export { type Bybit, type ConnectOptions, connectBybit, type Pause } from "./market/bybit/connect.js";
export { BybitError, type BybitFault } from "./market/bybit/error.js";
export {
  type BarQuery,
  type Fetched,
  type FetchedPage,
  type FetchHooks,
  type FetchOutcome,
  fetchBars,
  fetchMany,
} from "./market/bybit/fetch.js";
export {
  type FundingQuery,
  type FundingRates,
  fetchFundingRates,
  fetchOrderBook,
  fetchTrades,
  type OrderBook,
  type TakerTrade,
} from "./market/bybit/public.js";
export { type Instrument, instrumentOf, parseInterval } from "./market/bybit/symbol.js";
export { type Cleaned, type CleaningRow, type CleanOptions, clean, type RawBars } from "./market/clean.js";
export { barsFrame, panelFrame } from "./market/frame.js";
export { describeMarket, type Market, type MarketQuery, openMarket } from "./market/open.js";
export { type BestPortfolio, bestPortfolio } from "./market/simulate/optimal.js";
export { type Simulation, simulate } from "./market/simulate/simulate.js";
export { type Edge, expectedCorrelation, type FlowEdge, type Truth } from "./market/simulate/truth.js";
export {
  listSnapshotSymbols,
  openSnapshot,
  readSnapshot,
  readSnapshotBars,
} from "./market/store/snapshot.js";
export { openStream, type StreamOptions } from "./market/stream/stream.js";
export type {
  MarketStream,
  StreamCounts,
  StreamEvent,
  StreamQuery,
  StreamStatus,
} from "./market/stream/types.js";
export * from "./models/bnn/bnn.js";
export * from "./models/bnn/bostonHousing.js";
export * from "./models/bnn/ensemble.js";
export * from "./models/bnn/forecastDraws.js";
export * from "./models/bnn/forecastNetwork.js";
export * from "./models/bnn/lastLayerLaplace.js";
export * from "./models/bnn/mcDropout.js";
export * from "./models/bnn/plainNetwork.js";
export * from "./models/bnn/pointEstimates.js";
export * from "./models/bnn/posteriorSamples.js";
export * from "./models/bnn/scoredSplits.js";
export * from "./models/bnn/weightPosterior.js";
export { type ActiveDimensions as ActiveUnits, activeDimensions as activeUnits, replicaLatents as replicaCodes } from "./models/disentangle/activeDimensions.js";
export * from "./models/disentangle/associations.js";
export { boostedClassifier } from "./models/disentangle/boostedClassifier.js";
export { type BottleneckRow, bottleneckRows } from "./models/disentangle/bottleneck.js";
export { type Dci, dciFromImportance, type LinearDci, linearDci } from "./models/disentangle/dci.js";
export * from "./models/disentangle/elbow.js";
export * from "./models/disentangle/factorVae.js";
export * from "./models/disentangle/forwardSelection.js";
export * from "./models/disentangle/knownLatents.js";
export {
  latentColumns as codeColumns,
  entriesAt,
  type LabelledLatents as LabelledCodes,
  labelledRows,
  quantileClasses,
} from "./models/disentangle/labelledLatents.js";
export { type MutualInformationGap, mutualInformationGap } from "./models/disentangle/mig.js";
export * from "./models/disentangle/predictivePower.js";
export * from "./models/disentangle/sap.js";
export * from "./models/disentangle/stability.js";
export * from "./models/disentangle/toyMarket.js";
export * from "./models/disentangle/treeDci.js";
export * from "./models/disentangle/uncertainty.js";
export * from "./models/factor/factorAlignment.js";
export * from "./models/factor/factorAnalysis.js";
export * from "./models/factor/factorLoadings.js";
export * from "./models/factor/factorModel.js";
export * from "./models/factor/factorMonitor.js";
export * from "./models/factor/factorScenarios.js";
export * from "./models/factor/factorVariance.js";
export * from "./models/factor/linearAutoencoder.js";
export * from "./models/factor/loadingChange.js";
export * from "./models/factor/pca.js";
export * from "./models/factor/spanning.js";
export * from "./models/factor/waterFilling.js";
export { type Adam, adam } from "./models/inference/adam.js";
export * from "./models/inference/advi.js";
export * from "./models/inference/amortisation.js";
export * from "./models/inference/cavi.js";
export * from "./models/inference/caviMixture.js";
export * from "./models/inference/conjugate.js";
export * from "./models/inference/curveNetwork.js";
export * from "./models/inference/evidence.js";
export * from "./models/inference/exactPosterior.js";
export * from "./models/inference/gaussianProcess.js";
export * from "./models/inference/gradientEstimators.js";
export * from "./models/inference/hmc.js";
export * from "./models/inference/evaluateFit.js";
export * from "./models/inference/linearLatent.js";
export * from "./models/inference/logistic.js";
export * from "./models/inference/regression.js";
export * from "./models/inference/stochasticVi.js";
export * from "./models/inference/target.js";
export * from "./models/marketVae/marketConfig.js";
export * from "./models/marketVae/marketForecast.js";
export * from "./models/marketVae/marketVae.js";
export {
  type Agreement,
  type BetaOptions,
  type BetaRow,
  bestBeta,
  betaRows,
} from "./models/portfolioVae/portfolioBeta.js";
export { portfolioBounds } from "./models/portfolioVae/portfolioBounds.js";
export { type PortfolioAutoencoder as PortfolioCoder, portfolioAutoencoder as portfolioCoder } from "./models/portfolioVae/portfolioAutoencoder.js";
export {
  type Conditioner,
  type Conditions,
  conditionerOf,
  countsOf as lotsOf,
  portfolioData,
  type WeightSet,
} from "./models/portfolioVae/portfolioData.js";
export type { PortfolioLikelihood } from "./models/portfolioVae/portfolioLikelihood.js";
export type { PortfolioLatents as PortfolioCodes } from "./models/portfolioVae/portfolioRows.js";
export {
  type PortfolioVae,
  type PortfolioVaeConfig,
  portfolioVae,
} from "./models/portfolioVae/portfolioVae.js";
export * from "./models/regimes/clusterScores.js";
export { type Clustering, type KMeansOptions, kMeans, nearestCentres } from "./models/regimes/clusters.js";
export * from "./models/regimes/emergentClusters.js";
export {
  type Filtered,
  filteredStates,
  filterStep,
  type HiddenMarkov,
  type StateBefore,
  smoothedStates,
  viterbi,
} from "./models/regimes/forwardBackward.js";
export {
  fitGaussianMixture,
  type GaussianMixtureFit,
  gaussianMixtureLogDensity,
  gaussianMixtureResponsibilities,
  likeliest,
} from "./models/regimes/gaussianMixture.js";
export { expectedDurations, fitHiddenMarkov, type HiddenMarkovFit } from "./models/regimes/hiddenMarkov.js";
export { type Matching, matchClusters } from "./models/regimes/matching.js";
export * from "./models/regimes/regimeAlerts.js";
export { type SeriesLayout, unbrokenLengths } from "./models/regimes/seriesLayout.js";
export * from "./models/vae/anomaly.js";
export * from "./models/vae/averageDraws.js";
export { betaTcVae, type KlParts, klParts, type PartWeights } from "./models/vae/betaTcVae.js";
export { decodeLatents as decodeCodes, encodeRows, type RowLatents as RowCodes } from "./models/vae/latents.js";
export * from "./models/vae/decoderJacobian.js";
export * from "./models/vae/encoder.js";
export * from "./models/vae/importanceBound.js";
export * from "./models/vae/plainVae.js";
export * from "./models/vae/latentEditing.js";
export * from "./models/vae/traversal.js";
export { type Latents as Codes, type EncoderConfig, type Vae, type VaeConfig, vae } from "./models/vae/vae.js";
export { type Backend, startBackend } from "./nn/backend.js";
export { type BayesDenseOptions, SOURCE_INITIAL_SD as BOOK_INITIAL_SD, bayesDense } from "./nn/layers/bayes.js";
export type { Model, Terms, Weights } from "./nn/layers/model.js";
export type { WeightPrior } from "./nn/layers/weightPrior.js";
export type { Data } from "./nn/training/batches.js";
export { type Evaluation, evaluateModel } from "./nn/training/evaluate.js";
export { type EpochRecord, type Fit, loadFit, saveFit } from "./nn/training/fit.js";
export { type PredictOptions, type Predictor, predict } from "./nn/training/predict.js";
export { takeReplicas } from "./nn/training/replicas.js";
export { betaObjective, capacityObjective, type Objective } from "./nn/training/step.js";
export { train } from "./nn/training/train.js";
export type { TrainOptions } from "./nn/training/trainOptions.js";
export { type AssociationCell, associationFigure } from "./plot/charts/associationGrid.js";
export { type BarOptions, barFigure } from "./plot/charts/bars.js";
export { type ReliabilityBin, reliabilityFigure } from "./plot/charts/calibration.js";
export { type CandleGridOptions, type CandleGridRow, candleGridFigure } from "./plot/charts/candleGrid.js";
export { type CandleSliderOptions, candleSliderFigure } from "./plot/charts/candleSlider.js";
export { candleFigure } from "./plot/charts/candles.js";
export { type ContourOptions, contourFigure } from "./plot/charts/contours.js";
export { type CostPart, costFigure } from "./plot/charts/costs.js";
export {
  type DensityOptions,
  densityFigure,
  type LineOptions,
  type LineSeries,
  lineFigure,
} from "./plot/charts/curves.js";
export { type EquitySeries, equityFigure } from "./plot/charts/equity.js";
export { type HeatmapOptions, heatmapFigure } from "./plot/charts/fields.js";
export { type LatentMapOptions, latentMapFigure } from "./plot/charts/latentMap.js";
export { monthFigure, monthlyReturns } from "./plot/charts/months.js";
export { type RangeRow, rangeFigure } from "./plot/charts/ranges.js";
export { type RegimeStripOptions, regimeStripFigure } from "./plot/charts/regimeStrip.js";
export { type RegimeSeries, regimeFigure, regimeTimeFigure } from "./plot/charts/regimes.js";
export { type RocOptions, rocFigure } from "./plot/charts/roc.js";
export { type ScatterOptions, scatterFigure } from "./plot/charts/scatter.js";
export { underwaterFigure } from "./plot/charts/underwater.js";
export { type WaterfallOptions, type WaterfallPart, waterfallFigure } from "./plot/charts/waterfall.js";
export { winRateFigure } from "./plot/charts/winRate.js";
export type { Figure } from "./plot/figure.js";
export { claim } from "./plot/notebook/claim.js";
export {
  BANNER_MIME,
  finding,
  marketBanner,
  NOT_ASKED_MIME,
  notAsked,
  onlyWith,
} from "./plot/notebook/otherBars.js";
export { progress } from "./plot/notebook/progress.js";
export { show } from "./plot/notebook/show.js";
export { formatTable, table } from "./plot/notebook/table.js";
export { panels } from "./plot/panels.js";
export { type TearSheetLedger, tearSheetFigure } from "./plot/reports/tearSheet.js";
export { thin } from "./plot/thin.js";
export {
  checkWithin,
  holdableLimits,
  type Limits,
  largestReturn,
  type SectorLimit,
} from "./portfolio/constraints/limits.js";
export * from "./portfolio/constraints/projection.js";
export * from "./portfolio/evaluate/concentration.js";
export {
  type Evaluation as PortfolioEvaluation,
  evaluatePortfolios,
  type PortfolioSet,
  portfolioReturns,
  rowsOf,
  turnovers,
} from "./portfolio/evaluate/evaluator.js";
export * from "./portfolio/evaluate/factorRisk.js";
export * from "./portfolio/evaluate/manyPaths.js";
export * from "./portfolio/latent/coverage.js";
export * from "./portfolio/latent/generator.js";
export * from "./portfolio/latent/latentObjectives.js";
export * from "./portfolio/latent/latentOptimise.js";
export * from "./portfolio/latent/latentPath.js";
export * from "./portfolio/latent/limitedDecoder.js";
export * from "./portfolio/optimise/covariance.js";
export {
  type MeanVarianceInput,
  meanVariance,
  minimumVariance,
  targetReturn,
  type VariationalInput,
  variationalPortfolio,
} from "./portfolio/optimise/meanVariance.js";
export * from "./portfolio/optimise/ratio.js";
export * from "./portfolio/optimise/rebalance.js";
export * from "./portfolio/optimise/riskParity.js";
export * from "./portfolio/optimise/robust.js";
export * from "./portfolio/optimise/scenarios.js";
export * from "./portfolio/sample/concentrations.js";
export * from "./portfolio/sample/dirichlet.js";
export * from "./portfolio/sample/trainingSet.js";
export { type QuadraticProgram, solveQuadraticProgram } from "./portfolio/solver/quadraticProgram.js";
export * from "./prob/calibration/calibration.js";
export * from "./prob/calibration/classCalibration.js";
export * from "./prob/calibration/conformal.js";
export * from "./prob/calibration/groupCalibration.js";
export * from "./prob/calibration/levelCalibration.js";
export * from "./prob/calibration/recalibration.js";
export * from "./prob/diagnostics/mcmc.js";
export * from "./prob/diagnostics/psis.js";
export * from "./prob/diagnostics/sbc.js";
export { type NullTest, type ShiftOptions, shiftedOrder, shiftNull } from "./prob/diagnostics/shiftNull.js";
export * from "./prob/distributions/drawMixture.js";
export * from "./prob/distributions/gaussian.js";
export { drawDiagonalGaussians as drawCodes, type DiagonalGaussians as GaussianCodes } from "./prob/distributions/diagonalGaussians.js";
export * from "./prob/distributions/mixture.js";
export * from "./prob/distributions/priors.js";
export * from "./prob/distributions/quadrature.js";
export * from "./prob/distributions/student.js";
export * from "./prob/distributions/tensorGaussian.js";
export * from "./prob/distributions/tensorPriors.js";
export * from "./prob/divergences/decompose.js";
export * from "./prob/divergences/elbo.js";
export * from "./prob/divergences/mutualInformation.js";
export * from "./prob/divergences/schedule.js";
export * from "./prob/divergences/uncertainty.js";
export * from "./prob/scores/binaryScores.js";
export * from "./prob/scores/crps.js";
export * from "./prob/scores/energyDistance.js";
export * from "./prob/scores/normalForecasts.js";
export * from "./prob/scores/ranking.js";
export * from "./prob/scores/rankingIntervals.js";
export { STREAM_FAULTS, type StreamFault } from "./testing/disturb.js";
export { FAULTS, type FaultKind, RECOVERABLE_FAULTS } from "./testing/faults.js";
export { startLoopback } from "./testing/loopback.js";
export type { Loopback, LoopbackOptions } from "./testing/types.js";

export * from "./trading/backtest/backtest.js";
export * from "./trading/backtest/backtestInput.js";
export * from "./trading/backtest/causality.js";
export * from "./trading/backtest/costs.js";
export * from "./trading/backtest/ledger.js";
export * from "./trading/decisions/bet.js";
export * from "./trading/decisions/decide.js";
export * from "./trading/decisions/decisions.js";
export * from "./trading/decisions/hedge.js";
export * from "./trading/decisions/rules.js";
export * from "./trading/decisions/signal.js";
export * from "./trading/decisions/size.js";
export * from "./trading/factors/factorHedge.js";
export * from "./trading/factors/factorReturns.js";
export * from "./trading/factors/longShort.js";
export * from "./trading/performance/drawdown.js";
export * from "./trading/performance/metrics.js";
export * from "./trading/performance/portfolioMoments.js";
export * from "./trading/performance/returns.js";
export * from "./trading/performance/ruin.js";
export * from "./trading/performance/scenarioRisk.js";
export * from "./trading/performance/summary.js";
export * from "./trading/performance/tailRisk.js";
export * from "./trading/performance/winRate.js";
export * from "./trading/significance/blockLength.js";
export * from "./trading/significance/bootstrap.js";
export * from "./trading/significance/intervals.js";
export * from "./trading/significance/overfitting.js";
export * from "./trading/significance/placebo.js";
export * from "./trading/significance/sharpeError.js";
export * from "./trading/significance/sharpeInference.js";
export * from "./trading/significance/varTests.js";
