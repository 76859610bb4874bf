export { type CostOptions, costFigure as costs } from "./accounts/costs.js";
export { type EquityOptions, type EquitySeries, equityFigure as equity } from "./accounts/equity.js";
export {
  type RuleEquity,
  type RuleEquityOptions,
  ruleEquityFigure as ruleEquity,
} from "./accounts/ruleEquity.js";
export { type UnderwaterOptions, underwaterFigure as underwater } from "./accounts/underwater.js";
export {
  type WeightPanelOptions,
  type WeightSliderOptions,
  type WeightStep,
  weightPanelFigure as weightPanels,
  weightSliderFigure as weightSlider,
} from "./accounts/weightSets.js";
export { type WeightOptions, weightFigure as weights } from "./accounts/weights.js";
export { type WinRateOptions, winRateFigure as winRate } from "./accounts/winRate.js";
export { type ReliabilityOptions, reliabilityFigure as reliability } from "./estimates/calibration.js";
export { type ClimbOptions, climbFigure as climb } from "./estimates/climb.js";
export { type CoverageOptions, coverageFigure as coverage } from "./estimates/coverage.js";
export { type CurveBands, curveBandFigure as curveBands, type MethodBand } from "./estimates/curveBands.js";
export {
  type DifferenceOptions,
  type DifferenceRow,
  differenceFigure as differences,
} from "./estimates/differences.js";
export { doublingBins, type Histogram } from "./estimates/doublingBins.js";
export {
  bands,
  type EstimatedCurve,
  type EstimatedInterval,
  intervalBars,
} from "./estimates/estimates.js";
export {
  type IntervalOptions,
  type IntervalWords,
  intervalFigure as intervals,
  intervalRows,
} from "./estimates/namedIntervals.js";
export {
  type PosteriorSliderOptions,
  type PosteriorStep,
  posteriorSliderFigure as posteriorSlider,
} from "./estimates/posteriorSlider.js";
export {
  type PosteriorMoments,
  type PosteriorOptions,
  posteriorFigure as posteriors,
} from "./estimates/posteriors.js";
export { type PowerOptions, powerFigure as powers } from "./estimates/powers.js";
export { type RelativeLineOptions, relativeLineFigure as relativeLines } from "./estimates/relativeLines.js";
export { type RocOptions, rocFigure as roc } from "./estimates/roc.js";
export { type RunningMeanOptions, runningMeanFigure as runningMeans } from "./estimates/runningMeans.js";
export { type StretchOptions, stretchFigure as stretch } from "./estimates/stretch.js";
export {
  type InputAnswers,
  type UncertaintyAlongOptions,
  type UncertaintyPathOptions,
  uncertaintyAlongFigure as uncertaintyAlong,
  uncertaintyPathFigure as uncertaintyPaths,
} from "./estimates/uncertainty.js";
export { type AssociationGridOptions, associationFigure as associations } from "./latents/associationGrid.js";
export { type ElbowOptions, elbowFigure as elbow } from "./latents/elbow.js";
export {
  type FactorSliderOptions,
  type FactorSource,
  factorMapFigure as factorMap,
  factorSliderFigure as factorSlider,
  type LoadingMapOptions,
  loadingMapFigure as loadingMap,
} from "./latents/factors.js";
export { type LatentKlOptions, latentKlFigure as latentKl } from "./latents/latentKl.js";
export { type LatentMapOptions, latentMapFigure as latentMap } from "./latents/latentMap.js";
export { loadingAxesFigure as loadingAxes } from "./latents/loadingAxes.js";
export {
  type ReconstructionOptions,
  reconstructionFigure as reconstruction,
} from "./latents/reconstruction.js";
export { type SweepFigureOptions, sweepFigure as sweep } from "./latents/sweep.js";
export { type SweepPanelOptions, sweepPanelFigure as sweepPanels } from "./latents/sweepPanels.js";
export { type TradeOff, tradeOffFigure as tradeOff } from "./latents/tradeOff.js";
export {
  type TraversalOptions,
  type TraversalRows,
  type TraversalSource,
  traversalFigure as traversal,
} from "./latents/traversal.js";
export { type VaeDiagramOptions, vaeDiagramFigure as vaeDiagram } from "./latents/vaeDiagram.js";
export { type CandleGridOptions, candleGridFigure as candleGrid } from "./prices/candleGrid.js";
export {
  type CandleReconstructionOptions,
  type CandleView,
  candleReconstructionFigure as candleReconstructions,
} from "./prices/candleReconstructions.js";
export { type CandleSliderOptions, candleSliderFigure as candleSlider } from "./prices/candleSlider.js";
export { type CandleOptions, type CandleOverlay, candleFigure as candles } from "./prices/candles.js";
export { type MonthRow, monthFigure as months, monthlyReturns } from "./prices/months.js";
export { type PlantedMoveOptions, plantedMoveFigure as plantedMove } from "./prices/plantedMove.js";
export { type RegimeStripOptions, regimeStripFigure as regimeStrip } from "./prices/regimeStrip.js";
export {
  type RegimeOptions,
  type RegimeTimeOptions,
  regimeFigure as regimes,
  regimeTimeFigure as regimeTime,
} from "./prices/regimes.js";
export {
  type SignalReading,
  type SignalSliderOptions,
  signalSliderFigure as signalSlider,
} from "./prices/signalSlider.js";
export { type SignalStripOptions, signalStripFigure as signalStrip } from "./prices/signalStrip.js";
export { type SplitBorderOptions, splitBorderFigure as splitBorder } from "./prices/splitBorder.js";
export { windowGroups } from "./prices/windowGroups.js";
export {
  type ReconstructionSliderOptions,
  reconstructionSliderFigure as reconstructionSlider,
  type WindowPathOptions,
  type WindowSeries,
  windowPathFigure as windowPaths,
} from "./prices/windowPaths.js";
export { type BarOptions, barFigure as bars } from "./shapes/bars.js";
export type { DiagramBox } from "./shapes/boxes.js";
export { type ChainOptions, chainFigure as chain } from "./shapes/chain.js";
export { type ContourOptions, contourFigure as contours } from "./shapes/contours.js";
export {
  type DensityOptions,
  densityFigure as density,
  type LineOptions,
  type LineSeries,
  lineFigure as line,
} from "./shapes/curves.js";
export { type DiagramOptions, diagramFigure as diagram } from "./shapes/diagram.js";
export { type HeatmapOptions, heatmapFigure as heatmap } from "./shapes/fields.js";
export { type HeatmapSliderOptions, heatmapSliderFigure as heatmapSlider } from "./shapes/heatmapSlider.js";
export { type HistogramOptions, histogramFigure as histograms } from "./shapes/histograms.js";
export { type PairPanelOptions, pairPanelFigure as pairPanels } from "./shapes/pairPanels.js";
export { type ParallelAxis, type ParallelOptions, parallelFigure as parallel } from "./shapes/parallel.js";
export { type RangeOptions, rangeFigure as ranges } from "./shapes/ranges.js";
export { type ScatterOptions, scatterFigure as scatter } from "./shapes/scatter.js";
export { type SliderOptions, type SliderStep, sliderFigure as slider } from "./shapes/slider.js";
export { type TriangleOptions, type TriangleSeries, triangleFigure as triangle } from "./shapes/triangle.js";
export { type WaterfallOptions, waterfallFigure as waterfall } from "./shapes/waterfall.js";
