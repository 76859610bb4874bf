/** Figures of curves: lines with bands and seeds, and densities. */
import { checkCount, checkLength } from "../../../core/index.js";
import type { Figure, Trace } from "../../figure.js";
import { colourOf, translucent } from "../../palette.js";
import { type FigureOptions, themed } from "../../theme.js";
import { medianLine } from "../../thin.js";

/** Places on an axis: numbers, UTC milliseconds, or names. */
export type Positions = ArrayLike<number> | readonly string[];

/** One line. Give `y`, or `seeds` to draw each as a thin line and their median as the thick one. */
export interface LineSeries {
  readonly name: string;
  readonly x: Positions;
  readonly y?: ArrayLike<number>;
  /** [S][x] the same quantity from S runs. */
  readonly seeds?: readonly ArrayLike<number>[];
  /** Ends of a shaded band about the line. */
  readonly lower?: ArrayLike<number>;
  readonly upper?: ArrayLike<number>;
  /** Default "solid"; "steps" holds each value until the next. */
  readonly style?: "solid" | "dash" | "dot" | "steps" | "points";
  /** "#RRGGBB"; default the palette's next. */
  readonly colour?: string;
}

/** Options of `line`. */
export interface LineOptions extends FigureOptions {
  readonly series: readonly LineSeries[];
}

/**
 * Lines over x, each with an optional band, or with seeds as thin lines and their median thick.
 * @throws RangeError when lengths differ, a band has one end only, or as `themed`.
 */
export function lineFigure(options: LineOptions): Figure {
  const layers = options.series.map((series, i) => lineTraces(series, colourOf(i, series.colour)));
  const behind = layers.flatMap((layer) => layer.behind);
  return themed([...behind, ...layers.map((layer) => layer.line)], options);
}

function lineTraces(series: LineSeries, colour: string): { behind: Trace[]; line: Trace } {
  const { name, x, seeds = [], style = "solid" } = series;
  const y = series.y ?? medianLine(seeds);
  for (const values of [y, ...seeds]) checkLength(`x of "${name}"`, x, values.length);
  const points = style === "points";
  return {
    behind: [...bandTraces(series, colour), ...(seeds.length > 0 ? [seedTrace(name, x, seeds, colour)] : [])],
    line: {
      ...{ type: "scatter", name, legendgroup: name, x, y },
      mode: points ? "markers" : "lines",
      ...(points
        ? { marker: { color: colour, size: 6 } }
        : {
            line: {
              color: colour,
              width: 2.25,
              dash: style === "steps" ? "solid" : style,
              shape: style === "steps" ? "hv" : "linear",
            },
          }),
    },
  };
}

/** The outline of the band, up one end and back the other. Points without both ends are left out. */
function bandTraces({ name, x, lower, upper }: LineSeries, colour: string): Trace[] {
  if (!lower && !upper) return [];
  if (!lower || !upper) throw new RangeError(`band of "${name}": expected lower and upper, got one of them`);
  checkLength(`lower of "${name}"`, lower, x.length);
  checkLength(`upper of "${name}"`, upper, x.length);
  const there = Array.from(lower, (_, i) => i).filter(
    (i) => Number.isFinite(lower[i]) && Number.isFinite(upper[i]),
  );
  const back = [...there].reverse();
  return [
    {
      ...{ type: "scatter", mode: "lines", name: `${name}, band`, legendgroup: name },
      x: [...there, ...back].map((i) => x[i]!),
      y: [...there.map((i) => upper[i]!), ...back.map((i) => lower[i]!)],
      ...{ fill: "toself", fillcolor: translucent(colour, 0.18), line: { width: 0 } },
      ...{ showlegend: false, hoverinfo: "skip" },
    },
  ];
}

/** All seeds as one trace with gaps between them. */
function seedTrace(name: string, x: Positions, seeds: readonly ArrayLike<number>[], colour: string): Trace {
  const places: (number | string)[] = Array.from(x as ArrayLike<number | string>);
  return {
    ...{ type: "scatter", mode: "lines", name: `${name}, seeds`, legendgroup: name },
    x: seeds.flatMap(() => [...places, places[places.length - 1]!]),
    y: seeds.flatMap((seed) => [...Array.from(seed), Number.NaN]),
    line: { color: translucent(colour, 0.35), width: 1 },
    ...{ showlegend: false, hoverinfo: "skip" },
  };
}

/** A density known on a grid of x. */
export interface DensityCurve {
  readonly name: string;
  readonly x: ArrayLike<number>;
  readonly y: ArrayLike<number>;
  readonly style?: "solid" | "dash" | "dot";
  readonly colour?: string;
}

/** Draws shown as a histogram of area one. */
export interface Draws {
  readonly name: string;
  readonly values: ArrayLike<number>;
  /** Bars between the least and the greatest draw, default 40. */
  readonly bins?: number;
}

/** Options of `density`. */
export interface DensityOptions extends Omit<FigureOptions, "yTitle"> {
  /** Default "density". */
  readonly yTitle?: string;
  readonly curves?: readonly DensityCurve[];
  readonly draws?: Draws;
}

/**
 * Densities over one another, filled to zero or with the draws they describe as a histogram behind.
 *
 * The histogram is normalised over the finite draws.
 * @throws RangeError when no draw is finite, or as `themed`.
 */
export function densityFigure(options: DensityOptions): Figure {
  const curves = (options.curves ?? []).map(({ name, x, y, style = "solid", colour: own }, i): Trace => {
    const colour = colourOf(i, own);
    const fill = options.draws ? {} : { fill: "tozeroy", fillcolor: translucent(colour, 0.12) };
    return {
      ...{ type: "scatter", mode: "lines", name, x, y, ...fill },
      line: { color: colour, width: 2.25, dash: style },
    };
  });
  const behind = options.draws ? [histogramTrace(options.draws)] : [];
  return themed(
    [...behind, ...curves],
    { ...options, yTitle: options.yTitle ?? "density" },
    { yaxis: { rangemode: "tozero" }, layout: { bargap: 0 } },
  );
}

function histogramTrace({ name, values, bins = 40 }: Draws): Trace {
  checkCount("bins", bins);
  const draws = Array.from(values).filter(Number.isFinite);
  const from = draws.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const to = draws.reduce((greatest, value) => Math.max(greatest, value), Number.NEGATIVE_INFINITY);
  if (!(to > from)) throw new RangeError(`draws "${name}": expected at least two different finite values`);
  const width = (to - from) / bins;
  const counts = new Array<number>(bins).fill(0);
  for (const draw of draws) counts[Math.min(bins - 1, Math.floor((draw - from) / width))]! += 1;
  return {
    ...{ type: "bar", name, width, marker: { color: "#d4d4d4", line: { width: 0 } } },
    x: counts.map((_, bin) => from + (bin + 0.5) * width),
    y: counts.map((count) => count / (draws.length * width)),
  };
}
