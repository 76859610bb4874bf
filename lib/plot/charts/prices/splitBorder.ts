/** Drawings of a border between two parts of a data set: which windows lie before it, which behind, and which are left out. */
import { checkCount, checkPositive } from "../../../core/index.js";
import type { Figure, Trace } from "../../figure.js";
import { PALETTE } from "../../palette.js";
import { themed } from "../../theme.js";

/** Settings of a drawing of the border between two parts of a split. */
export interface SplitBorderOptions {
  readonly title: string;
  /** Bars of a window, and bars ahead of its target. */
  readonly length: number;
  readonly horizon: number;
  /** Bars between two decisions, 1 unless given. */
  readonly stride?: number;
  /** Names of the part before the border and of the one behind it: "training" and "validation" unless given. */
  readonly parts?: readonly [string, string];
}

const COLOURS = { before: PALETTE[0]!, out: "#9a9a9a", behind: PALETTE[2]! } as const;

/**
 * One line a window from its first bar to its decision, and a dotted one from there to the bar that tells its target, about a border at 0.
 *
 * Before the border lie windows whose target is known by then, behind it those whose first bar opens after it; the others are left out.
 * @throws RangeError when a count is not positive.
 */
export function splitBorderFigure(options: SplitBorderOptions): Figure {
  const { title, length, horizon, stride = 1, parts = ["training", "validation"] } = options;
  checkCount("length", length);
  checkCount("horizon", horizon);
  checkPositive("stride", stride);
  const margin = 4 * stride;
  const decisions: number[] = [];
  for (let at = -horizon - margin; at <= length + margin; at += stride) decisions.push(at);
  const isBefore = (at: number): boolean => at + horizon <= 0;
  const isBehind = (at: number): boolean => at - length >= 0;
  const groups: [string, string, (at: number) => boolean][] = [
    [parts[0], COLOURS.before, isBefore],
    ["left out", COLOURS.out, (at) => !isBefore(at) && !isBehind(at)],
    [parts[1], COLOURS.behind, isBehind],
  ];
  const traces = groups.flatMap(([name, colour, belongs]) => {
    const rows = decisions.flatMap((at, row) => (belongs(at) ? [{ at, row }] : []));
    return [
      segments(rows, { name, colour, from: -length, to: 0 }),
      { ...segments(rows, { name, colour, from: 0, to: horizon, dash: "2px,2px" }), showlegend: false },
      { ...marks(rows, name, colour), showlegend: false },
    ];
  });
  return themed(
    traces,
    {
      ...{ title, xTitle: "bars from the border", yTitle: "windows, in order of time", height: 440 },
      references: [{ axis: "x", at: 0, label: "border", labelAt: "start" }],
    },
    { yaxis: { showticklabels: false, ticks: "", autorange: "reversed", showgrid: false } },
  );
}

interface Row {
  readonly at: number;
  readonly row: number;
}

/** One straight line a row, as one trace. */
function segments(
  rows: readonly Row[],
  of: { name: string; colour: string; from: number; to: number; dash?: string },
): Trace {
  return {
    ...{ type: "scatter", mode: "lines", name: of.name, legendgroup: of.name, hoverinfo: "skip" },
    x: rows.flatMap(({ at }) => [at + of.from, at + of.to, Number.NaN]),
    y: rows.flatMap(({ row }) => [row, row, Number.NaN]),
    line: { color: of.colour, width: 2, ...(of.dash ? { dash: of.dash } : {}) },
  };
}

/** The decisions. */
function marks(rows: readonly Row[], name: string, colour: string): Trace {
  return {
    ...{ type: "scatter", mode: "markers", name: `${name}: decision`, legendgroup: name },
    x: rows.map(({ at }) => at),
    y: rows.map(({ row }) => row),
    marker: { color: colour, size: 5 },
    hovertemplate: "decided at %{x}<extra></extra>",
  };
}
