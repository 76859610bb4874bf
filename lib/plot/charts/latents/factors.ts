/** Figures of a factor model: what assets do as a factor moves, and how they load. */
import type { Matrix } from "../../../core/index.js";
import { checkCount } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { barFigure } from "../shapes/bars.js";
import { heatmapFigure } from "../shapes/fields.js";
import { sliderFigure } from "../shapes/slider.js";

/** A fitted model whose factors can be moved, such as `models.factorModel` returns. */
export interface FactorSource {
  readonly data: { readonly names: readonly string[] };
  /** K */
  readonly factors: number;
  traversal(options: { readonly factor: number; readonly sigmas?: readonly number[] }): {
    readonly paths: readonly ArrayLike<number>[];
  };
}

/** Options of `factorSlider`. */
export interface FactorSliderOptions {
  /** Index of the factor. */
  readonly factor: number;
  /** Places of the slider in standard deviations, −4 … 4 by default; the first is shown first. */
  readonly sigmas?: readonly number[];
}

/** As an axis of decoded returns is titled. */
const UNIT = "decoded return [typical hours of the coin]";
const ROW = 36;

/**
 * Bars of the decoded return of each asset, a series a model, with a slider that moves one factor.
 * @throws RangeError when there is no model or the first has no such factor.
 */
export function factorSliderFigure(
  of: Readonly<Record<string, FactorSource>>,
  { factor, sigmas = [-4, -3, -2, -1, 0, 1, 2, 3, 4] }: FactorSliderOptions,
): Figure {
  const entries = Object.entries(of);
  checkCount("models", entries.length);
  const { names } = entries[0]![1].data;
  const drawn = entries.map(([name, model]) => ({ name, ...model.traversal({ factor, sigmas }) }));
  const reach =
    1.05 * Math.max(...drawn.flatMap(({ paths }) => paths.flatMap((path) => Array.from(path, Math.abs))));
  const at = (sigma: number, s: number) =>
    barFigure({
      title: `Factor ${factor + 1} at ${signed(sigma)} standard deviations`,
      ...{ xTitle: UNIT, yTitle: "", xRange: [-reach, reach], horizontal: true, categories: names },
      height: 150 + ROW * names.length,
      series: drawn.map(({ name, paths }) => ({ name, values: paths.map((path) => path[s]!) })),
    });
  return sliderFigure({
    name: `factor ${factor + 1} [σ]`,
    steps: sigmas.map((sigma, s) => ({ label: signed(sigma), figure: at(sigma, s) })),
  });
}

/**
 * Heatmaps of the decoded return of each asset (rows) as a factor moves (columns), with a slider over the factors.
 * @param start  index of the factor that is shown first
 */
export function factorMapFigure(of: FactorSource, { start = 0 }: { readonly start?: number } = {}): Figure {
  const sigmas = [-3, -2, -1, 0, 1, 2, 3];
  const { names } = of.data;
  const mapOf = (factor: number) =>
    heatmapFigure({
      title: `Factor ${factor + 1} moved, the others at zero`,
      ...{ xTitle: "factor [σ]", yTitle: "", rows: names, columns: sigmas.map((s) => `${signed(s)}σ`) },
      ...{ scale: "diverging", valueRange: [-3, 3], decimals: 1, valueTitle: "decoded return" },
      values: of.traversal({ factor, sigmas }).paths,
      height: 150 + 30 * names.length,
    });
  const steps = Array.from({ length: of.factors }, (_, k) => ({ label: `${k + 1}`, figure: mapOf(k) }));
  return sliderFigure({ name: "factor", steps, start });
}

/** Options of `loadingMap`. */
export interface LoadingMapOptions {
  readonly title: string;
  /** [A] */
  readonly names: readonly string[];
}

/**
 * Loadings of several models or sides [A,K] as one heatmap, the columns of a factor side by side.
 * @throws RangeError when the matrices differ in shape, or the names in number.
 */
export function loadingMapFigure(
  of: Readonly<Record<string, Matrix>>,
  { title, names }: LoadingMapOptions,
): Figure {
  const entries = Object.entries(of);
  checkCount("loadings", entries.length);
  const factors = entries[0]![1].columns;
  const odd = entries.find(([, b]) => b.columns !== factors || b.rows !== names.length);
  if (odd)
    throw new RangeError(
      `"${odd[0]}": expected ${names.length} rows and ${factors} columns, got ${odd[1].rows} and ${odd[1].columns}`,
    );
  const cells = Array.from({ length: factors }, (_, k) =>
    entries.map(([name, b]) => ({ k, name, b })),
  ).flat();
  return heatmapFigure({
    ...{ title, rows: names, xTitle: "factor", yTitle: "", scale: "diverging", valueRange: [-1.2, 1.2] },
    ...{ valueTitle: "loading", decimals: 2, height: 150 + 32 * names.length },
    columns: cells.map(({ k, name }) => `${k + 1} ${name}`),
    values: names.map((_, a) => cells.map(({ k, b }) => b.get(a, k))),
  });
}

function signed(value: number): string {
  return value < 0 ? `−${-value}` : `${value}`;
}
