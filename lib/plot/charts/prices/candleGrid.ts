/** Small multiples of candles: one row of panels for each thing that is moved, one column for each place it is moved to. */

import type { Bars } from "../../../core/index.js";
import { checkCount, checkLength } from "../../../core/index.js";
import type { Figure, Trace } from "../../figure.js";
import { PALETTE } from "../../palette.js";
import { panels } from "../../panels.js";
import { themed } from "../../theme.js";

export interface CandleGridRow {
  readonly name: string;
  /** One for each column. */
  readonly bars: readonly Bars[];
  /** Ends of the price axis; default those of the bars. */
  readonly prices?: readonly [number, number];
}

/** Options of `candleGrid`. */
export interface CandleGridOptions {
  readonly title: string;
  /** What each column stands for, such as "−3σ". */
  readonly columns: readonly string[];
  readonly rows: readonly CandleGridRow[];
  readonly width?: number;
}

const ROW_HEIGHT = 170;
const COLOURS = { rose: PALETTE[0]!, fell: PALETTE[1]! } as const;

/**
 * Candles of all rows and columns; each row on one scale of prices, so that its quiet ones look quiet.
 * @throws RangeError when a row has not one set of bars for each column, bars are empty, or as `panels`.
 */
export function candleGridFigure({ title, columns, rows, width = 980 }: CandleGridOptions): Figure {
  checkRows(rows, columns);
  const cells = rows.flatMap((row) =>
    row.bars.map((bars, c) =>
      candlePanel(bars, {
        title: c === 0 ? `${row.name}, ${columns[c]!}` : columns[c]!,
        ...{ yTitle: c === 0 ? "price" : "", yRange: pricesOf(row) },
      }),
    ),
  );
  return panels(cells, { title, columns: columns.length, width, height: gridHeight(rows.length) });
}

/** @throws RangeError unless there are rows and columns and each row has as many sets of bars as there are columns. */
export function checkRows(rows: readonly CandleGridRow[], columns: readonly string[]): void {
  checkCount("columns", columns.length);
  checkCount("rows", rows.length);
  for (const row of rows) checkLength(`bars of ${row.name}`, row.bars, columns.length);
}

/** Pixels of a whole grid. */
export function gridHeight(rows: number): number {
  return 110 + ROW_HEIGHT * rows;
}

/** Candles over the number of the bar, as one panel. */
export function candlePanel(
  bars: Bars,
  options: { readonly title: string; readonly yTitle: string; readonly yRange: readonly [number, number] },
): Figure {
  const xaxis = { rangeslider: { visible: false } };
  return themed(candleTraces(bars), { ...options, xTitle: "bar", width: 320 }, { xaxis });
}

/** Ends of a row's price axis. */
export function pricesOf({ bars, prices }: CandleGridRow): readonly [number, number] {
  if (prices) return prices;
  return [
    Math.min(...bars.map(({ low }) => Math.min(...low))),
    Math.max(...bars.map(({ high }) => Math.max(...high))),
  ];
}

/** Rising and falling candles over the number of the bar. */
function candleTraces({ open, high, low, close }: Bars): Trace[] {
  checkCount("bars", open.length);
  return (["rose", "fell"] as const).flatMap((name) => {
    const chosen = Array.from(open.keys()).filter((t) => close[t]! >= open[t]! === (name === "rose"));
    if (chosen.length === 0) return [];
    const pick = (values: Float64Array) => chosen.map((t) => values[t]!);
    const look = { line: { color: COLOURS[name], width: 1 }, fillcolor: COLOURS[name] };
    return [
      {
        ...{ type: "candlestick", name, legendgroup: name, x: chosen.map((t) => t + 1) },
        ...{ open: pick(open), high: pick(high), low: pick(low), close: pick(close) },
        ...{ increasing: look, decreasing: look, whiskerwidth: 0 },
      },
    ];
  });
}
