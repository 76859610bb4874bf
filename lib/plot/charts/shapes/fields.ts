/** Figures of values on a plane: heatmaps and contours. */
import { checkLength } from "../../../core/index.js";
import type { Figure, Layout } from "../../figure.js";
import { fixed } from "../../numbers.js";
import { type FigureOptions, themed } from "../../theme.js";

/** Options of `heatmap`. */
export interface HeatmapOptions extends Omit<FigureOptions, "xType" | "yType" | "references"> {
  /** [rows][columns]; the first row is at the top. */
  readonly values: readonly ArrayLike<number>[];
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  /** What the colours mean, with the unit. */
  readonly valueTitle: string;
  /** "diverging" is white at zero, blue above, red below, and reaches equally far both ways. Default "sequential". */
  readonly scale?: "sequential" | "diverging";
  /** [least, greatest] value of the colours; default of the values. */
  readonly valueRange?: readonly [number, number];
  /** Decimals of the value printed in each cell; default none: nothing is printed. */
  readonly decimals?: number;
}

const DIVERGING = [
  [0, "#B2440B"],
  [0.25, "#F0A477"],
  [0.5, "#FFFFFF"],
  [0.75, "#7FB3D9"],
  [1, "#005A8F"],
] as const;

/**
 * A matrix as coloured cells with named rows and columns.
 * @throws RangeError when the names do not match the matrix, or as `themed`.
 */
export function heatmapFigure(options: HeatmapOptions): Figure {
  const { values, rows, columns, decimals, scale = "sequential" } = options;
  checkLength("rows", rows, values.length);
  values.forEach((row, i) => {
    checkLength(`row "${rows[i]}" of values`, row, columns.length);
  });
  const printed =
    decimals === undefined
      ? {}
      : {
          text: values.map((row) => Array.from(row, (value) => fixed(value, decimals))),
          texttemplate: "%{text}",
          textfont: { size: 12 },
        };
  const trace = {
    ...{ type: "heatmap", x: columns, y: rows, z: values, xgap: 1, ygap: 1, ...printed },
    ...colours(values, scale, options.valueRange),
    colorbar: colourBar(options.valueTitle),
    hovertemplate: "%{y}, %{x}: %{z}<extra></extra>",
  };
  const named = { type: "category", showgrid: false, showline: false, ticks: "", ticklabelstandoff: 4 };
  return themed([trace], options, { xaxis: named, yaxis: { ...named, autorange: "reversed" } });
}

function colours(
  values: readonly ArrayLike<number>[],
  scale: "sequential" | "diverging",
  range: readonly [number, number] | undefined,
): Layout {
  const finite = values.flatMap((row) => Array.from(row)).filter(Number.isFinite);
  const least = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const greatest = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  const reach = Math.max(Math.abs(least), Math.abs(greatest));
  const [from, to] = range ?? (scale === "diverging" ? [-reach, reach] : [least, greatest]);
  return { colorscale: scale === "diverging" ? DIVERGING : "Cividis", zmin: from, zmax: to };
}

function colourBar(title: string): Layout {
  return {
    title: { text: title, side: "right", font: { size: 12 } },
    tickfont: { size: 11 },
    ...{ thickness: 12, outlinewidth: 0, ticks: "outside", ticklen: 3, xpad: 8 },
  };
}
