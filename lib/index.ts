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

export * from "./features/candleWindows.js";
export * from "./features/characteristics.js";
export * from "./features/compression.js";
export * from "./features/crossSection.js";
export * from "./features/dependence.js";
export {
  type BarRow,
  type FeatureSpec,
  type FeatureStream,
  feature,
  singleFeature,
} from "./features/featureSpec.js";
export * from "./features/featureStream.js";
export * from "./features/flow.js";
export * from "./features/horizonReturns.js";
export * from "./features/indicators.js";
export * from "./features/jointFacts.js";
export * from "./features/kpss.js";
export * from "./features/losses.js";
export { type MarketInputStream, marketInput, marketInputStream } from "./features/marketInput.js";
export * from "./features/marketScale.js";
export * from "./features/marketTargets.js";
export { rollingMinMax } from "./features/minMax.js";
export * from "./features/momentum.js";
export { column, makePanel, wholeRows } from "./features/panel.js";
export { type Fold, type PurgeOptions, purgedKFold } from "./features/purgedKFold.js";
export * from "./features/rangesOfFacts.js";
export { REAL_RANGES } from "./features/realRanges.js";
export { trueRegimes, windowRegimes } from "./features/regimeLabels.js";
export { type RegressionOptions, type ReturnRegression, returnRegression } from "./features/regression.js";
export { panelCovariance, returnMatrix } from "./features/returnMatrix.js";
export { ewma, lagged, logReturns, rollingMean, rollingStandardDeviation } from "./features/returns.js";
export * from "./features/rollingCorrelation.js";
export {
  applyScaler,
  type FeatureMatrix,
  fitScaler,
  invertScaler,
  type Scaler,
  takeRows,
} from "./features/scaler.js";
export {
  type CalibratedFractions,
  type CalibratedSplit,
  everyNth,
  type Fractions,
  type Split,
  splitByTime,
} from "./features/split.js";
export * from "./features/standardFeatures.js";
export { type DickeyFuller, type DickeyFullerOptions, dickeyFuller } from "./features/stationarity.js";
export { type StylisedFacts, stylisedFacts } from "./features/stylisedFacts.js";
export * from "./features/volatility.js";
export * from "./features/volume.js";
export * from "./features/volumeProfile.js";
export { type ForwardFold, type WalkForwardOptions, walkForward } from "./features/walkForward.js";
export * from "./features/weekFacts.js";
export * from "./features/windowScaler.js";
export {
  takeWindows,
  type WindowSource,
  type WindowSpec,
  windowStarts,
  windows,
  withoutStraddlers,
} from "./features/windows.js";

export { type AssociationCell, associationFigure } from "./figures/associationGrid.js";
export { type BarOptions, barFigure } from "./figures/bars.js";
export { type ReliabilityBin, reliabilityFigure } from "./figures/calibration.js";
export { type CandleGridOptions, type CandleGridRow, candleGridFigure } from "./figures/candleGrid.js";
export { type CandleSliderOptions, candleSliderFigure } from "./figures/candleSlider.js";
export { candleFigure } from "./figures/candles.js";
export { claim } from "./figures/claim.js";
export { type ContourOptions, contourFigure } from "./figures/contours.js";
export { type CostPart, costFigure } from "./figures/costs.js";
export {
  type DensityOptions,
  densityFigure,
  type LineOptions,
  type LineSeries,
  lineFigure,
} from "./figures/curves.js";
export { type EquitySeries, equityFigure } from "./figures/equity.js";
export { type HeatmapOptions, heatmapFigure } from "./figures/fields.js";
export type { Figure } from "./figures/figure.js";
export { type LatentMapOptions, latentMapFigure } from "./figures/latentMap.js";
export { monthFigure, monthlyReturns } from "./figures/months.js";
export {
  BANNER_MIME,
  finding,
  marketBanner,
  NOT_ASKED_MIME,
  notAsked,
  onlyWith,
} from "./figures/otherBars.js";
export { panels } from "./figures/panels.js";
export { progress } from "./figures/progress.js";
export { type RangeRow, rangeFigure } from "./figures/ranges.js";
export { type RegimeStripOptions, regimeStripFigure } from "./figures/regimeStrip.js";
export { type RegimeSeries, regimeFigure, regimeTimeFigure } from "./figures/regimes.js";
export { type RocOptions, rocFigure } from "./figures/roc.js";
export { type ScatterOptions, scatterFigure } from "./figures/scatter.js";
export { show } from "./figures/show.js";
export { formatTable, table } from "./figures/table.js";
export { type TearSheetLedger, tearSheetFigure } from "./figures/tearSheet.js";
export { thin } from "./figures/thin.js";
export { underwaterFigure } from "./figures/underwater.js";
export { type WaterfallOptions, type WaterfallPart, waterfallFigure } from "./figures/waterfall.js";
export { winRateFigure } from "./figures/winRate.js";

export * from "./live/forecaster.js";
export * from "./live/history.js";
export { type Journal, type JournalOptions, openJournal, readJournal } from "./live/journal.js";
export { type KillSwitch, killSwitch } from "./live/killSwitch.js";
export { type LiveWindowOptions, type LiveWindows, liveWindows } from "./live/liveWindows.js";
export {
  type BrokerReport,
  type BrokerState,
  type Fill,
  openPaperBroker,
  orderId,
  type PaperBroker,
  type PaperBrokerOptions,
  type Targets,
} from "./live/paperBroker.js";
export * from "./live/pipeline.js";
export type {
  BeginRecord,
  CommandRecord,
  LiveRecord,
  OpenRecord,
  SnapshotRecord,
  StatusRecord,
  StepRecord,
} from "./live/records.js";
export {
  type Circumstances,
  type Limited,
  openRiskLimits,
  type RiskLimits,
  type RiskState,
} from "./live/riskLimits.js";
export type { RiskLimitOptions } from "./live/riskOptions.js";
export { openSession, type Session, type SessionOptions } from "./live/session.js";
export * from "./live/stages.js";
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
export { STREAM_FAULTS, type StreamFault } from "./market/loopback/disturb.js";
export { FAULTS, type FaultKind, RECOVERABLE_FAULTS } from "./market/loopback/faults.js";
export { startLoopback } from "./market/loopback/loopback.js";
export type { Loopback, LoopbackOptions } from "./market/loopback/types.js";
export { describeMarket, type Market, type MarketQuery, openMarket } from "./market/market.js";
export { type BestPortfolio, bestPortfolio } from "./market/optimal.js";
export { type Simulation, simulate } from "./market/simulate.js";
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
export { type Edge, expectedCorrelation, type FlowEdge, type Truth } from "./market/truth.js";

export { type Adam, adam } from "./models/adam.js";
export * from "./models/advi.js";
export * from "./models/amortisation.js";
export * from "./models/anomaly.js";
export * from "./models/associations.js";
export * from "./models/averageDraws.js";
export { betaTcVae, type KlParts, klParts, type PartWeights } from "./models/betaTcVae.js";
export * from "./models/bnn.js";
export * from "./models/bostonHousing.js";
export * from "./models/cavi.js";
export * from "./models/caviMixture.js";
export * from "./models/clusterScores.js";
export { type Clustering, type KMeansOptions, kMeans, nearestCentres } from "./models/clusters.js";
export { decodeCodes, encodeRows, type RowCodes } from "./models/codes.js";
export * from "./models/conjugate.js";
export * from "./models/curveNetwork.js";
export * from "./models/decoderJacobian.js";
export { type ActiveUnits, activeUnits, replicaCodes } from "./models/disentangle/activeUnits.js";
export { boostedClassifier } from "./models/disentangle/boostedClassifier.js";
export { type BottleneckRow, bottleneckRows } from "./models/disentangle/bottleneck.js";
export { type Dci, dciFromImportance, type LinearDci, linearDci } from "./models/disentangle/dci.js";
export * from "./models/disentangle/elbow.js";
export * from "./models/disentangle/factorVae.js";
export * from "./models/disentangle/forwardSelection.js";
export * from "./models/disentangle/knownCodes.js";
export {
  codeColumns,
  entriesAt,
  type LabelledCodes,
  labelledRows,
  quantileClasses,
} from "./models/disentangle/labelledCodes.js";
export { type MutualInformationGap, mutualInformationGap } from "./models/disentangle/mig.js";
export * from "./models/disentangle/predictivePower.js";
export * from "./models/disentangle/sap.js";
export * from "./models/disentangle/stability.js";
export * from "./models/disentangle/toyMarket.js";
export * from "./models/disentangle/treeDci.js";
export * from "./models/disentangle/uncertainty.js";
export * from "./models/emergentClusters.js";
export * from "./models/encoder.js";
export * from "./models/ensemble.js";
export * from "./models/evidence.js";
export * from "./models/exactPosterior.js";
export * from "./models/factorAlignment.js";
export * from "./models/factorAnalysis.js";
export * from "./models/factorLoadings.js";
export * from "./models/factorModel.js";
export * from "./models/factorMonitor.js";
export * from "./models/factorScenarios.js";
export * from "./models/factorVariance.js";
export * from "./models/forecastDraws.js";
export * from "./models/forecastNetwork.js";
export {
  type Filtered,
  filteredStates,
  filterStep,
  type HiddenMarkov,
  type StateBefore,
  smoothedStates,
  viterbi,
} from "./models/forwardBackward.js";
export {
  fitGaussianMixture,
  type GaussianMixtureFit,
  gaussianMixtureLogDensity,
  gaussianMixtureResponsibilities,
  likeliest,
} from "./models/gaussianMixture.js";
export * from "./models/gaussianProcess.js";
export * from "./models/gradientEstimators.js";
export { expectedDurations, fitHiddenMarkov, type HiddenMarkovFit } from "./models/hiddenMarkov.js";
export * from "./models/hmc.js";
export * from "./models/importanceBound.js";
export * from "./models/judge.js";
export * from "./models/lastLayerLaplace.js";
export * from "./models/linearCode.js";
export * from "./models/linearLatent.js";
export * from "./models/loadingChange.js";
export * from "./models/logistic.js";
export * from "./models/marketConfig.js";
export * from "./models/marketForecast.js";
export * from "./models/marketVae.js";
export { type Matching, matchClusters } from "./models/matching.js";
export * from "./models/mcDropout.js";
export * from "./models/pca.js";
export * from "./models/plainNetwork.js";
export * from "./models/plainVae.js";
export * from "./models/pointEstimates.js";
export {
  type Agreement,
  type BetaOptions,
  type BetaRow,
  bestBeta,
  betaRows,
} from "./models/portfolioBeta.js";
export { portfolioBounds } from "./models/portfolioBounds.js";
export { type PortfolioCoder, portfolioCoder } from "./models/portfolioCoder.js";
export {
  type Conditioner,
  type Conditions,
  conditionerOf,
  lotsOf,
  portfolioData,
  type WeightSet,
} from "./models/portfolioData.js";
export type { PortfolioLikelihood } from "./models/portfolioLikelihood.js";
export type { PortfolioCodes } from "./models/portfolioRows.js";
export { type PortfolioVae, type PortfolioVaeConfig, portfolioVae } from "./models/portfolioVae.js";
export * from "./models/posteriorSamples.js";
export * from "./models/regimeAlerts.js";
export * from "./models/regression.js";
export * from "./models/scoredSplits.js";
export { type SeriesLayout, unbrokenLengths } from "./models/seriesLayout.js";
export * from "./models/spanning.js";
export * from "./models/steering.js";
export * from "./models/stochasticVi.js";
export * from "./models/target.js";
export * from "./models/traversal.js";
export { type Codes, type EncoderConfig, type Vae, type VaeConfig, vae } from "./models/vae.js";
export * from "./models/waterFilling.js";
export * from "./models/weightPosterior.js";

export { type Backend, startBackend } from "./nn/backend.js";
export type { Data } from "./nn/batches.js";
export { type Evaluation, evaluateModel } from "./nn/evaluate.js";
export { type EpochRecord, type Fit, loadFit, saveFit } from "./nn/fit.js";
export { type BayesDenseOptions, BOOK_INITIAL_SD, bayesDense } from "./nn/layers/bayes.js";
export type { WeightPrior } from "./nn/layers/weightPrior.js";
export type { Model, Terms, Weights } from "./nn/model.js";
export { type PredictOptions, type Predictor, predict } from "./nn/predict.js";
export { takeReplicas } from "./nn/replicas.js";
export { betaObjective, capacityObjective, type Objective } from "./nn/step.js";
export { train } from "./nn/train.js";
export type { TrainOptions } from "./nn/trainOptions.js";

export * from "./portfolio/concentration.js";
export * from "./portfolio/concentrations.js";
export * from "./portfolio/covariance.js";
export * from "./portfolio/coverage.js";
export * from "./portfolio/dirichlet.js";
export {
  type Evaluation as PortfolioEvaluation,
  evaluatePortfolios,
  type PortfolioSet,
  portfolioReturns,
  rowsOf,
  turnovers,
} from "./portfolio/evaluator.js";
export * from "./portfolio/factorRisk.js";
export * from "./portfolio/generator.js";
export * from "./portfolio/latentObjectives.js";
export * from "./portfolio/latentOptimise.js";
export * from "./portfolio/latentPath.js";
export * from "./portfolio/limitedDecoder.js";
export {
  checkWithin,
  holdableLimits,
  type Limits,
  largestReturn,
  type SectorLimit,
} from "./portfolio/limits.js";
export * from "./portfolio/manyPaths.js";
export {
  type MeanVarianceInput,
  meanVariance,
  minimumVariance,
  targetReturn,
  type VariationalInput,
  variationalPortfolio,
} from "./portfolio/meanVariance.js";
export * from "./portfolio/projection.js";
export { type QuadraticProgram, solveQuadraticProgram } from "./portfolio/quadraticProgram.js";
export * from "./portfolio/ratio.js";
export * from "./portfolio/rebalance.js";
export * from "./portfolio/riskParity.js";
export * from "./portfolio/robust.js";
export * from "./portfolio/scenarios.js";
export * from "./portfolio/trainingSet.js";

export * from "./prob/binaryScores.js";
export * from "./prob/calibration.js";
export * from "./prob/classCalibration.js";
export * from "./prob/conformal.js";
export * from "./prob/crps.js";
export * from "./prob/decompose.js";
export * from "./prob/drawMixture.js";
export * from "./prob/elbo.js";
export * from "./prob/energyDistance.js";
export * from "./prob/gaussian.js";
export { drawCodes, type GaussianCodes } from "./prob/gaussianCodes.js";
export * from "./prob/groupCalibration.js";
export * from "./prob/levelCalibration.js";
export * from "./prob/mcmc.js";
export * from "./prob/mixture.js";
export * from "./prob/mutualInformation.js";
export * from "./prob/normalForecasts.js";
export * from "./prob/priors.js";
export * from "./prob/psis.js";
export * from "./prob/quadrature.js";
export * from "./prob/ranking.js";
export * from "./prob/rankingIntervals.js";
export * from "./prob/recalibration.js";
export * from "./prob/sbc.js";
export * from "./prob/schedule.js";
export { type NullTest, type ShiftOptions, shiftedOrder, shiftNull } from "./prob/shiftNull.js";
export * from "./prob/student.js";
export * from "./prob/tensorGaussian.js";
export * from "./prob/tensorPriors.js";
export * from "./prob/uncertainty.js";

export * from "./trading/backtest.js";
export * from "./trading/backtestInput.js";
export * from "./trading/bet.js";
export * from "./trading/blockLength.js";
export * from "./trading/bootstrap.js";
export * from "./trading/causality.js";
export * from "./trading/costs.js";
export * from "./trading/decide.js";
export * from "./trading/decisions.js";
export * from "./trading/drawdown.js";
export * from "./trading/factorHedge.js";
export * from "./trading/factorReturns.js";
export * from "./trading/hedge.js";
export * from "./trading/intervals.js";
export * from "./trading/ledger.js";
export * from "./trading/longShort.js";
export * from "./trading/metrics.js";
export * from "./trading/overfitting.js";
export * from "./trading/placebo.js";
export * from "./trading/portfolioMoments.js";
export * from "./trading/returns.js";
export * from "./trading/ruin.js";
export * from "./trading/rules.js";
export * from "./trading/scenarioRisk.js";
export * from "./trading/sharpeError.js";
export * from "./trading/sharpeInference.js";
export * from "./trading/signal.js";
export * from "./trading/size.js";
export * from "./trading/summary.js";
export * from "./trading/tailRisk.js";
export * from "./trading/varTests.js";
export * from "./trading/winRate.js";
