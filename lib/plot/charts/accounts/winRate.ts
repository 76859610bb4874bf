/** Figures of win rates. */
import { checkCount, checkFinite } from "../../../core/index.js";
import type { Figure, Layout, Trace } from "../../figure.js";
import { fixed } from "../../numbers.js";
import { colourOf, INK, translucent } from "../../palette.js";
import { axis, type FigureOptions, themed } from "../../theme.js";

/** Trades of like confidence. */
export interface WinRateBin {
  /** The least and the largest confidence in the bin. */
  readonly from: number;
  readonly to: number;
  readonly trades: number;
  /** Shares in [0, 1]: of trades won, and the ends of its interval. */
  readonly winRate: number;
  readonly lower: number;
  readonly upper: number;
}

/** Options of `winRate`. */
export interface WinRateOptions extends Pick<FigureOptions, "title" | "xTitle" | "width" | "height"> {
  readonly bins: readonly WinRateBin[];
  /** The win rate at which wins pay for losses and costs, in [0, 1]. */
  readonly breakEven: number;
}

/**
 * Share of trades won by confidence, each bin with its width and its interval, against break-even; below, the number of trades.
 *
 * It takes intervals as they are given (such as Wilson's) and computes none.
 * @throws RangeError naming the bin when a share leaves [0, 1], an interval misses its share, bins overlap, or as `themed`.
 */
export function winRateFigure(options: WinRateOptions): Figure {
  const { bins, breakEven } = options;
  if (bins.length === 0) throw new RangeError("bins: expected at least one, got none");
  bins.forEach((bin, i) => {
    checkBin(bin, `bins[${i}]`, bins[i - 1]);
  });
  checkShare("breakEven", breakEven);
  return themed(
    [...rateTraces(bins), breakEvenTrace(options), countTrace(bins)],
    {
      ...{ height: 480, ...options },
      yTitle: "trades won [%]",
    },
    {
      xaxis: { anchor: "y2" },
      yaxis: { domain: [0.32, 1] },
      layout: { yaxis2: countAxis() },
    },
  );
}

function checkBin(bin: WinRateBin, name: string, before: WinRateBin | undefined): void {
  checkFinite(`confidence of ${name}`, [bin.from, bin.to]);
  if (bin.to < bin.from) throw new RangeError(`${name}: expected from ≤ to, got ${bin.from} and ${bin.to}`);
  if (before && bin.from < before.to)
    throw new RangeError(`${name}: expected from at or after ${before.to}, got ${bin.from}`);
  checkCount(`trades of ${name}`, bin.trades);
  for (const share of ["lower", "winRate", "upper"] as const) checkShare(`${share} of ${name}`, bin[share]);
  if (bin.lower <= bin.winRate && bin.winRate <= bin.upper) return;
  throw new RangeError(`${name}: expected winRate ${bin.winRate} within [${bin.lower}, ${bin.upper}]`);
}

function checkShare(name: string, share: number): void {
  if (!(share >= 0 && share <= 1)) throw new RangeError(`${name}: expected a share in [0, 1], got ${share}`);
}

const middle = ({ from, to }: WinRateBin): number => (from + to) / 2;

/** A box for each bin's interval, as wide as the bin, with a line at its share. */
function rateTraces(bins: readonly WinRateBin[]): Trace[] {
  const colour = colourOf(0);
  const hover = { hoverinfo: "skip" };
  return [
    {
      ...{ type: "scatter", mode: "lines", name: "interval", ...hover, fill: "toself" },
      x: bins.flatMap(({ from, to }) => [from, to, to, from, from, Number.NaN]),
      y: bins.flatMap(({ lower, upper }) =>
        [lower, lower, upper, upper, lower, Number.NaN].map((share) => 100 * share),
      ),
      ...{ fillcolor: translucent(colour, 0.2), line: { width: 0 } },
    },
    {
      ...{ type: "scatter", mode: "lines", name: "width of the bin", ...hover, showlegend: false },
      x: bins.flatMap(({ from, to }) => [from, to, Number.NaN]),
      y: bins.flatMap(({ winRate }) => [100 * winRate, 100 * winRate, Number.NaN]),
      line: { color: colour, width: 2.25 },
    },
    {
      ...{
        type: "scatter",
        mode: "markers",
        name: "share of trades won",
        marker: { color: colour, size: 8 },
      },
      ...{ x: bins.map(middle), y: bins.map(({ winRate }) => 100 * winRate) },
    },
  ];
}

/** Told by the legend: a label at the line would hide an interval. */
function breakEvenTrace({ bins, breakEven }: WinRateOptions): Trace {
  return {
    ...{
      type: "scatter",
      mode: "lines",
      name: `break-even ${fixed(100 * breakEven, 1)} %`,
      hoverinfo: "skip",
    },
    ...{ x: [bins[0]!.from, bins[bins.length - 1]!.to], y: [100 * breakEven, 100 * breakEven] },
    line: { color: INK.reference, width: 1.25, dash: "dash" },
  };
}

function countTrace(bins: readonly WinRateBin[]): Trace {
  const widest = Math.max(...bins.map(({ from, to }) => to - from)) || 1;
  return {
    ...{ type: "bar", name: "trades", yaxis: "y2", showlegend: false, x: bins.map(middle) },
    y: bins.map(({ trades }) => trades),
    width: bins.map(({ from, to }) => Math.max(to - from, 0.02 * widest)),
    marker: { color: translucent(colourOf(0), 0.6), line: { color: "#ffffff", width: 2 } },
  };
}

function countAxis(): Layout {
  return {
    ...axis({ title: "trades", room: 100 }),
    ...{ domain: [0, 0.22], anchor: "x", rangemode: "tozero", nticks: 4 },
  };
}
