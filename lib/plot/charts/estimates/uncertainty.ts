/** The two parts of a prediction's uncertainty: over time, and as one input moves. */
import { checkCount, checkLength } from "../../../core/index.js";
import type { Figure } from "../../figure.js";
import { colourOf } from "../../palette.js";
import { panels } from "../../panels.js";
import { thin } from "../../thin.js";
import { lineFigure } from "../shapes/curves.js";
import { sliderFigure } from "../shapes/slider.js";

const PARTS = ["aleatoric", "epistemic"] as const;

/** Options of `uncertaintyPaths`. */
export interface UncertaintyPathOptions {
  readonly title: string;
  /** [T] UTC milliseconds. */
  readonly time: ArrayLike<number>;
  /** [T] standard deviations, basis points. */
  readonly aleatoric: ArrayLike<number>;
  readonly epistemic: ArrayLike<number>;
  /** Times that are marked by a dashed line. */
  readonly marks?: readonly number[];
}

/**
 * Both standard deviations over time, one panel each on its own scale, with the marked times.
 * @throws RangeError when lengths differ, or as `line`.
 */
export function uncertaintyPathFigure(options: UncertaintyPathOptions): Figure {
  const { title, time, marks = [] } = options;
  const references = marks.map((at) => ({ axis: "x" as const, at }));
  const figures = PARTS.map((name, i) => {
    checkLength(name, options[name], time.length);
    const line = thin({ name, x: Array.from(time), y: Array.from(options[name]) }, 400);
    return lineFigure({
      ...{ references, title: `${name} standard deviation`, xType: "date" },
      ...{ xTitle: "time (UTC)", yTitle: "[bp]", series: [{ ...line, colour: colourOf(i) }] },
    });
  });
  return panels(figures, { columns: 1, title });
}

/** The answers of a model as one input moves. */
export interface InputAnswers {
  readonly input: string;
  /** [P] variances. */
  readonly aleatoric: ArrayLike<number>;
  readonly epistemic: ArrayLike<number>;
}

/** Options of `uncertaintyAlong`. */
export interface UncertaintyAlongOptions {
  /** [P] values of the input, in its standard deviations, the middle one at the centre. */
  readonly places: ArrayLike<number>;
  /** One an input. */
  readonly answers: readonly InputAnswers[];
  /** Ends of the axis, in doublings. */
  readonly yRange: readonly [number, number];
}

/**
 * Both standard deviations in doublings of their value in the middle, with a slider over the inputs.
 * @throws RangeError when there is no input or lengths differ.
 */
export function uncertaintyAlongFigure({ places, answers, yRange }: UncertaintyAlongOptions): Figure {
  checkCount("answers", answers.length);
  const middle = Math.floor(places.length / 2);
  const doublings = (variance: ArrayLike<number>) =>
    Array.from(variance, (v) => 0.5 * Math.log2(v / variance[middle]!));
  const steps = answers.map((own) => ({
    label: own.input,
    figure: lineFigure({
      ...{ title: `Both parts as ${own.input} moves`, yRange },
      ...{ xTitle: "value of the input [sd]", yTitle: "doublings of the middle" },
      series: PARTS.map((name) => ({ name, x: places, y: doublings(own[name]) })),
    }),
  }));
  return sliderFigure({ name: "input", steps });
}
