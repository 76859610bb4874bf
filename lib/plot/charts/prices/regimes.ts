/** Figures of regimes. */
import { checkCount, checkFinite, checkLength } from "../../../core/index.js";
import type { Figure, Trace } from "../../figure.js";
import { colourOf, INK, translucent } from "../../palette.js";
import { type FigureOptions, themed } from "../../theme.js";
import { thin } from "../../thin.js";
import { checkTimes, pointsOf, TIME_AXIS, TIME_HOVER, type TimeOptions } from "../../time.js";
import { errorBar } from "../shapes/scatter.js";

/** What one strategy, or the market, did in each regime. Arrays are in the order of the regimes. */
export interface RegimeSeries {
  readonly name: string;
  /** Mean return. */
  readonly mean: ArrayLike<number>;
  /** Ends of its interval. */
  readonly lower: ArrayLike<number>;
  readonly upper: ArrayLike<number>;
  readonly colour?: string;
}

/** Options of `regimes`. */
export interface RegimeOptions extends Omit<FigureOptions, "xTitle" | "xType" | "xRange"> {
  readonly regimes: readonly string[];
  /** Bars in each regime, told under its name. */
  readonly bars: ArrayLike<number>;
  readonly series: readonly RegimeSeries[];
}

/**
 * The mean return in each regime with its interval, side by side for several series, against zero.
 * @throws RangeError when lengths differ, a regime has no bar, or as `themed`.
 */
export function regimeFigure(options: RegimeOptions): Figure {
  const { regimes, bars, series } = options;
  checkLength("bars", bars, regimes.length);
  regimes.forEach((name, i) => {
    checkCount(`bars of regime "${name}"`, bars[i]!);
  });
  const ticks = regimes.map((name, i) => `${name}<br>${bars[i]} bars`);
  return themed(
    series.map((one, i) => dotTrace(one, i, series.length, regimes.length)),
    { ...options, xTitle: "", xRange: [-0.5, regimes.length - 0.5] },
    {
      xaxis: { tickmode: "array", tickvals: regimes.map((_, i) => i), ticktext: ticks, showgrid: false },
      yaxis: { zeroline: true, zerolinecolor: INK.reference, zerolinewidth: 1.25 },
    },
  );
}

function dotTrace(series: RegimeSeries, i: number, of: number, regimes: number): Trace {
  const { name, mean, lower, upper } = series;
  checkLength(`mean of "${name}"`, mean, regimes);
  const colour = colourOf(i, series.colour);
  const apart = 0.16 * (i - (of - 1) / 2);
  return {
    ...{ type: "scatter", mode: "markers", name, marker: { color: colour, size: 10 } },
    ...{ x: Array.from(mean, (_, regime) => regime + apart), y: mean },
    ...errorBar(`"${name}"`, "error_y", mean, lower, upper, colour),
    hovertemplate: "%{y}<extra></extra>",
  };
}

/** Options of `regimeTime`. */
export interface RegimeTimeOptions extends TimeOptions {
  readonly regimes: readonly string[];
  /** [T] UTC milliseconds, ascending. */
  readonly time: ArrayLike<number>;
  /** [T] a price, or whatever the regimes are to explain; NaN where it is missing. */
  readonly values: ArrayLike<number>;
  /** [T] index of each bar's regime, counted from 0. */
  readonly regime: ArrayLike<number>;
  readonly yTitle: string;
}

const MOST_STRETCHES = 400;

/**
 * A price over time, the regime of each entry shaded behind it from its own time to the next.
 *
 * Above 400 bars, each stretch of 1/400 of them is shaded with the regime that most of its bars have.
 * @throws RangeError when times do not ascend, lengths differ, an index names no regime, or as `themed`.
 */
export function regimeTimeFigure(options: RegimeTimeOptions): Figure {
  const { time, values, regime, regimes } = options;
  checkTimes("time", time);
  checkLength("values", values, time.length);
  const [least, greatest] = options.yRange ?? rangeOf(values, options.yType === "log");
  const runs = runsOf(regime, time, regimes.length);
  const shades = regimes.flatMap((name, i) => shadeTrace(name, i, runs, [least, greatest]));
  const { x, y } = thin({ x: time, y: values }, options.points ?? pointsOf(2));
  const line: Trace = {
    ...{ type: "scatter", mode: "lines", name: options.yTitle, showlegend: false, x, y },
    line: { color: INK.text, width: 1.25 },
  };
  return themed(
    [...shades, line],
    { yRange: [least, greatest], ...options, ...TIME_AXIS },
    { xaxis: { ...TIME_HOVER, showgrid: false }, yaxis: { showgrid: false } },
  );
}

function checkRegime(index: number, t: number, regimes: number): void {
  if (Number.isInteger(index) && index >= 0 && index < regimes) return;
  throw new RangeError(`regime[${t}]: expected an index below ${regimes}, got ${index}`);
}

/** The finite values' range with a little room. */
function rangeOf(values: ArrayLike<number>, log: boolean): [number, number] {
  const finite = Array.from(values).filter((value) => Number.isFinite(value) && (!log || value > 0));
  const least = finite.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
  const greatest = finite.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
  checkFinite("values", [least, greatest]);
  const room = log ? (greatest / least) ** 0.05 : 0.05 * (greatest - least || Math.abs(least) || 1);
  return log ? [least / room, greatest * room] : [least - room, greatest + room];
}

/** A regime from one time to another. */
export interface Run {
  readonly regime: number;
  readonly from: number;
  readonly to: number;
}

/**
 * Times without a change of regime; above 400 bars of what most bars of a stretch have.
 * @throws RangeError when lengths differ or an index names no regime.
 */
export function runsOf(regime: ArrayLike<number>, time: ArrayLike<number>, regimes: number): Run[] {
  checkLength("regime", regime, time.length);
  for (let t = 0; t < regime.length; t++) checkRegime(regime[t]!, t, regimes);
  const stretches = Math.min(MOST_STRETCHES, time.length);
  const edge = (i: number): number => Math.floor((i * time.length) / stretches);
  const runs: Run[] = [];
  for (let i = 0; i < stretches; i++) {
    const [from, to] = [time[edge(i)]!, time[Math.min(edge(i + 1), time.length - 1)]!];
    const most = mostOf(regime, edge(i), edge(i + 1), regimes);
    const before = runs[runs.length - 1];
    if (before?.regime === most) runs[runs.length - 1] = { ...before, to };
    else runs.push({ regime: most, from, to });
  }
  return runs;
}

function mostOf(regime: ArrayLike<number>, from: number, to: number, regimes: number): number {
  const counts = new Array<number>(regimes).fill(0);
  for (let t = from; t < to; t++) counts[regime[t]!]! += 1;
  return counts.indexOf(Math.max(...counts));
}

/** All runs of one regime as rectangles over the range of y. */
function shadeTrace(name: string, i: number, runs: readonly Run[], [low, high]: [number, number]): Trace[] {
  const own = runs.filter(({ regime }) => regime === i);
  if (own.length === 0) return [];
  return [
    {
      ...{ type: "scatter", mode: "lines", name, fill: "toself", hoverinfo: "skip", line: { width: 0 } },
      x: own.flatMap(({ from, to }) => [from, to, to, from, Number.NaN]),
      y: own.flatMap(() => [low, low, high, high, Number.NaN]),
      fillcolor: translucent(colourOf(i), 0.28),
    },
  ];
}
