/** Places of panels in a figure. */
import type { Figure, Layout } from "./figure.js";
import { textWidth } from "./text.js";

/** A panel's place: shares of the plot from left to right and from bottom to top. */
export interface Cell {
  readonly x: readonly [number, number];
  readonly y: readonly [number, number];
}

/** All places in pixels, from the top left. */
export interface Grid {
  readonly cells: readonly Cell[];
  /** Pixels of all panels together. */
  readonly height: number;
  /** Pixels of one panel's plot. */
  readonly plot: { readonly width: number; readonly height: number };
  /** Degrees by which the names on x axes are turned where they would not fit beside one another. */
  readonly tickAngle: number;
  /** Pixels that turned names take below the last row beyond the usual. */
  readonly below: number;
}

export interface GridOptions {
  readonly columns: number;
  /** Pixels of all panels together. */
  readonly width: number;
  /** Pixels of all panels together; by default it comes from the width of a panel. */
  readonly height?: number;
  /** Lines of each panel's title. */
  readonly titleLines: readonly number[];
}

/** Font and line height of panel titles, in pixels. */
export const PANEL_TITLE = { size: 13, line: 17 } as const;

/** Pixels between panels: for tick labels and axis titles. */
const GAP = { x: 78, y: 60 } as const;
/** Pixels a colour bar takes beside its panel. */
const COLOUR_BAR = 80;
const TICK = { size: 11, angle: 30 } as const;

/** Width of each panel in pixels. */
export function panelWidth(columns: number, width: number): number {
  return (width - (columns - 1) * GAP.x) / columns;
}

/** Panels of one size, row by row, each under its title. */
export function gridOf(figures: readonly Figure[], options: GridOptions): Grid {
  const { columns, width, titleLines } = options;
  const panel = panelWidth(columns, width);
  const rows = Math.ceil(figures.length / columns);
  const below = Math.max(0, ...figures.map((figure) => turnedNames(figure, panel)));
  const above = Array.from({ length: rows }, (_, row) => {
    const lines = Math.max(...titleLines.slice(row * columns, (row + 1) * columns));
    return 6 + PANEL_TITLE.line * lines;
  });
  const between = (rows - 1) * (GAP.y + below) + above.reduce((total, room) => total + room, 0);
  const usual = Math.min(260, Math.max(150, 0.62 * panel));
  const plot = options.height === undefined ? usual : (options.height - between) / rows;
  const height = between + rows * plot;
  const tops = above.map((_, row) => {
    const titles = above.slice(0, row + 1).reduce((total, room) => total + room, 0);
    return titles + row * (plot + GAP.y + below);
  });
  const cells = figures.map((figure, i): Cell => {
    const left = (i % columns) * (panel + GAP.x);
    const right = left + panel - (hasColourBar(figure) ? COLOUR_BAR : 0);
    const top = tops[Math.floor(i / columns)]!;
    return { x: [left / width, right / width], y: [1 - (top + plot) / height, 1 - top / height] };
  });
  return {
    cells,
    height,
    plot: { width: panel, height: plot },
    below,
    tickAngle: below > 0 ? TICK.angle : 0,
  };
}

function hasColourBar(figure: Figure): boolean {
  return figure.data.some((trace) => trace.colorbar !== undefined);
}

/** Pixels that the names on the x axis take when they must be turned, 0 when they fit. */
function turnedNames(figure: Figure, width: number): number {
  if ((figure.layout.xaxis as Layout).type !== "category") return 0;
  const names = new Set(figure.data.flatMap((trace) => (trace.x ?? []) as readonly string[]));
  const widest = Math.max(...[...names].map((name) => textWidth(name, TICK.size)));
  return widest + 6 <= width / names.size ? 0 : widest * Math.sin((TICK.angle * Math.PI) / 180);
}
