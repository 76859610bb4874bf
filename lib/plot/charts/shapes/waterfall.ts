/** Figures of parts that add up to a whole. */
import { checkCount, checkFinite } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { fixed } from "../../numbers.js";
import { INK, PALETTE } from "../../palette.js";
import { type FigureOptions, themed } from "../../theme.js";

/** One part; negative where it takes away. */
export interface WaterfallPart {
  readonly name: string;
  readonly value: number;
}

/** Options of `waterfall`. */
export interface WaterfallOptions extends Omit<FigureOptions, "xType" | "yType"> {
  readonly parts: readonly WaterfallPart[];
  /** Name of the last bar, the sum. */
  readonly total: string;
  /** Decimals of the number above each bar, default 2. */
  readonly decimals?: number;
}

/**
 * Bars that each begin where the last one ended, and their sum from zero.
 * @throws RangeError when there is no part, one is not finite, or as `themed`.
 */
export function waterfallFigure(options: WaterfallOptions): Figure {
  const { parts, total, decimals = 2 } = options;
  checkCount("parts", parts.length);
  checkFinite(
    "parts",
    parts.map(({ value }) => value),
  );
  let level = 0;
  const base = parts.map(({ value }) => {
    const from = level;
    level += value;
    return from;
  });
  const colours = parts.map(({ value }) => (value < 0 ? PALETTE[1]! : PALETTE[0]!));
  const values = [...parts.map(({ value }) => value), level];
  const trace = {
    ...{ type: "bar", name: "parts", showlegend: false },
    x: [...parts.map(({ name }) => name), total],
    ...{ y: values, base: [...base, 0] },
    marker: { color: [...colours, INK.axis], line: { width: 0 } },
    ...{ text: values.map((value) => fixed(value, decimals)), textposition: "outside", cliponaxis: false },
    textfont: { size: 12, color: INK.text },
    hovertemplate: "%{x}: %{text}<extra></extra>",
  };
  return themed([trace], options, {
    xaxis: { type: "category", showgrid: false },
    yaxis: { zeroline: true, zerolinecolor: INK.axis, zerolinewidth: 1 },
    layout: { bargap: 0.3 },
  });
}
