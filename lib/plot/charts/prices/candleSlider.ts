/** Small multiples of candles with a slider: side by side in a picture, and one place after the other where the figure is alive. */
import { checkCount } from "../../../core/index.js";
import { checkFigure, type Figure, type Layout, type Trace } from "../../figure.js";
import { INK } from "../../palette.js";
import { panels } from "../../panels.js";
import {
  type CandleGridRow,
  candleGridFigure,
  candlePanel,
  checkRows,
  gridHeight,
  pricesOf,
} from "./candleGrid.js";

/** Options of `candleSlider`. */
export interface CandleSliderOptions {
  readonly title: string;
  /** What each step of the slider stands for, such as "−3σ". */
  readonly columns: readonly string[];
  /** One set of bars for each column. */
  readonly rows: readonly CandleGridRow[];
  /** Indices of the columns that stand side by side at first, and in a picture. */
  readonly still: readonly number[];
  readonly width?: number;
}

/** Pixels that the slider takes below the panels. */
const SLIDER = 74;
/** Where hidden panels wait: they would lie over those that are shown, and catch the mouse. */
const ASIDE = [0.9999, 1] as const;

/**
 * Candles of all rows, with the columns of `still` side by side; a slider shows all rows at one column, in larger panels.
 *
 * The prices of a row keep one scale over all columns, so that no axis jumps from step to step.
 * @throws RangeError as `candleGridFigure`, or when an entry of `still` is not the index of a column.
 */
export function candleSliderFigure({ width = 980, ...options }: CandleSliderOptions): Figure {
  const { title, columns, rows, still } = options;
  checkRows(rows, columns);
  checkCount("still", still.length);
  const strange = still.find((c) => !(c in columns));
  if (strange !== undefined)
    throw new RangeError(`still: expected indices of the ${columns.length} columns, got ${strange}`);
  const scaled = rows.map((row) => ({ ...row, prices: pricesOf(row) }));
  const grid = candleGridFigure({
    ...{ title, width, columns: still.map((c) => columns[c]!) },
    rows: scaled.map((row) => ({ ...row, bars: still.map((c) => row.bars[c]!) })),
  });
  const pages = columns.map((_, c) => moved(page(scaled, c, { title, width }), rows.length * still.length));
  return withSlider(grid, pages, columns);
}

/** All rows at one column, two panels beside one another, in the room of the grid. */
function page(rows: readonly CandleGridRow[], c: number, size: { title: string; width: number }): Figure {
  const cells = rows.map((row) =>
    candlePanel(row.bars[c]!, { title: row.name, yTitle: "price", yRange: pricesOf(row) }),
  );
  return panels(cells, { ...size, columns: 2, height: gridHeight(rows.length) });
}

/** The figure on axes numbered from `by` on, its traces and titles hidden. */
function moved({ data, layout }: Figure, by: number): Figure {
  const renamed = (reference: unknown) =>
    String(reference).replace(/^([xy](?:axis)?)(\d*)/, (_, axis, n) => `${axis}${Number(n || 1) + by}`);
  const axes = axisNames(layout).map((name) => {
    const axis = layout[name] as Layout;
    return [renamed(name), { ...axis, anchor: renamed(axis.anchor) }];
  });
  const marks = (layout.annotations as readonly Layout[]).map((mark) => ({
    ...{ ...mark, xref: renamed(mark.xref), yref: renamed(mark.yref), visible: false },
  }));
  return {
    data: data.map((trace) => ({
      ...{ ...trace, xaxis: renamed(trace.xaxis), yaxis: renamed(trace.yaxis), visible: false },
    })),
    layout: { ...Object.fromEntries(axes), annotations: marks },
  };
}

/** The grid with the pages behind it: all of these stand on the same axes, under the same titles. */
function withSlider(grid: Figure, pages: readonly Figure[], columns: readonly string[]): Figure {
  const { annotations, ...axes } = pages[0]!.layout as Layout & { annotations: readonly Layout[] };
  const titles = grid.layout.annotations as readonly Layout[];
  const layers: readonly (readonly Trace[])[] = [grid.data, ...pages.map(({ data }) => data)];
  const traces = (layer: number) => layers.flatMap((own, i) => own.map(() => i === layer));
  const flags = (isPage: boolean): Layout => ({
    ...axisFlags(grid.layout, !isPage),
    ...axisFlags(axes, isPage),
    ...Object.fromEntries(
      [...titles, ...annotations].map((_, i) => [`annotations[${i}].visible`, isPage === i >= titles.length]),
    ),
  });
  const steps = ["side by side", ...columns].map((label, layer) => ({
    ...{ label, method: "update", args: [{ visible: traces(layer) }, flags(layer > 0)] },
  }));
  const margin = grid.layout.margin as { readonly b: number };
  return checkFigure({
    data: layers.flat(),
    layout: {
      ...{ ...grid.layout, ...aside(axes), annotations: [...titles, ...annotations] },
      height: (grid.layout.height as number) + SLIDER,
      margin: { ...margin, b: margin.b + SLIDER },
      plot_bgcolor: "rgba(0,0,0,0)",
      sliders: [slider(steps)],
    },
  });
}

/** What shows axes in their places, or hides them where they wait. */
function axisFlags(axes: Layout, shown: boolean): Layout {
  const flags = axisNames(axes).flatMap((name): [string, unknown][] => {
    const visible: [string, unknown] = [`${name}.visible`, shown];
    if (name.startsWith("y")) return [visible];
    return [visible, [`${name}.domain`, shown ? (axes[name] as Layout).domain : ASIDE]];
  });
  return Object.fromEntries(flags);
}

/** The axes hidden where they wait. */
function aside(axes: Layout): Layout {
  return Object.fromEntries(
    axisNames(axes).map((name) => [
      name,
      { ...(axes[name] as Layout), visible: false, ...(name.startsWith("x") ? { domain: ASIDE } : {}) },
    ]),
  );
}

function slider(steps: readonly Layout[]): Layout {
  return {
    ...{ active: 0, steps, x: 0, len: 1, y: 0, yanchor: "top", pad: { t: 58, b: 0 } },
    ...{ font: { size: 11, color: INK.text }, ticklen: 4, minorticklen: 4 },
    currentvalue: { visible: false },
  };
}

function axisNames(layout: Layout): string[] {
  return Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
}
