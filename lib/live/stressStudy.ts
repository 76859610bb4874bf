/** A study of planted moves: several shapes at places spread over a part of the bars, and what is drawn and compared of it. */
import { type Bars, checkCount, mean } from "../core/index.js";
import type { simulate } from "../market/index.js";
import { significance } from "../trading/index.js";
import type { PipelineOptions } from "./pipeline/pipeline.js";
import { type StressOptions, type StressResult, stressRules } from "./stress.js";

/** Settings of `stressStudy`: quiet bars, the places and shapes of the moves, and the rules that are tried. */
export interface StressStudyOptions extends Pick<StressOptions, "rules" | "account"> {
  /** Quiet bars of the pipeline's symbols, of the same times. */
  readonly bars: readonly Bars[];
  /** The first bar at which a move is planted. */
  readonly from: number;
  /** How many places there are for each shape. */
  readonly places: number;
  /** By name. */
  readonly shapes: Readonly<Record<string, simulate.MoveShape>>;
}

/** Outcomes of one shape, with its name. */
export interface ShapeResult extends StressResult {
  readonly shape: string;
  /** The shape's short name, where it has one. */
  readonly label: string;
}

/** A curve and its standard errors, [since]. */
export interface StressCurve {
  readonly value: Float64Array;
  readonly error: Float64Array;
}

/** Bars that follow the last place, for the move and what comes after it. */
const LAST = 60;

/**
 * Each shape planted at the same places, spread evenly from `from` to the end of the bars; the places differ in their hour of four.
 *
 * The places share one market, so intervals over them are somewhat too narrow.
 * @throws RangeError when the bars have no room for so many places, or as `stressRules`.
 */
export function stressStudy(pipeline: PipelineOptions, options: StressStudyOptions): ShapeResult[] {
  const { bars, from, places, shapes, rules, account } = options;
  checkCount("places", places, 2);
  const room = bars[0]!.close.length - from - LAST;
  const apart = Math.floor(room / places);
  if (!(apart >= 4))
    throw new RangeError(`places: expected at most ${Math.max(0, Math.floor(room / 4))}, got ${places}`);
  const starts = Array.from({ length: places }, (_, i) => from + apart * i + (i % 4));
  return Object.entries(shapes).map(([name, shape]) => ({
    shape: name,
    label: shape.label ?? name,
    ...stressRules(pipeline, { bars, starts, shape, rules, account }),
  }));
}

/** Exposure under each rule in percent of equity, by the rule's name: mean over the places and its standard error. */
export function stressExposures({ outcomes }: StressResult): Record<string, StressCurve> {
  const curves = Object.entries(outcomes).map(([rule, { exposure, exposureError }]) => [
    rule,
    { value: exposure.map((held) => 100 * held), error: exposureError.map((error) => 100 * error) },
  ]);
  return Object.fromEntries(curves);
}

/** A standard deviation of the forecast in each shape, by the shape's short name, in multiples of its mean over the hours before the move. */
export function stressRises(
  study: readonly ShapeResult[],
  part: "epistemic" | "aleatoric",
): Record<string, StressCurve> {
  const curves = study.map((one) => {
    const before = mean(one[part].slice(0, one.since.indexOf(0)));
    const error = one[`${part}Error`].map((own) => own / before);
    return [one.label, { value: one[part].map((own) => own / before), error }];
  });
  return Object.fromEntries(curves);
}

/** A rule less another in one shape, percent of equity, over the same places. */
export interface StressDifference {
  readonly shape: string;
  /** Less loss at the deepest point. */
  readonly saved: significance.PairedDifference;
  /** More equity at the end. */
  readonly result: significance.PairedDifference;
}

/** Each rule of a study less one of them, percent of equity: by the rule's name, one difference a shape. */
export interface StressComparison {
  /** Short names of the shapes. */
  readonly labels: readonly string[];
  readonly saved: Readonly<Record<string, readonly significance.PairedDifference[]>>;
  readonly result: Readonly<Record<string, readonly significance.PairedDifference[]>>;
}

/**
 * Differences of every other rule of the study to one of them, in the order of the shapes; `intervalBars` takes them.
 * @throws RangeError when the study has no rule of that name.
 */
export function stressVersus(study: readonly ShapeResult[], other: string): StressComparison {
  const names = Object.keys(study[0]?.outcomes ?? {}).filter((name) => name !== other);
  const rows = names.map((name) => [name, stressDifferences(study, name, other)] as const);
  const by = (what: "saved" | "result") =>
    Object.fromEntries(rows.map(([name, own]) => [name, own.map((row) => row[what])]));
  return { labels: study.map(({ label }) => label), saved: by("saved"), result: by("result") };
}

/**
 * Rows of a rule less another, one a shape: loss saved and result, by paired differences over the places.
 * @throws RangeError when the study has no rule of one of the names.
 */
export function stressDifferences(
  study: readonly ShapeResult[],
  rule: string,
  other: string,
): StressDifference[] {
  const percent = (values: Float64Array) => values.map((value) => 100 * value);
  return study.map(({ shape, outcomes }) => {
    const [own, its] = [outcomes[rule], outcomes[other]];
    if (!own || !its)
      throw new RangeError(
        `rule: expected two of ${Object.keys(outcomes).join(", ")}; got ${rule}, ${other}`,
      );
    return {
      shape,
      saved: significance.pairedDifference(percent(its.deepest), percent(own.deepest)),
      result: significance.pairedDifference(percent(own.profit), percent(its.profit)),
    };
  });
}
