/** Figures of equity. */
import { checkFinite, checkLength, checkPositive } from "../../../core/index.js";
import type { Figure, Layout, Trace } from "../../figure.js";
import { colourOf, INK, translucent } from "../../palette.js";
import { axis, themed } from "../../theme.js";
import { thin } from "../../thin.js";
import { logTicks } from "../../ticks.js";
import {
  checkTimes,
  pointsOf,
  TIME_AXIS,
  TIME_HOVER,
  type TimeOptions,
  utcDay,
  utcTime,
} from "../../time.js";
import { type LineSeries, lineFigure } from "../shapes/curves.js";

/** The equity of one strategy. Arrays are [T], in any unit of money. */
export interface EquitySeries {
  readonly name: string;
  /** When each entry is known, UTC milliseconds, ascending. */
  readonly time: ArrayLike<number>;
  readonly equity: ArrayLike<number>;
  /** Ends of an interval of the equity, such as quantiles over resampled blocks. */
  readonly lower?: ArrayLike<number>;
  readonly upper?: ArrayLike<number>;
  /** Equity before the first entry; default the first entry. All is drawn as a multiple of it. */
  readonly capital?: number;
  /** Default "main" (thick); "variant" is thin, without drawdown; "benchmark" is grey and dashed. */
  readonly role?: "main" | "variant" | "benchmark";
  readonly colour?: string;
}

/** Options of `equity`. */
export interface EquityOptions extends TimeOptions {
  /** Variants of one name share their colour and stand in the legend once. */
  readonly series: readonly EquitySeries[];
  /** False to leave out the drawdown below, for a place in `panels`. */
  readonly drawdown?: boolean;
}

const DRAWDOWN_SHARE = 0.26;
const BENCHMARK = { colour: "#4D4D4D", dash: "5px,2px" } as const;

/**
 * Equity over time in multiples of the capital, each line with an optional interval; below, how far each lies under its peak.
 *
 * Long series are thinned to points of their own, extremes first; drawdowns are taken before that. An equity that comes to zero is
 * marked as ruined at that bar. Set `yType` to "log" to compare growth over long times.
 * @throws RangeError when times do not ascend, a value is not finite, a capital is not positive, an equity on a log axis is not
 *   positive, lengths differ, or as `themed`.
 */
export function equityFigure(options: EquityOptions): Figure {
  for (const series of options.series) checkEquity(series, options.yType === "log");
  const colours = coloursOf(options.series);
  const withDrawdown = options.drawdown ?? true;
  const points = options.points ?? pointsOf(linesOf(options.series, withDrawdown));
  const lines = equityTraces(options, colours, points);
  const titles = { ...TIME_AXIS, yTitle: "equity [× capital]" };
  const ticks =
    options.yType === "log" ? logTicks(lines.flatMap(({ y }) => Array.from(y as ArrayLike<number>))) : {};
  const ends = options.series.flatMap(ruinTrace);
  if (!withDrawdown)
    return themed([...lines, ...ends], { ...options, ...titles }, { xaxis: TIME_HOVER, yaxis: ticks });
  const filled = options.series.filter(({ role = "main" }) => role === "main").length === 1;
  const below = options.series.flatMap((series, i) => drawdownTrace(series, colours[i]!, { points, filled }));
  return themed(
    [...below, ...lines, ...ends],
    { height: 520, ...options, ...titles },
    {
      xaxis: { ...TIME_HOVER, anchor: "y2" },
      yaxis: { ...ticks, domain: [DRAWDOWN_SHARE + 0.06, 1] },
      layout: { yaxis2: drawdownAxis() },
    },
  );
}

/**
 * Share of the running peak that is lost at each entry [T]; the capital before the first entry is a peak too.
 * @throws RangeError when the capital is not positive.
 */
export function underPeak(equity: ArrayLike<number>, capital = equity[0]!): Float64Array {
  checkPositive("capital", capital);
  let peak = capital;
  return Float64Array.from(equity, (value) => {
    peak = Math.max(peak, value);
    return 1 - value / peak;
  });
}

/** The first entry at which nothing is left; −1 where there is none. */
export function ruinEntry(equity: ArrayLike<number>): number {
  return Array.from(equity).findIndex((value) => value <= 0);
}

/** A cross where the equity came to nothing. */
function ruinTrace({ name, time, equity, capital = equity[0]! }: EquitySeries): Trace[] {
  const t = ruinEntry(equity);
  if (t < 0) return [];
  const ruined = utcDay(time[t]!, time[time.length - 1]! - time[0]!);
  return [
    {
      ...{ type: "scatter", mode: "markers", name: `${name}: ruined ${ruined}`, cliponaxis: false },
      ...{ x: [time[t]!], y: [equity[t]! / capital], marker: { color: INK.text, size: 10, symbol: "x" } },
    },
  ];
}

/**
 * Throws a RangeError naming the series and its bar unless times ascend and equities are finite, and all positive on a log axis.
 */
export function checkEquity(series: EquitySeries, log = false): void {
  const { name, time, equity, capital } = series;
  checkTimes(`time of "${name}"`, time);
  checkLength(`equity of "${name}"`, equity, time.length);
  checkFinite(`equity of "${name}"`, equity);
  checkPositive(`capital of "${name}"`, capital ?? equity[0]!);
  if (!log) return;
  for (const line of ["equity", "lower", "upper"] as const) {
    const t = Array.from(series[line] ?? []).findIndex((value) => value <= 0);
    if (t < 0) continue;
    throw new RangeError(
      `${line} of "${name}"[${t}] at ${utcTime(time[t]!)}: expected a positive number on a log axis, got ${series[line]![t]}`,
    );
  }
}

/** Colours in the order of names; a benchmark takes none of the palette. */
function coloursOf(series: readonly EquitySeries[]): string[] {
  const names = [...new Set(series.filter(({ role }) => role !== "benchmark").map(({ name }) => name))];
  return series.map(({ name, role, colour }) =>
    role === "benchmark" ? (colour ?? BENCHMARK.colour) : colourOf(names.indexOf(name), colour),
  );
}

function linesOf(series: readonly EquitySeries[], withDrawdown: boolean): number {
  const below = withDrawdown ? series.filter(({ role }) => role !== "variant").length : 0;
  return series.length + 2 * series.filter(({ lower }) => lower !== undefined).length + below;
}

/** Bands behind, then variants, benchmarks and the main lines on top. */
function equityTraces(options: EquityOptions, colours: readonly string[], points: number): Trace[] {
  const layers = options.series.map((series, i) => {
    const { data } = lineFigure({
      ...{ title: "", xTitle: "", yTitle: "" },
      series: [{ ...multiples(series, points), colour: colours[i]! }],
    });
    return data.map((trace) => (trace.name === series.name ? ofRole(trace, series.role) : trace));
  });
  const rank = ({ name }: Trace): number => {
    const of = options.series.find((series) => series.name === name);
    return of === undefined ? 0 : { variant: 1, benchmark: 2, main: 3 }[of.role ?? "main"];
  };
  const seen = new Set<string>();
  return layers
    .flat()
    .sort((a, b) => rank(a) - rank(b))
    .map((trace) => {
      const again = seen.has(trace.name!);
      seen.add(trace.name!);
      return again ? { ...trace, showlegend: false } : trace;
    });
}

function ofRole(trace: Trace, role: EquitySeries["role"] = "main"): Trace {
  const line = trace.line as { readonly color: string };
  const own = {
    main: { width: 2.25 },
    variant: { width: 1, color: translucent(line.color, 0.5) },
    benchmark: { width: 1.5, dash: BENCHMARK.dash },
  }[role];
  return { ...trace, line: { ...line, ...own } };
}

/** The series as a line in multiples of its capital, thinned. */
function multiples(series: EquitySeries, points: number): LineSeries {
  const { name, time, equity, lower, upper, capital = equity[0]! } = series;
  const of = (values: ArrayLike<number>): Float64Array => Float64Array.from(values, (v) => v / capital);
  const line: LineSeries = {
    ...{ name, x: time, y: of(equity) },
    ...(lower ? { lower: of(lower) } : {}),
    ...(upper ? { upper: of(upper) } : {}),
  };
  return thin(line, points) as LineSeries;
}

function drawdownTrace(
  series: EquitySeries,
  colour: string,
  { points, filled }: { readonly points: number; readonly filled: boolean },
): Trace[] {
  const { name, time, equity, capital, role = "main" } = series;
  if (role === "variant") return [];
  const y = underPeak(equity, capital).map((share) => -100 * share);
  const line = thin({ x: time, y }, points);
  return [
    {
      ...{ type: "scatter", mode: "lines", name: `${name}, drawdown`, legendgroup: name, showlegend: false },
      ...{ x: line.x, y: line.y, yaxis: "y2" },
      line: { color: colour, width: 1 },
      ...(role === "benchmark" || !filled ? {} : { fill: "tozeroy", fillcolor: translucent(colour, 0.18) }),
    },
  ];
}

function drawdownAxis(): Layout {
  return {
    ...axis({ title: "drawdown [%]", room: 110 }),
    ...{ domain: [0, DRAWDOWN_SHARE], anchor: "x", rangemode: "tozero", nticks: 4 },
    ...{ zeroline: true, zerolinecolor: INK.axis, zerolinewidth: 1 },
  };
}
