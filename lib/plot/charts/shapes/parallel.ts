/** Parallel coordinates: every row a line across axes that stand side by side. */
import { checkCount, checkLength } from "../../../core/index.js";
import type { Figure, Trace } from "../../figure.js";
import { colourOf, INK, translucent } from "../../palette.js";
import { themed } from "../../theme.js";

/** One axis with the value of each row. */
export interface ParallelAxis {
  readonly name: string;
  /** [N] */
  readonly values: ArrayLike<number>;
  /** Its ends in words; the least and the greatest value unless given. */
  readonly ends?: readonly [string, string];
}

/** Settings of parallel coordinates: axes, lines and what colours them. */
export interface ParallelOptions {
  readonly title: string;
  readonly axes: readonly ParallelAxis[];
  /** Which rows are drawn in one colour; the first group lies on top. */
  readonly groups: readonly { readonly name: string; readonly rows: readonly number[] }[];
}

/**
 * Lines of rows over axes, each from its least value below to its greatest above.
 * @throws RangeError when there are fewer than two axes, lengths differ, or a row is not there.
 */
export function parallelFigure({ title, axes, groups }: ParallelOptions): Figure {
  checkCount("axes", axes.length, 2);
  const count = axes[0]!.values.length;
  for (const { name, values } of axes) checkLength(`values of "${name}"`, values, count);
  const heights = axes.map(({ values }) => scaled(values));
  const traces = groups.map(({ name, rows }, g) => {
    const missing = rows.find((row) => !(row >= 0 && row < count));
    if (missing !== undefined)
      throw new RangeError(`rows of "${name}": expected some below ${count}, got ${missing}`);
    return groupTrace(name, rows, heights, g === groups.length - 1 && g > 0 ? INK.axis : colourOf(g));
  });
  return themed(
    traces.reverse(),
    { title, xTitle: "", yTitle: "", xRange: [-0.15, axes.length - 0.85], yRange: [-0.05, 1.05] },
    {
      xaxis: {
        tickmode: "array",
        tickvals: axes.map((_, i) => i),
        ticktext: axes.map(labelOf),
        gridcolor: INK.axis,
      },
      yaxis: { tickmode: "array", tickvals: [0, 1], ticktext: ["least", "greatest"] },
    },
  );
}

function groupTrace(
  name: string,
  rows: readonly number[],
  heights: readonly Float64Array[],
  colour: string,
): Trace {
  const places = heights.map((_, i) => i);
  return {
    ...{ type: "scatter", mode: "lines+markers", name },
    x: rows.flatMap(() => [...places, places.length - 1]),
    y: rows.flatMap((row) => [...heights.map((own) => own[row]!), Number.NaN]),
    line: { color: translucent(colour, 0.6), width: 1.5 },
    marker: { color: colour, size: 4 },
    hoverinfo: "skip",
  };
}

function scaled(values: ArrayLike<number>): Float64Array {
  const all = Float64Array.from(values);
  const there = all.filter(Number.isFinite);
  const [least, greatest] = [Math.min(...there), Math.max(...there)];
  return all.map((value) => (greatest > least ? (value - least) / (greatest - least) : 0.5));
}

function labelOf({ name, values, ends }: ParallelAxis): string {
  const there = Array.from(values).filter(Number.isFinite);
  const short = (value: number) => String(Number(value.toPrecision(3)));
  const [low, high] = ends ?? [short(Math.min(...there)), short(Math.max(...there))];
  return `${name}<br>${low} … ${high}`;
}
