/** A study of planted moves: its places, and what is compared of it. */
import { expect, test } from "vitest";
import { stressRules } from "../../lib/live/stress.js";
import {
  type ShapeResult,
  stressDifferences,
  stressExposures,
  stressRises,
  stressStudy,
  stressVersus,
} from "../../lib/live/stressStudy.js";
import { simulate as simulation } from "../../lib/market/index.js";
import { alwaysLong, NO_COSTS } from "../../lib/trading/index.js";
import { market, networkForecaster, pipelineOptions } from "./support/pipelines.js";

const account = { costs: NO_COSTS, capital: 1, rebalance: "when changed" } as const;
const fixed = (weight: number) =>
  ({ signal: alwaysLong, position: { kind: "fixed", weight }, maxWeight: 1 }) as const;
const rules = { large: fixed(0.2), small: fixed(0.1) };
const { MOVE_SHAPES } = simulation;

test("places are spread evenly over the part, one hour of four later each, and are the same for every shape", () => {
  const pipeline = pipelineOptions(networkForecaster(), { every: 12 });
  const shapes = { V: MOVE_SHAPES.V, fall: { ...MOVE_SHAPES["fast fall"], label: "short" } };
  const study = stressStudy(pipeline, { bars: market, from: 120, places: 3, shapes, rules, account });
  expect(study.map(({ shape, label }) => [shape, label])).toEqual([
    ["V", "V"],
    ["fall", "short"],
  ]);
  // 260 bars less 120 less 60 are 80: 26 apart
  const byHand = stressRules(pipeline, {
    ...{ bars: market, starts: [120, 147, 174], shape: MOVE_SHAPES.V, rules, account },
  });
  expect(study[0]).toEqual({ shape: "V", label: "V", ...byHand });
});

test("more places than the bars have room for are refused", () => {
  const pipeline = pipelineOptions(networkForecaster());
  const options = { bars: market, from: 120, shapes: { V: MOVE_SHAPES.V }, rules, account };
  expect(() => stressStudy(pipeline, { ...options, places: 21 })).toThrow(/at most 20, got 21/);
});

/** A study whose outcomes are written down. */
const profit = Float64Array.from([0.1, 0.2, 0.3]);
const outcome = (deepest: number[], own: Float64Array) => ({
  ...{ deepest: Float64Array.from(deepest), profit: own },
  ...{ exposure: Float64Array.from([0.5, 0.6]), exposureError: Float64Array.from([0.01, 0.02]) },
});
const written: ShapeResult = {
  ...{ shape: "fall", label: "fall", since: [-2, -1, 0], price: Float64Array.from([1, 1, 1]) },
  ...{ epistemic: Float64Array.from([1, 3, 6]), epistemicError: Float64Array.from([0.2, 0.4, 1]) },
  ...{ aleatoric: Float64Array.from([2, 2, 2]), aleatoricError: Float64Array.from([0, 0, 0]) },
  outcomes: {
    careful: outcome([0.01, 0.02, 0.03], profit),
    bold: outcome(
      [0.05, 0.05, 0.05],
      profit.map((p) => p - 0.01),
    ),
  },
};

test("exposures are in percent of equity, by rule", () => {
  const { careful } = stressExposures(written);
  expect([...careful!.value, ...careful!.error]).toEqual([50, 60, 1, 2]);
});

test("a deviation is told in multiples of its mean before the move, and its error too", () => {
  const { fall } = stressRises([written], "epistemic"); // mean of 1 and 3
  expect([...fall!.value]).toEqual([0.5, 1.5, 3]);
  expect([...fall!.error]).toEqual([0.1, 0.2, 0.5]);
  expect([...stressRises([written], "aleatoric").fall!.value]).toEqual([1, 1, 1]);
});

test("a careful rule saves the loss it does not make, and the difference of a rule to itself is nothing", () => {
  const [row] = stressDifferences([written], "careful", "bold");
  expect(row!.saved.estimate).toBeCloseTo(3, 12);
  expect(row!.result.estimate).toBeCloseTo(1, 12);
  expect(row!.result.standardError).toBeCloseTo(0, 12);
  const [back] = stressDifferences([written], "bold", "careful");
  expect(back!.saved.estimate).toBeCloseTo(-3, 12);
  expect(() => stressDifferences([written], "careful", "none")).toThrow(/careful, bold; got careful, none/);
});

test("the comparison has every other rule by name, one difference a shape", () => {
  const other = { ...written, shape: "a rally", label: "rally" };
  const { labels, saved, result } = stressVersus([written, other], "bold");
  expect(labels).toEqual(["fall", "rally"]);
  expect(Object.keys(saved)).toEqual(["careful"]);
  const [row] = stressDifferences([written], "careful", "bold");
  expect(saved.careful).toEqual([row!.saved, row!.saved]);
  expect(result.careful).toEqual([row!.result, row!.result]);
});
