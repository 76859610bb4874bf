/** Figures of regimes over time beside one another: true, inferred in time, inferred in hindsight. */
import { checkLength } from "../../../core/index.js";
import type { Figure, Trace } from "../../figure.js";
import { colourOf, translucent } from "../../palette.js";
import { themed } from "../../theme.js";
import { checkTimes, TIME_AXIS, TIME_HOVER, type TimeOptions } from "../../time.js";
import { type Run, runsOf } from "./regimes.js";

/** Regimes by one way of telling them. */
export interface RegimeRow {
  readonly name: string;
  /** [T] index of each bar's regime, counted from 0. */
  readonly regime: ArrayLike<number>;
}

/** Options of `regimeStrip`. */
export interface RegimeStripOptions extends Omit<TimeOptions, "yType" | "yRange" | "references" | "points"> {
  readonly regimes: readonly string[];
  /** [T] UTC milliseconds, ascending. */
  readonly time: ArrayLike<number>;
  /** The first is at the top. */
  readonly rows: readonly RegimeRow[];
}

/** Half the height of a strip; strips are 1 apart. */
const HALF = 0.38;

/**
 * One strip of colours for each row, over the same time, each entry from its own time to the next.
 *
 * Above 400 bars, each stretch of 1/400 of them has the regime that most of its bars have.
 * @throws RangeError when there is no row, times do not ascend, lengths differ, an index names no regime, or as `themed`.
 */
export function regimeStripFigure(options: RegimeStripOptions): Figure {
  const { regimes, time, rows } = options;
  checkTimes("time", time);
  if (rows.length === 0) throw new RangeError("rows: expected at least one, got none");
  rows.forEach(({ name, regime }) => {
    checkLength(`regime of "${name}"`, regime, time.length);
  });
  const runs = rows.map(({ regime }) => runsOf(regime, time, regimes.length));
  const bottom = rows.length - 1;
  return themed(
    regimes.flatMap((name, i) => stripTrace(name, i, runs)),
    { height: 130 + 44 * rows.length, ...options, ...TIME_AXIS, yTitle: "", yRange: [-0.6, bottom + 0.6] },
    {
      xaxis: { ...TIME_HOVER, showgrid: false },
      yaxis: {
        ...{ tickmode: "array", tickvals: rows.map((_, r) => bottom - r), ticktext: rows.map((r) => r.name) },
        ...{ showgrid: false, showline: false, ticks: "" },
      },
    },
  );
}

/** All runs of one regime in all rows as rectangles. */
function stripTrace(name: string, i: number, runs: readonly (readonly Run[])[]): Trace[] {
  const boxes = runs.flatMap((own, r) =>
    own
      .filter(({ regime }) => regime === i)
      .map(({ from, to }) => ({ from, to, middle: runs.length - 1 - r })),
  );
  if (boxes.length === 0) return [];
  return [
    {
      ...{ type: "scatter", mode: "lines", name, fill: "toself", hoverinfo: "skip", line: { width: 0 } },
      x: boxes.flatMap(({ from, to }) => [from, to, to, from, Number.NaN]),
      y: boxes.flatMap(({ middle: m }) => [m - HALF, m - HALF, m + HALF, m + HALF, Number.NaN]),
      fillcolor: translucent(colourOf(i), 0.75),
    },
  ];
}
