/** Figures of simulated values against the range of real ones. */
import { checkFinite } from "../../../core/index.js";
import type { Figure, Layout, Trace } from "../../figure.js";
import { significant } from "../../numbers.js";
import { INK, PALETTE } from "../../palette.js";
import { textWidth } from "../../text.js";
import { type FigureOptions, SIZE, themed } from "../../theme.js";

/** One quantity: the range of its real values, and simulated ones. */
export interface RangeRow {
  readonly name: string;
  /** Ends of the real range, low < high. */
  readonly low: number;
  readonly high: number;
  readonly simulated: ArrayLike<number>;
}

/** Options of `ranges`. */
export interface RangeOptions extends Pick<FigureOptions, "title" | "width" | "height"> {
  readonly rows: readonly RangeRow[];
  /** Significant digits of the numbers, default 3. */
  readonly digits?: number;
  /** What the ends of the range are: "lowest" and "highest" unless given. */
  readonly ends?: readonly [string, string];
  /** What the range and the dots are of: "real" and "simulated" unless given. */
  readonly names?: readonly [string, string];
}

/** How far beside the real range, in widths of it, a value is drawn at its place. */
const REACH = 0.75;
const ROW = 28;
const TEXT = 12;
const COLUMN_GAP = 18;
/** Pixels of the legend in one row. */
const LEGEND_ROOM = 280;
const BAND = "#c4c4c4";
const COLOURS = { inside: PALETTE[0]!, outside: PALETTE[1]! } as const;

/**
 * Simulated values as dots against the range of real ones, each row on the scale of its own range; the numbers stand beside.
 *
 * Dots within the range are round and blue, those outside diamonds and orange. What lies farther outside than three quarters of
 * the range's width is drawn at the edge as a triangle.
 * @throws RangeError naming the row when low is not below high, or it has no simulated value or one that is not finite, when a
 *   name occurs twice, or as `themed`.
 */
export function rangeFigure(options: RangeOptions): Figure {
  const { rows, digits = 3, width = SIZE.width, ends = ["lowest", "highest"] } = options;
  const { names: of = ["real", "simulated"] } = options;
  checkRows(rows);
  const columns = columnsOf(rows, digits, of);
  const names = Math.max(...rows.map(({ name }) => textWidth(name, TEXT + 1))) + 16;
  const numbers = columns.reduce((total, { width: own }) => total + own + COLUMN_GAP, 0);
  const figure = themed(
    [realTrace(rows, of[0]), dotTrace(rows, "inside"), dotTrace(rows, "outside")].flatMap(
      (trace) => trace ?? [],
    ),
    {
      ...{ ...options, xTitle: `place in the ${of[0]} range`, yTitle: "" },
      xRange: [-REACH - 0.08, 1 + REACH + 0.08],
      yRange: [rows.length - 0.4, -0.6],
    },
    { xaxis: placeAxis(ends), yaxis: nameAxis(rows) },
  );
  const { margin } = figure.layout as { margin: { t: number; b: number } };
  const left = Math.min(names, width / 3);
  const head = width - left - numbers > LEGEND_ROOM ? 0 : 40; // a narrow plot has its legend in a column
  return {
    ...figure,
    layout: {
      ...figure.layout,
      ...(options.height === undefined ? { height: margin.t + head + margin.b + ROW * rows.length } : {}),
      margin: { ...margin, l: left, r: numbers + 8, t: margin.t + head },
      annotations: columnMarks(columns),
    },
  };
}

function checkRows(rows: readonly RangeRow[]): void {
  if (rows.length === 0) throw new RangeError("rows: expected at least one, got none");
  const names = rows.map(({ name }) => name);
  for (const [i, { name, low, high, simulated }] of rows.entries()) {
    if (names.indexOf(name) !== i)
      throw new RangeError(`rows: expected names that differ, got "${name}" twice`);
    checkFinite(`range of "${name}"`, [low, high]);
    if (!(low < high))
      throw new RangeError(`range of "${name}": expected low < high, got ${low} and ${high}`);
    if (simulated.length === 0)
      throw new RangeError(`simulated of "${name}": expected at least one value, got none`);
    checkFinite(`simulated of "${name}"`, simulated);
  }
}

/** The real ranges as one trace of thick strokes from 0 to 1. */
function realTrace(rows: readonly RangeRow[], name: string): Trace {
  return {
    ...{ type: "scatter", mode: "lines", name, hoverinfo: "skip" },
    x: rows.flatMap(() => [0, 1, Number.NaN]),
    y: rows.flatMap((_, i) => [i, i, Number.NaN]),
    line: { color: BAND, width: 12 },
  };
}

/** The simulated values on one side of the border; none when there are none. */
function dotTrace(rows: readonly RangeRow[], side: "inside" | "outside"): Trace | undefined {
  const dots = rows.flatMap(({ name, low, high, simulated }, row) =>
    Array.from(simulated)
      .map((value) => ({ name, row, value, place: (value - low) / (high - low) }))
      .filter(({ place }) => (place >= 0 && place <= 1) === (side === "inside")),
  );
  if (dots.length === 0) return undefined;
  const symbolOf = (place: number): string => {
    if (side === "inside") return "circle";
    if (place < -REACH) return "triangle-left";
    return place > 1 + REACH ? "triangle-right" : "diamond";
  };
  return {
    ...{ type: "scatter", mode: "markers", name: side },
    x: dots.map(({ place }) => Math.min(1 + REACH, Math.max(-REACH, place))),
    y: dots.map(({ row }) => row),
    marker: { color: COLOURS[side], size: 9, symbol: dots.map(({ place }) => symbolOf(place)) },
    ...{ text: dots.map(({ name, value }) => `${name}: ${significant(value, 4)}`) },
    hovertemplate: "%{text}<extra></extra>",
  };
}

function placeAxis(ends: readonly [string, string]): Layout {
  return {
    ...{ tickmode: "array", tickvals: [0, 1], ticktext: [...ends] },
    ...{ showgrid: true, gridcolor: "#bdbdbd" },
  };
}

function nameAxis(rows: readonly RangeRow[]): Layout {
  return {
    ...{ tickmode: "array", tickvals: rows.map((_, i) => i), ticktext: rows.map(({ name }) => name) },
    ...{ showgrid: false, showline: false, ticks: "", ticklabelstandoff: 6, automargin: false },
  };
}

/** A column of numbers beside the plot, one text a row under its header. */
interface Column {
  readonly header: string;
  readonly texts: readonly string[];
  readonly width: number;
}

function columnsOf(rows: readonly RangeRow[], digits: number, of: readonly [string, string]): Column[] {
  const span = (from: number, to: number): string =>
    from === to ? significant(from, digits) : `${significant(from, digits)} to ${significant(to, digits)}`;
  const column = (header: string, texts: readonly string[]): Column => {
    const width = Math.max(...[header, ...texts].map((text) => textWidth(text, TEXT)));
    return { header, texts, width };
  };
  return [
    column(
      of[0],
      rows.map(({ low, high }) => span(low, high)),
    ),
    column(
      of[1],
      rows.map(({ simulated }) => {
        const values = Array.from(simulated);
        return span(Math.min(...values), Math.max(...values));
      }),
    ),
  ];
}

function columnMarks(columns: readonly Column[]): Layout[] {
  let left = COLUMN_GAP;
  return columns.flatMap(({ header, texts, width }) => {
    const common = {
      ...{ showarrow: false, xref: "x domain", x: 1, xanchor: "left", xshift: left, align: "left" },
      font: { size: TEXT, color: INK.text },
    };
    left += width + COLUMN_GAP;
    return [
      {
        ...{ ...common, text: header, font: { ...common.font, weight: 600 } },
        ...{ yref: "y domain", y: 1, yanchor: "bottom", yshift: 2 },
      },
      ...texts.map((text, row) => ({ ...common, text, yref: "y", y: row, yanchor: "middle" })),
    ];
  });
}
