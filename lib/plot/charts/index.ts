export { type AssociationGridOptions, associationFigure as associations } from "./associationGrid.js";
export { type BarOptions, barFigure as bars } from "./bars.js";
export { type ReliabilityOptions, reliabilityFigure as reliability } from "./calibration.js";
export { type CandleGridOptions, candleGridFigure as candleGrid } from "./candleGrid.js";
export {
  type CandleReconstructionOptions,
  type CandleView,
  candleReconstructionFigure as candleReconstructions,
} from "./candleReconstructions.js";
export { type CandleSliderOptions, candleSliderFigure as candleSlider } from "./candleSlider.js";
export { type CandleOptions, type CandleOverlay, candleFigure as candles } from "./candles.js";
export { type ChainOptions, chainFigure as chain } from "./chain.js";
export { type ClimbOptions, climbFigure as climb } from "./climb.js";
export { type ContourOptions, contourFigure as contours } from "./contours.js";
export { type CostOptions, costFigure as costs } from "./costs.js";
export { type CoverageOptions, coverageFigure as coverage } from "./coverage.js";
export { type CurveBands, curveBandFigure as curveBands, type MethodBand } from "./curveBands.js";
export {
  type DensityOptions,
  densityFigure as density,
  type LineOptions,
  type LineSeries,
  lineFigure as line,
} from "./curves.js";
export { type DiagramBox, type DiagramOptions, diagramFigure as diagram } from "./diagram.js";
export {
  type DifferenceOptions,
  type DifferenceRow,
  differenceFigure as differences,
} from "./differences.js";
export { doublingBins, type Histogram } from "./doublingBins.js";
export { type ElbowOptions, elbowFigure as elbow } from "./elbow.js";
export { type EquityOptions, type EquitySeries, equityFigure as equity } from "./equity.js";
export {
  bands,
  type EstimatedCurve,
  type EstimatedInterval,
  intervalBars,
} from "./estimates.js";
export {
  type FactorSliderOptions,
  type FactorSource,
  factorMapFigure as factorMap,
  factorSliderFigure as factorSlider,
  type LoadingMapOptions,
  loadingMapFigure as loadingMap,
} from "./factors.js";
export { type HeatmapOptions, heatmapFigure as heatmap } from "./fields.js";
export { type HeatmapSliderOptions, heatmapSliderFigure as heatmapSlider } from "./heatmapSlider.js";
export { type HistogramOptions, histogramFigure as histograms } from "./histograms.js";
export { type LatentKlOptions, latentKlFigure as latentKl } from "./latentKl.js";
export { type LatentMapOptions, latentMapFigure as latentMap } from "./latentMap.js";
export { loadingAxesFigure as loadingAxes } from "./loadingAxes.js";
export { type MonthRow, monthFigure as months, monthlyReturns } from "./months.js";
export {
  type IntervalOptions,
  type IntervalWords,
  intervalFigure as intervals,
  intervalRows,
  type NamedInterval,
} from "./namedIntervals.js";
export { type PairPanelOptions, pairPanelFigure as pairPanels } from "./pairPanels.js";
export { type ParallelAxis, type ParallelOptions, parallelFigure as parallel } from "./parallel.js";
export { type PlantedMoveOptions, plantedMoveFigure as plantedMove } from "./plantedMove.js";
export {
  type PosteriorSliderOptions,
  type PosteriorStep,
  posteriorSliderFigure as posteriorSlider,
} from "./posteriorSlider.js";
export { type PosteriorMoments, type PosteriorOptions, posteriorFigure as posteriors } from "./posteriors.js";
export { type PowerOptions, powerFigure as powers } from "./powers.js";
export { type RangeOptions, rangeFigure as ranges } from "./ranges.js";
export {
  type ReconstructionOptions,
  reconstructionFigure as reconstruction,
} from "./reconstruction.js";
export { type RegimeStripOptions, regimeStripFigure as regimeStrip } from "./regimeStrip.js";
export {
  type RegimeOptions,
  type RegimeTimeOptions,
  regimeFigure as regimes,
  regimeTimeFigure as regimeTime,
} from "./regimes.js";
export { type RelativeLineOptions, relativeLineFigure as relativeLines } from "./relativeLines.js";
export { type RocOptions, rocFigure as roc } from "./roc.js";
export {
  type RuleEquity,
  type RuleEquityOptions,
  ruleEquityFigure as ruleEquity,
} from "./ruleEquity.js";
export { type RunningMeanOptions, runningMeanFigure as runningMeans } from "./runningMeans.js";
export { type ScatterOptions, scatterFigure as scatter } from "./scatter.js";
export {
  type SignalReading,
  type SignalSliderOptions,
  signalSliderFigure as signalSlider,
} from "./signalSlider.js";
export { type SignalStripOptions, signalStripFigure as signalStrip } from "./signalStrip.js";
export { type SliderOptions, type SliderStep, sliderFigure as slider } from "./slider.js";
export { type SplitBorderOptions, splitBorderFigure as splitBorder } from "./splitBorder.js";
export { type StretchOptions, stretchFigure as stretch } from "./stretch.js";
export { type SweepFigureOptions, sweepFigure as sweep } from "./sweep.js";
export { type SweepPanelOptions, sweepPanelFigure as sweepPanels } from "./sweepPanels.js";
export { type TradeOff, tradeOffFigure as tradeOff } from "./tradeOff.js";
export {
  type TraversalOptions,
  type TraversalRows,
  type TraversalSource,
  traversalFigure as traversal,
} from "./traversal.js";
export { type TriangleOptions, type TriangleSeries, triangleFigure as triangle } from "./triangle.js";
export {
  type InputAnswers,
  type UncertaintyAlongOptions,
  type UncertaintyPathOptions,
  uncertaintyAlongFigure as uncertaintyAlong,
  uncertaintyPathFigure as uncertaintyPaths,
} from "./uncertainty.js";
export { type UnderwaterOptions, underwaterFigure as underwater } from "./underwater.js";
export { type VaeDiagramOptions, vaeDiagramFigure as vaeDiagram } from "./vaeDiagram.js";
export { type WaterfallOptions, waterfallFigure as waterfall } from "./waterfall.js";
export {
  type WeightPanelOptions,
  type WeightSliderOptions,
  type WeightStep,
  weightPanelFigure as weightPanels,
  weightSliderFigure as weightSlider,
} from "./weightSets.js";
export { type WeightOptions, weightFigure as weights } from "./weights.js";
export { windowGroups } from "./windowGroups.js";
export {
  type ReconstructionSliderOptions,
  reconstructionSliderFigure as reconstructionSlider,
  type WindowPathOptions,
  type WindowSeries,
  windowPathFigure as windowPaths,
} from "./windowPaths.js";
export { type WinRateOptions, winRateFigure as winRate } from "./winRate.js";
