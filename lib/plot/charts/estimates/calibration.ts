/** Figures of calibration. */
import type { Figure, Layout, Trace } from "../../figure.js";
import { colourOf, INK, translucent } from "../../palette.js";
import { axis, type FigureOptions, themed } from "../../theme.js";

/** One bin of forecasts. */
export interface ReliabilityBin {
  /** Mean predicted probability. */
  readonly predicted: number;
  /** Share of the forecast events that came true. */
  readonly observed: number;
  /** Where that share would lie if the forecasts were calibrated: the ends of the consistency bar. */
  readonly low: number;
  readonly high: number;
  /** Forecasts in the bin. */
  readonly count: number;
}

/** The bins of one forecaster. */
export interface ReliabilitySeries {
  readonly name: string;
  readonly bins: readonly ReliabilityBin[];
  readonly colour?: string;
}

/** Options of `reliability`. */
export interface ReliabilityOptions extends Pick<FigureOptions, "title" | "width" | "height"> {
  readonly series: readonly ReliabilitySeries[];
  /** Default "predicted probability" and "observed share". */
  readonly xTitle?: string;
  readonly yTitle?: string;
}

/**
 * The reliability diagram: predicted against observed shares, with consistency bars about the diagonal; below it, the number of forecasts.
 *
 * A point outside its bar contradicts calibration. Bins without forecasts are left out.
 * @throws RangeError when a forecaster has no bin with forecasts, or as `themed`.
 * @see Bröcker & Smith 2007, "Increasing the reliability of reliability diagrams"
 */
export function reliabilityFigure(options: ReliabilityOptions): Figure {
  const traces = options.series.flatMap((series, i) => seriesTraces(series, i, options.series.length));
  const titles = {
    xTitle: options.xTitle ?? "predicted probability",
    yTitle: options.yTitle ?? "observed share",
  };
  const range = [-0.02, 1.02] as const;
  return themed(
    [diagonal(), ...traces],
    { height: 520, ...options, ...titles, xRange: range, yRange: range },
    {
      xaxis: { anchor: "y2" },
      yaxis: { domain: [0.3, 1] },
      layout: { yaxis2: countAxis(), barmode: "overlay" },
    },
  );
}

function diagonal(): Trace {
  return {
    ...{ type: "scatter", mode: "lines", name: "calibrated", x: [0, 1], y: [0, 1], hoverinfo: "skip" },
    line: { color: INK.reference, width: 1.25, dash: "dash" },
  };
}

function countAxis(): Layout {
  return {
    ...axis({ title: "forecasts", room: 100 }),
    domain: [0, 0.22],
    anchor: "x",
    rangemode: "tozero",
    nticks: 4,
  };
}

function seriesTraces({ name, bins, colour: own }: ReliabilitySeries, i: number, of: number): Trace[] {
  const filled = bins.filter((bin) => bin.count > 0);
  if (filled.length === 0) throw new RangeError(`bins of "${name}": expected at least one with forecasts`);
  const colour = colourOf(i, own);
  const predicted = filled.map((bin) => bin.predicted);
  const hidden = { legendgroup: name, showlegend: false };
  return [
    {
      ...{ type: "scatter", mode: "lines", name: `${name}, consistency bars`, ...hidden, hoverinfo: "skip" },
      x: predicted.flatMap((p) => [p, p, p]),
      y: filled.flatMap((bin) => [bin.low, bin.high, Number.NaN]),
      line: { color: translucent(colour, 0.3), width: 8 },
    },
    {
      ...{ type: "scatter", mode: "lines+markers", name, legendgroup: name, x: predicted },
      y: filled.map((bin) => bin.observed),
      ...{ line: { color: colour, width: 1.25 }, marker: { color: colour, size: 8 } },
    },
    {
      ...{ type: "bar", name: `${name}, forecasts`, ...hidden, yaxis: "y2", x: predicted, width: 0.012 },
      y: filled.map((bin) => bin.count),
      ...{ offset: 0.014 * (i - of / 2), marker: { color: translucent(colour, 0.75) } },
    },
  ];
}
