/** Figures of what trading costs. */
import { checkFinite } from "../../../core/index.js";
import type { Figure, Layout } from "../../figure.js";
import { fixed } from "../../numbers.js";
import { INK, PALETTE } from "../../palette.js";
import { type FigureOptions, themed } from "../../theme.js";

/** One cost, in the unit of the gross result: positive when paid, negative when received. */
export interface CostPart {
  readonly name: string;
  readonly value: number;
}

/** Options of `costs`. */
export interface CostOptions extends Pick<FigureOptions, "title" | "width" | "height" | "yTitle"> {
  /** What was earned before costs. */
  readonly gross: number;
  /** In the order in which they are taken off. */
  readonly costs: readonly CostPart[];
  /** Decimals of the numbers at the bars, default 2. */
  readonly decimals?: number;
}

/** A bar from one level to the next. */
interface Step {
  readonly name: string;
  readonly from: number;
  readonly to: number;
  readonly colour: string;
  readonly label: string;
}

/** Width of a bar as a share of its place. */
const BAR = 0.6;
const COLOURS = { result: PALETTE[0]!, paid: PALETTE[1]!, received: PALETTE[2]! } as const;

/**
 * From gross to net: each cost as a step down from what was left before it, or up where it was received.
 * @throws RangeError when there is no cost, a name occurs twice, a number is not finite, or as `themed`.
 */
export function costFigure(options: CostOptions): Figure {
  const steps = stepsOf(options);
  const levels = steps.flatMap(({ from, to }) => [from, to]);
  const [least, greatest] = [Math.min(...levels), Math.max(...levels)];
  const room = 0.14 * (greatest - least || 1);
  const trace = {
    ...{ type: "bar", name: "gross to net", x: steps.map(({ name }) => name), width: BAR },
    ...{ y: steps.map(({ from, to }) => to - from), base: steps.map(({ from }) => from) },
    marker: { color: steps.map(({ colour }) => colour), line: { width: 0 } },
    text: steps.map(({ label }) => label),
    ...{ textposition: "none", hovertemplate: "%{x}: %{text}<extra></extra>" },
  };
  return themed(
    [trace],
    { ...options, xTitle: "", yRange: [least < 0 ? least - room : 0, Math.max(0, greatest) + room] },
    {
      xaxis: { type: "category", showgrid: false },
      yaxis: { zeroline: true, zerolinecolor: INK.axis, zerolinewidth: 1 },
      layout: { annotations: steps.map(labelOf), shapes: steps.slice(1).map(connector) },
    },
  );
}

function stepsOf({ gross, costs, decimals = 2 }: CostOptions): Step[] {
  const names = ["gross", ...costs.map(({ name }) => name), "net"];
  if (costs.length === 0) throw new RangeError("costs: expected at least one, got none");
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new RangeError(`costs: expected names that differ, got "${twice}" twice`);
  checkFinite("gross", [gross]);
  for (const { name, value } of costs) checkFinite(`cost "${name}"`, [value]);
  const result = (name: string, to: number): Step => ({
    ...{ name, from: 0, to, colour: COLOURS.result, label: fixed(to, decimals) },
  });
  let left = gross;
  const taken = costs.map(({ name, value }): Step => {
    const [from, to] = [left, left - value];
    left = to;
    const [colour, sign] = value < 0 ? [COLOURS.received, "+"] : [COLOURS.paid, value > 0 ? "−" : ""];
    return { name, from, to, colour, label: `${sign}${fixed(Math.abs(value), decimals)}` };
  });
  return [result("gross", gross), ...taken, result("net", left)];
}

/** The number above its bar, below where the result is a loss. */
function labelOf({ name, from, to, label }: Step): Layout {
  const under = Math.max(from, to) <= 0;
  return {
    ...{ text: label, showarrow: false, font: { size: 12, color: INK.text } },
    ...{ xref: "x", x: name, yref: "y", y: under ? Math.min(from, to) : Math.max(from, to) },
    ...(under ? { yanchor: "top" } : { yanchor: "bottom" }),
  };
}

/** The level at which a bar takes over from the one before it. */
function connector({ from, to, name }: Step, i: number): Layout {
  const level = name === "net" ? to : from;
  const [x0, x1] = [i + BAR / 2, i + 1 - BAR / 2];
  return {
    ...{ type: "line", layer: "below", xref: "x", yref: "y", x0, x1, y0: level, y1: level },
    line: { color: INK.axis, width: 1, dash: "dot" },
  };
}
