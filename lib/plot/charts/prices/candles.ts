/** Figures of candles. */

import type { Bars } from "../../../core/index.js";
import { checkLength, checkPositive } from "../../../core/index.js";
import type { Figure, Layout, Trace } from "../../figure.js";
import { INK, PALETTE, translucent } from "../../palette.js";
import { axis, themed } from "../../theme.js";
import { checkTimes, duration, TIME_AXIS, TIME_HOVER, type TimeOptions } from "../../time.js";

/** Options of `candles`. */
export interface CandleOptions extends Omit<TimeOptions, "points"> {
  readonly bars: Bars;
  /** Prices with their unit: "price [USDT]". */
  readonly yTitle: string;
  /** Volume with its unit: "volume [BTC]". */
  readonly volumeTitle: string;
  /** Lines over the candles, such as indicators in units of the price. */
  readonly overlays?: readonly CandleOverlay[];
}

/** A line over the candles: a value a bar, NaN where there is none. */
export interface CandleOverlay {
  readonly name: string;
  /** [T] of the bars. */
  readonly values: ArrayLike<number>;
  readonly style?: "solid" | "dash" | "dot";
  /** "#RRGGBB"; dark grey unless given. */
  readonly colour?: string;
}

/** Candles of one width. Arrays are [N]. */
interface Candles {
  readonly stepMs: number;
  readonly time: number[];
  readonly open: number[];
  readonly high: number[];
  readonly low: number[];
  readonly close: number[];
  readonly volume: number[];
}

const MOST_CANDLES = 240;
/** Bars a wider candle may take: those that fit into a day of hours first. */
const WIDTHS = [1, 2, 3, 4, 6, 8, 12, 24, 48, 72, 168, 336, 672, 1344] as const;
const COLOURS = { rose: PALETTE[0]!, fell: PALETTE[1]! } as const;

/**
 * Candles over their volume; a missing bar is a hole.
 *
 * Above 240 candles, bars are joined to wider ones on the epoch's grid (first open, highest high, lowest low, last close, total
 * volume); the x axis says how wide they are. An overlay is drawn at the middle of its own bar.
 * @throws RangeError naming symbol and bar when lengths differ, times do not ascend, a price is not within [low, high], or no bar
 *   has prices, or as `themed`.
 */
export function candleFigure(options: CandleOptions): Figure {
  const { bars, volumeTitle, overlays = [] } = options;
  checkCandles(bars);
  for (const { name, values } of overlays) checkLength(`values of "${name}"`, values, bars.openTime.length);
  const candles = joined(bars);
  const rose = candles.close.map((close, i) => close >= candles.open[i]!);
  return themed(
    [
      ...bodyTraces(candles, rose),
      ...overlays.map((overlay) => overlayTrace(overlay, bars)),
      ...volumeTraces(candles, rose),
    ],
    {
      ...{ height: 480, ...options, ...TIME_AXIS },
      xTitle: `${TIME_AXIS.xTitle}, one candle is ${duration(candles.stepMs)}`,
    },
    {
      xaxis: { ...TIME_HOVER, anchor: "y2", rangeslider: { visible: false } },
      yaxis: { domain: [0.3, 1] },
      layout: { yaxis2: volumeAxis(volumeTitle), barmode: "overlay", bargap: 0.25, boxmode: "overlay" },
    },
  );
}

const FIELDS = ["open", "high", "low", "close", "volume"] as const;

function checkCandles(bars: Bars): void {
  const { symbol, openTime, stepMs } = bars;
  checkPositive(`stepMs of ${symbol}`, stepMs);
  checkTimes(`openTime of ${symbol}`, openTime);
  for (const field of FIELDS) checkLength(`${field} of ${symbol}`, bars[field], openTime.length);
  let there = 0;
  for (let t = 0; t < openTime.length; t++) {
    if (isMissing(bars, t)) continue;
    there += 1;
    const [low, high] = [bars.low[t]!, bars.high[t]!];
    for (const field of ["open", "close"] as const) {
      if (bars[field][t]! >= low && bars[field][t]! <= high) continue;
      throw new RangeError(
        `${field} of ${symbol}, bar ${t}: expected a price within [${low}, ${high}], got ${bars[field][t]}`,
      );
    }
  }
  if (there === 0) throw new RangeError(`bars of ${symbol}: expected one with prices, got none`);
}

function isMissing({ open, high, low, close }: Bars, t: number): boolean {
  return [open, high, low, close].every((prices) => Number.isNaN(prices[t]!));
}

/** The bars as at most about 240 candles. */
function joined(bars: Bars): Candles {
  const { openTime, stepMs } = bars;
  const span = (openTime[openTime.length - 1]! - openTime[0]!) / stepMs + 1;
  const widest = WIDTHS[WIDTHS.length - 1]!;
  const width =
    WIDTHS.find((k) => span / k <= MOST_CANDLES) ?? widest * Math.ceil(span / widest / MOST_CANDLES);
  const wide = width * stepMs;
  const candles: Candles = { stepMs: wide, time: [], open: [], high: [], low: [], close: [], volume: [] };
  for (let t = 0; t < openTime.length; t++) {
    if (!isMissing(bars, t)) add(candles, Math.floor(openTime[t]! / wide) * wide, bars, t);
  }
  return candles;
}

/** Bar t into the candle that opens at `start`: the last one, or a new one. */
function add(candles: Candles, start: number, bars: Bars, t: number): void {
  const last = candles.time.length - 1;
  if (candles.time[last] !== start) {
    candles.time.push(start);
    for (const field of FIELDS) candles[field].push(bars[field][t]!);
    return;
  }
  candles.high[last] = Math.max(candles.high[last]!, bars.high[t]!);
  candles.low[last] = Math.min(candles.low[last]!, bars.low[t]!);
  candles.close[last] = bars.close[t]!;
  candles.volume[last] = candles.volume[last]! + bars.volume[t]!;
}

/** Rising and falling candles as traces of their own, so that the legend tells their colours. */
function bodyTraces(candles: Candles, rose: readonly boolean[]): Trace[] {
  return (["rose", "fell"] as const).flatMap((name) => {
    const pick = (values: readonly number[]): number[] =>
      values.filter((_, i) => rose[i] === (name === "rose"));
    const x = pick(candles.time);
    if (x.length === 0) return [];
    const look = { line: { color: COLOURS[name], width: 1 }, fillcolor: COLOURS[name] };
    return [
      {
        ...{ type: "candlestick", name, legendgroup: name, x, ...periodOf(candles) },
        ...{ open: pick(candles.open), high: pick(candles.high) },
        ...{ low: pick(candles.low), close: pick(candles.close) },
        ...{ increasing: look, decreasing: look, whiskerwidth: 0 },
      },
    ];
  });
}

/** Known at the close of its bar, drawn over the bar: a candle that is drawn holds the value with it. */
function overlayTrace(
  { name, values, style = "solid", colour = INK.text }: CandleOverlay,
  bars: Bars,
): Trace {
  return {
    ...{ type: "scatter", mode: "lines", name, connectgaps: false, hoverinfo: "skip" },
    x: Array.from(bars.openTime, (time) => time + bars.stepMs / 2),
    y: Array.from(values),
    line: { color: colour, width: 1.5, dash: style },
  };
}

function volumeTraces(candles: Candles, rose: readonly boolean[]): Trace[] {
  return [
    {
      ...{ type: "bar", name: "volume", yaxis: "y2", showlegend: false, ...periodOf(candles) },
      ...{ x: candles.time, y: candles.volume, hovertemplate: "%{x}: %{y}<extra></extra>" },
      marker: {
        color: rose.map((up) => translucent(up ? COLOURS.rose : COLOURS.fell, 0.6)),
        line: { width: 0 },
      },
    },
  ];
}

/** A candle is told by its opening time and drawn over its whole width. */
function periodOf({ stepMs }: Candles): Layout {
  return { xperiod: stepMs, xperiodalignment: "middle" };
}

function volumeAxis(title: string): Layout {
  return {
    ...axis({ title, room: 110 }),
    ...{ domain: [0, 0.22], anchor: "x", rangemode: "tozero", nticks: 4 },
  };
}
