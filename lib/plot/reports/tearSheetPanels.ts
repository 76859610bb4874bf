/** The panels of a tear sheet, each under a sentence computed from what it shows. */
import { checkPositive, mean, standardDeviation, sum } from "../../core/index.js";
import { type CostPart, costFigure } from "../charts/accounts/costs.js";
import { type EquitySeries, equityFigure, ruinEntry, underPeak } from "../charts/accounts/equity.js";
import { underwaterFigure } from "../charts/accounts/underwater.js";
import { monthFigure, monthlyReturns } from "../charts/prices/months.js";
import { densityFigure, lineFigure } from "../charts/shapes/curves.js";
import type { Figure, Layout, Trace } from "../figure.js";
import { fixed } from "../numbers.js";
import { PALETTE } from "../palette.js";
import { thin } from "../thin.js";
import { checkTimes, TIME_AXIS } from "../time.js";
import type { RollingSharpe, TearSheetLedger, TearSheetOptions } from "./tearSheetTypes.js";

/** Points of a line in a panel of half the width. */
const POINTS = 260;
/** Those of a line with a band, whose ends need their own. */
const BAND_POINTS = 360;

/** The growth of the strategy, beside the benchmark's. */
export function equityPanel(strategy: EquitySeries, benchmark: TearSheetOptions["benchmark"]): Figure {
  const { equity, capital = equity[0]!, lower } = strategy;
  const growth = 100 * (equity[equity.length - 1]! / capital - 1);
  const sign = growth > 0 ? "+" : "";
  const found = ruinEntry(equity) < 0 ? `${sign}${fixed(growth, 1)} % after costs` : "all was lost";
  return equityFigure({
    title: `Equity: ${found}`,
    series: [strategy, ...(benchmark ? [{ ...benchmark, role: "benchmark" } as const] : [])],
    ...{ drawdown: false, points: lower ? BAND_POINTS : POINTS },
  });
}

/** The drawdown, its trough dotted; the dates of the trough would not fit into a panel. */
export function fallPanel(strategy: EquitySeries): Figure {
  const deepest = underPeak(strategy.equity, strategy.capital).reduce((a, b) => Math.max(a, b));
  const title = `Drawdown: ${fixed(-100 * deepest, 1)} % at worst`;
  const figure = underwaterFigure({ title, series: [strategy], points: POINTS });
  return { ...figure, layout: { ...figure.layout, annotations: [], shapes: [] } };
}

/** The rolling Sharpe ratio against zero. */
export function sharpePanel(name: string, { time, value, lower, upper }: RollingSharpe): Figure {
  checkTimes("time of rollingSharpe", time);
  const drawn = Array.from(value).flatMap((ratio, i) => (ratio === Number.NEGATIVE_INFINITY ? [] : [i]));
  const pick = (values: ArrayLike<number>): number[] => drawn.map((i) => values[i]!);
  const line = { x: pick(time), y: pick(value), lower: pick(lower), upper: pick(upper) };
  const above = Array.from(lower).filter((low) => low > 0).length / lower.length;
  return lineFigure({
    ...{ ...TIME_AXIS, yTitle: "rolling Sharpe ratio, annual" },
    title: `The interval of the Sharpe ratio is above zero in ${fixed(100 * above, 0)} % of the windows`,
    series: [{ ...thin(line, BAND_POINTS), name }],
    references: [{ axis: "y", at: 0 }],
  });
}

/** Returns by calendar month. */
export function monthPanel(strategy: EquitySeries): Figure {
  const months = monthlyReturns(strategy);
  const gains = months.filter(({ returnPercent }) => returnPercent > 0).length;
  return monthFigure({ title: `${gains} of ${months.length} months with a gain`, series: strategy });
}

/** Returns of a bar, the first that on the capital, against the normal of their mean and deviation; none after ruin. */
export function returnPanel({ equity, capital }: TearSheetLedger): Figure {
  const ruin = ruinEntry(equity);
  const returns = untilRuin(equity, equity).map(
    (after, t) => 100 * (after / (t === 0 ? capital : equity[t - 1]!) - 1),
  );
  const [centre, deviation] = [mean(returns), standardDeviation(returns)];
  checkPositive("standard deviation of the returns", deviation);
  const beyond = returns.filter((value) => Math.abs(value - centre) > 4 * deviation).length / returns.length;
  const span = returns.reduce((a, b) => Math.max(a, b)) - returns.reduce((a, b) => Math.min(a, b));
  const bins = Math.min(400, Math.max(10, Math.ceil((4 * span) / deviation)));
  const figure = densityFigure({
    title: `${fixed(100 * beyond, 2)} % of returns beyond four standard deviations (of a normal: 0.006 %)${ruin < 0 ? "" : ", the last −100 %"}`,
    xTitle: "return of a bar [%]",
    xRange: [centre - 5 * deviation, centre + 5 * deviation],
    draws: { name: "returns", values: returns, bins },
    curves: [{ name: "normal", ...normalCurve(centre, deviation), colour: PALETTE[6]! }],
  });
  return { ...figure, data: figure.data.map((trace) => withoutLegend(trace, "returns")) };
}

function normalCurve(centre: number, deviation: number): { x: number[]; y: number[] } {
  const z = Array.from({ length: 101 }, (_, i) => i / 10 - 5);
  return {
    x: z.map((at) => centre + at * deviation),
    y: z.map((at) => Math.exp(-0.5 * at ** 2) / (deviation * Math.sqrt(2 * Math.PI))),
  };
}

/** What is held: the sum of weights, and for several assets that of their sizes too; the mean is that up to ruin. */
export function exposurePanel({ time, equity, weights }: TearSheetLedger): Figure {
  const assets = weights.names.length;
  const rows = Array.from(time, (_, t) => weights.values.subarray(t * assets, (t + 1) * assets));
  const gross = Float64Array.from(rows, (row) => sum(row.map(Math.abs)));
  const lines = [
    { name: "gross exposure", y: gross, colour: PALETTE[5]! },
    { name: "net exposure", y: Float64Array.from(rows, (row) => sum(row)), colour: PALETTE[2]! },
  ].slice(assets === 1 ? 1 : 0);
  const figure = lineFigure({
    ...{ ...TIME_AXIS, yTitle: "weight [share of equity]" },
    title: `Exposure: ${fixed(mean(untilRuin(equity, gross)), 2)} of equity on average`,
    series: lines.map(({ name, y, colour }) => ({ ...thin({ x: time, y }, POINTS), name, colour })),
  });
  const single = assets === 1 ? "net exposure" : undefined;
  return { ...figure, data: figure.data.map((trace) => withoutLegend(fine(trace), single)) };
}

/** From gross to net in per cent of the capital; a cost whose parts are not known is one. */
export function costPanel(ledger: TearSheetLedger): Figure {
  const { equity, capital, cost, funding, fees, spread, impact } = ledger;
  const percent = (values: ArrayLike<number>): number => (100 * sum(values)) / capital;
  const known = Object.entries({ fees, spread, impact })
    .filter((entry): entry is [string, ArrayLike<number>] => entry[1] !== undefined)
    .map(([name, values]): CostPart => ({ name, value: percent(values) }));
  const rest = percent(cost) - sum(known.map(({ value }) => value));
  const isAll = known.length > 0 && Math.abs(rest) <= 1e-9 * Math.abs(percent(cost));
  const other = isAll ? [] : [{ name: known.length > 0 ? "other costs" : "costs", value: rest }];
  const costs = [...known, ...other, { name: "funding", value: percent(funding) }];
  const net = 100 * (equity[equity.length - 1]! / capital - 1);
  const paid = sum(costs.map(({ value }) => value));
  const title = `Costs and funding: ${fixed(paid, 1)} % of the capital`;
  const figure = costFigure({ title, yTitle: "of the capital [%]", gross: net + paid, costs, decimals: 1 });
  return { ...figure, data: figure.data.map((trace) => withoutLegend(trace, trace.name)) };
}

/** The `values` [T] of the bars up to and including the one at which the equity came to nothing. */
function untilRuin(equity: ArrayLike<number>, values: Float64Array): Float64Array {
  const ruin = ruinEntry(equity);
  return ruin < 0 ? values : values.subarray(0, ruin + 1);
}

/** The trace, out of the legend when it is the one of that name: its panel says what it is. */
function withoutLegend(trace: Trace, name: string | undefined): Trace {
  return name !== undefined && trace.name === name ? { ...trace, showlegend: false } : trace;
}

/** The line of a weight jumps too often to be thick. */
function fine(trace: Trace): Trace {
  return { ...trace, line: { ...(trace.line as Layout), width: 1 } };
}
