/** One figure out of several: a slider moves from one to the next, in a browser without a kernel. */
import { checkCount } from "../../../core/index.js";
import { checkFigure, type Figure, type Layout } from "../../figure.js";
import { INK } from "../../palette.js";

/** A place of the slider. */
export interface SliderStep {
  /** Such as "4" or "−2σ"; a hyphen before a number is shown as a minus. */
  readonly label: string;
  readonly figure: Figure;
}

/** Options of `slider`. */
export interface SliderOptions {
  /** What the slider moves, such as "β" or "latent dimension 3". */
  readonly name: string;
  readonly steps: readonly SliderStep[];
  /** Index of the step that is shown at first and in a picture, 0 by default. */
  readonly start?: number;
}

/** Pixels that the slider takes below the plot. */
const HEIGHT = 84;

/**
 * The figures of the steps in one place, one at a time. Titles, marks and annotations change with the step; axes are those of the step that
 * is shown first, so give all figures the same `xRange` and `yRange`.
 * One step alone is its figure: there is nothing to move.
 * @throws RangeError when there are no steps, their axes differ in number, or `start` is no step.
 */
export function sliderFigure({ name, steps, start = 0 }: SliderOptions): Figure {
  checkCount("steps", steps.length);
  const first = steps[start];
  if (!first) throw new RangeError(`start: expected the index of one of ${steps.length} steps, got ${start}`);
  if (steps.length === 1) return first.figure;
  const axes = axisNames(first.figure.layout);
  const odd = steps.find(({ figure }) => axisNames(figure.layout).join() !== axes.join());
  if (odd) throw new RangeError(`step "${odd.label}": expected axes ${axes.join(", ")} as in the others`);
  const marks = Math.max(...steps.map(({ figure }) => listOf(figure, "annotations").length));
  const margin = first.figure.layout.margin as { readonly b: number };
  return checkFigure({
    data: steps.flatMap(({ figure }, s) =>
      figure.data.map((trace) => ({ ...trace, visible: s === start ? (trace.visible ?? true) : false })),
    ),
    layout: {
      ...first.figure.layout,
      annotations: padded(listOf(first.figure, "annotations"), marks),
      height: (first.figure.layout.height as number) + HEIGHT,
      margin: { ...margin, b: margin.b + HEIGHT },
      sliders: [sliderOf(name, steps, { start, marks })],
    },
  });
}

function sliderOf(
  name: string,
  steps: readonly SliderStep[],
  { start, marks }: { readonly start: number; readonly marks: number },
): Layout {
  return {
    ...{ active: start, x: 0, len: 1, y: 0, yanchor: "top", pad: { t: 62, b: 0 } },
    ...{ font: { size: 11, color: INK.text }, ticklen: 4, minorticklen: 4 },
    currentvalue: {
      visible: true,
      prefix: `${name}: `,
      xanchor: "left",
      font: { size: 12, color: INK.text },
    },
    steps: steps.map(({ label, figure }, s) => ({
      label: label.replace(/^-(?=[\d.])/, "−"),
      method: "update",
      args: [
        {
          visible: steps.flatMap((other, o) =>
            other.figure.data.map((trace) => o === s && (trace.visible ?? true)),
          ),
        },
        {
          title: figure.layout.title,
          shapes: listOf(figure, "shapes"),
          annotations: padded(listOf(figure, "annotations"), marks),
        },
      ],
    })),
  };
}

function listOf({ layout }: Figure, name: "annotations" | "shapes"): readonly Layout[] {
  return (layout[name] as readonly Layout[] | undefined) ?? [];
}

/** As many annotations in every step, the rest invisible: a browser keeps those that a step does not name. */
function padded(list: readonly Layout[], count: number): Layout[] {
  const hidden = { text: "", visible: false, showarrow: false, x: 0, y: 0 };
  return [...list, ...Array.from({ length: count - list.length }, () => hidden)];
}

function axisNames(layout: Layout): string[] {
  return Object.keys(layout).filter((name) => /^[xy]axis\d*$/.test(name));
}
