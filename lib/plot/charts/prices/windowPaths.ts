/** Look-back windows drawn feature by feature, several over one another. */
import { checkCount, checkLength } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { panels } from "../../panels.js";
import { lineFigure } from "../shapes/curves.js";
import { sliderFigure } from "../shapes/slider.js";

/** One window. */
export interface WindowSeries {
  readonly name: string;
  /** [T,F] in the unit of the features. */
  readonly values: ArrayLike<number>;
  readonly style?: "solid" | "dash" | "dot";
  /** "#RRGGBB"; default the palette's next. */
  readonly colour?: string;
}

/** Options of `windowPaths`. */
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
  /** Ends of the vertical axis of each feature; default those of the lines. */
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

/** Options of `reconstructionSlider`. */
export interface ReconstructionSliderOptions extends Omit<WindowPathOptions, "title" | "series"> {
  /** The window, then its reconstruction at each step: as `models.reconstruct` returns them. */
  readonly values: readonly ArrayLike<number>[];
  /** Latent dimensions kept at each step. */
  readonly kept: readonly number[];
  /** Latent dimensions there are. */
  readonly latents: number;
}

/**
 * A window in grey and its reconstruction in blue, with a slider over the number of latent dimensions kept; the last step is shown first.
 * @throws RangeError when there is not one reconstruction a step, or as `windowPathFigure` and `sliderFigure`.
 */
export function reconstructionSliderFigure(options: ReconstructionSliderOptions): Figure {
  const { values, kept, latents, ...rest } = options;
  checkLength("values after the first", values, kept.length + 1);
  const steps = kept.map((count, i) => ({
    label: String(count),
    figure: windowPathFigure({
      ...rest,
      title: `A window and its reconstruction from ${count} of ${latents} numbers`,
      series: [
        { name: "input", values: values[0]!, colour: "#888888" },
        { name: "reconstruction", values: values[i + 1]!, colour: "#0072B2" },
      ],
    }),
  }));
  return sliderFigure({ name: "latent dimensions kept", steps, start: steps.length - 1 });
}
