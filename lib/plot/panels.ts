/** Small multiples: several figures side by side as one. */
import { checkCount } from "../core/index.js";
import { checkFigure, type Figure, type Layout, type Trace } from "./figure.js";
import { type Cell, type Grid, gridOf, PANEL_TITLE, panelWidth } from "./grid.js";
import { INK } from "./palette.js";
import { plainText, wrap } from "./text.js";
import { frame, SIZE } from "./theme.js";

/** Options of `panels`. */
export interface PanelOptions {
  /** The finding that the panels show together. Their own titles stand above each. */
  readonly title: string;
  readonly columns: number;
  readonly width?: number;
  /** Pixels of the whole; by default it grows with the rows. */
  readonly height?: number;
}

/**
 * The figures as panels of one, row by row; a name that occurs in several panels stands once in the legend.
 *
 * It does not give the panels equal ranges: set `xRange` and `yRange` of the figures where they are to be compared.
 * @throws RangeError when there is no figure, a figure has panels itself, or `columns` is not a positive integer.
 */
export function panels(figures: readonly Figure[], options: PanelOptions): Figure {
  checkCount("columns", options.columns);
  checkCount("number of figures", figures.length);
  const nested = figures.findIndex(({ layout }) => "xaxis2" in layout || "yaxis2" in layout);
  if (nested >= 0) throw new RangeError(`figure ${nested}: expected one pair of axes a panel, got several`);
  const { layout, grid, titles } = plan(figures, options);
  const traces = figures.flatMap(({ data }, i) => data.map((trace) => placed(trace, i, grid.cells[i]!)));
  return checkFigure({
    data: sharedLegend(traces),
    layout: {
      ...Object.assign({}, ...figures.map((figure) => barLayout(figure.layout))),
      ...layout,
      ...Object.assign({}, ...figures.map((figure, i) => axesOf(figure.layout, i, grid))),
      shapes: figures.flatMap((figure, i) => moved(figure.layout.shapes, i)),
      annotations: figures.flatMap((figure, i) => [
        panelTitle(titles[i]!, i),
        ...moved(figure.layout.annotations, i),
      ]),
    },
  });
}

/** The layout about the panels, and where they lie in it. */
function plan(
  figures: readonly Figure[],
  { title, columns: most, width, height }: PanelOptions,
): { layout: Layout; grid: Grid; titles: string[][] } {
  const columns = Math.min(most, figures.length);
  const traces = sharedLegend(figures.flatMap(({ data }) => data));
  const layout = frame(title, traces, width === undefined ? {} : { width });
  const margin = layout.margin as { l: number; r: number; t: number; b: number };
  const inner = (width ?? SIZE.width) - margin.l - margin.r;
  const titles = figures.map((figure) =>
    wrap(textOf(figure.layout), panelWidth(columns, inner), 1.04 * PANEL_TITLE.size),
  );
  const grid = gridOf(figures, {
    columns,
    width: inner,
    titleLines: titles.map((lines) => lines.length),
    ...(height === undefined ? {} : { height: height - margin.t - margin.b }),
  });
  const below = margin.b + grid.below;
  const outer = { height: grid.height + margin.t + below, margin: { ...margin, b: below } };
  return { layout: { ...layout, ...outer }, grid, titles };
}

/** The title of a figure's layout or of an axis, on one line. */
function textOf(titled: Layout): string {
  return plainText((titled.title as { text?: string } | undefined)?.text ?? "");
}

/** Plotly numbers the axes of panels "x", "x2", "x3". */
function suffix(i: number): string {
  return i === 0 ? "" : String(i + 1);
}

function axesOf(layout: Layout, i: number, { cells, plot, tickAngle }: Grid): Layout {
  const n = suffix(i);
  const cell = cells[i]!;
  const small = (axis: Layout, room: number): Layout => ({
    ...axis,
    title: { text: wrap(textOf(axis), room, 12).join("<br>"), standoff: 6, font: { size: 12 } },
    tickfont: { size: 11 },
    nticks: 6,
    automargin: false, // the room is planned: a margin that grows would push titles into one another
  });
  const [x, y] = [layout.xaxis as Layout, layout.yaxis as Layout];
  const turned = x.type === "category" && tickAngle > 0 ? { tickangle: tickAngle } : {};
  const scale = y.scaleanchor === undefined ? {} : { scaleanchor: `x${n}` };
  return {
    [`xaxis${n}`]: { ...small(x, plot.width), ...turned, domain: cell.x, anchor: `y${n}` },
    [`yaxis${n}`]: { ...small(y, plot.height), ...scale, domain: cell.y, anchor: `x${n}` },
  };
}

function placed(trace: Trace, i: number, cell: Cell): Trace {
  const n = suffix(i);
  const bar = trace.colorbar as Layout | undefined;
  const place = {
    ...{ x: cell.x[1], xanchor: "left", xpad: 6, thickness: 10 },
    ...{ y: (cell.y[0] + cell.y[1]) / 2, yanchor: "middle", len: cell.y[1] - cell.y[0], ypad: 0 },
  };
  const colorbar = bar === undefined ? {} : { colorbar: { ...bar, ...place } };
  return { ...trace, xaxis: `x${n}`, yaxis: `y${n}`, ...colorbar };
}

/** Shapes or annotations on the axes of panel `i`: "x domain" becomes "x2 domain". */
function moved(marks: unknown, i: number): Layout[] {
  const renamed = (reference: unknown): string =>
    String(reference).replace(/^[xy]/, (axis) => axis + suffix(i));
  return ((marks ?? []) as readonly Layout[]).map((mark) => ({
    ...mark,
    xref: renamed(mark.xref),
    yref: renamed(mark.yref),
  }));
}

function panelTitle(lines: readonly string[], i: number): Layout {
  return {
    text: lines.join("<br>"),
    ...{ showarrow: false, align: "left", font: { size: PANEL_TITLE.size, weight: 600, color: INK.text } },
    ...{ xref: `x${suffix(i)} domain`, x: 0, xanchor: "left" },
    ...{ yref: `y${suffix(i)} domain`, y: 1, yanchor: "bottom", yshift: 2 },
  };
}

/** The first trace of a name stands in the legend and switches the others with it. */
function sharedLegend(traces: readonly Trace[]): Trace[] {
  const seen = new Set<unknown>();
  return traces.map((trace) => {
    const group = trace.legendgroup ?? trace.name;
    if (group === undefined) return trace;
    const hidden = trace.showlegend === false || seen.has(group);
    if (!hidden) seen.add(group);
    return { ...trace, legendgroup: group, ...(hidden ? { showlegend: false } : {}) };
  });
}

function barLayout(layout: Layout): Layout {
  const names = ["barmode", "bargap", "bargroupgap"].filter((name) => name in layout);
  return Object.fromEntries(names.map((name) => [name, layout[name]]));
}
