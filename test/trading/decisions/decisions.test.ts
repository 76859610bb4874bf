import { expect, test } from "vitest";
import type { Bars } from "../../../lib/core/types.js";
import { heldPanel, heldWeights, ofMeanSize } from "../../../lib/trading/decisions/decisions.js";

const HOUR = 3_600_000;
const line = Float64Array.from({ length: 5 }, (_, t) => 100 + t);
const bars = ["BTCUSDT", "ETHUSDT"].map(
  (symbol): Bars => ({
    ...{ symbol, stepMs: HOUR, openTime: line.map((_, t) => t * HOUR) },
    ...{ open: line, high: line, low: line, close: line, volume: line },
  }),
);
const decisions = {
  asset: [1, 0, 0],
  decidedAt: [2 * HOUR, 2 * HOUR, 4 * HOUR],
  weight: [-0.5, 0.3, 0],
};

// VI-102
test("a decision stands until the next one of its asset; before the first nothing is held", () => {
  const { time, names, values } = heldWeights(decisions, bars);
  expect(Array.from(time)).toEqual([1, 2, 3, 4, 5].map((h) => h * HOUR));
  expect(names).toEqual(["BTCUSDT", "ETHUSDT"]);
  expect(Array.from(values)).toEqual([0, 0, 0.3, -0.5, 0.3, -0.5, 0, -0.5, 0, -0.5]);
});

test("a decision made later changes no row before it", () => {
  const { values } = heldWeights({ ...decisions, weight: [-0.5, 0.3, 0.9] }, bars);
  expect(values.subarray(0, 6)).toEqual(heldWeights(decisions, bars).values.subarray(0, 6));
});

test("a decision at no close, of no asset, without a number or made twice is named", () => {
  const of = (changed: object) => () => heldWeights({ ...decisions, ...changed }, bars);
  expect(of({ decidedAt: [2 * HOUR, 2 * HOUR + 1, 4 * HOUR] })).toThrow(/decision 1: expected the close/);
  expect(of({ asset: [1, 2, 0] })).toThrow(/decision 1: expected an asset below 2, got 2/);
  expect(of({ decidedAt: [2 * HOUR, 2 * HOUR, 2 * HOUR] })).toThrow(/decision 2: .*BTCUSDT.* got two/);
  expect(of({ weight: [-0.5, Number.NaN, 0] })).toThrow(
    "decision 1: expected a finite weight of BTCUSDT at 1970-01-01T02:00:00.000Z, got NaN",
  );
});

test("a panel of weights at some closes stands in between, and NaN in it changes nothing", () => {
  const panel = {
    time: Float64Array.of(2 * HOUR, 4 * HOUR),
    names: ["BTCUSDT", "ETHUSDT"],
    values: Float64Array.of(0.3, -0.5, 0, Number.NaN),
  };
  expect(heldPanel(panel, bars)).toEqual(heldWeights(decisions, bars));
  expect(() => heldPanel({ ...panel, time: Float64Array.of(1, 2) }, bars)).toThrow(
    "row 0: expected the close",
  );
  expect(() => heldPanel({ ...panel, names: ["BTCUSDT"] }, bars)).toThrow("bars: expected BTCUSDT, got");
});

test("weights of a mean size keep their signs and ratios, and weights of zero stay zero", () => {
  const scaled = ofMeanSize(Float64Array.of(1, -3, 0, 0), 0.2);
  expect(scaled).toEqual(Float64Array.of(0.2, -0.2 * 3, 0, 0));
  expect(ofMeanSize(new Float64Array(3), 0.2)).toEqual(new Float64Array(3));
  expect(() => ofMeanSize(Float64Array.of(1, Number.NaN), 0.2)).toThrow("weight");
});
