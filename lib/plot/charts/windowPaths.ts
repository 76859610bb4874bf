/** Look-back windows drawn feature by feature, several over one another. */
import { checkCount, checkLength } from "../../core/index.js";
import type { Figure } from "../figure.js";
import { panels } from "../panels.js";
import { lineFigure } from "./curves.js";

/** One window. */
export interface WindowSeries {
  readonly name: string;
  /** [T,F] in the unit of the features. */
  readonly values: ArrayLike<number>;
  readonly style?: "solid" | "dash" | "dot";
  /** "#RRGGBB"; the palette's next unless given. */
  readonly colour?: string;
}

export interface WindowPathOptions {
  readonly title: string;
  /** [F] */
  readonly columns: readonly string[];
  /** T */
  readonly length: number;
  readonly series: readonly WindowSeries[];
  /** Features to draw, a panel each. "return" is summed: the panel shows the path of the log price, in per cent. */
  readonly features: readonly string[];
  /** Feature → title of its axis, with the unit. */
  readonly labels?: Readonly<Record<string, string>>;
  /** Ends of the vertical axis of each feature; those of the lines unless given. */
  readonly ranges?: Readonly<Record<string, readonly [number, number]>>;
  readonly width?: number;
  readonly height?: number;
}

/**
 * One panel a feature, one line a window, over the bars before the decision.
 * @throws RangeError when a feature has no such name, or a window is not [T,F].
 */
export function windowPathFigure(options: WindowPathOptions): Figure {
  const { title, columns, length, series, features, width, height } = options;
  const { ranges = {}, labels = {} } = options;
  checkCount("features", features.length);
  const x = Array.from({ length }, (_, t) => t - length + 1);
  const cells = features.map((name) => {
    const f = columns.indexOf(name);
    if (f < 0) throw new RangeError(`features: expected some of ${columns.join(", ")}, got ${name}`);
    const range = ranges[name];
    return lineFigure({
      title: name === "return" ? "path of the price" : (labels[name] ?? name),
      xTitle: "bars before the decision",
      yTitle: name === "return" ? "log price [%]" : (labels[name] ?? name),
      ...(range ? { yRange: range } : {}),
      series: series.map(({ values, ...look }) => ({ ...look, x, y: pathOf(values, f, options) })),
    });
  });
  const size = { ...(width === undefined ? {} : { width }), ...(height === undefined ? {} : { height }) };
  return panels(cells, { title, columns: Math.min(2, cells.length), ...size });
}

/** The feature of a window over its bars; returns summed, in per cent. */
function pathOf(
  values: ArrayLike<number>,
  f: number,
  { columns, length }: Pick<WindowPathOptions, "columns" | "length">,
): Float64Array {
  checkLength("values of a window", values, length * columns.length);
  const own = Float64Array.from({ length }, (_, t) => values[t * columns.length + f]!);
  if (columns[f] !== "return") return own;
  let path = 0;
  return own.map((value) => {
    path += value;
    return 100 * path;
  });
}
